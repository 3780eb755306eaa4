"""A year of a clock that only exists here: crashes, sleeps, set-backs, and every slot ends once.

The schedule and the store are the real ones; making an edition is cut down to what it
stores. Death is an exception that nothing in the house catches: leases stay as a killed
process leaves them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy import Engine
from sqlalchemy.event import listen
from structlog.testing import capture_logs

from composer.errors import SourceUnavailableError
from composer.newsroom.making import Step
from composer.newsroom.plans import Plan
from composer.newsroom.records.drafts import EditionCard
from composer.newsroom.records.people import Action, Event
from composer.newsroom.records.slots import Claim, Slot, SlotState
from composer.newsroom.schedule import Schedule
from composer.store.database import open_database
from composer.store.store import SqlStore
from tests.unit.conftest import Databases
from tests.unit.store.makers import CARD, revision, snapshot

START = datetime(2011, 2, 20, 13, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
WEEKEND = frozenset({SATURDAY, SUNDAY})  # when clocks jump

# Each hour lies where the clocks of its zone jump that year, or where they never do.
PLANS = (
    Plan(name="london", symbol="BTC", at=time(1, 30), zone=ZoneInfo("Europe/London")),
    Plan(
        name="new-york",
        symbol="BTC",
        at=time(2, 30),
        zone=ZoneInfo("America/New_York"),
        weekdays=WEEKEND,
    ),
    Plan(
        name="lord-howe",
        symbol="ETH",
        at=time(1, 45),
        zone=ZoneInfo("Australia/Lord_Howe"),
        weekdays=WEEKEND,
    ),
    Plan(
        name="santiago",
        symbol="BTC",
        at=time(0, 0),
        zone=ZoneInfo("America/Santiago"),
        weekdays=WEEKEND,
    ),
    Plan(
        name="kolkata",
        symbol="SOL",
        at=time(7),
        zone=ZoneInfo("Asia/Kolkata"),
        weekdays=frozenset({MONDAY, FRIDAY}),
        late=30 * MINUTE,
    ),
    # Here Friday 30 December never was.
    Plan(
        name="apia",
        symbol="BTC",
        at=time(7),
        zone=ZoneInfo("Pacific/Apia"),
        weekdays=frozenset({FRIDAY, SATURDAY}),
        late=10 * HOUR,
    ),
)


class Death(BaseException):
    """The process is gone, at this very step."""


class WatchedStore(SqlStore):
    """A store that counts how often each slot was ended, and knows which it last saw open."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.ends: Counter[int] = Counter()
        self.last_open: tuple[Slot, ...] = ()

    def open_slots(self) -> tuple[Slot, ...]:
        self.last_open = super().open_slots()
        return self.last_open

    @property
    def is_busy(self) -> bool:
        return any(slot.id not in self.ends for slot in self.last_open)

    def end_slot(self, claim: Claim, state: SlotState, reason: str) -> Slot:
        ended = super().end_slot(claim, state, reason)
        self.ends[ended.id] += 1
        return ended


@dataclass(kw_only=True)
class World:
    """A clock, a market that is out at times, and processes that die and come back."""

    store: WatchedStore
    chance: Random
    plans: Sequence[Plan]
    now: datetime = START
    calm: bool = False
    outage_until: datetime = START
    deaths: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=count)
    is_nested: bool = False

    def __post_init__(self) -> None:
        self.processes = [self.start(), self.start()]

    def start(self) -> Schedule:
        return Schedule(self.store, self.plans, self.make, lambda: self.now, self.mark)

    def mark(self, name: str) -> None:
        """At a step: time passes, the other process may have its turn, or this one dies."""
        if self.calm:
            return
        self.now += self.chance.choice([timedelta(seconds=2), timedelta(seconds=20), 3 * MINUTE])
        if self.chance.random() < 0.01:
            self.now += 12 * MINUTE  # longer than a lease: another may take over
        if not self.is_nested and self.chance.random() < 0.15:
            self.is_nested = True
            self.tick(self.chance.choice(self.processes))
            self.is_nested = False
        if self.chance.random() < 0.03:
            self.deaths[name] += 1
            raise Death(name)

    def make(self, plan: Plan, slot: Slot, claim: Claim, step: Step) -> EditionCard:
        """Store what an edition stores, in as many steps."""
        if self.now < self.outage_until:
            msg = "no answer within 10 s"
            raise SourceUnavailableError(msg)
        edition = slot.edition
        if edition is None:
            step("looked")
            edition = f"{slot.plan} {slot.local_date} {next(self.numbers)}"
            card = replace(CARD, id=edition, made_at=self.now, symbol=plan.symbol)
            first = replace(snapshot(f"{edition}:1"), edition=edition)
            self.store.add_edition(card, first, [], market=b"market", claim=claim)
            step("opened")
        blocked = slot.local_date.day == 13
        written = replace(
            revision(1, blocked=blocked), snapshot=f"{edition}:1", images=(), passages=()
        )
        event = Event(at=self.now, person=None, action=Action.MADE, edition=edition)
        self.store.add_draft(edition, "en", "brief", written, event)
        step("en kept")
        return self.store.edition(edition)

    def tick(self, schedule: Schedule) -> None:
        """Let a process tick; if it dies, another one is started in its place."""
        try:
            schedule.tick()
        except Death:
            if schedule in self.processes:
                self.processes.remove(schedule)
                self.processes.append(self.start())

    def pass_some_time(self, until: datetime) -> None:
        """Go on to about when something is due, a minute at a time around it."""
        fate = self.chance.random()
        if self.calm:
            self.now += 5 * MINUTE
        elif fate < 0.003:
            self.now += self.chance.randint(1, 20) * DAY  # the lid was closed
        elif fate < 0.03:
            self.now += self.chance.randint(1, 14) * HOUR
        elif fate < 0.05 and self.now > START + 3 * DAY:
            self.now -= self.chance.randint(1, 300) * MINUTE  # the clock was set back
        elif fate < 0.06:
            self.outage_until = self.now + self.chance.randint(10, 400) * MINUTE
        elif self.store.is_busy:
            self.now += self.chance.randint(1, 9) * MINUTE
        else:
            upcoming = min(plan.due_at(plan.next_date(self.now)) for plan in self.plans)
            self.now = max(upcoming - MINUTE, self.now + MINUTE)
        self.now = min(self.now, until)

    def live(self, span: timedelta) -> None:
        """Live through a span of time, then let everything come to an end in peace."""
        until = START + span
        while self.now < until:
            self.pass_some_time(until)
            self.tick(self.chance.choice(self.processes))
        self.calm = True
        for _ in range(200):
            self.pass_some_time(until + DAY)
            self.tick(self.processes[0])
            if not self.store.open_slots():
                return


