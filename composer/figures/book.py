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

from composer.figures.history import MS_PER_HOUR, History
from composer.market.margin import LeverageTier, liquidation_distance
from composer.market.records import FloatArray, Side, TimeArray

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

_AGE_CLASS = 1 / 32  # bars are pooled while their ages differ by less than this share
_PIECE = 1 << 10  # bars per step: what a step needs then stays in the processor's cache


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
    lengths = np.unique(bar_hours)  # very few
    which = np.searchsorted(lengths, bar_hours)
    within = rate * lengths
    opened = steps.weight[:, :, None] * (-np.expm1(-within) / within)
    return np.asarray(np.exp(-rate * ages_hours) * opened[:, :, which])


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


def reached(path: Path, side: Side) -> IntArray:
    """Return how far outward price has been since each bar opened its positions.

    In units from the last close, downward for longs: the furthest price of the later
    bars, or the bar's own close: where a bar has closed beyond a level, it has been
    there after the position was opened.
    """
    furthest = outward(path.close, side).copy()
    extreme = outward(path.low if side is Side.LONG else path.high, side)
    later = np.maximum.accumulate(extreme[:0:-1])[::-1]
    np.maximum(furthest[:-1], later, out=furthest[:-1])
    return np.ceil(furthest).astype(np.intp)


def age_breaks(known_ms: TimeArray) -> IntArray:
    """Return the first bar of each age class; a class spans a 32nd of its age.

    Up to an hour of age it spans a 32nd of an hour. The first bar begins a class.
    """
    oldest = (known_ms[-1] - known_ms[0]) / MS_PER_HOUR
    classes = np.arange(int(np.log1p(oldest) / _AGE_CLASS) + 1)
    edges_ms = known_ms[-1] - np.expm1(classes * _AGE_CLASS) * MS_PER_HOUR
    return np.append(np.searchsorted(known_ms, edges_ms), 0)


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


def mean_ages(history: History, cells: Cells, until_ms: TimeArray | int) -> FloatArray:
    """Return the mean age of what each run opened, in hours before `until_ms`.

    until_ms : one moment, or one for each bar
    """
    age = (until_ms - history.known_ms) / MS_PER_HOUR
    flow = np.add.reduceat(history.flow, cells.run_start)
    aged = np.add.reduceat(history.flow * age, cells.run_start)
    return np.divide(aged, flow, out=age[cells.run_start], where=flow > 0)


def pool(history: History, path: Path, reach: dict[Side, IntArray], breaks: IntArray) -> Cells:
    """Return the positions that the bars opened, pooled by run and entry.

    breaks : bars that begin a run whatever else; another run begins where `reach` changes
    """
    starts = np.zeros(len(path.close), dtype=bool)
    starts[breaks] = True
    starts[1:] |= history.hours[1:] != history.hours[:-1]
    for units in reach.values():
        starts[1:] |= units[1:] != units[:-1]
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
    cell = np.rint(at).astype(np.intp) + ahead
    return np.asarray(np.bincount(cell.ravel(), (_SHARE * flow).ravel()), dtype=np.float64)
