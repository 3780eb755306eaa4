"""Approvals and the renditions they sign."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from composer.errors import AlteredError
from composer.newsroom.records.approvals import Approval, Rendition
from composer.newsroom.records.people import Event
from composer.store.people import read_person_id
from composer.store.revisions import image_row, read_image
from composer.store.subject import insert_all
from composer.store.tables import approvals, people, rendition_images, renditions


def write_approval(connection: Connection, approval: Approval) -> None:
    """Add an approval with the renditions it signs."""
    added = insert(approvals).values(
        draft_id=approval.draft,
        revision=approval.revision,
        snapshot_id=approval.snapshot,
        findings_sha256=approval.findings_sha256,
        approver_id=read_person_id(connection, approval.approver),
        approved_at=approval.approved_at,
        expires_at=approval.expires_at,
    )
    number = connection.execute(added.returning(approvals.c.id)).scalar_one()
    for rendition in approval.renditions:
        _write_rendition(connection, number, rendition)


def void_approval(connection: Connection, draft: int, event: Event) -> None:
    """Void the approval of a draft, if it has one, because of an event."""
    connection.execute(
        update(approvals)
        .where(approvals.c.draft_id == draft, approvals.c.voided_at.is_(None))
        .values(voided_at=event.at, void_reason=event.detail or event.action.value)
    )


def read_approval(connection: Connection, draft: int) -> Approval | None:
    """Return the approval of a draft that is not void, if there is one.

    Raises AlteredError if a rendition is no longer what was signed.
    """
    query = (
        select(approvals, people.c.name.label("approver"))
        .join(people, people.c.id == approvals.c.approver_id)
        .where(approvals.c.draft_id == draft, approvals.c.voided_at.is_(None))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    signed = select(renditions).where(renditions.c.approval_id == row.id).order_by(renditions.c.id)
    return Approval(
        draft=row.draft_id,
        revision=row.revision,
        snapshot=row.snapshot_id,
        findings_sha256=row.findings_sha256,
        renditions=tuple(
            read_rendition(connection, signed_row)
            for signed_row in connection.execute(signed).all()
        ),
        approver=row.approver,
        approved_at=row.approved_at,
        expires_at=row.expires_at,
    )


def _write_rendition(connection: Connection, approval: int, rendition: Rendition) -> None:
    added = insert(renditions).values(
        approval_id=approval,
        account=rendition.account,
        sha256=rendition.sha256,
        text=rendition.text,
    )
    number = connection.execute(added.returning(renditions.c.id)).scalar_one()
    insert_all(
        connection,
        rendition_images,
        [
            {"rendition_id": number, "position": position, **image_row(image)}
            for position, image in enumerate(rendition.images)
        ],
    )


def read_rendition(connection: Connection, row: Row[Any]) -> Rendition:
    """Return a signed rendition. Raises AlteredError if it is not what was signed."""
    attached = (
        select(rendition_images)
        .where(rendition_images.c.rendition_id == row.id)
        .order_by(rendition_images.c.position)
    )
    rendition = Rendition(
        account=row.account,
        text=row.text,
        images=tuple(map(read_image, connection.execute(attached))),
    )
    if rendition.sha256 != row.sha256:
        msg = f"the rendition for {row.account} is not what was approved; approve the draft again"
        raise AlteredError(msg)
    return rendition