def dates_of(slots: Sequence[Slot], plan: Plan) -> list[date]:
    return sorted(slot.local_date for slot in slots if slot.plan == plan.name)


def examine(world: World, said: Sequence[Mapping[str, object]]) -> Counter[SlotState]:
    """Hold the store against the laws; return how often each end was reached."""
    store = world.store
    slots = store.slots(since=START)
    assert store.open_slots() == ()
    # For every plan and date since it was first seen, one slot with one end.
    for plan in world.plans:
        seen = store.plan_histories()[plan.name].known_since
        assert dates_of(slots, plan) == list(plan.dates(seen, world.now))
    assert set(store.ends) == {slot.id for slot in slots}
    assert set(store.ends.values()) == {1}
    assert all(slot.due_at == plan_of(world, slot).due_at(slot.local_date) for slot in slots)
    # No second edition for a slot, and none that no slot knows.
    editions = [card.id for card in store.editions(limit=100_000)]
    assert sorted(editions) == sorted(slot.edition for slot in slots if slot.edition)
    assert all(slot.edition.startswith(f"{slot.plan} ") for slot in slots if slot.edition)
    for slot in slots:
        assert (slot.edition is not None) >= (slot.state in {SlotState.DRAFTED, SlotState.HELD})
        assert (slot.edition is None) >= (slot.state is SlotState.MISSED)
        assert bool(slot.reason) is (slot.state is not SlotState.DRAFTED)
    # Whatever did not come about was said.
    told = {(one["event"], one.get("plan"), one.get("date")) for one in said}
    for slot in slots:
        assert (f"slot_{slot.state}", slot.plan, slot.local_date.isoformat()) in told
    return Counter(slot.state for slot in slots)


def plan_of(world: World, slot: Slot) -> Plan:
    return next(plan for plan in world.plans if plan.name == slot.plan)


@contextmanager
def world_on(databases: Databases, seed: int, plans: Sequence[Plan]) -> Iterator[World]:
    structlog.reset_defaults()  # a command tested before may have turned the log down
    engine = open_database(databases.create(migrated=True))
    if engine.dialect.name == "sqlite":  # nothing of a test has to survive a power cut
        listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=0"))
        engine.dispose()
    store = WatchedStore(engine)
    yield World(store=store, chance=Random(seed), plans=plans)  # noqa: S311 - chance, no secret
    store.close()
    databases.drop_all()


def test_a_year_in_six_zones(sqlite_databases: Databases) -> None:
    with world_on(sqlite_databases, 2011, PLANS) as world, capture_logs() as said:
        world.live(timedelta(days=366))
        ends = examine(world, said)
        apia = dates_of(world.store.slots(since=START), PLANS[-1])
    # Nothing of this is worth much unless everything happened.
    assert set(ends) == set(SlotState) - {SlotState.DUE, SlotState.MAKING}
    assert ends[SlotState.DRAFTED] > 500
    steps = {"added", "claimed", "looked", "opened", "en kept", "told", "ended"}
    assert set(world.deaths) >= steps
    assert any(one["event"] == "slot_in_other_hands" for one in said)
    assert date(2011, 12, 31) in apia
    assert date(2011, 12, 30) not in apia


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_weeks_on_postgresql(seed: int, postgresql_databases: Databases) -> None:
    with world_on(postgresql_databases, seed, PLANS[:3]) as world, capture_logs() as said:
        world.live(timedelta(days=21))
        ends = examine(world, said)
    assert ends[SlotState.DRAFTED] > 20
    assert world.deaths.total() > 0
