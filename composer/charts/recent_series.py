"""What a chart over time shows of a market: its price, open interest and funding of late.

Nothing is made up between values: of many the last is shown, and a line breaks where
much is missing.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from composer.market.records import Candles, FloatArray, MarketSnapshot, TimeArray, to_ms

LONGEST = timedelta(days=30)
FUNDING_BAR = timedelta(hours=8)
_POINTS = 460  # more than these are not told apart on the widest page
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """Values over time, shape (n,) each; NaN where a stretch of time has none."""

    stamp_ms: FloatArray
    value: FloatArray

    @property
    def last(self) -> tuple[float, float]:
        """The latest moment and its value."""
        return float(self.stamp_ms[-1]), float(self.value[-1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bars:
    """Means over stretches of time, shape (n,); `start_ms` is when each begins."""

    start_ms: FloatArray
    mean: FloatArray


def span_of(market: MarketSnapshot) -> tuple[float, float]:
    """Return from when to when both price and open interest are known, in epoch ms.

    At most the last 30 days.
    """
    assert market.open_interest is not None  # noqa: S101 - `missing` has looked
    end_ms = to_ms(market.as_of)
    known = min(int(grid.known_ms[0]) for grid in market.candle_grids)
    first = int(market.open_interest.stamp_ms[0])
    return float(max(end_ms - LONGEST / _MS, known, first)), float(end_ms)


def price_line(market: MarketSnapshot, start_ms: float) -> Line:
    """Return the closes of the finest candles that reach back to `start_ms`, and the price."""
    grid = next((one for one in market.candle_grids if _covers(one, start_ms)), None)
    grid = grid or min(market.candle_grids, key=lambda one: int(one.known_ms[0]))
    now_ms = to_ms(market.as_of)
    earlier = grid.known_ms < now_ms
    return _line(
        np.append(grid.known_ms[earlier], now_ms),
        np.append(grid.close[earlier], market.price),
        start_ms,
    )


def interest_line(market: MarketSnapshot, start_ms: float) -> Line:
    """Return the open interest from `start_ms` on."""
    interest = market.open_interest
    assert interest is not None  # noqa: S101 - `missing` has looked
    return _line(interest.stamp_ms, interest.open_interest_usd, start_ms)


def funding_bars(market: MarketSnapshot, start_ms: float) -> Bars | None:
    """Return the mean funding rate of every eight hours, or None where none is known."""
    rates = market.funding_rates
    if rates is None:
        return None
    shown = rates.stamp_ms > start_ms
    # A rate known at the end of a stretch is of that stretch.
    width = FUNDING_BAR // _MS
    of = (rates.stamp_ms[shown] - 1) // width
    starts, place = np.unique(of, return_inverse=True)
    if len(starts) == 0:
        return None
    mean = np.bincount(place, weights=rates.rate[shown]) / np.bincount(place)
    return Bars(start_ms=starts.astype(np.float64) * width, mean=mean)


def _covers(grid: Candles, start_ms: float) -> bool:
    return float(grid.known_ms[0]) <= start_ms + grid.interval / _MS


def _line(stamp_ms: TimeArray, value: FloatArray, start_ms: float) -> Line:
    """Return what is known from `start_ms` on, the last of many, broken where much is missing."""
    shown = stamp_ms >= start_ms
    stamps, values = stamp_ms[shown].astype(np.float64), value[shown].astype(np.float64)
    span = max(stamps[-1] - start_ms, 1.0)
    slot = np.ceil((stamps - start_ms) / span * _POINTS)
    last_of_slot = np.append(slot[1:] != slot[:-1], [True])
    stamps, values = stamps[last_of_slot], values[last_of_slot]
    steps = np.diff(stamps)
    holes = np.flatnonzero(steps > max(4 * float(np.median(steps)), span / 40)) + 1
    return Line(
        stamp_ms=np.insert(stamps, holes, stamps[holes - 1] + 1),
        value=np.insert(values, holes, np.nan),
    )
