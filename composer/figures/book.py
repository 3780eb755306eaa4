"""The book model: which leveraged positions are open, judged from what price has done.

Every bar opens positions on both sides, at prices within the bar and at several
leverages. Price sweeps away those whose liquidation it reaches; others close with time.

Prices are counted on a grid even in ln(price) around the last close, in units of
`UNIT`: entries are rounded to it, excursions up to the next unit. Whether price has
reached a liquidation is then a comparison of integers with one answer, however bars
are pooled, so that the map and the last column of the heatmap cannot disagree. Where
the rounding matters it sweeps a unit too much, never too little.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from composer.figures.history import History
from composer.market.margin import LeverageTier, liquidation_distance
from composer.market.records import FloatArray, Side

IntArray = NDArray[np.intp]
Units = TypeVar("Units", FloatArray, IntArray)

LEVERAGES = (3, 5, 10, 20, 25, 50, 75, 100, 125, 150)

# Where within its bar a position was opened: this far up from the low to the high, in
# log price. The first place is kept for the close.
_WITHIN = np.array([[0], [0], [0.1], [0.3], [0.5], [0.7], [0.9], [1]])
_SHARE = np.array([[0.225], [0.1375], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1375]])

UNITS_PER_BUCKET = 4
BUCKET_WIDTH = 0.001  # in ln(price): 0.1 % of price
UNIT = BUCKET_WIDTH / UNITS_PER_BUCKET

_AGE_CLASS = 1 / 20  # bars are pooled while their ages differ by less than this share
_PIECE = 1 << 12  # bars per step: what a step needs then stays in the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class BookModel:
    """The numbers of the model, and what a map made with them says of itself.

    half_life_hours : in which half of the quick positions close that a cushion of 1 % protects
    half_life_exponent : how the half-life grows with that cushion
    patient_share, patience : this share of what is opened stays so many times as long
    background : share of open interest per unit of ln(price) on both sides, for cross
        and topped-up margin, whose liquidation prices nobody outside can see
    memory : only bars known within it count; None for all
    size : multiplies every amount in the end
    """

    note: str
    half_life_hours: float = 4.0
    half_life_exponent: float = 1.25
    patient_share: float = 0.25
    patience: float = 12.0
    background: float = 0.05
    memory: timedelta | None = None
    size: float = 1.0


# Chosen on realised BTC liquidations; docs/accuracy.md holds the rows and the skill.
BOOK = BookModel(
    note=(
        "The liquidation map is estimated by the book model from candles and open interest; "
        "its sizes are relative weights."
    )
)
# Nearer to the sizes a known provider publishes, worse at telling where liquidations happen.
COINGLASS_LOOK = BookModel(
    note=(
        "The liquidation map is estimated by the book model from the last 48 hours, with sizes "
        "set to resemble Coinglass's one-day map (the Coinglass look); they are relative weights."
    ),
    half_life_hours=48.0,
    half_life_exponent=0.75,
    patient_share=0.0,
    background=3.0,
    memory=timedelta(hours=48),
    size=0.23,
)


def outward(units: Units, side: Side) -> Units:
    """Return units with the sign that makes them grow where the side's liquidations lie."""
    return -units if side is Side.LONG else units


class Ladder(NamedTuple):
    """The leverages that positions have, nearest liquidation last.

    units : from entry to liquidation by side, whole units of the grid, shape (k,)
    half_life_hours : of quick and of patient positions at that leverage, shape (2, k)
    weight : share of what a bar opens, shape (2, k); sums to 1
    """

    units: dict[Side, IntArray]
    half_life_hours: FloatArray
    weight: FloatArray


@lru_cache(maxsize=16)
def ladder(model: BookModel, tier: LeverageTier) -> Ladder:
    """Return what each leverage means where positions have the terms of this tier.

    Weight and half-life go by the cushion, initial less maintenance margin: nearly the
    distance to liquidation, but the same on both sides, so that they are each other's
    mirror. The same weight falls on each log step of it: an inner leverage stands for
    half the way to either neighbour, an end one for its one gap.
    """
    highest = max(tier.max_leverage, min(LEVERAGES))
    leverages = np.array([times for times in LEVERAGES if times <= highest])
    rate = tier.maintenance_margin_rate
    cushion = 1 / leverages - rate
    steps = np.abs(np.gradient(np.log(cushion))) if len(cushion) > 1 else np.ones(1)
    quick = model.half_life_hours * (cushion * 100) ** model.half_life_exponent
    distance = {side: liquidation_distance(leverages, side, rate) for side in Side}
    found = Ladder(
        units={
            side: np.floor(np.abs(np.log1p(outward(away, side))) / UNIT).astype(np.intp)
            for side, away in distance.items()
        },
        half_life_hours=np.outer([1, model.patience], quick),
        weight=np.outer([1 - model.patient_share, model.patient_share], steps / steps.sum()),
    )
    for shared in (*found.units.values(), found.half_life_hours, found.weight):
        shared.setflags(write=False)
    return found


