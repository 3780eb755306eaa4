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
from datetime import timedelta
from functools import partial

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.errors import (
    ConflictError,
    HeldError,
    PublishError,
    RefusedError,
    SquaredeskError,
    StateError,
    UnclearAnswerError,
    UnsentError,
)
from composer.newsroom.clearance import Clearance
from composer.newsroom.crossing import CrossedError
from composer.newsroom.ledger import Ledger
from composer.newsroom.outlets import OpenOutlet, account_named, payload_of
from composer.newsroom.ports.store import ReviewStore
from composer.newsroom.ports.world import Clock, Market
from composer.newsroom.records.deliveries import Delivery, DeliveryState
from composer.newsroom.records.drafts import DraftState
from composer.newsroom.review import Review
from composer.publishers.records import Publisher, Receipt

_LOG: BoundLogger = get_logger()

# Longer than the slowest send: one of Binance Square can take a minute and a half.
LEASE = timedelta(minutes=5)
PROMPT = timedelta(minutes=1)
_KEEP_AGAIN_S = 1.0


def _no_mark(_point: str) -> None:
    """Pass a point at which tests let a worker die."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Carries deliveries. Holds no state: any number may work on one store, on any machine.

    `mark` is told each point of the way as it is passed.
    """

    store: ReviewStore
    review: Review
    outlet: OpenOutlet
    market: Market
    clock: Clock
    mark: Callable[[str], None] = _no_mark
    sleep: Callable[[float], None] = time.sleep
    lease: timedelta = LEASE

    @property
    def _ledger(self) -> Ledger:
        return Ledger(store=self.store, clock=self.clock, lease=self.lease)

    @property
    def _clearance(self) -> Clearance:
        return Clearance(store=self.store, review=self.review, market=self.market)

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
            handed = self._ledger.hand_over(claimed, worker, state)
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
        view, rendition = self._clearance.approved(claimed, account)
        payload = payload_of(view.card, rendition, self.store)
        if not isinstance(outlet, Publisher):
            outlet.check(payload)
            self._clearance.require_uncrossed_for(view, account)
            return None, DeliveryState.AWAITING_PERSON
        self._require_repeatable(claimed, outlet)
        prepared = outlet.prepare(payload)
        self.mark("prepared")
        self._clearance.require_uncrossed_for(view, account)
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
                self._ledger.move(lapse.delivery, state, reason=f"{lapse.reason}{last}")
            except ConflictError:
                continue  # somebody else settled it at the same moment

    def _keep_answer(
        self, sending: Delivery, answer: Receipt | Exception, *, again: bool
    ) -> Delivery:
        """Keep what the platform answered.

        again : an earlier answer was not clear, so only that the post is there settles it
        """
        if isinstance(answer, Receipt):
            return self._ledger.finish(sending, DeliveryState.ACCEPTED, reference=answer.reference)
        if isinstance(answer, PublishError) and not answer.permanent:
            return self._ledger.finish(
                sending,
                DeliveryState.WAITING,
                due_at=self.clock() + self._ledger.delay(sending, answer),
                reason=str(answer),
                outcome=DeliveryState.AMBIGUOUS if again else None,
            )
        if isinstance(answer, PublishError):
            state = DeliveryState.AMBIGUOUS if again else DeliveryState.REFUSED
            kept = self._ledger.finish(sending, state, reason=str(answer))
            self._ledger.hold_if_refused(sending.account, answer)
            return kept
        said = isinstance(answer, UnclearAnswerError)
        return self._unclear(sending, str(answer) if said else repr(answer))

    def _unclear(self, sending: Delivery, reason: str) -> Delivery:
        """Leave to a person what nobody knows; repeat what may be repeated."""
        if self._may_repeat(sending):
            return self._ledger.finish(
                sending,
                DeliveryState.WAITING,
                due_at=self.clock() + self._ledger.delay(sending, None),
                reason=f"{reason}; it is sent again, this platform takes that for one",
                outcome=DeliveryState.AMBIGUOUS,
            )
        return self._ledger.finish(sending, DeliveryState.AMBIGUOUS, reason=reason)

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
            return self._ledger.move(claimed, DeliveryState.WAITING, reason=str(error), due_at=now)
        if isinstance(error, CrossedError | RefusedError):
            # What was approved cannot go out any more; a new approval queues it again.
            view = self.review.view(claimed.draft)
            ran_out = view.card.state in {DraftState.EXPIRED, DraftState.STALE}
            state = DeliveryState.EXPIRED if ran_out else DeliveryState.CANCELLED
            return self._ledger.move(claimed, state, reason=str(error))
        if isinstance(error, UnclearAnswerError):
            return self._ledger.move(claimed, DeliveryState.AMBIGUOUS, reason=str(error))
        if isinstance(error, PublishError) and error.permanent:
            # Its own end first: who dies in between leaves the account open, and the next
            # delivery closes it; the other way round nobody would ever claim this one again.
            ended = self._ledger.move(claimed, DeliveryState.REFUSED, reason=str(error))
            self._ledger.hold_if_refused(claimed.account, error)
            return ended
        known = isinstance(error, SquaredeskError)
        if not known:
            _LOG.error("delivery_failed", delivery=claimed.id, exc_info=error)
        return self._ledger.move(
            claimed,
            DeliveryState.WAITING,
            due_at=self.clock() + self._ledger.delay(claimed, error),
            reason=str(error) if known else repr(error),
        )
