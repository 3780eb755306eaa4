"""Drafts as cards: what a list shows of them and what a change is checked against."""

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, select

from composer.checks.records import Severity
from composer.errors import NotFoundError
from composer.newsroom.records.drafts import DraftCard
from composer.store.tables import drafts, editions, findings, people, revisions


def read_cards(connection: Connection, condition: ColumnElement[bool]) -> tuple[DraftCard, ...]:
    """Return the drafts that meet a condition, in the order they were made."""
    rows = connection.execute(
        select(
            drafts,
            editions.c.stale_after_s,
            _author().label("author"),
            _count(Severity.BLOCK).label("blocks"),
            _count(Severity.WARN).label("warnings"),
        )
        .join(editions, editions.c.id == drafts.c.edition_id)
        .where(condition)
        .order_by(drafts.c.id)
    )
    return tuple(
        DraftCard(
            id=row.id,
            edition=row.edition_id,
            locale=row.locale,
            format=row.format,
            state=row.state,
            revision=row.revision,
            author=row.author,
            blocks=row.blocks,
            warnings=row.warnings,
            max_age=row.stale_after_s,
        )
        for row in rows
    )


def read_card(connection: Connection, draft: int) -> DraftCard:
    """Return one draft. Raises NotFoundError if there is none of this number."""
    for card in read_cards(connection, drafts.c.id == draft):
        return card
    msg = f"there is no draft {draft}; choose one from its edition"
    raise NotFoundError(msg)


def _author() -> ScalarSelect[str]:
    """Return who last wrote in a draft: a refresh by the newsroom takes nobody's hand off it."""
    return (
        select(people.c.name)
        .join(revisions, revisions.c.author_id == people.c.id)
        .where(revisions.c.draft_id == drafts.c.id)
        .order_by(revisions.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _count(severity: Severity) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(
            findings.c.draft_id == drafts.c.id,
            findings.c.revision == drafts.c.revision,
            findings.c.severity == severity,
        )
        .scalar_subquery()
    )
