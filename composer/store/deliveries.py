"""Drafts on their way to accounts.

The fence stands here: a delivery begins to be sent in one UPDATE that holds only if
the worker still has its claim, the rendition is approved at that moment and neither the
account nor the house is held. The rows it depends on are locked before, so that a hold
or an edit that returns has stopped everything that had not begun.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)

from composer.errors import ConflictError, HeldError, NotFoundError, RefusedError, StateError
from composer.newsroom.records import (
    Delivery,
    DeliveryState,
    DraftState,
    Event,
    Lapse,
    Rendition,
)
from composer.store.approvals import read_rendition
from composer.store.attempts import count_attempts, finish_attempt, start_attempt
from composer.store.cards import read_card
from composer.store.database import reading, writing
from composer.store.events import write_events
from composer.store.subject import Subject, insert_once
from composer.store.tables import (
    accounts,
    approvals,
    attempts,
    deliveries,
    drafts,
    house,
    renditions,
)

_GOES_OUT = [state for state in DeliveryState if state.goes_out_by_itself]
_MAY_BE_QUEUED = [state for state in DeliveryState if state.may_be_queued]
_IN_HAND = (DeliveryState.SENDING, DeliveryState.AWAITING_PERSON)
_CANDIDATES = 10
_LONGEST_LEASE = timedelta(hours=1)

# A clear answer may come after somebody stopped waiting for it. That it is out is true
# whatever was thought meanwhile; anything else is news only to who still does not know.
_OVERTURNED_BY_ACCEPTED = [state for state in DeliveryState if state is not DeliveryState.ACCEPTED]
_STILL_UNDECIDED = (*_IN_HAND, DeliveryState.AMBIGUOUS)


class Deliveries(Subject):
    """How far posts are."""

    def delivery(self, delivery: int) -> Delivery:
        """Return one delivery."""
        with reading(self._engine) as connection:
            return _read_one(connection, delivery)

    def deliveries(self, draft: int) -> tuple[Delivery, ...]:
        """Return the deliveries of a draft."""
        return self._read(_query().where(deliveries.c.draft_id == draft).order_by(deliveries.c.id))

    def latest_deliveries(
        self, *, limit: int, states: Iterable[DeliveryState] = tuple(DeliveryState)
    ) -> tuple[Delivery, ...]:
        """Return the latest deliveries that are in one of the states, newest first."""
        chosen = _query().where(deliveries.c.state.in_(list(states)))
        return self._read(chosen.order_by(deliveries.c.id.desc()).limit(limit))

    def delivery_at(self, reference: str) -> Delivery | None:
        """Return the delivery that is out at this reference, if there is one."""
        found = self._read(_query().where(deliveries.c.reference == reference).limit(1))
        return found[0] if found else None

    def rendition_of(self, delivery: int) -> Rendition:
        """Return exactly what a delivery sends or sent, also when its approval is void by now."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(renditions)
                .join(deliveries, deliveries.c.rendition_id == renditions.c.id)
                .where(deliveries.c.id == delivery)
            ).one_or_none()
            if row is None:
                raise _no_delivery(delivery)
            return read_rendition(connection, row)

    def queue_delivery(
        self, draft: int, account: str, rendition_sha256: str, *, due_at: datetime, event: Event
    ) -> Delivery:
        """Queue the approved rendition of a draft for an account, to go out at `due_at`.

        Raises RefusedError if the rendition is not approved, or if something of the draft
        is out there, perhaps out or on its way.
        """
        with writing(self._engine) as connection:
            queue_in(connection, draft, account, rendition_sha256, due_at=due_at, event=event)
            return _read_one(connection, _number_of(connection, draft, account))

    def claim_delivery(self, worker: str, *, now: datetime, until: datetime) -> Delivery | None:
        """Give a worker the delivery that is due longest and in nobody's hands, if there is one.

        It is the worker's until the lease ends; then anybody's again.
        """
        free = _claimable(now)
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
                    return _read_one(connection, candidate)
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
        signed = _signed(claimed.draft, claimed.account, claimed.rendition_sha256, event.at)
        begin = (
            update(deliveries)
            .where(
                deliveries.c.id == claimed.id,
                deliveries.c.state == claimed.state,
                deliveries.c.claimed_by == worker,
                deliveries.c.rendition_id.in_(signed),
                _nothing_held(),
            )
            .values(state=state, claimed_until=until, reason=None)
        )
        with writing(self._engine) as connection:
            _lock_what_decides(connection, claimed)
            if connection.execute(begin).rowcount != 1:
                raise _refusal(connection, claimed, worker)
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
    ) -> Delivery:
        """Keep what became of the latest attempt of a delivery, and return it as it is now.

        An answer that comes late takes the place of "nobody knows"; that the post is out is
        kept whatever was decided meanwhile, unless a further attempt was begun: then only
        the attempt tells of it.
        """
        accepted = state is DeliveryState.ACCEPTED
        with writing(self._engine) as connection:
            now = _lock(connection, sent.id)
            finish_attempt(connection, sent, state, event, reference=reference, reason=reason)
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

        Raises ConflictError if it has moved on, StateError if it is being sent or would be:
        there is one way into that state, and one out of it.
        """
        if seen.state in _IN_HAND or state in {*_IN_HAND, DeliveryState.ACCEPTED}:
            msg = f"the delivery to {seen.account} is {seen.state}; it cannot become {state} so"
            raise StateError(msg)
        with writing(self._engine) as connection:
            now = _lock(connection, seen.id)
            if now != seen:
                raise _moved_on(now, seen)
            values = _result(state, due_at, None, reason)
            if state is DeliveryState.QUEUED:  # an approval of the same text may be a later one
                values |= {
                    "rendition_id": _find_signed(
                        connection, seen.draft, seen.account, seen.rendition_sha256, event.at
                    ),
                    "tries": 0,
                }
            _write(connection, seen.id, values)
            return self._conclude(connection, seen, event)

    def stalled_deliveries(self, now: datetime) -> tuple[Delivery, ...]:
        """Return those whose sender died: still being sent when their lease was over."""
        sending = deliveries.c.state == DeliveryState.SENDING
        return self._read(_query().where(sending, _lease_is_over(now)))

    def lapsed_deliveries(self, now: datetime) -> tuple[Lapse, ...]:
        """Return those that would go out, but whose approval is void or has run out."""
        query = (
            _query()
            .join(approvals, approvals.c.id == renditions.c.approval_id)
            .join(drafts, drafts.c.id == deliveries.c.draft_id)
            .where(
                deliveries.c.state.in_(_GOES_OUT),
                or_(approvals.c.voided_at.is_not(None), approvals.c.expires_at <= now),
            )
            .add_columns(
                approvals.c.void_reason, approvals.c.expires_at, drafts.c.state.label("draft_state")
            )
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        timed_out = {DraftState.EXPIRED, DraftState.STALE}
        return tuple(
            Lapse(
                delivery=_read_delivery(row),
                expired=row.expires_at <= now or row.draft_state in timed_out,
                reason=row.void_reason or "the approval ran out",
            )
            for row in rows
        )

    def _read(self, query: Select[Any]) -> tuple[Delivery, ...]:
        with reading(self._engine) as connection:
            return tuple(map(_read_delivery, connection.execute(query)))

    @staticmethod
    def _conclude(connection: Connection, delivery: Delivery, event: Event) -> Delivery:
        write_events(connection, read_card(connection, delivery.draft), [event])
        return _read_one(connection, delivery.id)


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
        "rendition_id": _find_signed(connection, draft, account, rendition_sha256, event.at),
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
            )
            .values(values)
        )
        if connection.execute(again).rowcount != 1:
            there = _read_one(connection, _number_of(connection, draft, account))
            msg = f"draft {draft} to {account} is {there.state.value}; it is not sent again"
            raise RefusedError(msg)
    write_events(connection, read_card(connection, draft), [event])


def _query() -> Select[Any]:
    last_sent = (
        select(func.max(attempts.c.started_at))
        .where(attempts.c.delivery_id == deliveries.c.id)
        .correlate(deliveries)
        .scalar_subquery()
    )
    return select(
        deliveries,
        renditions.c.sha256.label("rendition_sha256"),
        count_attempts().label("attempts"),
        last_sent.label("sent_at"),
    ).join(renditions, renditions.c.id == deliveries.c.rendition_id)


def _find_signed(
    connection: Connection, draft: int, account: str, rendition_sha256: str, now: datetime
) -> int:
    """Return the rendition of this fingerprint that is approved. Raises RefusedError if none is."""
    signed = _signed(draft, account, rendition_sha256, now)
    rendition: int | None = connection.execute(signed).scalar_one_or_none()
    if rendition is None:
        msg = f"draft {draft} has no such approved rendition for {account}; approve it first"
        raise RefusedError(msg)
    return rendition


def _signed(draft: int, account: str, rendition_sha256: str, now: datetime) -> Select[int]:
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


def _claimable(now: datetime) -> ColumnElement[bool]:
    return and_(
        deliveries.c.state.in_(_GOES_OUT),
        or_(deliveries.c.due_at.is_(None), deliveries.c.due_at <= now),
        _lease_is_over(now),
        _nothing_held(),
    )


def _lease_is_over(now: datetime) -> ColumnElement[bool]:
    """Tell whether nobody has a delivery in hand; no lease is as long as a clock can be wrong."""
    until = deliveries.c.claimed_until
    return or_(until.is_(None), until < now, until > now + _LONGEST_LEASE)


def _nothing_held() -> ColumnElement[bool]:
    open_accounts = select(accounts.c.name).where(
        accounts.c.held.is_(False), accounts.c.active.is_(True)
    )
    return and_(
        deliveries.c.account.in_(open_accounts), not_(exists().where(house.c.held.is_(True)))
    )


def _lock_what_decides(connection: Connection, delivery: Delivery) -> None:
    """Let nobody void the approval or hold anything between the look and the commit.

    PostgreSQL locks the rows; SQLite has one writer anyway.
    """
    for rows in (
        select(approvals.c.id).where(
            approvals.c.draft_id == delivery.draft, approvals.c.voided_at.is_(None)
        ),
        select(accounts.c.name).where(accounts.c.name == delivery.account),
        select(house.c.id),
    ):
        connection.execute(rows.with_for_update(read=True))


def _lock(connection: Connection, delivery: int) -> Delivery:
    """Return a delivery that nobody moves before this transaction ends.

    Locked first and read then: a PostgreSQL statement that has waited for a row still
    sees the attempts of before its wait.
    """
    row = select(deliveries.c.id).where(deliveries.c.id == delivery)
    connection.execute(row.with_for_update(key_share=True))
    return _read_one(connection, delivery)


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


def _refusal(connection: Connection, claimed: Delivery, worker: str) -> StateError:
    """Return why a claimed delivery may not go out."""
    row = connection.execute(
        select(deliveries.c.state, deliveries.c.claimed_by, accounts.c.held, accounts.c.active)
        .join(accounts, accounts.c.name == deliveries.c.account)
        .where(deliveries.c.id == claimed.id)
    ).one()
    if row.state is not claimed.state or row.claimed_by != worker:
        return _moved_on(_read_one(connection, claimed.id), claimed)
    if connection.execute(select(house.c.held)).scalar_one_or_none():
        return HeldError("all sending is held; release it, then it goes on")
    if row.held:
        return HeldError(f"the account {claimed.account} is held; release it, then it goes on")
    if not row.active:
        return RefusedError(f"the account {claimed.account} is not configured any more")
    return RefusedError(
        f"what would go to {claimed.account} is not approved, or no longer; approve the draft again"
    )


def _moved_on(now: Delivery, seen: Delivery) -> ConflictError:
    return ConflictError(
        f"the delivery to {seen.account} is {now.state} by now, you saw it {seen.state}:"
        " look at it again"
    )


def _number_of(connection: Connection, draft: int, account: str) -> int:
    pair = deliveries.c.draft_id == draft, deliveries.c.account == account
    number: int = connection.execute(select(deliveries.c.id).where(*pair)).scalar_one()
    return number


def _no_delivery(delivery: int) -> NotFoundError:
    return NotFoundError(f"there is no delivery {delivery}; choose one from its draft")


def _read_one(connection: Connection, delivery: int) -> Delivery:
    row = connection.execute(_query().where(deliveries.c.id == delivery)).one_or_none()
    if row is None:
        raise _no_delivery(delivery)
    return _read_delivery(row)


def _read_delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        draft=row.draft_id,
        account=row.account,
        state=row.state,
        rendition_sha256=row.rendition_sha256,
        reference=row.reference,
        reason=row.reason,
        due_at=row.due_at,
        tries=row.tries,
        attempts=row.attempts,
        sent_at=row.sent_at,
    )
