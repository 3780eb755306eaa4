"""The candle grids a look at the market asks for, and the checks bars have to pass."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from composer.errors import SourceDataError
from composer.market.records import Candles, from_ms, to_ms

MAIN_INTERVAL = timedelta(minutes=5)

# The clocks of two machines differ, and answers come a deadline later than the question.
TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Grid:
    """So many bars of an interval up to now, the forming one included."""

    interval: timedelta
    bars: int

    @property
    def interval_ms(self) -> int:
        """The interval in milliseconds."""
        return self.interval // timedelta(milliseconds=1)

    @property
    def name(self) -> str:
        """The interval as most exchanges write it: 5m."""
        return f"{self.interval // timedelta(minutes=1)}m"


# As the best-known map is computed: a day, a week and a month back.
GRIDS = (
    Grid(timedelta(minutes=1), 1_500),
    Grid(MAIN_INTERVAL, 2_000),
    Grid(timedelta(minutes=30), 1_440),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of a grid that one request can bring.

    number : 1 is the newest
    first_ms, last_ms : opens of its first and last bar
    open_ended : the newest page has no end, so that a clock that runs ahead shows
    """

    number: int
    first_ms: int
    last_ms: int
    bars: int

    @property
    def open_ended(self) -> bool:
        """Whether this is the newest page."""
        return self.number == 1

    @property
    def suffix(self) -> str:
        """What tells its endpoint's name from that of the newest page."""
        return "" if self.open_ended else f"-page{self.number}"


def pages_of(grid: Grid, now: datetime, *, most: int) -> Iterator[Page]:
    """Yield the pages of a grid, newest first, of at most `most` bars each.

    The newest page ends with the bar that is still forming. A page overlaps the newer
    one by two bars: while one is being fetched, a bar may close.
    """
    step = grid.interval_ms
    last_ms = to_ms(now) // step * step
    first_wanted_ms = last_ms - (grid.bars - 1) * step
    number = 0
    while True:
        number += 1
        first_ms = max(first_wanted_ms, last_ms - (most - 1) * step)
        yield Page(
            number=number,
            first_ms=first_ms,
            last_ms=last_ms,
            bars=(last_ms - first_ms) // step + 1,
        )
        if first_ms == first_wanted_ms:
            return
        last_ms = first_ms + step


class Bar(NamedTuple):
    """One candle as a provider gives it, closed or not; turnover None where not published."""

    open_ms: int
    open: float
    high: float
    low: float
    close: float
    turnover_usd: float | None


def candles_of(
    bars: Iterable[Bar], grid: Grid, *, where: str, symbol: str, venue: str, now: datetime
) -> Candles:
    """Return the bars that were closed at `now`, oldest first, at most as many as the grid wants.

    Bars may come in any order, and twice where pages overlap.
    Raises SourceDataError if a bar stands off the grid, opens in the future or is there
    twice with other prices, or if the last closed one is too old to be the market's last.
    """
    step, now_ms = grid.interval_ms, to_ms(now)
    by_open: dict[int, Bar] = {}
    for bar in bars:
        if bar.open_ms % step:
            expected = f"bars that open on the {grid.name} grid"
            raise SourceDataError(_unexpected(where, expected, from_ms(bar.open_ms)))
        if bar.open_ms > now_ms:
            require_past(bar.open_ms, where=where, now=now)
        if bar.open_ms + step <= now_ms and by_open.setdefault(bar.open_ms, bar) != bar:
            expected = "pages that agree"
            came = f"two different bars of {from_ms(bar.open_ms).isoformat()}"
            raise SourceDataError(_unexpected(where, expected, came))
    if not by_open:
        raise SourceDataError(_unexpected(where, f"a bar closed by {now.isoformat()}", "none"))
    kept = [by_open[open_ms] for open_ms in sorted(by_open)][-grid.bars :]
    require_fresh(kept[-1].open_ms + step, 2 * grid.interval + TOLERANCE, where=where, now=now)
    turnover = [bar.turnover_usd for bar in kept]
    return Candles(
        symbol=symbol,
        venue=venue,
        interval=grid.interval,
        open_ms=np.array([bar.open_ms for bar in kept]),
        open=np.array([bar.open for bar in kept]),
        high=np.array([bar.high for bar in kept]),
        low=np.array([bar.low for bar in kept]),
        close=np.array([bar.close for bar in kept]),
        turnover_usd=None if None in turnover else np.array(turnover, dtype=np.float64),
    )


def require_past(stamp_ms: int, *, where: str, now: datetime) -> None:
    """Raise SourceDataError if a stamp is later than the clock, a little aside."""
    if from_ms(stamp_ms) > now + TOLERANCE:
        expected = f"times up to the clock, {now.isoformat()}"
        raise SourceDataError(_unexpected(where, expected, from_ms(stamp_ms)))


def require_fresh(stamp_ms: int, oldest: timedelta, *, where: str, now: datetime) -> None:
    """Raise SourceDataError if a stamp is later than the clock, or older than `oldest`."""
    require_past(stamp_ms, where=where, now=now)
    if now - from_ms(stamp_ms) > oldest:
        expected = f"data of the last {oldest // timedelta(minutes=1)} minutes"
        came = f"the last of {from_ms(stamp_ms).isoformat()}: it has stopped, or our clock is wrong"
        raise SourceDataError(_unexpected(where, expected, came))


def _unexpected(where: str, expected: str, came: object) -> str:
    shown = came.isoformat() if isinstance(came, datetime) else came
    return f"{where}: expected {expected}, got {shown}"
