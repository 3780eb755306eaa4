"""What became of the plans: the latest slot of each, when it is due next, what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from composer.newsroom.plans import Plan
from composer.newsroom.records.slots import PlanHistory, Slot, SlotState
from web.desk import the_desk
from web.language import day_and_time

# A plan of one weekday has its latest slot within this, or none yet.
LOOKED_BACK = timedelta(days=8)
TOLD_FOR = timedelta(days=7)
# The clock ticks each minute; a slot that is not there after this has no clock.
CLOCK_IS_LATE = timedelta(minutes=10)
_TROUBLES = frozenset({SlotState.HELD, SlotState.MISSED, SlotState.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan on the page. `has_no_clock` tells that a moment passed and nothing saw it."""

    plan: Plan
    latest: Slot | None
    next_due: str
    has_no_clock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """All plans, and the slots of the last days that came to nothing, newest first."""

    plans: Sequence[PlanView]
    troubles: Sequence[Slot]


def planned() -> Planned:
    """Return what became of the plans."""
    desk = the_desk()
    now, histories = desk.clock(), desk.store.plan_histories()
    slots = desk.store.slots(since=now - LOOKED_BACK)
    latest: dict[str, Slot] = {}
    for slot in slots:
        latest.setdefault(slot.plan, slot)
    views = [
        PlanView(
            plan=plan,
            latest=latest.get(plan.name),
            next_due=_written(plan, now),
            has_no_clock=_has_no_clock(plan, histories, now),
        )
        for plan in desk.plans
    ]
    shown = {view.latest.id for view in views if view.latest}
    return Planned(
        plans=views,
        troubles=[
            slot
            for slot in slots
            if slot.state in _TROUBLES and slot.due_at >= now - TOLD_FOR and slot.id not in shown
        ],
    )


def _has_no_clock(plan: Plan, histories: Mapping[str, PlanHistory], now: datetime) -> bool:
    history = histories.get(plan.name)
    if history is None:
        return True
    since = max(history.known_since, now - LOOKED_BACK)
    dates = list(plan.dates(since, now - CLOCK_IS_LATE))
    return bool(dates) and (history.latest is None or history.latest < dates[-1])


def _written(plan: Plan, now: datetime) -> str:
    """Return when a plan is due next, on the clocks of its zone."""
    due_at = plan.due_at(plan.next_date(now))
    return day_and_time(due_at.astimezone(plan.zone), "MMMEd")
