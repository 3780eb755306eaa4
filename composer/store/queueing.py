"""Put an approved rendition on its way: what else changes with it is one transaction with it."""

from datetime import datetime

from sqlalchemy import Connection, Select, not_, select, update

from composer.errors import RefusedError
from composer.newsroom.records.deliveries import DeliveryState
from composer.newsroom.records.people import Event
from composer.store.cards import read_card
from composer.store.delivery_rows import may_be_out, number_of, read_one
from composer.store.events import write_events
from composer.store.subject import insert_once
from composer.store.tables import approvals, deliveries, renditions

_MAY_BE_QUEUED = [state for state in DeliveryState if state.may_be_queued]


def queue_in(
    connection: Connection,
    draft: int,
    account: str,
    rendition_sha256: str,
    *,
    due_at: datetime,
    event: Event,
) -> None:
    """Queue a delivery within a transaction. Raises as `Deliveries.queue_delivery` does."""
    values = {
        "state": DeliveryState.QUEUED,
        "rendition_id": find_signed(connection, draft, account, rendition_sha256, event.at),
        "due_at": due_at,
        "tries": 0,
        "reason": None,
        "claimed_by": None,
        "claimed_until": None,
    }
    if not insert_once(connection, deliveries, draft_id=draft, account=account, **values):
        again = (
            update(deliveries)
            .where(
                deliveries.c.draft_id == draft,
                deliveries.c.account == account,
                deliveries.c.state.in_(_MAY_BE_QUEUED),
                not_(may_be_out()),
            )
            .values(values)
        )
        if connection.execute(again).rowcount != 1:
            there = read_one(connection, number_of(connection, draft, account))
            msg = f"draft {draft} to {account} is {there.state.value}; it is not sent again"
            raise RefusedError(msg)
    write_events(connection, read_card(connection, draft), [event])


def find_signed(
    connection: Connection, draft: int, account: str, rendition_sha256: str, now: datetime
) -> int:
    """Return the rendition of this fingerprint that is approved. Raises RefusedError if none is."""
    approved = signed(draft, account, rendition_sha256, now)
    rendition: int | None = connection.execute(approved).scalar_one_or_none()
    if rendition is None:
        msg = f"draft {draft} has no such approved rendition for {account}; approve it first"
        raise RefusedError(msg)
    return rendition


def signed(draft: int, account: str, rendition_sha256: str, now: datetime) -> Select[int]:
    """Select the rendition of this fingerprint that is signed by an approval good at `now`."""
    return (
        select(renditions.c.id)
        .join(approvals, approvals.c.id == renditions.c.approval_id)
        .where(
            approvals.c.draft_id == draft,
            approvals.c.voided_at.is_(None),
            approvals.c.expires_at > now,
            renditions.c.account == account,
            renditions.c.sha256 == rendition_sha256,
        )
    )
