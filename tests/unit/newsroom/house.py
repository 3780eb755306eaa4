"""A newsroom small enough for tests: a market that follows a clock, and no drawing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from composer.figures.levels import LevelPolicy
from composer.figures.report import PriceRange
from composer.market.records import MarketSnapshot, Query
from composer.newsroom import archive, drawing, editions, refreshing
from composer.newsroom.delivery import Courier
from composer.newsroom.dispatch import Dispatch
from composer.newsroom.outlets import Outlet
from composer.newsroom.records.deliveries import Account, Delivery
from composer.newsroom.records.editions import Commission, Image
from composer.newsroom.records.people import Person, Role
from composer.newsroom.review import Review
from composer.newsroom.standing import ReviewRules
from composer.publishers.folder import FolderPublisher
from composer.publishers.records import NO_LIMITS, Limits
from composer.store.store import SqlStore, open_store
from composer.text.presence import PLAIN, Presence
from tests.markets import snapshot_of
from tests.unit.databases import store_on_copy_of

START = datetime(2026, 6, 10, 8, 0, tzinfo=UTC)
MAX_AGE = timedelta(hours=2)
APPROVAL_LASTS = timedelta(minutes=90)
UNDO = timedelta(minutes=2)


@dataclass
class Clock:
    """A clock that moves when it is told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Market:
    """A source whose map grows heavier on the short side with every look."""

    clock: Clock
    name: str = "test"
    looks: int = 0

    def snapshot(self, query: Query) -> MarketSnapshot:
        assert query.now == self.clock.now
        self.looks += 1
        return snapshot_of(
            [
                (86_137.0, 90_131.71, 1.563e9, 0.0),
                (90_131.71, 94_681.0, 0.0, 2.705e9 + 1e6 * self.looks),
            ],
            as_of=self.clock.now,
        )


@dataclass
class Prices:
    """A market that says where the price has been, or that it cannot be asked."""

    low: float = 90_000.0
    high: float = 90_500.0
    error: Exception | None = None

    def range_since(self, source: str, symbol: str, since: datetime) -> PriceRange:
        assert (source, symbol) == ("test", "BTC")
        assert since.tzinfo is not None
        if self.error is not None:
            raise self.error
        return PriceRange(high=self.high, low=self.low)


@dataclass
class SmallHouse:
    """The newsroom around one store."""

    store: SqlStore
    folder: Path
    four_eyes: bool = False
    clock: Clock = field(default_factory=Clock)
    locales: tuple[str, ...] = ("en",)
    presences: dict[str, Presence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules = ReviewRules(
            max_age=MAX_AGE, approval_lasts=APPROVAL_LASTS, four_eyes=self.four_eyes
        )
        self.market = Market(self.clock)
        self.review = Review(self.store, self.clock, rules, self.limits_of, self.presence_of)
        self.prices = Prices()
        self.outlets: dict[str, Outlet] = {"folder": FolderPublisher(root=self.folder)}
        self.store.put_account(Account(name="folder", platform="folder"))
        self.dispatch = Dispatch(
            store=self.store,
            review=self.review,
            outlet=self.outlet,
            clock=self.clock,
            undo=UNDO,
        )
        self.courier = Courier(
            store=self.store,
            review=self.review,
            outlet=self.outlet,
            market=self.prices,
            clock=self.clock,
            sleep=self.clock.sleep,
        )
        self.creator = self._person("chen", Role.CREATOR)
        self.editor = self._person("maria", Role.EDITOR)
        self.admin = self._person("admin", Role.ADMIN)

    def outlet(self, account: Account) -> Outlet:
        return self.outlets[account.name]

    def limits_of(self, account: Account) -> Limits:
        return self.outlets[account.name].limits if account.name in self.outlets else NO_LIMITS

    def presence_of(self, account: Account) -> Presence:
        return self.presences.get(account.name, PLAIN)

    def publish(self, draft: int, by: Person, account: str = "folder") -> Delivery:
        """Queue a draft as it stands, let the undo window pass and carry it."""
        seen = self.store.draft(draft).revision
        delivery = self.dispatch.queue(draft, seen, account, by)
        self.clock.now += UNDO
        self.courier.work("worker")
        return self.store.delivery(delivery.id)

    def _person(self, name: str, role: Role) -> Person:
        return self.store.add_person(name, role, desk_locale="en")

    @property
    def commission(self) -> Commission:
        return Commission(
            query=Query(now=self.clock.now),
            source="test",
            levels=LevelPolicy.parse("explicit:86137,94681"),
            notional_usd=None,
            locales=self.locales,
            formats=("brief",),
            max_age=MAX_AGE,
        )

    def make(self) -> int:
        """Make an edition, keep it and return its first draft."""
        edition = editions.make_edition(self.commission, [self.market])
        return archive.keep_edition(edition, self.store).drafts[0].id

    def refresh(self, edition: str, by: Person | None = None) -> None:
        refreshing.refresh_edition(
            edition,
            commission=self.commission,
            sources=[self.market],
            store=self.store,
            review=self.review,
            clock=self.clock,
            by=by,
        )


def _draw_nothing(kind: str, *_: object, locale: str, edition: str, credit: str | None) -> Image:
    assert credit is None
    return Image(kind=kind, locale=locale, alt="A chart.", png=f"{edition} {locale}".encode())


@cache
def _empty_database() -> Path:
    """Return a database with its tables, made once: migrating takes longer than a test."""
    file = Path(mkdtemp()) / "empty.db"
    open_store(f"sqlite:///{file}").close()
    return file


@contextmanager
def house_on(store: SqlStore, folder: Path, *, four_eyes: bool = False) -> Iterator[SmallHouse]:
    """Open a newsroom on a store, with charts that cost nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "draw_image", _draw_nothing)
        yield SmallHouse(store=store, folder=folder / "outbox", four_eyes=four_eyes)


@contextmanager
def small_house(folder: Path, *, four_eyes: bool = False) -> Iterator[SmallHouse]:
    """Open a newsroom on a database of its own; one at a time."""
    store = store_on_copy_of(_empty_database())
    try:
        with house_on(store, folder, four_eyes=four_eyes) as house:
            yield house
    finally:
        store.close()
