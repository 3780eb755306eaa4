"""Every slot ends once: what the clock does about each thing that can happen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
from structlog.testing import capture_logs

from composer.errors import ConfigError, SourceUnavailableError, StateError
from composer.newsroom import schedule as module
from composer.newsroom.making import Step
from composer.newsroom.plans import Plan
from composer.newsroom.records.drafts import EditionCard
from composer.newsroom.records.people import Action, Event
from composer.newsroom.records.slots import Claim, Slot, SlotState
from composer.newsroom.schedule import LEASE, Schedule
from composer.store.store import SqlStore
from tests.unit.store.makers import CARD, revision, snapshot

PLAN = Plan(name="morning", symbol="BTC", at=time(7), zone=ZoneInfo("UTC"))
DUE = datetime(2026, 6, 10, 7, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEN_O_CLOCK = "2026-06-10 09:00 UTC"


class Death(BaseException):
    """The process is gone."""


@dataclass
class Newsroom:
    """A clock, a store, and a maker that does what a test tells it to."""

    store: SqlStore
    plans: tuple[Plan, ...] = (PLAN,)
    now: datetime = DUE - HOUR
    troubles: list[BaseException] = field(default_factory=list)
    die_at: str = ""
    blocked: bool = False
    made: list[str] = field(default_factory=list)
    heard: Callable[[str], None] = lambda _name: None

    def __post_init__(self) -> None:
        self.schedule = self.start()

    def start(self) -> Schedule:
        """Return what a new process would tick with."""
        return Schedule(self.store, self.plans, self.make, lambda: self.now, self.mark)

    def mark(self, name: str) -> None:
        self.heard(name)
        if name == self.die_at:
            raise Death(name)

    def make(self, plan: Plan, slot: Slot, claim: Claim, step: Step) -> EditionCard:
        if self.troubles:
            raise self.troubles.pop(0)
        edition = slot.edition or f"{slot.plan}-{slot.local_date}"
        if slot.edition is None:
            step("looked")
            self.made.append(edition)
            first = replace(snapshot(f"{edition}:1"), edition=edition)
            card = replace(CARD, id=edition, symbol=plan.symbol)
            self.store.add_edition(card, first, [], market=b"", claim=claim)
            step("opened")
        text = replace(revision(1, blocked=self.blocked), snapshot=f"{edition}:1", images=())
        event = Event(at=self.now, person=None, action=Action.MADE, edition=edition)
        self.store.add_draft(edition, "en", "brief", text, event)
        step("kept")
        return self.store.edition(edition)

    def tick_at(self, moment: datetime) -> tuple[Slot, ...]:
        self.now = moment
        return self.schedule.tick()

    def die_at_step(self, name: str, moment: datetime) -> None:
        """Tick, die at a step, and be started again."""
        self.die_at = name
        with pytest.raises(Death):
            self.tick_at(moment)
        self.die_at = ""
        self.schedule = self.start()

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.store.slots(since=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.fixture
def newsroom(store: SqlStore) -> Iterator[Newsroom]:
    structlog.reset_defaults()  # a command tested before may have turned the log down
    newsroom = Newsroom(store)
    assert newsroom.schedule.tick() == ()  # the plan is seen an hour before it is due
    yield newsroom
    assert len(newsroom.made) == len(set(newsroom.made))


def one(slots: tuple[Slot, ...]) -> tuple[SlotState, str]:
    (slot,) = slots
    return slot.state, slot.reason


def test_an_edition_is_made_when_it_is_due_and_once(newsroom: Newsroom) -> None:
    assert newsroom.tick_at(DUE - MINUTE) == ()
    (slot,) = newsroom.tick_at(DUE)
    assert (slot.state, slot.edition, slot.tries) == (SlotState.DRAFTED, "morning-2026-06-10", 1)
    for moment in (DUE, DUE + MINUTE, DUE - DAY, DUE + 23 * HOUR):
        assert newsroom.tick_at(moment) == ()
    assert newsroom.slots == (slot,)


def test_a_new_plan_does_not_begin_with_its_past(store: SqlStore) -> None:
    newsroom = Newsroom(store, now=DUE)
    assert newsroom.schedule.tick() == ()
    assert newsroom.slots == ()
    assert one(newsroom.tick_at(DUE + DAY))[0] is SlotState.DRAFTED


def test_a_plan_first_seen_by_a_clock_far_ahead_is_not_silenced(store: SqlStore) -> None:
    newsroom = Newsroom(store, now=DUE + 1000 * DAY)
    assert newsroom.schedule.tick() == ()
    assert newsroom.tick_at(DUE - HOUR) == ()
    assert one(newsroom.tick_at(DUE))[0] is SlotState.DRAFTED


@pytest.mark.parametrize(("late", "state"), [(120, SlotState.DRAFTED), (121, SlotState.MISSED)])
def test_late_is_made_and_too_late_is_missed(
    newsroom: Newsroom, late: int, state: SlotState
) -> None:
    with capture_logs() as said:
        assert one(newsroom.tick_at(DUE + late * MINUTE))[0] is state
    (line,) = said
    assert line["event"] == f"slot_{state}"
    assert line["log_level"] == ("error" if state is SlotState.MISSED else "info")
    assert line["date"] == "2026-06-10"


def test_of_a_month_asleep_every_day_is_said(newsroom: Newsroom) -> None:
    with capture_logs() as said:
        ended = newsroom.tick_at(DUE + 30 * DAY + HOUR)
    assert [slot.state for slot in ended] == [SlotState.MISSED] * 30 + [SlotState.DRAFTED]
    missed = [line["date"] for line in said if line["event"] == "slot_missed"]
    assert missed == [slot.local_date.isoformat() for slot in ended[:-1]]
    assert ended[0].reason == f"nobody had begun it by {TEN_O_CLOCK}"


def test_a_clock_gone_mad_fills_no_table_at_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_AT_ONCE", 5)
    for ticks in (1, 2, 3):
        newsroom.tick_at(DUE + 36500 * DAY)
        assert len(newsroom.slots) == 5 * ticks


def test_what_every_finding_blocks_is_held(newsroom: Newsroom) -> None:
    newsroom.blocked = True
    with capture_logs() as said:
        assert one(newsroom.tick_at(DUE)) == (
            SlotState.HELD,
            "findings block every draft: stale_data",
        )
    assert said[-1]["log_level"] == "warning"


def test_a_source_that_is_out_is_asked_again_ever_later(newsroom: Newsroom) -> None:
    newsroom.troubles = [SourceUnavailableError(f"no answer {n}") for n in range(3)]
    asked = []
    for minute in range(12):
        before = len(newsroom.troubles)
        ended = newsroom.tick_at(DUE + minute * MINUTE)
        if ended or len(newsroom.troubles) < before:
            asked.append(minute)
        elif newsroom.store.open_slots():
            assert newsroom.store.open_slots()[0].reason.startswith("no answer")
    assert asked == [0, 1, 3, 7]
    assert one(newsroom.slots) == (SlotState.DRAFTED, "")


def test_a_source_that_stays_out_fails_the_slot_with_its_words(newsroom: Newsroom) -> None:
    newsroom.troubles = [SourceUnavailableError("no answer\0 \ud800") for _ in range(50)]
    ended: tuple[Slot, ...] = ()
    minutes = 0
    while not ended:
        ended = newsroom.tick_at(DUE + minutes * MINUTE)
        minutes += 1
    assert minutes == 121
    assert one(ended) == (SlotState.FAILED, "no answer� ?")
    assert newsroom.made == []


def test_a_fault_of_ours_is_told_and_borne_three_times(newsroom: Newsroom) -> None:
    newsroom.troubles = [ZeroDivisionError("1/0") for _ in range(9)]
    with capture_logs() as said:
        for minute in range(10):
            newsroom.tick_at(DUE + minute * MINUTE)
    assert one(newsroom.slots) == (SlotState.FAILED, "ZeroDivisionError('1/0')")
    assert len([line for line in said if line["event"] == "slot_fault"]) == 3


@pytest.mark.parametrize("step", ["added", "claimed", "looked", "opened", "kept", "told"])
def test_whoever_dies_at_any_step_is_followed_by_somebody(newsroom: Newsroom, step: str) -> None:
    newsroom.die_at_step(step, DUE)
    if step != "added":  # until the lease is over nobody knows that the other one is gone
        assert newsroom.tick_at(DUE + LEASE - MINUTE) == ()
    assert one(newsroom.tick_at(DUE + LEASE))[0] is SlotState.DRAFTED
    assert newsroom.made in (["morning-2026-06-10"], ["morning-2026-06-10"] * 2)
    newsroom.made = newsroom.made[:1] if step == "looked" else newsroom.made


def test_death_after_the_end_changes_nothing(newsroom: Newsroom) -> None:
    newsroom.die_at_step("ended", DUE)
    assert newsroom.tick_at(DUE + LEASE) == ()
    assert one(newsroom.slots)[0] is SlotState.DRAFTED


def test_an_edition_that_was_begun_is_finished_however_late(newsroom: Newsroom) -> None:
    newsroom.die_at_step("opened", DUE)
    assert one(newsroom.tick_at(DUE + 5 * HOUR))[0] is SlotState.DRAFTED


def test_what_was_cut_short_before_it_was_stored_fails_when_it_is_too_late(
    newsroom: Newsroom,
) -> None:
    newsroom.die_at_step("looked", DUE)
    assert one(newsroom.tick_at(DUE + 5 * HOUR)) == (
        SlotState.FAILED,
        f"not made by {TEN_O_CLOCK}: the process that made it ended without a word",
    )


def test_what_kills_every_process_is_given_up(newsroom: Newsroom) -> None:
    for tries in range(8):
        newsroom.die_at_step("opened" if tries == 0 else "kept", DUE + tries * LEASE)
    state, reason = one(newsroom.tick_at(DUE + 8 * LEASE))
    assert state is SlotState.FAILED
    assert "given up at try 9" in reason


@pytest.mark.parametrize(
    ("step", "state"), [("added", SlotState.MISSED), ("claimed", SlotState.FAILED)]
)
def test_a_plan_taken_out_of_the_settings_ends_its_slots(
    newsroom: Newsroom,
    step: str,
    state: SlotState,
) -> None:
    newsroom.die_at_step(step, DUE)
    newsroom.plans = ()
    newsroom.schedule = newsroom.start()
    assert one(newsroom.tick_at(DUE + LEASE)) == (
        state,
        "its plan is not in the settings any more",
    )


def test_a_plan_moved_to_another_hour_is_not_made_twice_that_day(newsroom: Newsroom) -> None:
    newsroom.tick_at(DUE)
    for change in (
        replace(PLAN, at=time(8)),
        replace(PLAN, at=time(8), symbol="ETH"),
        replace(PLAN, at=time(9), zone=ZoneInfo("America/New_York")),
        replace(PLAN, at=time(6)),
    ):
        newsroom.plans = (change,)
        newsroom.schedule = newsroom.start()
        assert newsroom.tick_at(DUE + 10 * HOUR) == ()
    (slot,) = newsroom.tick_at(DUE + DAY)
    assert slot.local_date == date(2026, 6, 11)


def test_a_clock_set_back_makes_nothing_twice_and_nothing_too_early(newsroom: Newsroom) -> None:
    newsroom.troubles = [SourceUnavailableError("no answer")]
    newsroom.tick_at(DUE)
    assert newsroom.tick_at(DUE - 3 * HOUR) == ()
    assert newsroom.tick_at(DUE - MINUTE) == ()
    assert one(newsroom.tick_at(DUE + MINUTE))[0] is SlotState.DRAFTED


def test_a_claim_from_before_the_clock_was_set_back_does_not_hold_for_ever(
    newsroom: Newsroom,
) -> None:
    newsroom.die_at_step("claimed", DUE + 90 * MINUTE)
    assert one(newsroom.tick_at(DUE + MINUTE))[0] is SlotState.DRAFTED


def test_two_that_tick_at_once_make_one(newsroom: Newsroom) -> None:
    other = newsroom.start()
    newsroom.heard = lambda _name: None if newsroom.made else _tick_meanwhile(other)

    def _tick_meanwhile(schedule: Schedule) -> None:
        newsroom.heard = lambda _name: None
        schedule.tick()

    newsroom.tick_at(DUE)
    assert one(newsroom.slots)[0] is SlotState.DRAFTED
    assert newsroom.made == ["morning-2026-06-10"]


def test_who_was_too_slow_leaves_the_slot_to_whoever_took_it(newsroom: Newsroom) -> None:
    other = newsroom.start()

    def sleep_through_the_lease(name: str) -> None:
        if name == "looked":
            newsroom.heard = lambda _name: None
            newsroom.now += LEASE
            assert one(other.tick())[0] is SlotState.DRAFTED

    newsroom.heard = sleep_through_the_lease
    with capture_logs() as said:
        assert newsroom.tick_at(DUE) == ()
    assert said[-1]["event"] == "slot_in_other_hands"
    assert newsroom.made == ["morning-2026-06-10"]


def test_a_clock_that_is_stopped_puts_down_what_it_holds(newsroom: Newsroom) -> None:
    newsroom.heard = lambda name: newsroom.schedule.stop() if name == "opened" else None
    assert newsroom.tick_at(DUE) == ()
    (slot,) = newsroom.store.open_slots()
    assert (slot.state, slot.edition) == (SlotState.DUE, "morning-2026-06-10")
    newsroom.heard = lambda _name: None
    newsroom.schedule = newsroom.start()
    assert one(newsroom.tick_at(DUE))[0] is SlotState.DRAFTED  # at once, no lease to wait for


def test_a_clock_that_is_stopped_begins_nothing(newsroom: Newsroom) -> None:
    newsroom.schedule.stop()
    assert newsroom.tick_at(DUE) == ()
    assert newsroom.store.open_slots()[0].tries == 0


def test_an_error_of_one_plan_leaves_the_others_their_turn(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.plans = (replace(PLAN, name="broken"), PLAN)
    newsroom.schedule = newsroom.start()
    newsroom.tick_at(DUE - MINUTE)
    add_slots = newsroom.store.add_slots

    def refuse(plan: str, *rest: object) -> None:
        if plan == "broken":
            msg = "the database is busy"
            raise StateError(msg)
        add_slots(plan, *rest)  # type: ignore[arg-type] # handed on as they came

    monkeypatch.setattr(newsroom.store, "add_slots", refuse)
    with capture_logs() as said:
        (slot,) = newsroom.tick_at(DUE)
    assert (slot.plan, slot.state) == ("morning", SlotState.DRAFTED)
    assert said[0] == {
        "event": "tick_error",
        "plan": "broken",
        "reason": "the database is busy",
        "log_level": "error",
    }


def test_an_order_that_cannot_be_given_is_a_failure_like_any(newsroom: Newsroom) -> None:
    newsroom.troubles = [ConfigError("no such source")] * 99
    minutes = 0
    while newsroom.now < DUE + 3 * HOUR:
        newsroom.tick_at(DUE + minutes * MINUTE)
        minutes += 15
    assert one(newsroom.slots) == (SlotState.FAILED, "no such source")
