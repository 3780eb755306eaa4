"""Real 1: whether the frozen map holds more where more was liquidated."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from benchmarks.accuracy.ranks import interval, partial_spearman, resamples, spearman
from benchmarks.accuracy.recorded import HOUR_MS, Realised, part
from benchmarks.accuracy.rivals import Blocks, beyond_extremes, sweep_and_turnover
from composer.figures.book import BOOK, BookModel
from composer.figures.imbalance import intensity_to
from composer.figures.liquidation_map import estimate_map
from composer.market.records import FloatArray, Method

HISTORY_HOURS = 60 * 24  # what a map may remember
VOLATILITY_HOURS = 168
GROUP_HOURS = 120
RESAMPLES = 200
RIVAL_BACKGROUND = 0.25  # the best for it of 0, .25, .5 and 1

OUR = "book model"
FORMER_NAME = "book model, first constants"
FORMER = replace(BOOK, half_life_hours=48.0, half_life_exponent=0.75, background=0.25)
RANGE, RANGE_OI, BEYOND = "range", "range × open interest", "range + 2 × beyond 24 h extreme"
RIVAL, RIVAL_BACKED = "sweep and turnover", "sweep and turnover + background"
RESAMPLED = {OUR, RIVAL, RIVAL_BACKED}


def blocks_of(data: Realised, hours: int) -> Blocks:
    """Return the blocks aligned to midnight that are recorded whole."""
    candles = data.candles
    label = candles.open_ms // (hours * HOUR_MS)
    _, first, count = np.unique(label, return_index=True, return_counts=True)
    known = np.add.reduceat(np.isfinite(data.long_usd) & np.isfinite(data.short_usd), first)
    follows = candles.open_ms[first] - candles.open_ms[first - 1] == HOUR_MS
    whole = (count == hours) & (known == hours) & follows & (first >= HISTORY_HOURS)
    whole &= np.isfinite(data.open_interest_usd[first - 1])
    bar = first[whole]
    squares = np.cumsum(np.diff(np.log(candles.close), prepend=np.log(candles.close[0])) ** 2)
    return Blocks(
        hours=hours,
        bar=bar,
        price=candles.close[bar - 1],
        low=np.minimum.reduceat(candles.low, first)[whole],
        high=np.maximum.reduceat(candles.high, first)[whole],
        long_usd=np.add.reduceat(data.long_usd, first)[whole],
        short_usd=np.add.reduceat(data.short_usd, first)[whole],
        open_interest_usd=data.open_interest_usd[bar - 1],
        volatility=np.sqrt(squares[bar - 1] - squares[bar - 1 - VOLATILITY_HOURS]),
    )


def swept(data: Realised, all_blocks: list[Blocks], model: BookModel) -> list[FloatArray]:
    """Return what the map frozen at each block's start holds in its range, (2, blocks) each."""
    rows = [{int(bar): row for row, bar in enumerate(blocks.bar)} for blocks in all_blocks]
    found = [np.zeros((2, len(blocks.bar))) for blocks in all_blocks]
    for bar in sorted(set().union(*rows)):
        own = [(i, rows_of[bar]) for i, rows_of in enumerate(rows) if bar in rows_of]
        book = estimate_map(
            part(data.candles, slice(bar - HISTORY_HOURS, bar)),
            float(data.open_interest_usd[bar - 1]),
            as_of=datetime(2026, 1, 1, tzinfo=UTC),
            source="recorded",
            method=Method.ESTIMATED,
            model=model,
        )
        for i, row in own:
            for side, levels in enumerate((all_blocks[i].low, all_blocks[i].high)):
                found[i][side, row] = intensity_to(
                    book, _on_its_side(levels[row], book.price, side)
                )
    return found


def _on_its_side(level: float, price: float, side: int) -> float:
    return min(level, price) if side == 0 else max(level, price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """Three correlations with what was liquidated, and how they come out resampled.

    values : Spearman, Spearman given range and volatility, Spearman of the imbalance
        given both ranges · drawn : the same of every resample, shape (times, 3), or
        empty for models that are only shown
    """

    name: str
    data: str
    hours: int
    rows: int
    values: FloatArray
    drawn: FloatArray

    def interval(self, which: int) -> tuple[float, float]:
        """Return the 95 % interval of one of the three."""
        return interval(self.drawn[:, which])


def correlations(blocks: Blocks, predicted: FloatArray, rows: np.ndarray) -> FloatArray:
    """Return the three correlations over some blocks.

    For the first two each side of a block is a row of its own. The imbalance is
    (long - short) / (long + short), which has the ranks of the log ratio and also exists
    where one side is nothing; blocks without liquidations are left out of it.
    """
    down, up = blocks.ranges[:, rows]
    volatility = blocks.volatility[rows]
    long, short = blocks.long_usd[rows], blocks.short_usd[rows]
    ours = predicted[:, rows]
    actual, flat = np.append(long, short), ours.ravel()
    given = (np.append(down, up), np.append(volatility, volatility))
    some = long + short > 0
    lean = (long - short)[some] / (long + short)[some]
    total = np.maximum(ours.sum(axis=0), 1e-300)
    our_lean = ((ours[0] - ours[1]) / total)[some]
    return np.array(
        [
            spearman(flat, actual),
            partial_spearman(flat, actual, given),
            partial_spearman(our_lean, lean, (down[some], up[some])),
        ]
    )


def skill(name: str, data: Realised, blocks: Blocks, predicted: FloatArray) -> Skill:
    """Return a model's skill over all blocks; resampled by 120 hours where it is compared."""
    group = data.candles.open_ms[blocks.bar] // (GROUP_HOURS * HOUR_MS)
    return Skill(
        name=name,
        data=data.name,
        hours=blocks.hours,
        rows=len(blocks.bar),
        values=correlations(blocks, predicted, np.arange(len(blocks.bar))),
        drawn=resamples(
            group,
            lambda rows: correlations(blocks, predicted, rows),
            times=RESAMPLES if name in RESAMPLED else 0,
            seed=1,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A set's blocks per horizon, and what the estimate holds in them."""

    data: Realised
    blocks: list[Blocks]
    ours: list[FloatArray]
    former: list[FloatArray]


def measure(data: Realised, horizons: tuple[int, ...]) -> Measured:
    """Estimate every map that the blocks of these hours begin with."""
    blocks = [blocks_of(data, hours) for hours in horizons]
    return Measured(
        data=data,
        blocks=blocks,
        ours=swept(data, blocks, BOOK),
        former=swept(data, blocks, FORMER),
    )


def compare(measured: Measured) -> list[Skill]:
    """Return the skill of the estimate and of everything it is measured against."""
    data, candles = measured.data, measured.data.candles
    flow = np.asarray(candles.turnover_usd)
    rival = sweep_and_turnover(candles, flow, data.open_interest_usd, measured.blocks)
    found = []
    for blocks, own, former, other in zip(
        measured.blocks, measured.ours, measured.former, rival, strict=True
    ):
        background = RIVAL_BACKGROUND * blocks.open_interest_usd * blocks.ranges
        for name, predicted in (
            (RANGE, blocks.ranges),
            (RANGE_OI, blocks.ranges * blocks.open_interest_usd),
            (BEYOND, beyond_extremes(candles, blocks)),
            (RIVAL, other),
            (RIVAL_BACKED, other + background),
            (FORMER_NAME, former),
            (OUR, own),
        ):
            found.append(skill(name, data, blocks, predicted))
    return found
