"""The clock of the newsroom: every slot of every plan ends once, and never unsaid.

A tick asks the store what is due and not ended; the rows are the truth. So a tick that
did not come costs nothing, and any number of processes may tick. Each slot is claimed
for a while, its edition made, and the slot ended as one of

- drafted: its drafts are in the desk;
- held: they are, but a finding blocks every one of them;
- missed: nobody came in time, or the plan is gone;
- failed: it was tried, and could not be made in time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from threading import Event
from typing import Protocol
from uuid import uuid4

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.checks.records import Severity
from composer.errors import ConflictError, SquaredeskError
from composer.newsroom.making import Step
from composer.newsroom.plans import Plan
from composer.newsroom.ports.store import Store
from composer.newsroom.ports.world import Clock
from composer.newsroom.records.drafts import EditionCard
from composer.newsroom.records.slots import Claim, PlanHistory, Slot, SlotState
from composer.newsroom.wording import keepable

_LOG: BoundLogger = get_logger()

LEASE = timedelta(minutes=10)
# Slots that one tick adds to a plan: more than a year's, and no end to a clock gone mad.
MOST_AT_ONCE = 400
FAULTS_BORNE = 3  # tries that end in a fault of our own
CRASHES_BORNE = 8  # tries, when the last one ended without a word
_BACK_OFF_MINUTES = (1, 2, 4, 8, 10)

_Verdict = tuple[SlotState, str]


class Make(Protocol):
    """Whatever makes the edition of a slot."""

    def __call__(self, plan: Plan, slot: Slot, claim: Claim, step: Step) -> EditionCard:
        """Return the edition of a slot, complete; call `step` between its steps."""


class _StopError(Exception):
    """The process ends; what is under way is put down where it stands."""


class Schedule:
    """Sees to the plans of a newsroom, tick by tick."""

    def __init__(
        self,
        store: Store,
        plans: Sequence[Plan],
        make: Make,
        clock: Clock,
        mark: Callable[[str], None] = lambda _name: None,
    ) -> None:
        """Work on `store` for `plans`; `mark` hears of every step, for tests that end there."""
        self._store = store
        self._plans = {plan.name: plan for plan in plans}
        self._make = make
        self._clock = clock
        self._mark = mark
        self._stopping = Event()

    def tick(self) -> tuple[Slot, ...]:
        """See to everything that is due now and return the slots that were ended."""
        ended: list[Slot] = []
        with _go_on_after_errors():
            histories = self._store.plan_histories()
            for plan in self._plans.values():
                with _go_on_after_errors(plan=plan.name):
                    self._add_slots(plan, histories.get(plan.name))
            for seen in self._store.open_slots():
                if self._stopping.is_set():
                    break
                with _go_on_after_errors(plan=seen.plan, date=seen.local_date.isoformat()):
                    slot = self._attend(seen)
                    ended += [] if slot is None else [slot]
        return tuple(ended)

    def stop(self) -> None:
        """Let a tick that is under way end after the step at hand."""
        self._stopping.set()

    def _add_slots(self, plan: Plan, history: PlanHistory | None) -> None:
        """Add the slots that became due since the last one there is."""
        now = self._clock()
        if history is None or now < history.known_since:
            self._store.know_plan(plan.name, now)
            history = PlanHistory(known_since=now, latest=history.latest if history else None)
            self._mark("known")
        since = history.known_since
        if history.latest is not None:
            since = max(since, plan.due_at(history.latest))
        dates = list(islice(plan.dates(since, now), MOST_AT_ONCE))
        if dates:
            moments = [(date, plan.at, plan.due_at(date)) for date in dates]
            self._store.add_slots(plan.name, plan.symbol, moments)
            self._mark("added")

    def _attend(self, seen: Slot) -> Slot | None:
        """Claim a slot and see to it; return it if that ended it."""
        now = self._clock()
        if now < seen.due_at:  # the clock was set back: it will be due again
            return None
        claim = Claim(slot=seen.id, token=uuid4().hex)
        slot = self._store.claim_slot(claim, now=now, until=now + LEASE)
        if slot is None:
            return None
        self._mark("claimed")
        try:
            verdict = self._judge(seen, slot, now) or self._make_it(slot, claim)
            return None if verdict is None else self._end(slot, claim, verdict)
        except ConflictError as error:
            _LOG.warning("slot_in_other_hands", plan=slot.plan, reason=str(error))
            return None

    def _judge(self, seen: Slot, slot: Slot, now: datetime) -> _Verdict | None:
        """Return how a claimed slot ends without being made, or None if it is to be made."""
        is_new = slot.tries == 1 and slot.edition is None
        cut_short = seen.state is SlotState.MAKING
        before = slot.reason or "the process that made it ended without a word"
        plan = self._plans.get(slot.plan)
        if plan is None:
            state = SlotState.MISSED if is_new else SlotState.FAILED
            return state, "its plan is not in the settings any more"
        if cut_short and slot.tries > CRASHES_BORNE:
            return SlotState.FAILED, f"given up at try {slot.tries}: {before}"
        deadline = slot.due_at + plan.late
        if now <= deadline or slot.edition is not None:
            return None
        if is_new:
            return SlotState.MISSED, f"nobody had begun it by {_written(deadline)}"
        return SlotState.FAILED, f"not made by {_written(deadline)}: {before}"

    def _make_it(self, slot: Slot, claim: Claim) -> _Verdict | None:
        """Make the edition of a slot; return how that ended it, or None if it did not."""
        plan = self._plans[slot.plan]
        try:
            card = self._make(plan, slot, claim, partial(self._step, claim))
        except ConflictError:
            raise
        except _StopError:
            self._store.put_off_slot(claim, reason=slot.reason, until=None)
            return None
        except SquaredeskError as error:
            reason, is_last = str(error), False
        except Exception as error:  # noqa: BLE001 - a fault of ours, told with its traceback
            _LOG.exception("slot_fault", plan=slot.plan)
            reason, is_last = repr(error), slot.tries >= FAULTS_BORNE
        else:
            return self._look_over(card)
        now, deadline = self._clock(), slot.due_at + plan.late
        if is_last or now >= deadline:
            return SlotState.FAILED, reason
        minutes = _BACK_OFF_MINUTES[min(slot.tries, len(_BACK_OFF_MINUTES)) - 1]
        until = min(now + timedelta(minutes=minutes), deadline)
        _LOG.warning("slot_put_off", plan=slot.plan, until=_written(until), reason=reason)
        self._store.put_off_slot(claim, reason=keepable(reason), until=until)
        return None

    def _step(self, claim: Claim, name: str) -> None:
        """Between two steps: stop if that is asked for, else hold on to the slot."""
        self._mark(name)
        if self._stopping.is_set():
            raise _StopError
        self._store.extend_claim(claim, until=self._clock() + LEASE)

    def _look_over(self, card: EditionCard) -> _Verdict:
        if not all(draft.blocks for draft in card.drafts):
            return SlotState.DRAFTED, ""
        found = {
            finding.id
            for draft in card.drafts
            for finding in self._store.revision(draft.id, draft.revision).findings
            if finding.severity is Severity.BLOCK
        }
        return SlotState.HELD, f"findings block every draft: {', '.join(sorted(found))}"

    def _end(self, slot: Slot, claim: Claim, verdict: _Verdict) -> Slot:
        """End a slot. It is said before it is stored: better twice than never."""
        state, reason = verdict
        say = {SlotState.DRAFTED: _LOG.info, SlotState.HELD: _LOG.warning}.get(state, _LOG.error)
        say(
            f"slot_{state}",
            plan=slot.plan,
            date=slot.local_date.isoformat(),
            due_at=_written(slot.due_at),
            **({"reason": reason} if reason else {}),
        )
        self._mark("told")
        ended = self._store.end_slot(claim, state, keepable(reason))
        self._mark("ended")
        return ended


@contextmanager
def _go_on_after_errors(**where: str) -> Iterator[None]:
    """Say what went wrong with one thing, so that the others have their turn."""
    try:
        yield
    except SquaredeskError as error:
        _LOG.error("tick_error", reason=str(error), **where)


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
