"""Deliveries as they are read: alone, in lists, and those that somebody has to see to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from composer.errors import NotFoundError
from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Delivery, DeliveryState, Lapse
from composer.newsroom.records.drafts import DraftState
from composer.store.approvals import read_rendition
from composer.store.attempts import count_attempts
from composer.store.database import reading
from composer.store.subject import Subject
from composer.store.tables import approvals, attempts, deliveries, drafts, renditions

GOES_OUT = [state for state in DeliveryState if state.goes_out_by_itself]
_LONGEST_LEASE = timedelta(hours=1)


class DeliveryRows(Subject):
    """How far posts are."""

    def delivery(self, delivery: int) -> Delivery:
        """Return one delivery."""
        with reading(self._engine) as connection:
            return read_one(connection, delivery)

    def deliveries(self, draft: int) -> tuple[Delivery, ...]:
        """Return the deliveries of a draft."""
        return self._read(query().where(deliveries.c.draft_id == draft).order_by(deliveries.c.id))

    def latest_deliveries(
        self, *, limit: int, states: Iterable[DeliveryState] = tuple(DeliveryState)
    ) -> tuple[Delivery, ...]:
        """Return the latest deliveries that are in one of the states, newest first."""
        chosen = query().where(deliveries.c.state.in_(list(states)))
        return self._read(chosen.order_by(deliveries.c.id.desc()).limit(limit))

    def delivery_at(self, reference: str) -> Delivery | None:
        """Return the delivery that is out at this reference, if there is one."""
        found = self._read(query().where(deliveries.c.reference == reference).limit(1))
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

    def stalled_deliveries(self, now: datetime) -> tuple[Delivery, ...]:
        """Return those whose sender died: still being sent when their lease was over."""
        sending = deliveries.c.state == DeliveryState.SENDING
        return self._read(query().where(sending, lease_is_over(now)))

    def lapsed_deliveries(self, now: datetime) -> tuple[Lapse, ...]:
        """Return those that would go out, but whose approval is void or has run out."""
        lapsed = (
            query()
            .join(approvals, approvals.c.id == renditions.c.approval_id)
            .join(drafts, drafts.c.id == deliveries.c.draft_id)
            .where(
                deliveries.c.state.in_(GOES_OUT),
                or_(approvals.c.voided_at.is_not(None), approvals.c.expires_at <= now),
            )
            .add_columns(
                approvals.c.void_reason, approvals.c.expires_at, drafts.c.state.label("draft_state")
            )
        )
        with reading(self._engine) as connection:
            rows = connection.execute(lapsed).all()
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


def query() -> Select[Any]:
    """Select deliveries with what is told of them elsewhere: their text and their attempts."""
    sent = attempts.c.delivery_id == deliveries.c.id
    first, last = (
        select(when(attempts.c.started_at)).where(sent).correlate(deliveries).scalar_subquery()
        for when in (func.min, func.max)
    )
    return select(
        deliveries,
        renditions.c.sha256.label("rendition_sha256"),
        count_attempts().label("attempts"),
        last.label("sent_at"),
        first.label("first_sent_at"),
        may_be_out().label("may_be_out"),
    ).join(renditions, renditions.c.id == deliveries.c.rendition_id)


def may_be_out() -> ColumnElement[bool]:
    """Tell whether a delivery waits to be repeated after an answer that nobody understood."""
    unclear = (
        select(attempts.c.number)
        .where(
            attempts.c.delivery_id == deliveries.c.id,
            attempts.c.number == count_attempts(),
            attempts.c.outcome == DeliveryState.AMBIGUOUS,
        )
        .correlate(deliveries)
        .exists()
    )
    return and_(deliveries.c.state == DeliveryState.WAITING, unclear)


def lease_is_over(now: datetime) -> ColumnElement[bool]:
    """Tell whether nobody has a delivery in hand; no lease is as long as a clock can be wrong."""
    until = deliveries.c.claimed_until
    return or_(until.is_(None), until < now, until > now + _LONGEST_LEASE)


def number_of(connection: Connection, draft: int, account: str) -> int:
    """Return the number of the delivery of a draft to an account; there is one."""
    pair = deliveries.c.draft_id == draft, deliveries.c.account == account
    number: int = connection.execute(select(deliveries.c.id).where(*pair)).scalar_one()
    return number


def read_one(connection: Connection, delivery: int) -> Delivery:
    """Return a delivery. Raises NotFoundError if there is none of this number."""
    row = connection.execute(query().where(deliveries.c.id == delivery)).one_or_none()
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
        first_sent_at=row.first_sent_at,
        may_be_out=row.may_be_out,
    )


def _no_delivery(delivery: int) -> NotFoundError:
    return NotFoundError(f"there is no delivery {delivery}; choose one from its draft")
