import math
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from composer.figures.windows import (
    DAY,
    average_true_range,
    change,
    days_unmatched,
    extremes,
    last,
    mean_per_day,
    rank,
    total,
    volatility,
)
from composer.market.records import Candles

MakeCandles = Callable[..., Candles]

HOUR = timedelta(hours=1)
HOUR_MS = 3_600_000


def test_a_stretch_is_covered_or_not_known() -> None:
    open_ms = np.arange(24) * HOUR_MS
    inside = last(open_ms, HOUR, DAY)
    assert inside is not None
    assert inside.all()
    assert last(open_ms[1:], HOUR, DAY) is None
    assert last(open_ms[:0], HOUR, DAY) is None
    # 22 of 24 bars are 0.917 of the day, 23 are 0.958
    assert last(np.delete(open_ms, [5, 6]), HOUR, DAY) is None
    assert last(np.delete(open_ms, 5), HOUR, DAY) is not None
    # a beginning that is one bar late is 0.042 of the day late
    assert last(open_ms[1:], HOUR, DAY, late=0.05) is not None


def test_a_sum_needs_a_series_that_goes_on_to_now() -> None:
    open_ms, values = np.arange(48) * HOUR_MS, np.arange(48.0)
    end_ms = 48 * HOUR_MS
    # 24 + 25 + … + 47 = 24 x 35.5
    assert total(open_ms, HOUR, values, DAY, end_ms=end_ms) == 852
    assert total(open_ms, HOUR, values, DAY, end_ms=end_ms + 2 * HOUR_MS) == 852
    assert total(open_ms, HOUR, values, DAY, end_ms=end_ms + 3 * HOUR_MS) is None


def test_extremes_are_those_of_every_grid(make_candles: MakeCandles) -> None:
    coarse = make_candles([(100, 104, 97, 100)] * 24)
    fine = make_candles([(100, 107, 99, 100)] * 6, interval=timedelta(minutes=5))
    assert extremes([fine, coarse], DAY) == (107, 97)
    assert extremes([fine], DAY) is None


def test_change_takes_the_value_nearest_to_the_moment() -> None:
    stamps = np.array([0, 23, 25, 48]) * HOUR_MS
    series = [(stamps, np.array([50.0, 80, 90, 100]))]
    # 24 h before 48 is 24: as near to 23 as to 25, the earlier one counts
    assert change(series, DAY) == pytest.approx(0.25)
    assert change(series, 2 * DAY) == pytest.approx(1)
    assert change(series, 3 * DAY) is None
    assert change([], DAY) is None


def test_change_finds_the_older_value_in_another_grid() -> None:
    fine = (np.array([47, 48]) * HOUR_MS, np.array([110.0, 120]))
    coarse = (np.array([0, 24]) * HOUR_MS, np.array([50.0, 100]))
    assert change([fine, coarse], DAY) == pytest.approx(0.2)


def test_mean_turnover_is_that_of_the_days_there_are(make_candles: MakeCandles) -> None:
    days = make_candles([(1, 1, 1, 1)] * 30, interval=DAY, turnover_usd=list(range(1, 31)))
    assert mean_per_day([days], 30 * DAY) == 15.5
    assert mean_per_day([make_candles([(1, 1, 1, 1)] * 30, interval=DAY)], 30 * DAY) is None
    assert mean_per_day([days], 60 * DAY) is None


def test_volatility_is_that_of_hourly_returns(make_candles: MakeCandles) -> None:
    """Two closes per hour; the full hours alternate between 100 and 100e."""
    e = math.e
    closes = [100.0, 300, 100 * e, 300] * 12
    rows = [(close, close, close, close) for close in closes]
    bars = make_candles(rows, interval=timedelta(minutes=30))
    # closes 30 min apart from the last: 300 each hour is constant, so nothing moves
    assert volatility([bars], DAY) == 0
    hours = make_candles([(c, c, c, c) for c in [100, 100 * e] * 12])
    # 23 returns, 12 of +1 and 11 of -1: mean 1/23, variance (23 - 1/23) / 22 = 24/23;
    # a year has 8,760 hours
    assert volatility([hours], DAY) == pytest.approx(math.sqrt(24 / 23 * 8_760))
    assert volatility([hours], 2 * DAY) is None


def test_true_range_counts_from_the_close_before(make_candles: MakeCandles) -> None:
    rows = [(100, 103, 99, 100), (105, 106, 104, 105), (101, 102, 100, 101)]
    rows += [(101, 102, 100, 101)] * 2
    found = average_true_range([make_candles(rows, interval=DAY)])
    # 103-99 = 4 · 106-100 = 6, from the close 100 · 105-100 = 5, from the close 105 · 2 · 2
    assert found is not None
    assert found == pytest.approx((19 / 5, 5))
    assert average_true_range([make_candles(rows[1:], interval=DAY)]) is None


def test_true_range_is_of_two_weeks_at_most(make_candles: MakeCandles) -> None:
    hours = make_candles([(100, 101, 99, 100)] * 24 * 20)
    week = make_candles([(100, 107, 99, 100)] * 24 * 7)
    assert average_true_range([week, hours]) == (2, 14)
    assert average_true_range([week]) == (8, 7)
    assert average_true_range([]) is None


def test_rank_counts_equals_half() -> None:
    assert rank(np.array([1.0, 2, 3, 4])) == 1
    assert rank(np.array([2.0, 2, 2])) == 0.5
    assert rank(np.array([1.0, 3, 2])) == 0.5
    assert rank(np.array([2.0, 3, 1])) == 0
    assert rank(np.array([1.0])) is None


def test_days_without_a_value_as_high() -> None:
    stamps = np.arange(5) * 24 * HOUR_MS
    assert days_unmatched(stamps, np.array([5.0, 9, 3, 4, 8])) == 3  # since the second
    assert days_unmatched(stamps, np.array([5.0, 7, 3, 4, 8])) == 4  # in all there is
    assert days_unmatched(stamps, np.array([5.0, 9, 3, 8, 8])) == 1
    assert days_unmatched(stamps // 2, np.array([5.0, 9, 3, 8, 8])) is None
