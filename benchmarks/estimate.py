"""Print what the estimate costs in time and memory, beside plain sums of its input."""

import math
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.timing import shortest
from composer.figures.heatmap import estimate_heatmap
from composer.figures.liquidation_map import estimate_map
from composer.market.records import Candles, Method, OpenInterest

ROUNDS = 100
OPEN_INTEREST_USD = 1e10
END = datetime(2026, 1, 31, tzinfo=UTC)


def walk(bars: int, minutes: int) -> Candles:
    """Return a seeded walk with a volatility of 45 % a year."""
    rng = np.random.default_rng(1)
    deviation = 0.45 * math.sqrt(minutes / (365 * 24 * 60))
    close = 90_000 * np.exp(np.cumsum(rng.normal(0, deviation, bars)))
    open_ = np.append(close[0], close[:-1])
    wick = np.exp(np.abs(rng.normal(0, deviation / 2, (2, bars))))
    step_ms = 60_000 * minutes
    return Candles(
        symbol="BTC",
        venue="walk",
        interval=timedelta(minutes=minutes),
        open_ms=round(END.timestamp() * 1000) - step_ms * np.arange(bars, 0, -1),
        open=open_,
        high=np.maximum(open_, close) * wick[0],
        low=np.minimum(open_, close) / wick[1],
        close=close,
        turnover_usd=rng.lognormal(0, 1, bars),
    )


def columns_of(candles: Candles) -> list[np.ndarray]:
    """Return the arrays the estimate is given."""
    names = ("open_ms", "open", "high", "low", "close", "turnover_usd")
    return [getattr(candles, name) for name in names]


def map_of(candles: Candles) -> object:
    """Estimate the map of all tiers and both sides."""
    return estimate_map(
        candles, OPEN_INTEREST_USD, as_of=END, source="walk", method=Method.ESTIMATED
    )


def heatmap_of(candles: Candles) -> object:
    """Estimate 300 columns of 300 buckets within 15 % of price."""
    interest = OpenInterest(
        symbol="BTC",
        venues=("walk",),
        stamp_ms=candles.known_ms[-1:],
        open_interest_usd=np.array([OPEN_INTEREST_USD]),
    )
    edges = candles.close[-1] * np.exp(np.linspace(-0.15, 0.15, 301))
    return estimate_heatmap(candles, interest, edges=edges)


def measure(what: str, candles: Candles, work: Callable[[Candles], object], rounds: int) -> float:
    """Print time, time against sums of the input, and peak memory against the input."""
    columns = columns_of(candles)
    seconds, summed = shortest(
        rounds, lambda: work(candles), lambda: [column.sum() for column in columns]
    )
    tracemalloc.start()
    work(candles)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = sum(column.nbytes for column in columns)
    print(
        f"{what:<44}{seconds * 1000:>10.1f} ms {seconds / summed:>10.0f} x sums of its input,"
        f" peak {peak / 1e6:.1f} MB = {peak / size:.1f} x its input"
    )
    return seconds


def print_estimate() -> None:
    """Measure the map and the heatmap, and how the map's time grows."""
    measure("map from 15,000 5-minute candles", walk(15_000, 5), map_of, ROUNDS)
    measure("map from 525,600 1-minute candles", walk(525_600, 1), map_of, 10)
    measure("heatmap 300 x 300 from 15,000 candles", walk(15_000, 5), heatmap_of, 10)
    times = {
        bars: measure(f"map from {bars:,} 1-minute candles", walk(bars, 1), map_of, 10)
        for bars in (10_000, 100_000, 1_000_000)
    }
    growth = math.log(times[1_000_000] / times[10_000]) / math.log(100)
    print(f"time grows with the number of candles to the power {growth:.2f} (1 is linear)")
