"""Keep every step of a delivery, told in the audit trail and in the log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.errors import AccountRefusedError, QuotaError
from composer.newsroom.ports.store import ReviewStore
from composer.newsroom.ports.world import Clock
from composer.newsroom.records.deliveries import Delivery, DeliveryState
from composer.newsroom.records.people import Action, Event
from composer.newsroom.wording import keepable

_LOG: BoundLogger = get_logger()
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=30)

_ACTIONS = {
    DeliveryState.SENDING: Action.SENT,
    DeliveryState.ACCEPTED: Action.ACCEPTED,
    DeliveryState.REFUSED: Action.REFUSED,
    DeliveryState.AMBIGUOUS: Action.AMBIGUOUS,
    DeliveryState.WAITING: Action.WAITING,
    DeliveryState.AWAITING_PERSON: Action.AWAITING_PERSON,
    DeliveryState.EXPIRED: Action.EXPIRED,
    DeliveryState.CANCELLED: Action.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Moves deliveries in the store, in the name of the house."""

    store: ReviewStore
    clock: Clock
    lease: timedelta

    def hand_over(self, claimed: Delivery, worker: str, state: DeliveryState) -> Delivery:
        """Let a claimed delivery out of the house, for as long as the lease lasts."""
        now = self.clock()
        handed = self.store.hand_over(
            claimed, worker, state, until=now + self.lease, event=self._event(claimed, state)
        )
        _LOG.info("delivery_moved", delivery=claimed.id, account=claimed.account, state=state)
        return handed

    def finish(
        self,
        sending: Delivery,
        state: DeliveryState,
        *,
        due_at: datetime | None = None,
        reference: str | None = None,
        reason: str | None = None,
        outcome: DeliveryState | None = None,
    ) -> Delivery:
        """Keep what became of the latest attempt."""
        reason = None if reason is None else keepable(reason)
        event = self._event(sending, state, reference, reason)
        kept = self.store.finish(
            sending,
            state,
            event=event,
            due_at=due_at,
            reference=reference,
            reason=reason,
            outcome=outcome,
        )
        _LOG.info("delivery_moved", delivery=sending.id, account=sending.account, state=kept.state)
        return kept

    def move(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        reason: str,
        due_at: datetime | None = None,
    ) -> Delivery:
        """Move a delivery of which nothing is under way."""
        reason = keepable(reason)
        moved = self.store.move_delivery(
            delivery,
            state,
            event=self._event(delivery, state, reason),
            due_at=due_at,
            reason=reason,
        )
        _LOG.info("delivery_moved", delivery=delivery.id, account=delivery.account, state=state)
        return moved

    def delay(self, delivery: Delivery, error: Exception | None) -> timedelta:
        """Return how long to leave a platform alone: as it asked, else twice as long each time."""
        if isinstance(error, QuotaError) and error.wait_s is not None:
            return timedelta(seconds=error.wait_s)
        doubled: int = 2 ** min(delivery.tries, 10)
        return min(FIRST_DELAY * doubled, LONGEST_DELAY)

    def hold_if_refused(self, account: str, error: Exception) -> None:
        """Stop all sending to an account that its platform does not serve any more."""
        if isinstance(error, AccountRefusedError):
            event = Event(at=self.clock(), person=None, action=Action.HELD, detail=account)
            self.store.hold(account, str(error), event)
            _LOG.error("account_held", account=account, reason=str(error))

    def _event(self, delivery: Delivery, state: DeliveryState, *told: str | None) -> Event:
        return Event(
            at=self.clock(),
            person=None,
            action=_ACTIONS[state],
            draft=delivery.draft,
            detail=" ".join(filter(None, (delivery.account, *told))),
        )
