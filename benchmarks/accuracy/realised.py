"""Real 1: whether the frozen map holds more where more was liquidated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from benchmarks.accuracy.ranks import interval, partial_spearman, resamples, spearman
from benchmarks.accuracy.recorded import HOUR_MS, Realised, part
from benchmarks.accuracy.rivals import Blocks, beyond_extremes, sweep_and_turnover
from composer.figures.book import BOOK, BookModel
from composer.figures.imbalance import intensity_to
from composer.figures.liquidation_map import estimate_map
from composer.market.margin import BTC_TIERS, LeverageTier
from composer.market.records import FloatArray, Method

HISTORY_HOURS = 60 * 24  # what a map may remember
VOLATILITY_HOURS = 168
GROUP_HOURS = 120
RESAMPLES = 200
LEAST_USD = 10_000.0
LEAST_RANGE = 1e-4  # in ln(price)
RIVAL_BACKGROUND = 0.25  # the best for it of 0, .25, .5 and 1

OUR = "book model"
FORMER_NAME = "book model, first constants"
FORMER = replace(
    BOOK, half_life_hours=48.0, half_life_exponent=0.75, patient_share=0.0, background=0.25
)
ONE_LIFE_NAME = "book model, one half-life"
ONE_LIFE = replace(BOOK, half_life_hours=12.0, patient_share=0.0)
FORMER_TIERS = (replace(BTC_TIERS[0], max_leverage=125.0),)
RANGE, RANGE_OI, BEYOND = "range", "range × open interest", "range + 2 × beyond 24 h extreme"
RIVAL, RIVAL_BACKED = "sweep and turnover", "sweep and turnover + background"
RESAMPLED = {OUR, ONE_LIFE_NAME, FORMER_NAME, RIVAL, RIVAL_BACKED}


def blocks_of(data: Realised, hours: int) -> Blocks:
    """Return a block from every moment on that is recorded whole; longer ones overlap."""
    candles = data.candles
    bar = np.arange(HISTORY_HOURS, len(candles) - hours + 1)
    bar = bar[candles.open_ms[bar] // HOUR_MS % data.every_hours == 0]
    known = np.append(0, np.cumsum(np.isfinite(data.long_usd) & np.isfinite(data.short_usd)))
    whole = known[bar + hours] - known[bar] == hours
    whole &= candles.open_ms[bar + hours - 1] - candles.open_ms[bar - 1] == hours * HOUR_MS
    whole &= np.isfinite(data.open_interest_usd[bar - 1])
    bar = bar[whole]
    within = bar[:, None] + np.arange(hours)
    squares = np.cumsum(np.diff(np.log(candles.close), prepend=np.log(candles.close[0])) ** 2)
    return Blocks(
        hours=hours,
        bar=bar,
        price=candles.close[bar - 1],
        low=candles.low[within].min(axis=1),
        high=candles.high[within].max(axis=1),
        long_usd=data.long_usd[within].sum(axis=1),
        short_usd=data.short_usd[within].sum(axis=1),
        open_interest_usd=data.open_interest_usd[bar - 1],
        volatility=np.sqrt(squares[bar - 1] - squares[bar - 1 - VOLATILITY_HOURS]),
    )


def swept(
    data: Realised,
    all_blocks: list[Blocks],
    model: BookModel,
    tiers: Sequence[LeverageTier] = BTC_TIERS,
) -> list[FloatArray]:
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
            tiers=tiers,
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

    The first two are found for each side by itself; the mean of both is returned. The
    imbalance is log(long / short), with 10,000 USD added to both sides of what was
    liquidated and the mean mass of `LEAST_RANGE` to both sides of the map: a side that
    price did not reach is then little, not nothing.
    """
    ranges, ours = blocks.ranges[:, rows], predicted[:, rows]
    actual = np.stack([blocks.long_usd[rows], blocks.short_usd[rows]])
    volatility = blocks.volatility[rows]
    sides = [
        (spearman(mine, true), partial_spearman(mine, true, (reach, volatility)))
        for mine, true, reach in zip(ours, actual, ranges, strict=True)
    ]
    lean = np.log(actual + LEAST_USD)
    our_lean = np.log(ours + LEAST_RANGE * ours.mean() / ranges.mean())
    imbalance = partial_spearman(our_lean[0] - our_lean[1], lean[0] - lean[1], [*ranges])
    return np.array([*np.mean(sides, axis=0), imbalance])


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
    one_life: list[FloatArray]
    former: list[FloatArray]


def measure(data: Realised, horizons: tuple[int, ...]) -> Measured:
    """Estimate every map that the blocks of these hours begin with."""
    blocks = [blocks_of(data, hours) for hours in horizons]
    return Measured(
        data=data,
        blocks=blocks,
        ours=swept(data, blocks, BOOK),
        one_life=swept(data, blocks, ONE_LIFE),
        former=swept(data, blocks, FORMER, FORMER_TIERS),
    )


def compare(measured: Measured) -> list[Skill]:
    """Return the skill of the estimate and of everything it is measured against."""
    data, candles = measured.data, measured.data.candles
    flow = np.asarray(candles.turnover_usd)
    rival = sweep_and_turnover(candles, flow, data.open_interest_usd, measured.blocks)
    found = []
    for blocks, own, one_life, former, other in zip(
        measured.blocks, measured.ours, measured.one_life, measured.former, rival, strict=True
    ):
        background = RIVAL_BACKGROUND * blocks.open_interest_usd * blocks.ranges
        for name, predicted in (
            (RANGE, blocks.ranges),
            (RANGE_OI, blocks.ranges * blocks.open_interest_usd),
            (BEYOND, beyond_extremes(candles, blocks)),
            (RIVAL, other),
            (RIVAL_BACKED, other + background),
            (FORMER_NAME, former),
            (ONE_LIFE_NAME, one_life),
            (OUR, own),
        ):
            found.append(skill(name, data, blocks, predicted))
    return found
