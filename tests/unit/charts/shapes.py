"""Figures of charts, made by hand: no computing module has a part in them."""

from datetime import UTC, datetime

import numpy as np

from composer.figures.context import Context
from composer.figures.report import (
    Cluster,
    Direction,
    EqualNotional,
    Figures,
    Level,
    NextCluster,
    Outlook,
    Totals,
)
from composer.market.records import LiquidationMap, Method, Side

AS_OF = datetime(2026, 1, 20, 8, tzinfo=UTC)
BINS = 240


def make_figures(
    *,
    price: float = 90_409,
    lower: float = 86_137,
    upper: float = 94_681,
    long_usd: float = 4e6,
    short_usd: float = 12e6,
    next_upper: float | None = None,
    clusters: tuple[Cluster, ...] = (),
    symbol: str = "BTC",
) -> Figures:
    """Return figures over a map that is flat on each side, within 12 % of `price`.

    `long_usd` and `short_usd` are the intensity per bin, 0.1 % of price wide.
    """
    edges = price * np.linspace(0.88, 1.12, BINS + 1)
    below = np.arange(BINS) < BINS // 2
    map_ = LiquidationMap(
        symbol=symbol,
        price=price,
        as_of=AS_OF,
        source="test",
        method=Method.ESTIMATED,
        low=edges[:-1],
        high=edges[1:],
        long_usd=np.where(below, long_usd, 0),
        short_usd=np.where(below, 0, short_usd),
    )

    def level(at: float, per_bin: float) -> Level:
        distance = abs(at / price - 1)
        return Level(
            level=at,
            intensity_usd=min(distance, 0.12) / 0.001 * per_bin,
            distance_usd=abs(at - price),
            distance=distance,
        )

    return Figures(
        symbol=symbol,
        price=price,
        as_of=AS_OF,
        source="test",
        method=Method.ESTIMATED,
        upper=level(upper, short_usd),
        lower=level(lower, long_usd),
        ratio=None,
        heavier_side=None,
        skew=0.0,
        equal_notional=EqualNotional(notional_usd=1, up_usd=None, down_usd=None, ratio=None),
        clusters=clusters,
        next_lower=None,
        next_upper=None if next_upper is None else NextCluster(level=next_upper, notional_usd=1e8),
        totals=Totals(long_usd=1, short_usd=1, within=0.05),
        range_7d=None,
        outlook=Outlook(direction=Direction.BALANCED, strength=None),
        context=Context(),
        liquidation_map=map_,
    )


def make_cluster(side: Side, low: float, high: float) -> Cluster:
    """Return a cluster from `low` to `high`."""
    peak = (low + high) / 2
    return Cluster(side=side, low=low, peak=peak, high=high, notional_usd=3e8, distance=0.04)


SHAPES = {
    "short_heavy": make_figures(),
    "long_heavy": make_figures(long_usd=9e6, short_usd=1e6),
    "flat": make_figures(long_usd=0, short_usd=0),
    "levels_at_the_price": make_figures(lower=90_300, upper=90_500),
    "one_far_level": make_figures(lower=60_000, upper=90_500),
    "level_twice_the_price": make_figures(lower=90_000, upper=200_000),
    "next_cluster": make_figures(next_upper=99_000),
    "clusters": make_figures(
        clusters=(
            make_cluster(Side.LONG, 60_000, 61_000),
            make_cluster(Side.LONG, 86_200, 87_300),
            make_cluster(Side.SHORT, 93_500, 94_500),
        )
    ),
    "tiny_price": make_figures(price=0.1834, lower=0.18, upper=0.187, symbol="DOGE"),
}
