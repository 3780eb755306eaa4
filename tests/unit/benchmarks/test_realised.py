from datetime import timedelta

import numpy as np
import pytest

from benchmarks.accuracy.realised import HISTORY_HOURS, blocks_of, correlations
from benchmarks.accuracy.recorded import HOUR_MS, Realised
from composer.market.records import Candles

BARS = HISTORY_HOURS + 60


def recorded(every_hours: int = 1) -> Realised:
    """Return a seeded walk in which one side's liquidations follow its range."""
    rng = np.random.default_rng(5)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.005, BARS)))
    high, low = close * 1.004, close * 0.996
    candles = Candles(
        symbol="BTC",
        venue="recorded",
        interval=timedelta(hours=1),
        open_ms=HOUR_MS * np.arange(BARS),
        open=close,
        high=high,
        low=low,
        close=close,
        turnover_usd=np.ones(BARS),
    )
    return Realised(
        name="T",
        every_hours=every_hours,
        candles=candles,
        open_interest_usd=np.linspace(1e9, 2e9, BARS),
        long_usd=rng.uniform(1e5, 1e6, BARS),
        short_usd=rng.uniform(1e5, 1e6, BARS),
    )


def test_a_block_starts_wherever_it_is_recorded_whole() -> None:
    data = recorded()
    data.long_usd[HISTORY_HOURS + 30] = np.nan
    blocks = blocks_of(data, 4)
    starts = np.arange(HISTORY_HOURS, BARS - 3)
    missing = (starts > HISTORY_HOURS + 26) & (starts <= HISTORY_HOURS + 30)
    assert blocks.bar.tolist() == starts[~missing].tolist()
    first = blocks.bar[0]
    assert blocks.long_usd[0] == pytest.approx(data.long_usd[first : first + 4].sum())
    assert blocks.low[0] == data.candles.low[first : first + 4].min()
    assert blocks.price[0] == data.candles.close[first - 1]
    assert blocks.open_interest_usd[0] == data.open_interest_usd[first - 1]


def test_blocks_start_where_four_hourly_values_do() -> None:
    blocks = blocks_of(recorded(every_hours=4), 12)
    assert np.all(np.diff(blocks.bar) == 4)
    assert np.all(blocks.bar % 4 == 0)


def test_a_map_that_knows_is_fully_right_and_the_range_knows_nothing_of_itself() -> None:
    blocks = blocks_of(recorded(), 4)
    rows = np.arange(len(blocks.bar))
    truth = np.stack([blocks.long_usd, blocks.short_usd])
    assert correlations(blocks, truth, rows) == pytest.approx([1, 1, 1], abs=1e-2)
    assert correlations(blocks, truth[::-1], rows)[2] == pytest.approx(-1, abs=1e-2)
    # the size of the range is a control, so nothing of it is left
    assert correlations(blocks, blocks.ranges, rows)[1] == pytest.approx(0, abs=1e-9)
