"""Scenes of charts, made by hand: no computing module has a part in them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from composer.charts.scene import Scene
from composer.figures.context import Context
from composer.figures.report import (
    Cluster,
    Direction,
    EqualDistance,
    EqualNotional,
    Figures,
    Level,
    NextCluster,
    Outlook,
    Totals,
)
from composer.market.records import (
    Candles,
    FundingRates,
    LiquidationMap,
    MarketSnapshot,
    Method,
    OpenInterest,
    Side,
    to_ms,
)

AS_OF = datetime(2026, 1, 20, 8, tzinfo=UTC)
BINS = 240


def make_figures(  # noqa: PLR0913 - each is a shape
    *,
    price: float = 90_409,
    lower: float = 86_137,
    upper: float = 94_681,
    long_usd: float = 4e6,
    short_usd: float = 12e6,
    next_upper: float | None = None,
    clusters: tuple[Cluster, ...] = (),
    symbol: str = "BTC",
    notional_usd: float | None = None,
) -> Figures:
    """Return figures over a map that is flat on each side, within 12 % of `price`.

    `long_usd` and `short_usd` are the intensity per bin, 0.1 % of price wide. The notional
    both sides are measured by is that of the smaller one within 5 %, unless it is given.
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

    notional = 50 * min(long_usd, short_usd) if notional_usd is None else notional_usd
    up, down = (
        notional / per_bin * 0.001 if 0 < notional <= 120 * per_bin else None
        for per_bin in (short_usd, long_usd)
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
        equal_notional=EqualNotional(
            notional_usd=notional,
            up_usd=None if up is None else up * price,
            down_usd=None if down is None else down * price,
            ratio=None,
        ),
        equal_distance=EqualDistance(up_distance=up, down_distance=down),
        clusters=clusters,
        next_lower=None,
        next_upper=None if next_upper is None else NextCluster(level=next_upper, notional_usd=1e8),
        totals=Totals(long_usd=1, short_usd=1, within=0.05),
        range_7d=None,
        outlook=Outlook(direction=Direction.BALANCED, strength=None),
        context=Context(
            open_interest_usd=10.4e9,
            open_interest_change_24h=-0.0316,
            price_change_24h=0.0421,
            funding_rate=0.0001,
        ),
        liquidation_map=map_,
    )


def make_cluster(side: Side, low: float, high: float, notional_usd: float = 3e8) -> Cluster:
    """Return a cluster from `low` to `high`."""
    peak = (low + high) / 2
    return Cluster(
        side=side, low=low, peak=peak, high=high, notional_usd=notional_usd, distance=0.04
    )


def make_market(*, price: float, symbol: str, days: int = 10) -> MarketSnapshot:
    """Return a market of hourly bars that wave around `price` and end on it, with open interest."""
    hour, hours = timedelta(hours=1), np.arange(24.0 * days + 1)
    path = price * (1 + 0.03 * np.sin((hours - hours[-1]) / 19))
    open_ms = to_ms(AS_OF - days * 24 * hour) + (hours[:-1] * 3_600_000).astype(np.int64)
    candles = Candles(
        symbol=symbol,
        venue="Binance",
        interval=hour,
        open_ms=open_ms,
        open=path[:-1],
        high=np.maximum(path[:-1], path[1:]) * 1.001,
        low=np.minimum(path[:-1], path[1:]) * 0.999,
        close=path[1:],
        turnover_usd=np.full(len(open_ms), 4e8),
    )
    interest = OpenInterest(
        symbol=symbol,
        venues=("Binance",),
        stamp_ms=open_ms + 3_600_000,
        open_interest_usd=8e9 + 1e7 * hours[1:],
    )
    return MarketSnapshot(
        symbol=symbol,
        price=price,
        as_of=AS_OF,
        fetched_at=AS_OF,
        source="test",
        venues=("Binance",),
        candles=candles,
        open_interest=interest,
        funding_rate=0.0001,
        funding_rates=FundingRates(
            symbol=symbol,
            stamp_ms=open_ms + 3_600_000,
            rate=0.00004 + 0.0001 * np.sin(hours[1:] / 13),
        ),
    )


def make_scene(figures: Figures, market: MarketSnapshot | None = None) -> Scene:
    """Return figures in a market that ends on their price, or in another."""
    return Scene(
        figures=figures,
        market=market or make_market(price=figures.price, symbol=figures.symbol),
    )


def anew(scene: Scene) -> Scene:
    """Return an equal scene that is another: nothing kept of the first one serves it."""
    return replace(scene, figures=replace(scene.figures))


SHAPES = {
    "short_heavy": make_scene(make_figures()),
    "long_heavy": make_scene(make_figures(long_usd=9e6, short_usd=1e6)),
    "flat": make_scene(make_figures(long_usd=0, short_usd=0)),
    "levels_at_the_price": make_scene(make_figures(lower=90_300, upper=90_500)),
    "one_far_level": make_scene(make_figures(lower=60_000, upper=90_500)),
    "level_twice_the_price": make_scene(make_figures(lower=90_000, upper=200_000)),
    "next_cluster": make_scene(make_figures(next_upper=99_000)),
    "clusters": make_scene(
        make_figures(
            clusters=(
                make_cluster(Side.LONG, 60_000, 61_000),
                make_cluster(Side.LONG, 86_200, 87_300),
                make_cluster(Side.SHORT, 93_500, 94_500),
            )
        )
    ),
    "crowded": make_scene(
        make_figures(
            lower=90_000,
            upper=90_500,
            next_upper=91_650,
            clusters=(
                *(
                    make_cluster(Side.LONG, at, at + 100, at * 1e4)
                    for at in (89_000, 89_200, 89_500)
                ),
                *(
                    make_cluster(Side.SHORT, at, at + 100, at * 1e4)
                    for at in (91_000, 91_300, 91_600)
                ),
            ),
        )
    ),
    "shorts_never_meet": make_scene(make_figures(short_usd=3e6, notional_usd=4.5e8)),
    "tiny_price": make_scene(make_figures(price=0.1834, lower=0.18, upper=0.187, symbol="DOGE")),
}
