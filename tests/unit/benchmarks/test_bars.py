from datetime import timedelta

import numpy as np
import pytest

from benchmarks.accuracy.bars import coarser, size_ratios
from benchmarks.accuracy.recorded import FIVE_MINUTES, SHELF
from composer.market.records import Candles


def test_only_whole_bars_are_merged() -> None:
    prices = np.array([1.0, 2, 3, 4, 5, 6, 7])
    fine = Candles(
        symbol="BTC",
        venue="Binance",
        interval=timedelta(minutes=5),
        open_ms=300_000 * np.arange(2, 9),  # from 00:10: the first quarter is not whole
        open=prices,
        high=prices + 0.5,
        low=prices - 0.5,
        close=prices + 0.25,
    )
    merged = coarser(fine, 15)
    assert merged.open_ms.tolist() == [900_000, 1_800_000]
    assert merged.open.tolist() == [2, 5]
    assert merged.high.tolist() == [4.5, 7.5]
    assert merged.low.tolist() == [1.5, 4.5]
    assert merged.close.tolist() == [4.25, 7.25]


@pytest.mark.skipif(
    not (SHELF / FIVE_MINUTES).is_file(),
    reason="the recorded market files are not beside this checkout",
)
@pytest.mark.parametrize("minutes", [15, 60])
def test_coarser_bars_give_the_same_sizes(minutes: int) -> None:
    assert size_ratios(minutes) == pytest.approx([1, 1], abs=0.05)
