"""Carry approved drafts to their accounts, each at most once.

A worker claims a delivery that is due, looks whether it may still go, uploads what may
be uploaded twice, and then lets it out: `sending` is stored, with the fingerprint of what
is sent, before the first byte of the one call that counts. The answer makes it accepted,
refused or, where nobody knows, ambiguous: a person looks, nothing is sent again by itself.

What is put off (a limit, a platform that was surely not reached) goes out later, until
the approval runs out. A worker that dies leaves `sending`; after its lease, whoever comes
next makes it ambiguous, unless the platform takes the same send twice.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.errors import (
    AccountRefusedError,
    ConflictError,
    HeldError,
    PublishError,
    QuotaError,
    RefusedError,
    SquaredeskError,
    StateError,
    UnclearAnswerError,
    UnsentError,
)
from composer.newsroom.crossing import CrossedError, UnjudgedError, require_uncrossed
from composer.newsroom.outlets import (
    PRIVATE_PLATFORMS,
    OpenOutlet,
    account_named,
    payload_of,
)
from composer.newsroom.ports import Clock, DeliveryStore, DraftStore, Market
from composer.newsroom.records import (
    Account,
    Action,
    Delivery,
    DeliveryState,
    DraftState,
    Event,
    Rendition,
)
from composer.newsroom.review import DraftView, Review
from composer.newsroom.wording import keepable
from composer.publishers.records import Publisher, Receipt

_LOG: BoundLogger = get_logger()

# Longer than the slowest send: one of Binance Square can take a minute and a half.
LEASE = timedelta(minutes=5)
PROMPT = timedelta(minutes=1)
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=30)
_KEEP_AGAIN_S = 1.0

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


class _Store(DraftStore, DeliveryStore, Protocol):
    """What a courier needs of the store."""


def _no_mark(_point: str) -> None:
    """Pass a point at which tests let a worker die."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Carries deliveries. Holds no state: any number may work on one store, on any machine.

    `mark` is told each point of the way as it is passed.
    """

    store: _Store
    review: Review
    outlet: OpenOutlet
    market: Market
    clock: Clock
    mark: Callable[[str], None] = _no_mark
    sleep: Callable[[float], None] = time.sleep
    lease: timedelta = LEASE

    def work(self, worker: str) -> Delivery | None:
        """Carry one delivery that is due and return it as it is then; None if none is due.

        worker : a name no other worker has, also not one of an earlier life
        """
        self._tidy()
        now = self.clock()
        claimed = self.store.claim_delivery(worker, now=now, until=now + self.lease)
        if claimed is None:
            return None
        self.mark("claimed")
        try:
            return self._carry(claimed, worker)
        except ConflictError as error:  # somebody else moved it: it is his now
            _LOG.info("delivery_lost", delivery=claimed.id, reason=str(error))
            return self.store.delivery(claimed.id)

    def _carry(self, claimed: Delivery, worker: str) -> Delivery:
        """Take a claimed delivery as far as it goes now."""
        try:
            send, state = self._make_ready(claimed)
            self.mark("judged")
            handed = self._hand_over(claimed, worker, state)
        except ConflictError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing has left the house
            return self._not_sent(claimed, error)
        self.mark("fenced")
        return handed if send is None else self._send(handed, send, again=claimed.may_be_out)

    def _make_ready(self, claimed: Delivery) -> tuple[Callable[[], Receipt] | None, DeliveryState]:
        """Do all that may be done again, and return the one call that may not.

        There is none where a person posts. Raises whatever keeps the delivery in the house.
        """
        account = account_named(self.store, claimed.account)
        outlet = self.outlet(account)
        view, rendition = self._approved(claimed, account)
        payload = payload_of(view.card, rendition, self.store)
        if not isinstance(outlet, Publisher):
            outlet.check(payload)
            self._require_uncrossed(view, account)
            return None, DeliveryState.AWAITING_PERSON
        self._require_repeatable(claimed, outlet)
        prepared = outlet.prepare(payload)
        self.mark("prepared")
        self._require_uncrossed(view, account)
        return partial(outlet.send, prepared), DeliveryState.SENDING

    def _require_repeatable(self, claimed: Delivery, outlet: Publisher) -> None:
        """Raise UnclearAnswerError if it is too late to repeat a send that may be out."""
        if claimed.may_be_out and not self._allows(claimed, outlet, timedelta(0)):
            msg = f"it is too late to send it again; last: {claimed.reason}"
            raise UnclearAnswerError(msg)

    def _allows(self, sent: Delivery, outlet: Publisher, spare: timedelta) -> bool:
        """Tell whether a platform takes the first send and one after `spare` for the same."""
        if sent.first_sent_at is None:
            return False
        return outlet.repeatability.allows(self.clock() - sent.first_sent_at + spare)

    def _send(self, sending: Delivery, send: Callable[[], Receipt], *, again: bool) -> Delivery:
        """Make the one call that counts, and keep the answer: nobody else knows it."""
        try:
            self._require_prompt(sending)
            answer: Receipt | Exception = send()
        except Exception as error:  # noqa: BLE001 - nobody knows what happened, unless it says so
            answer = error
        self.mark("answered")
        deadline = self.clock() + self.lease
        while True:
            try:
                kept = self._keep_answer(sending, answer, again=again)
            except StateError as error:  # the store is busy, or away for a moment
                _LOG.warning("answer_not_kept_yet", delivery=sending.id, reason=str(error))
                if self.clock() >= deadline:
                    raise
                self.sleep(_KEEP_AGAIN_S)
            else:
                self.mark("kept")
                return kept

    def _require_prompt(self, sending: Delivery) -> None:
        """Raise UnsentError after a pause between storing `sending` and the first byte.

        A machine that slept there may wake up when others have long decided what to think
        of this delivery, or even sent it again.
        """
        if sending.sent_at is None or self.clock() - sending.sent_at > PROMPT:
            msg = "the worker was paused before the first byte; nothing was sent"
            raise UnsentError(msg)

    def _tidy(self) -> None:
        """Settle what nobody is working on: senders that died, approvals that are gone."""
        now = self.clock()
        for delivery in self.store.stalled_deliveries(now):
            self._unclear(delivery, "the worker that sent it died before it kept the answer")
        for lapse in self.store.lapsed_deliveries(now):
            state = DeliveryState.EXPIRED if lapse.expired else DeliveryState.CANCELLED
            last = f"; before that: {lapse.delivery.reason}" if lapse.delivery.reason else ""
            try:
                self._move(lapse.delivery, state, reason=f"{lapse.reason}{last}")
            except ConflictError:
                continue  # somebody else settled it at the same moment

    def _keep_answer(
        self, sending: Delivery, answer: Receipt | Exception, *, again: bool
    ) -> Delivery:
        """Keep what the platform answered.

        again : an earlier answer was not clear, so only that the post is there settles it
        """
        if isinstance(answer, Receipt):
            return self._finish(sending, DeliveryState.ACCEPTED, reference=answer.reference)
        if isinstance(answer, QuotaError | UnsentError):
            return self._finish(
                sending,
                DeliveryState.WAITING,
                due_at=self.clock() + self._delay(sending, answer),
                reason=str(answer),
                outcome=DeliveryState.AMBIGUOUS if again else None,
            )
        if isinstance(answer, PublishError):
            self._hold_if_refused(sending.account, answer)
            state = DeliveryState.AMBIGUOUS if again else DeliveryState.REFUSED
            return self._finish(sending, state, reason=str(answer))
        said = isinstance(answer, UnclearAnswerError)
        return self._unclear(sending, str(answer) if said else repr(answer))

    def _unclear(self, sending: Delivery, reason: str) -> Delivery:
        """Leave to a person what nobody knows; repeat what may be repeated."""
        if self._may_repeat(sending):
            return self._finish(
                sending,
                DeliveryState.WAITING,
                due_at=self.clock() + self._delay(sending, None),
                reason=f"{reason}; it is sent again, this platform takes that for one",
                outcome=DeliveryState.AMBIGUOUS,
            )
        return self._finish(sending, DeliveryState.AMBIGUOUS, reason=reason)

    def _may_repeat(self, sending: Delivery) -> bool:
        try:
            outlet = self.outlet(account_named(self.store, sending.account))
        except Exception:  # noqa: BLE001 - whatever it was: nobody can say, so it is not repeated
            return False
        # The lease more, for the time until somebody takes it up again.
        return isinstance(outlet, Publisher) and self._allows(sending, outlet, self.lease)

    def _not_sent(self, claimed: Delivery, error: Exception) -> Delivery:
        """Say what becomes of a delivery of which nothing has left the house."""
        if isinstance(error, HeldError):  # nobody claims it before the release
            now = self.clock()
            return self._move(claimed, DeliveryState.WAITING, reason=str(error), due_at=now)
        if isinstance(error, CrossedError | RefusedError):
            # What was approved cannot go out any more; a new approval queues it again.
            view = self.review.view(claimed.draft)
            ran_out = view.card.state in {DraftState.EXPIRED, DraftState.STALE}
            state = DeliveryState.EXPIRED if ran_out else DeliveryState.CANCELLED
            return self._move(claimed, state, reason=str(error))
        if isinstance(error, UnclearAnswerError):
            return self._move(claimed, DeliveryState.AMBIGUOUS, reason=str(error))
        permanent = isinstance(error, PublishError) and not isinstance(
            error, QuotaError | UnsentError
        )
        if permanent:
            self._hold_if_refused(claimed.account, error)
            return self._move(claimed, DeliveryState.REFUSED, reason=str(error))
        known = isinstance(error, SquaredeskError)
        if not known:
            _LOG.error("delivery_failed", delivery=claimed.id, exc_info=error)
        return self._move(
            claimed,
            DeliveryState.WAITING,
            due_at=self.clock() + self._delay(claimed, error),
            reason=str(error) if known else repr(error),
        )

    def _delay(self, delivery: Delivery, error: Exception | None) -> timedelta:
        """Return how long to leave a platform alone: as it asked, else twice as long each time."""
        if isinstance(error, QuotaError) and error.wait_s is not None:
            return timedelta(seconds=error.wait_s)
        doubled: int = 2 ** min(delivery.tries, 10)
        return min(FIRST_DELAY * doubled, LONGEST_DELAY)

    def _hold_if_refused(self, account: str, error: Exception) -> None:
        """Stop all sending to an account that its platform does not serve any more."""
        if isinstance(error, AccountRefusedError):
            event = Event(at=self.clock(), person=None, action=Action.HELD, detail=account)
            self.store.hold(account, str(error), event)
            _LOG.error("account_held", account=account, reason=str(error))

    def _approved(self, claimed: Delivery, account: Account) -> tuple[DraftView, Rendition]:
        """Return what is sent, rendered anew and held against what was signed.

        Raises RefusedError if it may not go out.
        """
        view = self.review.view(claimed.draft)
        if view.card.state is not DraftState.APPROVED or view.approval is None:
            (last,) = self.store.events(draft=view.card.id, limit=1)
            why = f": {last.detail}" if last.action is Action.APPROVAL_VOIDED else ""
            msg = f"draft {view.card.id} is {view.card.state.value}, not approved{why}"
            raise RefusedError(msg)
        prospect = self.review.prospect(view, account)
        rendition = prospect.rendition
        if rendition is None:
            found = ", ".join(prospect.blocked)
            msg = f"these findings keep the draft from {account.name}: {found}"
            raise RefusedError(msg)
        signed = {one.account: one.sha256 for one in view.approval.renditions}
        if not rendition.sha256 == signed.get(account.name) == claimed.rendition_sha256:
            msg = f"what would go to {account.name} is not what was approved; approve it again"
            raise RefusedError(msg)
        return view, rendition

    def _require_uncrossed(self, view: DraftView, account: Account) -> None:
        """Raise CrossedError or UnjudgedError as `crossing` does, for what becomes public.

        Into a folder of our own goes also what cannot be judged, and what was made for a
        past moment goes nowhere else.
        """
        if view.snapshot.looked_from is not None:
            return
        try:
            require_uncrossed(self.store.edition(view.card.edition), view.snapshot, self.market)
        except UnjudgedError:
            if account.platform not in PRIVATE_PLATFORMS:
                raise

    def _hand_over(self, claimed: Delivery, worker: str, state: DeliveryState) -> Delivery:
        now = self.clock()
        handed = self.store.hand_over(
            claimed, worker, state, until=now + self.lease, event=self._event(claimed, state)
        )
        _LOG.info("delivery_moved", delivery=claimed.id, account=claimed.account, state=state)
        return handed

    def _finish(
        self,
        sending: Delivery,
        state: DeliveryState,
        *,
        due_at: datetime | None = None,
        reference: str | None = None,
        reason: str | None = None,
        outcome: DeliveryState | None = None,
    ) -> Delivery:
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

    def _move(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        reason: str,
        due_at: datetime | None = None,
    ) -> Delivery:
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

    def _event(self, delivery: Delivery, state: DeliveryState, *told: str | None) -> Event:
        return Event(
            at=self.clock(),
            person=None,
            action=_ACTIONS[state],
            draft=delivery.draft,
            detail=" ".join(filter(None, (delivery.account, *told))),
        )
