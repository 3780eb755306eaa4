"""Plans that were seen, and their slots: the rows in which the clock's work is true.

A slot is claimed, and ends, in one UPDATE each that holds only if nobody else was
first. Whatever its holder did without a claim that still stands is rolled back.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from composer.errors import ConflictError
from composer.newsroom.records.slots import Claim, PlanHistory, Slot, SlotState
from composer.store.database import reading, writing
from composer.store.subject import Subject, insert_all, insert_into
from composer.store.tables import plans, slots

_OPEN = (SlotState.DUE, SlotState.MAKING)


class Slots(Subject):
    """Due moments of plans."""

    def plan_histories(self) -> Mapping[str, PlanHistory]:
        """Return what is known of every plan that was ever seen, by its name."""
        query = (
            select(plans, func.max(slots.c.local_date).label("latest"))
            .outerjoin(slots)
            .group_by(plans.c.name)
        )
        with reading(self._engine) as connection:
            return {
                row.name: PlanHistory(known_since=row.known_since, latest=row.latest)
                for row in connection.execute(query)
            }

    def know_plan(self, plan: str, since: datetime) -> None:
        """Remember that a plan was there at a moment; of several the earliest counts."""
        with writing(self._engine) as connection:
            connection.execute(
                insert_into(connection, plans)
                .values(name=plan, known_since=since)
                .on_conflict_do_update(
                    index_elements=[plans.c.name],
                    set_={"known_since": since},
                    where=plans.c.known_since > since,
                )
            )

    def add_slots(
        self, plan: str, symbol: str, moments: Sequence[tuple[date, time, datetime]]
    ) -> None:
        """Add slots, each of a local date, time and due moment; a date has one, and no second.

        A plan whose time or symbol was changed goes on with the first date that has none.
        """
        with writing(self._engine) as connection:
            # Who adds to a plan holds its row, so that two cannot add the same date.
            connection.execute(select(plans).where(plans.c.name == plan).with_for_update())
            dates = select(func.max(slots.c.local_date)).where(slots.c.plan == plan)
            latest = connection.execute(dates).scalar_one() or date.min
            rows = [
                {
                    "plan": plan,
                    "symbol": symbol,
                    "local_date": local_date,
                    "local_time": local_time,
                    "due_at": due_at,
                    "state": SlotState.DUE,
                    "reason": "",
                    "tries": 0,
                }
                for local_date, local_time, due_at in moments
                if local_date > latest
            ]
            insert_all(connection, slots, rows)

    def open_slots(self) -> tuple[Slot, ...]:
        """Return the slots that have not ended, in the order they are due."""
        query = select(slots).where(slots.c.state.in_(_OPEN)).order_by(slots.c.due_at, slots.c.id)
        with reading(self._engine) as connection:
            return tuple(map(_read_slot, connection.execute(query)))

    def slots(self, *, since: datetime) -> tuple[Slot, ...]:
        """Return the slots due since a moment, newest first."""
        newest_first = (slots.c.due_at.desc(), slots.c.id)
        query = select(slots).where(slots.c.due_at >= since).order_by(*newest_first)
        with reading(self._engine) as connection:
            return tuple(map(_read_slot, connection.execute(query)))

    def claim_slot(self, claim: Claim, *, now: datetime, until: datetime) -> Slot | None:
        """Claim an open slot, or return None if it ended, waits or is in other hands.

        The claim ends at `until`, and so does one of a clock that was far ahead of `now`.
        """
        # Nobody claims for longer than until `until`; give clocks as much again to differ.
        beyond = until + (until - now)
        free = or_(
            slots.c.claimed_until.is_(None),
            slots.c.claimed_until <= now,
            slots.c.claimed_until > beyond,
        )
        take = (
            update(slots)
            .where(slots.c.id == claim.slot, slots.c.state.in_(_OPEN), free)
            .values(
                state=SlotState.MAKING,
                claimed_by=claim.token,
                claimed_until=until,
                tries=slots.c.tries + 1,
            )
        )
        with writing(self._engine) as connection:
            if connection.execute(take).rowcount == 0:
                return None
            return _read_one(connection, claim)

    def extend_claim(self, claim: Claim, *, until: datetime) -> None:
        """Hold on to a slot for longer."""
        with writing(self._engine) as connection:
            _change(connection, claim, claimed_until=until)

    def put_off_slot(self, claim: Claim, *, reason: str, until: datetime | None) -> None:
        """Let go of a slot that is to be tried again, not before `until` if that is given."""
        with writing(self._engine) as connection:
            _change(
                connection,
                claim,
                state=SlotState.DUE,
                reason=reason,
                claimed_by=None,
                claimed_until=until,
            )

    def end_slot(self, claim: Claim, state: SlotState, reason: str) -> Slot:
        """End a slot for good."""
        with writing(self._engine) as connection:
            _change(
                connection, claim, state=state, reason=reason, claimed_by=None, claimed_until=None
            )
            return _read_one(connection, claim)


def keep_edition(connection: Connection, claim: Claim, edition: str) -> None:
    """Let a slot keep the edition that is added in the same transaction."""
    _change(connection, claim, edition_id=edition)


def _change(connection: Connection, claim: Claim, **values: object) -> None:
    """Change a slot that is still in the hands of its claim. Raises ConflictError if not."""
    held = (slots.c.id == claim.slot) & (slots.c.claimed_by == claim.token)
    if connection.execute(update(slots).where(held).values(**values)).rowcount != 1:
        msg = f"slot {claim.slot} has gone into other hands; they make its edition"
        raise ConflictError(msg)


def _read_one(connection: Connection, claim: Claim) -> Slot:
    return _read_slot(connection.execute(select(slots).where(slots.c.id == claim.slot)).one())


def _read_slot(row: Row[Any]) -> Slot:
    return Slot(
        id=row.id,
        plan=row.plan,
        symbol=row.symbol,
        local_date=row.local_date,
        local_time=row.local_time,
        due_at=row.due_at,
        state=row.state,
        edition=row.edition_id,
        reason=row.reason,
        tries=row.tries,
    )
