"""Drafts on their way to accounts.

The fence stands here: a delivery begins to be sent in one UPDATE that holds only if
the worker still has its claim, the rendition is approved at that moment and neither the
account nor the house is held. The rows it depends on are locked before, so that a hold
or an edit that returns has stopped everything that had not begun.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from composer.errors import StateError
from composer.newsroom.records.deliveries import Delivery, DeliveryState
from composer.newsroom.records.people import Action, Event
from composer.store.attempts import finish_attempt, start_attempt
from composer.store.cards import read_card
from composer.store.database import reading, writing
from composer.store.delivery_rows import DeliveryRows, number_of, read_one
from composer.store.events import write_events
from composer.store.fence import claimable, lock_what_decides, moved_on, nothing_held, why_not
from composer.store.queueing import find_signed, queue_in, signed
from composer.store.tables import deliveries

_IN_HAND = (DeliveryState.SENDING, DeliveryState.AWAITING_PERSON)
_CANDIDATES = 10
# What says that nothing is there; of what may be out only a person can say so.
_ENDS_UNSENT = frozenset({DeliveryState.REFUSED, DeliveryState.EXPIRED, DeliveryState.CANCELLED})

# A clear answer may come after somebody stopped waiting for it. That it is out is true
# whatever was thought meanwhile; anything else is news only to who still does not know.
_OVERTURNED_BY_ACCEPTED = [state for state in DeliveryState if state is not DeliveryState.ACCEPTED]
_STILL_UNDECIDED = (*_IN_HAND, DeliveryState.AMBIGUOUS)


class Deliveries(DeliveryRows):
    """Posts on their way."""

    def queue_delivery(
        self, draft: int, account: str, rendition_sha256: str, *, due_at: datetime, event: Event
    ) -> Delivery:
        """Queue the approved rendition of a draft for an account, to go out at `due_at`.

        Raises RefusedError if the rendition is not approved, or if something of the draft
        is out there, perhaps out or on its way.
        """
        with writing(self._engine) as connection:
            queue_in(connection, draft, account, rendition_sha256, due_at=due_at, event=event)
            return read_one(connection, number_of(connection, draft, account))

    def claim_delivery(self, worker: str, *, now: datetime, until: datetime) -> Delivery | None:
        """Give a worker the delivery that is due longest and in nobody's hands, if there is one.

        It is the worker's until the lease ends; then anybody's again.
        """
        free = claimable(now)
        ready = select(deliveries.c.id).where(free).order_by(deliveries.c.due_at, deliveries.c.id)
        with reading(self._engine) as connection:
            candidates = connection.execute(ready.limit(_CANDIDATES)).scalars().all()
        for candidate in candidates:
            claim = (
                update(deliveries)
                .where(deliveries.c.id == candidate, free)
                .values(claimed_by=worker, claimed_until=until)
            )
            with writing(self._engine) as connection:
                if connection.execute(claim).rowcount == 1:
                    return read_one(connection, candidate)
        return None

    def hand_over(
        self,
        claimed: Delivery,
        worker: str,
        state: DeliveryState,
        *,
        until: datetime,
        event: Event,
    ) -> Delivery:
        """Let a claimed delivery out of the house: `sending`, or `awaiting_person`.

        Committed before its first byte leaves. Raises RefusedError if it is not approved
        any more or held, ConflictError if the worker lost his claim.
        """
        approved = signed(claimed.draft, claimed.account, claimed.rendition_sha256, event.at)
        begin = (
            update(deliveries)
            .where(
                deliveries.c.id == claimed.id,
                deliveries.c.state == claimed.state,
                deliveries.c.claimed_by == worker,
                deliveries.c.rendition_id.in_(approved),
                nothing_held(),
            )
            .values(state=state, claimed_until=until, reason=None)
        )
        with writing(self._engine) as connection:
            lock_what_decides(connection, claimed)
            if connection.execute(begin).rowcount != 1:
                raise why_not(connection, claimed, worker)
            start_attempt(connection, claimed, event)
            return self._conclude(connection, claimed, event)

    def finish(
        self,
        sent: Delivery,
        state: DeliveryState,
        *,
        event: Event,
        due_at: datetime | None = None,
        reference: str | None = None,
        reason: str | None = None,
        outcome: DeliveryState | None = None,
    ) -> Delivery:
        """Keep what became of the latest attempt of a delivery, and return it as it is now.

        An answer that comes late takes the place of "nobody knows"; that the post is out is
        kept whatever was decided meanwhile, unless a further attempt was begun: then only
        the attempt tells of it.
        """
        accepted = state is DeliveryState.ACCEPTED
        with writing(self._engine) as connection:
            now = _lock(connection, sent.id)
            told = outcome or state
            finish_attempt(connection, sent, told, event, reference=reference, reason=reason)
            overturned = _OVERTURNED_BY_ACCEPTED if accepted else _STILL_UNDECIDED
            is_news = now.attempts == sent.attempts and now.state in overturned
            if is_news and now.state is not state:
                _write(connection, sent.id, _result(state, due_at, reference, reason))
            elif not accepted:
                return now
            return self._conclude(connection, sent, event)

    def move_delivery(
        self,
        seen: Delivery,
        state: DeliveryState,
        *,
        event: Event,
        due_at: datetime | None = None,
        reason: str | None = None,
    ) -> Delivery:
        """Move a delivery of which nothing is under way on from the state it was seen in.

        What may be out never ends as if it were not: it becomes ambiguous, for a person
        to look. Raises ConflictError if it has moved on, StateError if it is being sent or
        would be: there is one way into that state, and one out of it.
        """
        if seen.state in _IN_HAND or state in {*_IN_HAND, DeliveryState.ACCEPTED}:
            msg = f"the delivery to {seen.account} is {seen.state}; it cannot become {state} so"
            raise StateError(msg)
        if seen.may_be_out and state in _ENDS_UNSENT:
            state, event = DeliveryState.AMBIGUOUS, replace(event, action=Action.AMBIGUOUS)
            reason = f"{reason}; but it may be out, for an earlier answer was not clear"
        with writing(self._engine) as connection:
            now = _lock(connection, seen.id)
            if now != seen:
                raise moved_on(now, seen)
            values = _result(state, due_at, None, reason)
            if state is DeliveryState.QUEUED:  # an approval of the same text may be a later one
                values |= {
                    "rendition_id": find_signed(
                        connection, seen.draft, seen.account, seen.rendition_sha256, event.at
                    ),
                    "tries": 0,
                }
            _write(connection, seen.id, values)
            return self._conclude(connection, seen, event)

    @staticmethod
    def _conclude(connection: Connection, delivery: Delivery, event: Event) -> Delivery:
        write_events(connection, read_card(connection, delivery.draft), [event])
        return read_one(connection, delivery.id)


def _lock(connection: Connection, delivery: int) -> Delivery:
    """Return a delivery that nobody moves before this transaction ends.

    Locked first and read then: a PostgreSQL statement that has waited for a row still
    sees the attempts of before its wait.
    """
    row = select(deliveries.c.id).where(deliveries.c.id == delivery)
    connection.execute(row.with_for_update(key_share=True))
    return read_one(connection, delivery)


def _write(connection: Connection, delivery: int, values: Mapping[str, object]) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(values))


def _result(
    state: DeliveryState, due_at: datetime | None, reference: str | None, reason: str | None
) -> dict[str, object]:
    """Return what a move writes; a reference, once known, is kept until another comes."""
    values: dict[str, object] = {
        "state": state,
        "reason": reason,
        "claimed_by": None,
        "claimed_until": None,
    }
    if reference is not None:
        values["reference"] = reference
    if due_at is not None:
        values["due_at"] = due_at
    if state is DeliveryState.WAITING:
        values["tries"] = deliveries.c.tries + 1
    return values
