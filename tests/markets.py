"""Small markets whose figures can be worked out by hand, for tests of every room."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from composer.figures.compute import compute_figures
from composer.figures.levels import LevelPolicy
from composer.figures.report import Figures
from composer.market.records import (
    Candles,
    LiquidationMap,
    MarketSnapshot,
    Method,
    OpenInterest,
    to_ms,
)

AS_OF = datetime(2026, 6, 10, 8, 0, tzinfo=UTC)

Bin = tuple[float, float, float, float]

# (low, high, long_usd, short_usd) around a price of 90,131.71: the second sample post.
SAMPLE_2: Sequence[Bin] = (
    (86_137.0, 90_131.71, 1.563e9, 0.0),
    (90_131.71, 94_681.0, 0.0, 2.705e9),
)


def snapshot_of(
    bins: Sequence[Bin],
    *,
    price: float = 90_131.71,
    symbol: str = "BTC",
    source: str = "Coinglass",
    method: Method = Method.REPORTED,
    as_of: datetime = AS_OF,
    notes: tuple[str, ...] = (),
) -> MarketSnapshot:
    """Return a snapshot that holds just this map."""
    low, high, long_usd, short_usd = (np.array(column) for column in zip(*bins, strict=True))
    return MarketSnapshot(
        symbol=symbol,
        price=price,
        as_of=as_of,
        fetched_at=as_of,
        source=source,
        venues=(source,),
        simulated=method is Method.SIMULATED,
        liquidation_map=LiquidationMap(
            symbol=symbol,
            price=price,
            as_of=as_of,
            source=source,
            method=method,
            low=low,
            high=high,
            long_usd=long_usd,
            short_usd=short_usd,
        ),
        notes=notes,
    )


def figures_of(
    bins: Sequence[Bin], *, levels: str = "explicit:86137,94681", price: float = 90_131.71
) -> Figures:
    """Return the figures of just this map."""
    return compute_figures(snapshot_of(bins, price=price), levels=LevelPolicy.parse(levels))


def even_bins(long_usd: float, short_usd: float, *, price: float = 90_000.0) -> list[Bin]:
    """Return one even bin of 10 % on each side of the price."""
    return [
        (price * 0.9, price, long_usd, 0.0),
        (price, price * 1.1, 0.0, short_usd),
    ]


def trading_snapshot(*, method_simulated: bool = False, days: int = 9) -> MarketSnapshot:
    """Return hourly candles with open interest: a slow wave around 90,000, ending AS_OF."""
    hours = np.arange(24.0 * days)
    close = np.asarray(90_000 + 1_500 * np.sin(hours / 17) + 4 * hours, dtype=np.float64)
    open_ = np.concatenate([[90_000.0], close[:-1]])
    interval = timedelta(hours=1)
    open_ms = to_ms(AS_OF - interval * len(hours)) + np.arange(len(hours)) * 3_600_000
    candles = Candles(
        symbol="BTC",
        venue="Binance",
        interval=interval,
        open_ms=open_ms,
        open=open_,
        high=np.maximum(open_, close) + 120,
        low=np.minimum(open_, close) - 120,
        close=close,
        turnover_usd=np.full(len(hours), 4e8),
    )
    interest = OpenInterest(
        symbol="BTC",
        venues=("Binance",),
        stamp_ms=open_ms + 3_600_000,
        open_interest_usd=np.asarray(8e9 + 1e7 * hours, dtype=np.float64),
    )
    return MarketSnapshot(
        symbol="BTC",
        price=float(close[-1]),
        as_of=AS_OF,
        fetched_at=AS_OF,
        source="simulated market" if method_simulated else "Binance",
        venues=("Binance",),
        simulated=method_simulated,
        candles=candles,
        open_interest=interest,
        funding_rate=0.0001,
    )
