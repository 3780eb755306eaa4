"""Revisions of a draft: text, findings and images, row by row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select

from composer.checks.records import Finding
from composer.newsroom.records.drafts import AttachedImage, Revision
from composer.store.people import read_person_id
from composer.store.subject import insert_all
from composer.store.tables import findings, passages, people, revision_images, revisions
from composer.text.passages import Passage

FIRST = 1  # the number of a draft's first revision


def write_revision(connection: Connection, draft: int, revision: Revision) -> None:
    """Add a revision with all its parts."""
    connection.execute(
        insert(revisions).values(
            draft_id=draft,
            number=revision.number,
            snapshot_id=revision.snapshot,
            author_id=read_person_id(connection, revision.author),
            reason=revision.reason,
            made_at=revision.made_at,
        )
    )
    _write_parts(connection, passages, draft, revision, map(_passage_row, revision.passages))
    _write_parts(connection, findings, draft, revision, map(_finding_row, revision.findings))
    _write_parts(connection, revision_images, draft, revision, map(image_row, revision.images))


def replace_findings(connection: Connection, draft: int, revision: Revision) -> None:
    """Put the findings of `revision` in the place of those stored for it."""
    connection.execute(
        delete(findings).where(findings.c.draft_id == draft, findings.c.revision == revision.number)
    )
    _write_parts(connection, findings, draft, revision, map(_finding_row, revision.findings))


def read_revisions(
    connection: Connection, draft: int, number: int | None = None
) -> tuple[Revision, ...]:
    """Return the revisions of a draft, oldest first; with a number that one, if it is there."""
    query = (
        select(revisions, people.c.name.label("author"))
        .outerjoin(people, people.c.id == revisions.c.author_id)
        .where(revisions.c.draft_id == draft)
        .order_by(revisions.c.number)
    )
    if number is not None:
        query = query.where(revisions.c.number == number)
    texts = _read_parts(connection, passages, draft, number)
    found = _read_parts(connection, findings, draft, number)
    images = _read_parts(connection, revision_images, draft, number)
    return tuple(
        Revision(
            number=row.number,
            snapshot=row.snapshot_id,
            author=row.author,
            reason=row.reason,
            made_at=row.made_at,
            passages=tuple(map(_read_passage, texts[row.number])),
            findings=tuple(map(_read_finding, found[row.number])),
            images=tuple(map(read_image, images[row.number])),
        )
        for row in connection.execute(query)
    )


def read_first_texts(connection: Connection, written: Sequence[int]) -> list[tuple[Passage, ...]]:
    """Return the passages of drafts as they were first made, in the order of the drafts."""
    query = (
        select(passages)
        .where(passages.c.draft_id.in_(written), passages.c.revision == FIRST)
        .order_by(passages.c.position)
    )
    texts: defaultdict[int, list[Passage]] = defaultdict(list)
    for row in connection.execute(query):
        texts[row.draft_id].append(_read_passage(row))
    return [tuple(texts[draft]) for draft in written]


def image_row(image: AttachedImage) -> dict[str, object]:
    """Return an attached image as columns."""
    return {"image_sha256": image.sha256, "kind": image.kind, "alt": image.alt}


def read_image(row: Row[Any]) -> AttachedImage:
    """Return the attached image of a row."""
    return AttachedImage(sha256=row.image_sha256, kind=row.kind, alt=row.alt)


def _write_parts(
    connection: Connection,
    table: Table,
    draft: int,
    revision: Revision,
    rows: Iterable[dict[str, object]],
) -> None:
    where = {"draft_id": draft, "revision": revision.number}
    numbered = [{**where, "position": position, **row} for position, row in enumerate(rows)]
    insert_all(connection, table, numbered)


def _read_parts(
    connection: Connection, table: Table, draft: int, number: int | None
) -> defaultdict[int, list[Row[Any]]]:
    """Return the rows of each revision by its number, in their order."""
    query = select(table).where(table.c.draft_id == draft).order_by(table.c.position)
    if number is not None:
        query = query.where(table.c.revision == number)
    parts: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        parts[row.revision].append(row)
    return parts


def _passage_row(passage: Passage) -> dict[str, object]:
    return {
        "key": passage.key,
        "text": passage.text,
        "editable": passage.editable,
        "drop_order": passage.drop_order,
        "claims": list(passage.claims),
    }


def _read_passage(row: Row[Any]) -> Passage:
    return Passage(
        key=row.key,
        text=row.text,
        editable=row.editable,
        drop_order=row.drop_order,
        claims=tuple(row.claims),
    )


def _finding_row(finding: Finding) -> dict[str, object]:
    start, end = finding.span or (None, None)
    return {
        "id": finding.id,
        "severity": finding.severity,
        "message": finding.message,
        "passage": finding.passage,
        "span_start": start,
        "span_end": end,
        "fix": finding.fix,
    }


def _read_finding(row: Row[Any]) -> Finding:
    return Finding(
        id=row.id,
        severity=row.severity,
        message=row.message,
        passage=row.passage,
        span=None if row.span_start is None else (row.span_start, row.span_end),
        fix=row.fix,
    )