def left(ages_hours: FloatArray, bar_hours: FloatArray, steps: Ladder) -> FloatArray:
    """Return the share of what each run opened that is still open, shape (2, k, n).

    ages_hours, bar_hours : since the bar was known, and its length; shape (n,)

    Within a bar positions open evenly in time: the share is the mean over the bar.
    """
    rate = np.log(2) / steps.half_life_hours[:, :, None]
    changed = np.append(True, bar_hours[1:] != bar_hours[:-1])
    within = rate * bar_hours[changed]  # very few lengths
    opened = steps.weight[:, :, None] * (-np.expm1(-within) / within)
    share = np.exp(-rate * ages_hours)
    share *= opened.take(np.cumsum(changed) - 1, axis=2)
    return np.asarray(share)


class Path(NamedTuple):
    """A history on the grid, in units from the last close, not yet rounded; shape (n,)."""

    high: FloatArray
    low: FloatArray
    close: FloatArray


def path_of(history: History) -> Path:
    """Return ln(price / last close) of highs, lows and closes, in units."""
    last = history.close[-1]
    columns = (np.log(prices / last) for prices in (history.high, history.low, history.close))
    return Path(*(np.divide(column, UNIT, out=column) for column in columns))


def reached(path: Path, side: Side, column: IntArray | None = None) -> IntArray:
    """Return how far outward price has been since each bar opened its positions.

    column : looks end with it, shape (n,), rising; None for one to the last bar

    In units from the last close, downward for longs: the furthest price of the later
    bars, or the bar's own close: where a bar has closed beyond a level, it has been
    there after the position was opened.
    """
    close = np.ceil(outward(path.close, side)).astype(np.intp)
    furthest = np.ceil(outward(path.low if side is Side.LONG else path.high, side)).astype(np.intp)
    if column is not None:  # earlier columns are lifted above all that a later one can hold
        lift = (column[-1] - column) * (furthest.max() - close.min() + 1)
        close += lift
        furthest += lift
    later = np.maximum.accumulate(furthest[:0:-1])[::-1]
    np.maximum(close[:-1], later, out=close[:-1])
    return close if column is None else close - lift


def age_classes(ages_hours: FloatArray) -> IntArray:
    """Return the class of each age: one spans a 20th of it, up to an hour a 20th of an hour."""
    return np.asarray(np.ceil(np.log1p(ages_hours) / _AGE_CLASS).astype(np.intp))


class Cells(NamedTuple):
    """Positions opened in the same run of bars at the same price; no leverage yet.

    run_start, first_cell, reached : shape (runs,); a run's first bar and cell, and how far
        price has been since, by side. All bars of a run agree in that.
    run, entry, flow : shape (cells,); run of the cell (rising), price in units from the
        last close, and what was opened there, > 0
    """

    run_start: IntArray
    first_cell: IntArray
    reached: dict[Side, IntArray]
    run: IntArray
    entry: IntArray
    flow: FloatArray


def mean_ages(flow: FloatArray, ages_hours: FloatArray, run_start: IntArray) -> FloatArray:
    """Return the mean age of what each run opened, from the flow and the age of each bar."""
    opened = np.add.reduceat(flow, run_start)
    aged = np.add.reduceat(flow * ages_hours, run_start)
    return np.divide(aged, opened, out=ages_hours[run_start], where=opened > 0)


def pool(history: History, path: Path, reach: dict[Side, IntArray], *apart: IntArray) -> Cells:
    """Return the positions that the bars opened, pooled by run and entry.

    apart : shape (n,); a run ends where one of these changes, where `reach` does, and where
        the bars change length
    """
    starts = np.zeros(len(path.close), dtype=bool)
    starts[0] = True
    for marks in (history.hours, *reach.values(), *apart):
        starts[1:] |= marks[1:] != marks[:-1]
    run_start = np.flatnonzero(starts)
    # Each run gets a stretch of cells from its lowest unit to its highest.
    bottom = np.rint(np.minimum.reduceat(path.low, run_start)).astype(np.intp)
    top = np.rint(np.maximum.reduceat(path.high, run_start)).astype(np.intp)
    width = top - bottom + 1
    first_cell = np.cumsum(width) - width
    run_of_bar = np.cumsum(starts) - 1
    flow = np.zeros(width.sum())
    for begin in range(0, len(starts), _PIECE):
        bars = slice(begin, begin + _PIECE)
        first = first_cell[run_of_bar[begin]]
        ahead = (first_cell - bottom - first)[run_of_bar[bars]]
        opened = _opened(history.flow[bars], Path(*(column[bars] for column in path)), ahead)
        flow[first : first + len(opened)] += opened
    kept = np.flatnonzero(flow > 0)
    run = np.repeat(np.arange(len(width)), width)[kept]
    return Cells(
        run_start=run_start,
        first_cell=np.searchsorted(kept, first_cell),
        reached={side: units[run_start] for side, units in reach.items()},
        run=run,
        entry=kept - (first_cell - bottom)[run],
        flow=flow[kept],
    )


def _opened(flow: FloatArray, path: Path, ahead: IntArray) -> FloatArray:
    """Return what the bars opened, by cell.

    ahead : the cell in which a bar's entry 0 would be
    """
    at = path.low + _WITHIN * (path.high - path.low)
    at[0], at[-1] = path.close, path.high  # the last as it is: rounding must not leave the bar
    cell = (np.rint(at, out=at) + ahead).astype(np.intp)
    return np.asarray(np.bincount(cell.ravel(), (_SHARE * flow).ravel()), dtype=np.float64)
