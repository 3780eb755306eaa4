"""The audit trail: added to, read, never changed."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Event
from composer.store.database import reading
from composer.store.people import read_person_id
from composer.store.subject import Subject, insert_all
from composer.store.tables import events, people


class Events(Subject):
    """What happened, as it was told when it happened."""

    def events(self, *, draft: int | None = None, limit: int = 200) -> tuple[Event, ...]:
        """Return the latest events, of one draft or of all, newest first."""
        with reading(self._engine) as connection:
            return read_events(connection, draft=draft, limit=limit)


def write_events(connection: Connection, draft: DraftCard, told: Sequence[Event]) -> None:
    """Add events of a draft; where one leaves edition, draft or revision open, they are its."""
    insert_all(
        connection,
        events,
        [
            {
                "at": event.at,
                "person_id": read_person_id(connection, event.person),
                "action": event.action,
                "edition_id": event.edition or draft.edition,
                "draft_id": event.draft or draft.id,
                "revision": event.revision or draft.revision,
                "detail": event.detail,
            }
            for event in told
        ],
    )


def write_house_event(connection: Connection, event: Event) -> None:
    """Add an event that is of no draft."""
    connection.execute(
        insert(events).values(
            at=event.at,
            person_id=read_person_id(connection, event.person),
            action=event.action,
            detail=event.detail,
        )
    )


def read_events(connection: Connection, *, draft: int | None, limit: int) -> tuple[Event, ...]:
    """Return the latest events, of one draft or of all, newest first."""
    query = (
        select(events, people.c.name.label("person"))
        .outerjoin(people, people.c.id == events.c.person_id)
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    if draft is not None:
        query = query.where(events.c.draft_id == draft)
    return tuple(
        Event(
            at=row.at,
            person=row.person,
            action=row.action,
            edition=row.edition_id,
            draft=row.draft_id,
            revision=row.revision,
            detail=row.detail,
        )
        for row in connection.execute(query)
    )
