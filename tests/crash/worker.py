"""A worker as a process of its own, which dies where it is told to.

Its clock runs faster than ours: leases, delays and the undo window of minutes are over
in seconds, with nothing in the newsroom changed for it.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from composer import logs
from composer.errors import SourceUnavailableError, StateError
from composer.figures.report import PriceRange
from composer.newsroom.delivery import Courier
from composer.newsroom.outlets import Outlet
from composer.newsroom.records.deliveries import Account
from composer.newsroom.review import Review
from composer.newsroom.standing import ReviewRules
from composer.publishers import limits, platforms
from composer.publishers.records import Limits
from composer.store.database import open_database
from composer.store.store import SqlStore
from tests.crash.square import configuration_of

SPEED = 30.0
LEASE = timedelta(seconds=90)
UNDO = timedelta(minutes=1)
MAX_AGE = timedelta(days=2)
LASTS = timedelta(days=1)
CALM, CROSSED, SILENT = "calm", "crossed", "silent"  # sources, by what the price does
SILENCE = timedelta(minutes=3)
_IDLE_S = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class FastClock:
    """Says `base` at the moment `started` of this machine's steady clock, and then hurries."""

    base: datetime
    started: float

    def __call__(self) -> datetime:
        return self.base + timedelta(seconds=(time.monotonic() - self.started) * SPEED)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / SPEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A price that stays, or has been at a level, or is not known for a while."""

    clock: FastClock

    def range_since(self, source: str, _symbol: str, since: datetime) -> PriceRange:
        if source == SILENT and self.clock() - since < SILENCE:
            msg = "the market is silent; wait"
            raise SourceUnavailableError(msg)
        return PriceRange(high=90_500.0, low=80_000.0 if source == CROSSED else 90_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a worker finds everything: database, platforms, keys, and where it logs."""

    database: str
    platform: str
    folder: Path
    clock: FastClock

    @property
    def log(self) -> Path:
        return self.folder / "workers.log"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"


@dataclass(slots=True, kw_only=True)
class Outlets:
    """Opens the real publishers."""

    place: Place
    opened: dict[str, Outlet] = field(default_factory=dict)

    def __call__(self, account: Account) -> Outlet:
        if account.name not in self.opened:
            configured = {
                "folder": {"root": str(self.place.folder / "outbox")},
                "binance_square": configuration_of(
                    self.place.platform, self.place.keys, account.name
                ),
                "gate_square": {},
            }[account.platform]
            self.opened[account.name] = platforms()[account.platform](configured)
        return self.opened[account.name]


def limits_of(account: Account) -> Limits:
    """Return what fits on an account's platform."""
    return limits()[account.platform]({})


@dataclass(slots=True, kw_only=True)
class Doom:
    """Kills its process when it has passed `point` `spared` times; never without a point."""

    point: str = ""
    spared: int = 0

    def __call__(self, point: str) -> None:
        if point != self.point:
            return
        if self.spared == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.spared -= 1


def courier_of(place: Place, store: SqlStore, doom: Doom) -> Courier:
    """Return what a worker works with."""
    return Courier(
        store=store,
        review=Review(
            store,
            place.clock,
            ReviewRules(max_age=MAX_AGE, approval_lasts=LASTS, undo=UNDO),
            limits_of,
        ),
        outlet=Outlets(place=place),
        market=Market(clock=place.clock),
        clock=place.clock,
        mark=doom,
        sleep=place.clock.sleep,
        lease=LEASE,
    )


def work(place: Place, name: str, doom: Doom) -> None:
    """Carry deliveries until somebody kills this process."""
    log = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logs.configure("debug")
    courier = courier_of(place, SqlStore(open_database(place.database)), doom)
    while True:
        try:
            if courier.work(name) is None:
                time.sleep(_IDLE_S)
        except StateError as error:
            print(f"store_refused {error}", file=sys.stderr, flush=True)  # noqa: T201 - its log
            time.sleep(_IDLE_S)
