"""Follow the liquidation map through time: one column of intensity per moment.

The same book model as the map's. From one column to the next positions close, price
sweeps those it touches, and the column's own bars add theirs; nothing later than a
column's end is used, and the last column is the map.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from composer.errors import FiguresError
from composer.figures.book import (
    BOOK,
    UNIT,
    BookModel,
    Cells,
    IntArray,
    Ladder,
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
from composer.market.records import Candles, FloatArray, OpenInterest, Side, TimeArray

_SMALL = 1e-100  # what is left is written into the book before numbers run out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heatmap:
    """Liquidation intensity over time and price, as estimated at the end of each column.

    known_ms : the end of each column, epoch ms, shape (columns,)
    price : USD per coin at that end, shape (columns,)
    edges : of the price buckets, USD per coin, rising, shape (buckets + 1,)
    long_usd, short_usd : shape (columns, buckets); longs below the column's price,
        shorts above it
    """

    symbol: str
    known_ms: TimeArray
    price: FloatArray
    edges: FloatArray
    long_usd: FloatArray
    short_usd: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name in ("known_ms", "price", "edges", "long_usd", "short_usd"):
            getattr(self, name).setflags(write=False)


def estimate_heatmap(
    candles: Candles | Sequence[Candles],
    open_interest: OpenInterest,
    *,
    edges: FloatArray,
    columns: int = 300,
    shown: timedelta | None = None,
    model: BookModel = BOOK,
    tiers: Sequence[LeverageTier] = BTC_TIERS,
) -> Heatmap:
    """Return the maps that `estimate_map` would have given at the ends of equal spans.

    candles, model, tiers : as for `estimate_map`; every column reads only bars known at
        its end, and within the model's memory before the last
    open_interest : each column is scaled to the last value known at its end, columns
        before the first value to the first
    edges : of the price buckets, USD per coin, rising
    columns : how many at most; a column holds at least one bar, which is a whole hour if
        it lies more than a week back
    shown : how far back the columns reach, None for all; older bars count in the first

    Raises FiguresError if the edges are not positive and rising, or the candles are of
    several symbols.
    """
    edges = np.array(edges, dtype=np.float64)
    if not (edges.size > 1 and edges[0] > 0 and np.all(np.diff(edges) > 0)):
        msg = f"heatmap: expected two or more positive edges that rise, got {edges[:5]}"
        raise FiguresError(msg)
    history = coarsen(join(candles, model.memory))
    path = path_of(history)
    first = _first_bars(history.known_ms, columns, shown)
    column = np.searchsorted(first, np.arange(len(path.close)), side="right") - 1
    ends = np.append(first[1:], len(path.close)) - 1
    known_ms = history.known_ms[ends]
    ages = (known_ms[column] - history.known_ms) / MS_PER_HOUR
    reach = {side: reached(path, side, column) for side in Side}
    cells = pool(history, path, reach, column, age_classes(ages))
    run_ages = mean_ages(history.flow, ages, cells.run_start)

    stamps = np.searchsorted(open_interest.stamp_ms, known_ms, side="right") - 1
    scale = open_interest.open_interest_usd[np.maximum(stamps, 0)] * model.size
    at_edges = np.log(edges / history.close[-1]) / UNIT
    usd = {}
    steps = ladder(model, tiers[0])
    opened = left(run_ages, history.hours[cells.run_start], steps)
    for side in Side:
        far = outward(path.low if side is Side.LONG else path.high, side)
        books = _books(
            cells,
            side,
            steps,
            opened=opened,
            first_run=np.searchsorted(column[cells.run_start], np.arange(len(first) + 1)),
            hours=np.diff(known_ms, prepend=known_ms[0]) / MS_PER_HOUR,
            furthest=np.ceil(np.maximum.reduceat(far, first)).astype(np.intp),
        )
        price = outward(path.close[ends], side)
        usd[side] = scale[:, None] * _shares(
            books, outward(at_edges, side), price, model.background
        )
    symbol = (candles if isinstance(candles, Candles) else candles[0]).symbol
    return Heatmap(
        symbol=symbol,
        known_ms=known_ms,
        price=history.close[ends],
        edges=edges,
        long_usd=usd[Side.LONG],
        short_usd=usd[Side.SHORT],
    )


def _first_bars(known_ms: TimeArray, columns: int, shown: timedelta | None) -> IntArray:
    """Return the first bar of each column, beginning with bar 0."""
    back_ms = known_ms[-1] - known_ms[0] if shown is None else shown / timedelta(milliseconds=1)
    ends_ms = known_ms[-1] - back_ms * np.arange(columns, 0, -1) / columns
    first = np.searchsorted(known_ms, ends_ms[1:], side="right")
    return np.unique(np.append(0, first[first < len(known_ms)]))


def _books(
    cells: Cells,
    side: Side,
    steps: Ladder,
    *,
    opened: FloatArray,
    first_run: IntArray,
    hours: FloatArray,
    furthest: IntArray,
) -> Iterator[tuple[int, FloatArray]]:
    """Yield the live flow per unit outward at the end of each column, and its first unit.

    opened : share of each run's flow still open at its column's end, shape (2, k, runs)
    first_run : of each column, and after the last
    hours : from the column before
    furthest : how far outward price has been in each column, in units
    """
    away, entry = steps.units[side], outward(cells.entry, side)
    first_unit = int(entry.min() + away.min())
    units = int(entry.max() + away.max()) - first_unit + 1
    half_lives = steps.half_life_hours
    live = np.zeros((half_lives.size, units))  # to be multiplied by `kept`: what is left of it
    everywhere = live.reshape(-1)
    rungs = np.arange(0, live.size, units).reshape(half_lives.shape)  # where their units begin
    kept = np.ones(len(live))
    decay = np.exp2(-hours[:, None] / half_lives.ravel())
    opened = opened.transpose(2, 0, 1)
    first = np.append(cells.first_cell, len(entry))[first_run].tolist()
    own = np.minimum.reduceat(cells.reached[side], first_run[:-1])
    swept = cells.reached[side][cells.run]
    nearest = 0  # unit with the first level that may live
    for i, far in enumerate((furthest - first_unit).tolist()):
        live[:, nearest : max(far, nearest)] = 0
        kept *= decay[i]
        if kept.min() < _SMALL:
            live *= kept[:, None]
            kept[:] = 1
        mine = slice(first[i], first[i + 1])
        level = entry[mine, None] + away
        flow = cells.flow[mine, None] * (level >= swept[mine, None])
        mass = opened[cells.run[mine]] * flow[:, None] / kept.reshape(half_lives.shape)
        at = (level - first_unit)[:, None] + rungs
        np.add.at(everywhere, at.ravel(), mass.ravel())
        nearest = max(int(own[i]) - first_unit, 0)
        yield first_unit + nearest, kept @ live[:, nearest:]


def _shares(
    books: Iterator[tuple[int, FloatArray]],
    at_edges: FloatArray,
    price: FloatArray,
    background: float,
) -> FloatArray:
    """Return each column's mass per bucket as a share of open interest.

    at_edges, price : outward, in units from the last close; shape (edges,), (columns,)
    """
    shares = np.empty((len(price), len(at_edges) - 1))
    beyond = np.maximum(at_edges - price[:, None], 0)
    for row, (first_unit, live) in zip(shares, books, strict=True):
        below = np.zeros(len(live) + 1)
        np.cumsum(live, out=below[1:])
        within = np.interp(at_edges, first_unit + np.arange(len(below)), below)
        np.divide(within[1:] - within[:-1], below[-1] or 1, out=row)
    shares += background * UNIT * np.diff(beyond, axis=1)
    return np.abs(shares)
