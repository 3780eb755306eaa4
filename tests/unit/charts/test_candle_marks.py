"""Candles are merged bars, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.charts.candle_marks import SLOT, WEEK, recent_candles
from composer.market.records import Candles, MarketSnapshot, to_ms
from tests.markets import SAMPLE_2, snapshot_of
from tests.unit.charts.shapes import AS_OF, make_market

HOUR_MS = 3_600_000


def bars(interval: timedelta, count: int, *, end_ms: int = to_ms(AS_OF)) -> Candles:
    """Return bars that end at a moment and rise by a dollar each."""
    step = interval // timedelta(milliseconds=1)
    opening = 100 + np.arange(count, dtype=np.float64)
    return Candles(
        symbol="BTC",
        venue="test",
        interval=interval,
        open_ms=end_ms - step * np.arange(count, 0, -1),
        open=opening,
        high=opening + 2,
        low=opening - 1,
        close=opening + 1,
    )


def market(*grids: Candles) -> MarketSnapshot:
    return replace(make_market(price=100, symbol="BTC"), candles=grids[0], other_candles=grids[1:])


def test_bars_are_merged_into_whole_hours_worked_by_hand() -> None:
    # 48 bars of 5 minutes are four hours; 4 slots leave room for hours only.
    found = recent_candles(market(bars(timedelta(minutes=5), 48)), 4 * SLOT)
    assert found is not None
    assert found.interval == timedelta(hours=1)
    assert (found.open_ms % HOUR_MS).tolist() == [0] * 4
    assert found.open.tolist() == [100, 112, 124, 136]
    assert found.high.tolist() == [113, 125, 137, 149]
    assert found.low.tolist() == [99, 111, 123, 135]
    assert found.close.tolist() == [112, 124, 136, 148]


def test_bars_are_never_split() -> None:
    found = recent_candles(market(bars(timedelta(hours=4), 10)), 1000 * SLOT)
    assert found is not None
    assert (found.interval, len(found)) == (timedelta(hours=4), 10)


def test_a_single_bar_off_the_hour_is_a_candle() -> None:
    lone = bars(timedelta(hours=1), 1, end_ms=to_ms(AS_OF) + HOUR_MS // 2)
    found = recent_candles(market(lone), 600)
    assert found is not None
    assert found.close.tolist() == [101]


def test_where_bars_are_missing_there_is_no_candle() -> None:
    whole = bars(timedelta(hours=1), 24)
    kept = np.r_[0:6, 12:24]
    gap = replace(
        whole,
        **{
            name: getattr(whole, name)[kept] for name in ("open_ms", "open", "high", "low", "close")
        },
    )
    found = recent_candles(market(gap), 100 * SLOT)
    assert found is not None
    assert found.open_ms.tolist() == gap.open_ms.tolist()


def test_finer_bars_tell_the_last_hours_and_coarser_ones_the_days_before() -> None:
    fine, coarse = bars(timedelta(minutes=5), 24), bars(timedelta(hours=1), 200)
    found = recent_candles(market(coarse, fine), 200 * SLOT)
    assert found is not None
    assert found.interval == timedelta(hours=1)
    # Of two that tell an hour whole the finer counts: 24 bars are the last two hours.
    assert found.close[-2:].tolist() == [112, 124]
    assert found.close[-3] == coarse.close[-3]
    assert len(found) == WEEK // timedelta(hours=1)


def test_a_market_without_candles_has_none() -> None:
    assert recent_candles(snapshot_of(SAMPLE_2), 600) is None


@given(st.sampled_from([1, 5, 15, 60, 240]), st.integers(1, 3000), st.integers(20, 900))
def test_there_are_never_more_than_have_room_nor_prices_that_were_not(
    minutes: int, count: int, width: int
) -> None:
    source = bars(timedelta(minutes=minutes), count)
    found = recent_candles(market(source), width)
    assert found is not None
    assert len(found) <= max(width / SLOT, 7) + 1
    assert found.high.max() <= source.high.max()
    assert found.low.min() >= source.low.min()
    assert found.close[-1] == pytest.approx(source.close[-1])
