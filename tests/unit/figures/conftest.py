from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from composer.market.records import Candles, LiquidationMap, Method

AS_OF = datetime(2026, 1, 10, 8, tzinfo=UTC)

Bin = tuple[float, float, float, float]
MakeBook = Callable[..., LiquidationMap]
MakeCandles = Callable[..., Candles]


@pytest.fixture(scope="session")
def make_book() -> MakeBook:
    """Build a map from (low, high, long_usd, short_usd) bins around a price."""

    def make(price: float, *bins: Bin) -> LiquidationMap:
        low, high, long_usd, short_usd = np.array(sorted(bins), dtype=float).T
        return LiquidationMap(
            symbol="BTC",
            price=price,
            as_of=AS_OF,
            source="Coinglass",
            method=Method.REPORTED,
            low=low,
            high=high,
            long_usd=long_usd,
            short_usd=short_usd,
        )

    return make


@pytest.fixture(scope="session")
def make_candles() -> MakeCandles:
    """Build bars from (open, high, low, close) rows, the last one known at AS_OF."""

    def make(
        rows: list[tuple[float, float, float, float]],
        *,
        interval: timedelta = timedelta(hours=1),
        turnover_usd: list[float] | None = None,
    ) -> Candles:
        step = round(interval.total_seconds() * 1000)
        end = round(AS_OF.timestamp() * 1000)
        bars = np.array(rows, dtype=float)
        return Candles(
            symbol="BTC",
            venue="Binance",
            interval=interval,
            open_ms=end - step * np.arange(len(rows), 0, -1),
            open=bars[:, 0],
            high=bars[:, 1],
            low=bars[:, 2],
            close=bars[:, 3],
            turnover_usd=None if turnover_usd is None else np.array(turnover_usd),
        )

    return make
