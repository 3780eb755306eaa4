# ruff: noqa: D100 - a script whose printed line says what it measures

import time
from datetime import UTC, datetime, timedelta

from composer.market.simulator import simulate

start = datetime(2026, 10, 1, tzinfo=UTC)
begun = time.perf_counter()
world = simulate(symbol="BTC", start=start, end=start + timedelta(days=30), seed=1)
simulated = time.perf_counter() - begun

candles, fills = world.candles, world.liquidations
outputs = (
    *(candles.open, candles.high, candles.low, candles.close, candles.turnover_usd),
    *(world.open_interest.open_interest_usd, fills.long_usd, fills.short_usd),
)
begun = time.perf_counter()
for array in outputs:
    if array is not None:
        array.sum()
summed = time.perf_counter() - begun

print(
    f"simulator: 30 days of 5-minute bars in {simulated:.2f} s, "
    f"{simulated / summed:,.0f} times one sum over its output"
)
