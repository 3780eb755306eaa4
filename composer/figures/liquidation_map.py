"""Estimate where leverage would be liquidated, from candles and open interest.

What the book model (`composer.figures.book`) leaves of each side is scaled to the open
interest of today. Sizes are therefore relative weights in USD, never the dollars that
will be liquidated.
"""

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from composer.errors import FiguresError
from composer.figures.book import (
    BOOK,
    BUCKET_WIDTH,
    UNITS_PER_BUCKET,
    BookModel,
    Cells,
    IntArray,
    age_classes,
    ladder,
    left,
    mean_ages,
    outward,
    path_of,
    pool,
    reached,
)
from composer.figures.history import MS_PER_HOUR, coarsen, join
from composer.market.margin import BTC_TIERS, LeverageTier
from composer.market.records import Candles, FloatArray, LiquidationMap, Method, Side


def estimate_map(
    candles: Candles | Sequence[Candles],
    open_interest_usd: float,
    *,
    as_of: datetime,
    source: str,
    method: Method,
    model: BookModel = BOOK,
    tiers: Sequence[LeverageTier] = BTC_TIERS,
) -> LiquidationMap:
    """Return the liquidation map that the candles and the open interest suggest.

    candles : all of them count as memory, also of several intervals (fine ones for the
        last days, coarse ones before); the price is the last close
    open_interest_usd : single-sided, USD, > 0
    as_of, source, method : what the map says of itself
    model : the numbers of the estimate; `COINGLASS_LOOK` resembles a provider's sizes
    tiers : of the market, smallest positions first; the first one's terms count, for how
        large positions are is not known, and most are small

    The buckets are even in ln(price) and start at the price on either side, out to
    where the lowest leverage at the candles' extremes would be liquidated. Each side
    sums to the open interest, plus the model's background, which price does not sweep;
    a side that was swept whole keeps the background alone.
    Raises FiguresError if the open interest is not a positive number, or the candles are
    of several symbols.
    """
    if not (math.isfinite(open_interest_usd) and open_interest_usd > 0):
        msg = f"open interest must be a positive number of USD, got {open_interest_usd}"
        raise FiguresError(msg)
    history = coarsen(join(candles, model.memory))
    path = path_of(history)
    ages = (history.known_ms[-1] - history.known_ms) / MS_PER_HOUR
    cells = pool(history, path, {side: reached(path, side) for side in Side}, age_classes(ages))
    steps = ladder(model, tiers[0])
    run_ages = mean_ages(history.flow, ages, cells.run_start)
    share = left(run_ages, history.hours[cells.run_start], steps).sum(axis=0)
    scale = open_interest_usd * model.size
    mass = {}
    for side in Side:
        live = _live(cells, side, steps.units[side], share)
        total = live.sum()
        mass[side] = scale * (
            (live / total if total > 0 else live) + model.background * BUCKET_WIDTH
        )

    price = float(history.close[-1])
    longs, shorts = mass[Side.LONG], mass[Side.SHORT]
    below = price * np.exp(-BUCKET_WIDTH * np.arange(len(longs), -1, -1))
    above = price * np.exp(BUCKET_WIDTH * np.arange(len(shorts) + 1))
    first = candles if isinstance(candles, Candles) else candles[0]
    return LiquidationMap(
        symbol=first.symbol,
        price=price,
        as_of=as_of,
        source=source,
        method=method,
        low=np.concatenate([below[:-1], above[:-1]]),
        high=np.concatenate([below[1:], above[1:]]),
        long_usd=np.concatenate([longs[::-1], np.zeros_like(shorts)]),
        short_usd=np.concatenate([np.zeros_like(longs), shorts]),
    )


def _live(cells: Cells, side: Side, units: IntArray, share: FloatArray) -> FloatArray:
    """Return what is alive per bucket outward from the price, in the unit of flow.

    units : from entry to liquidation at each leverage, shape (k,)
    share : of what each run opened, still open at each leverage, shape (k, runs)
    """
    entry = outward(cells.entry, side)
    nearest, farthest = int(entry.min()), int(units.max())
    entries = int(entry.max()) - nearest + 1
    last = max(nearest + entries + farthest, 0)
    book = np.zeros((last // UNITS_PER_BUCKET + 1, UNITS_PER_BUCKET))
    by_unit = book.reshape(-1)
    # By how far price has been beyond an entry: the living are then the first so many. Small
    # integers sort fastest.
    beyond = cells.reached[side][cells.run] - entry
    np.minimum(np.maximum(beyond, 0, out=beyond), farthest + 1, out=beyond)
    beyond = beyond.astype(np.int16)
    order = np.argsort(beyond, kind="stable")
    living = np.searchsorted(beyond[order], units, side="right")
    run, flow, entry = cells.run[order], cells.flow[order], entry[order] - nearest
    for away, alive, still_open in zip(units.tolist(), living.tolist(), share, strict=True):
        opened = still_open[run[:alive]] * flow[:alive]
        live = np.bincount(entry[:alive], opened, minlength=entries)
        first = nearest + away
        beyond_price = slice(max(first, 0), max(first + entries, 0))  # elsewhere nothing lives
        by_unit[beyond_price] += live[max(-first, 0) :]
    return np.asarray(book.sum(axis=1))
