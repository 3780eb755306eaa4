"""Stretches of a series up to its end: what the last day, week or month was like.

A bar is known at its open plus its interval. Nothing is said of a stretch that the bars
do not cover: None is "not known", never zero.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from composer.market.records import Candles, FloatArray, TimeArray

COVERED = 0.95  # of a stretch: with fewer bars than that, too much may be missing
OFF_BY = timedelta(hours=1.2)  # how far off in time an older value may be, or a series may end

DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_YEAR = timedelta(days=365)
_MS = timedelta(milliseconds=1)
LEAST_ATR_DAYS, MOST_ATR_DAYS = 5, 14

Mask = NDArray[np.bool_]


def last(
    open_ms: TimeArray, interval: timedelta, span: timedelta, *, late: float = 0.0
) -> Mask | None:
    """Return which bars lie within the last `span`, or None if they do not cover it.

    late : share of the span by which the first bar may miss its beginning
    """
    if len(open_ms) == 0:
        return None
    span_ms = span // _MS
    start_ms = int(open_ms[-1]) + interval // _MS - span_ms
    inside: Mask = open_ms >= start_ms
    begins_late = int(open_ms[0]) > start_ms + late * span_ms
    if begins_late or interval * int(inside.sum()) < COVERED * span:
        return None
    return inside


def total(
    open_ms: TimeArray, interval: timedelta, values: FloatArray, span: timedelta, *, end_ms: int
) -> float | None:
    """Return the sum over the last `span`, or None if it is not covered or ends before `end_ms`."""
    inside = last(open_ms, interval, span)
    if inside is None or end_ms - int(open_ms[-1]) > (2 * interval + OFF_BY) // _MS:
        return None
    return float(values[inside].sum())


def extremes(grids: Sequence[Candles], span: timedelta) -> tuple[float, float] | None:
    """Return the highest and lowest price of the last `span`, or None if no grid covers it.

    Where one covers it, the bars of all count: the finer ones know the last minutes.
    """
    if not any(last(grid.open_ms, grid.interval, span) is not None for grid in grids):
        return None
    start_ms = max(int(grid.known_ms[-1]) for grid in grids) - span // _MS
    kept = [(grid, grid.open_ms >= start_ms) for grid in grids]
    high = max(float(grid.high[inside].max()) for grid, inside in kept if inside.any())
    low = min(float(grid.low[inside].min()) for grid, inside in kept if inside.any())
    return high, low


def change(series: Sequence[tuple[TimeArray, FloatArray]], span: timedelta) -> float | None:
    """Return the latest value's change on the one `span` before it, as a signed fraction.

    series : (stamps, values) of the same quantity, the one with the latest value first
    """
    if not series:
        return None
    then_ms = int(series[0][0][-1]) - span // _MS
    for stamps, values in series:
        missed_by = np.abs(stamps - then_ms)
        nearest = int(np.argmin(missed_by))
        if missed_by[nearest] <= OFF_BY // _MS:
            return float(series[0][1][-1] / values[nearest] - 1)
    return None


def mean_per_day(grids: Iterable[Candles], span: timedelta) -> float | None:
    """Return the mean turnover of a day over `span` in USD, or None if no grid covers it."""
    for grid in grids:
        inside = last(grid.open_ms, grid.interval, span, late=1 - COVERED)
        if inside is not None and grid.turnover_usd is not None:
            return float(grid.turnover_usd[inside].sum() / (grid.interval * inside.sum() / DAY))
    return None


def volatility(grids: Iterable[Candles], span: timedelta) -> float | None:
    """Return the annualised volatility of hourly log returns over `span`, as a fraction.

    Sample standard deviation of ln(p[t] / p[t-1]) times the root of the periods of a year of
    365 days; bars longer than an hour are taken as they are.
    """
    for grid in grids:
        inside = last(grid.open_ms, grid.interval, span, late=1 - COVERED)
        if inside is None:
            continue
        step = max(1, round(_HOUR / grid.interval))
        returns = np.diff(np.log(grid.close[inside][::-step][::-1]))
        return float(returns.std(ddof=1) * np.sqrt(_YEAR / (grid.interval * step)))
    return None


def average_true_range(grids: Iterable[Candles]) -> tuple[float, int] | None:
    """Return the mean of the last days' true ranges in USD, and how many days: 5 to 14.

    A day ends with the last close, or 24 h and so on before it. Its true range reaches from
    the higher of its high and the close before it to the lower of its low and that close.
    """
    best: list[float] = []
    for grid in grids:
        found = _true_ranges(grid)
        if len(found) > len(best):
            best = found
    return (float(np.mean(best)), len(best)) if len(best) >= LEAST_ATR_DAYS else None


def _true_ranges(grid: Candles) -> list[float]:
    age = (int(grid.known_ms[-1]) - 1 - grid.open_ms) // (DAY // _MS)
    found: list[float] = []
    for days_ago in range(MOST_ATR_DAYS):
        bars = np.flatnonzero(age == days_ago)
        if grid.interval * len(bars) < COVERED * DAY:
            break
        before = grid.close[bars[0] - 1] if bars[0] else grid.open[bars[0]]
        top, bottom = max(grid.high[bars].max(), before), min(grid.low[bars].min(), before)
        found.append(float(top - bottom))
    return found


def rank(values: FloatArray) -> float | None:
    """Return the share of the earlier values that are below the latest, equal ones half."""
    earlier, latest = values[:-1], values[-1]
    if len(earlier) == 0:
        return None
    return float(((earlier < latest).mean() + (earlier <= latest).mean()) / 2)


def days_unmatched(stamps: TimeArray, values: FloatArray) -> int | None:
    """Return for how many whole days no value was as high as the latest, or None if not for one."""
    as_high = np.flatnonzero(values[:-1] >= values[-1])
    since_ms = stamps[as_high[-1]] if len(as_high) else stamps[0]
    days = int(stamps[-1] - since_ms) // (DAY // _MS)
    return days or None
