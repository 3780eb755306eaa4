"""Ground truth: the estimate beside the positions that simulated traders really hold."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from benchmarks.accuracy.ranks import earth_movers_distance, spearman
from composer.figures.imbalance import intensities_to
from composer.figures.liquidation_map import estimate_map
from composer.market.records import FloatArray, LiquidationMap, Method, Side
from composer.market.regimes import Regime
from composer.market.simulator import simulate

DAYS = 30
SEEDS = range(1, 4)
REACH = 0.10  # in ln(price), either way
BIN = 0.0025
END = datetime(2026, 1, 31, tzinfo=UTC)


class Likeness(NamedTuple):
    """Median over seeds and sides: rank correlation over bins, and earth mover's distance.

    The distance is in percent of price; `even` is that of a map spread evenly.
    """

    regime: str
    maps: int
    rho: float
    distance: float
    even: float


def likeness(regime: Regime) -> Likeness:
    """Return how near the estimate comes to the true map within 10 % of price."""
    rows = []
    for seed in SEEDS:
        world = simulate(
            symbol="BTC", start=END - timedelta(days=DAYS), end=END, seed=seed, regime=regime
        )
        truth = world.true_map()
        book = estimate_map(
            world.candles,
            float(world.open_interest.open_interest_usd[-1]),
            as_of=END,
            source="simulated market",
            method=Method.SIMULATED,
        )
        for side in Side:
            true, ours = _bins(truth, side), _bins(book, side)
            even = np.ones_like(true)
            rows.append(
                (
                    spearman(ours, true),
                    100 * earth_movers_distance(ours, true, BIN),
                    100 * earth_movers_distance(even, true, BIN),
                )
            )
    rho, distance, even = np.median(rows, axis=0).tolist()
    return Likeness(regime.value, len(rows), rho, distance, even)


def _bins(book: LiquidationMap, side: Side) -> FloatArray:
    """Return a side's mass in even bins outward from price."""
    sign = -1 if side is Side.LONG else 1
    edges = book.price * np.exp(sign * BIN * np.arange(1, round(REACH / BIN) + 1))
    return np.diff(intensities_to(book, edges), prepend=0)
