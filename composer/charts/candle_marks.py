"""Candles of the last days, as wide as can be told apart.

Finer bars are merged, never split, and nothing is put where the market has no bars. A
rising candle is hollow and a falling one filled: neither needs a colour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from composer.charts.canvas import Area
from composer.charts.theme import Theme
from composer.market.records import Candles, FloatArray, MarketSnapshot, TimeArray

WEEK = timedelta(days=7)
SLOT = 9.0  # pixels from one candle to the next, at least
BODY = 0.62  # of a slot

_MS = timedelta(milliseconds=1)
_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440)
_LADDER = tuple(timedelta(minutes=minutes) for minutes in _MINUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merged:
    """A candle made of the bars of one grid; `covered_ms` is how much of its time they tell."""

    slot: int
    covered_ms: int
    open: float
    high: float
    low: float
    close: float


def recent_candles(market: MarketSnapshot, width: float, span: timedelta = WEEK) -> Candles | None:
    """Return the candles of the last `span` for `width` pixels, or None if the market has none.

    They begin at whole multiples of their interval, and the last one may not be over. Of
    several grids that tell a candle the one that tells most of it counts, else the finest.
    """
    grids = market.candle_grids
    if not grids:
        return None
    end_ms = max(int(grid.known_ms[-1]) for grid in grids)
    start_ms = max(end_ms - span // _MS, min(int(grid.open_ms[0]) for grid in grids))
    step = _step_for(grids, start_ms, end_ms, most=max(1, int(width // SLOT)))
    last = max(int(grid.open_ms[-1]) for grid in grids) // (step // _MS)
    first = min(-(-start_ms // (step // _MS)), last)
    best: dict[int, _Merged] = {}
    for grid in grids:
        for candle in _merge(grid, step):
            known = best.get(candle.slot)
            if candle.slot >= first and (known is None or candle.covered_ms > known.covered_ms):
                best[candle.slot] = candle
    chosen = [best[slot] for slot in sorted(best)]

    def column(name: str) -> FloatArray:
        return np.array([getattr(candle, name) for candle in chosen])

    return Candles(
        symbol=market.symbol,
        venue=grids[0].venue,
        interval=step,
        open_ms=np.array([candle.slot for candle in chosen], np.int64) * (step // _MS),
        open=column("open"),
        high=column("high"),
        low=column("low"),
        close=column("close"),
    )


def _step_for(grids: tuple[Candles, ...], start_ms: int, end_ms: int, *, most: int) -> timedelta:
    """Return the shortest interval of at `most` candles, made of bars that reach the start."""
    own = (grid.interval for grid in grids)
    steps = sorted({*_LADDER, *own})
    reaching = [
        step
        for step in steps
        if any(grid.open_ms[0] <= start_ms and not step % grid.interval for grid in grids)
    ]
    few = (step for step in reaching if (end_ms - start_ms) / (step // _MS) <= most)
    return next(few, reaching[-1])


def _merge(grid: Candles, step: timedelta) -> Iterator[_Merged]:
    """Yield the candles of `step` that the bars of a grid make; none if they do not fit in."""
    if step % grid.interval:
        return
    slots: TimeArray = grid.open_ms // (step // _MS)
    first = np.flatnonzero(np.diff(slots, prepend=slots[0] - 1))
    last = np.append(first[1:], len(slots)) - 1
    high, low = np.maximum.reduceat(grid.high, first), np.minimum.reduceat(grid.low, first)
    for n, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        yield _Merged(
            slot=int(slots[begin]),
            covered_ms=(end - begin + 1) * (grid.interval // _MS),
            open=float(grid.open[begin]),
            high=float(high[n]),
            low=float(low[n]),
            close=float(grid.close[end]),
        )


def draw_candles(area: Area, candles: Candles, theme: Theme) -> None:
    """Draw candles on an area that is measured in epoch ms across and in prices upwards."""
    slot = candles.interval / _MS
    middle = candles.open_ms + slot / 2
    bottom = np.minimum(candles.open, candles.close)
    top = np.maximum(candles.open, candles.close)
    wicks = [
        ((x, start), (x, end))
        for starts, ends in ((candles.low, bottom), (top, candles.high))
        for x, start, end in zip(middle.tolist(), starts.tolist(), ends.tolist(), strict=True)
        if end > start
    ]
    area.axes.add_collection(
        LineCollection(wicks, colors=theme.ink, linewidths=1.25, gid="wicks", zorder=3),
        autolim=False,
    )
    half = BODY * slot / 2
    outlines = np.stack(
        [
            np.stack([middle - half, bottom], axis=1),
            np.stack([middle - half, top], axis=1),
            np.stack([middle + half, top], axis=1),
            np.stack([middle + half, bottom], axis=1),
        ],
        axis=1,
    )
    rising = candles.close >= candles.open
    for name, which, fill in (
        ("rising", rising, theme.background),
        ("falling", ~rising, theme.ink),
    ):
        area.axes.add_collection(
            PolyCollection(
                list(outlines[which]),
                facecolors=fill,
                edgecolors=theme.ink,
                linewidths=1.25,
                gid=f"{name}_candles",
                zorder=3,
            ),
            autolim=False,
        )
