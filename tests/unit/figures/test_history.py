from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from composer.errors import FiguresError
from composer.figures.history import coarsen, join
from composer.market.records import Candles

MakeCandles = Callable[..., Candles]

HOUR = timedelta(hours=1)
FIVE_MINUTES = timedelta(minutes=5)
ROW = (100, 101, 99, 100)
HOUR_MS = 3_600_000


def shifted(candles: Candles, hours: float) -> Candles:
    return replace(candles, open_ms=candles.open_ms + round(hours * HOUR_MS))


def test_one_record_is_its_own_history(make_candles: MakeCandles) -> None:
    candles = make_candles([ROW] * 3, turnover_usd=[1, 2, 3])
    history = join(candles)
    assert history.flow.tolist() == [1, 2, 3]
    assert history.hours.tolist() == [1, 1, 1]
    np.testing.assert_array_equal(history.known_ms, candles.known_ms)


def test_fine_bars_replace_the_coarse_ones_they_cover(make_candles: MakeCandles) -> None:
    coarse = make_candles([ROW] * 10)
    fine = make_candles([(100, 105, 95, 102)] * 24, interval=FIVE_MINUTES)  # the last two hours
    history = join([coarse, fine])
    assert history.hours.tolist() == [1.0] * 8 + [1 / 12] * 24
    assert np.all(np.diff(history.known_ms) > 0)
    assert history.known_ms[-1] == fine.known_ms[-1]
    np.testing.assert_array_equal(history.open_ms[1:], history.known_ms[:-1])


def test_a_coarse_bar_reaching_into_the_fine_ones_is_kept(make_candles: MakeCandles) -> None:
    # Fine bars begin 20 minutes into an hour: the hour is kept whole, 8 fine bars go.
    coarse = make_candles([ROW] * 10)
    fine = make_candles([ROW] * 20, interval=FIVE_MINUTES)
    history = join([fine, coarse])
    assert history.hours.tolist() == [1.0] * 9 + [1 / 12] * 12
    np.testing.assert_array_equal(history.open_ms[1:], history.known_ms[:-1])


def test_coarse_bars_after_the_fine_ones_count(make_candles: MakeCandles) -> None:
    coarse = make_candles([ROW] * 4)
    fine = shifted(make_candles([ROW] * 12, interval=FIVE_MINUTES), -2)
    history = join([coarse, fine])
    assert history.hours.tolist() == [1.0] + [1 / 12] * 12 + [1.0, 1.0]
    assert history.known_ms[-1] == coarse.known_ms[-1]


def test_turnover_needs_every_record_and_one_venue(make_candles: MakeCandles) -> None:
    coarse = make_candles([ROW] * 3, turnover_usd=[12, 12, 12])
    fine = make_candles([ROW] * 12, interval=FIVE_MINUTES, turnover_usd=[1] * 12)
    assert join([coarse, fine]).flow.tolist() == [12, 12] + [1] * 12
    for other in (replace(fine, turnover_usd=None), replace(fine, venue="Bybit")):
        # range 2 / 100 times the root of the hours: .02 and .02 x (1/12)^.5 = .00577350
        np.testing.assert_allclose(join([coarse, other]).flow, [0.02] * 2 + [0.0057735027] * 12)


def test_memory_keeps_what_begins_within_it(make_candles: MakeCandles) -> None:
    candles = make_candles([ROW] * 10)
    assert len(join(candles, timedelta(hours=4)).close) == 4
    assert len(join(candles, timedelta(minutes=1)).close) == 1
    assert len(join(candles, timedelta(days=9)).close) == 10


def test_bars_that_open_nothing_count_alike(make_candles: MakeCandles) -> None:
    assert join(make_candles([(100,) * 4] * 3)).flow.tolist() == [1, 1, 1]


def test_other_symbols_and_none_are_refused(make_candles: MakeCandles) -> None:
    candles = make_candles([ROW])
    with pytest.raises(FiguresError, match="one symbol"):
        join([candles, replace(candles, symbol="ETH")])
    with pytest.raises(FiguresError, match="one symbol"):
        join([])


def test_minutes_older_than_a_week_are_merged_by_the_hour(make_candles: MakeCandles) -> None:
    # 8 days of 5-minute bars: the first day becomes 24 hours, a week of 7 x 288 bars stays
    rows = [(100, 101 + i % 12, 99 - i % 12, 100 + i % 12 / 2) for i in range(8 * 288)]
    candles = make_candles(rows, interval=FIVE_MINUTES, turnover_usd=[2.0] * len(rows))
    fine = join(candles)
    merged = coarsen(fine)
    assert merged.hours.tolist() == pytest.approx([1.0] * 24 + [1 / 12] * 7 * 288)
    assert merged.flow.tolist() == [24.0] * 24 + [2.0] * 7 * 288
    assert set(merged.high[:24]) == {112.0}
    assert set(merged.low[:24]) == {88.0}
    assert set(merged.close[:24]) == {105.5}
    np.testing.assert_array_equal(merged.open_ms[1:], merged.known_ms[:-1])
    np.testing.assert_array_equal(merged.close[24:], fine.close[288:])


def test_hours_and_short_histories_stay_as_they_are(make_candles: MakeCandles) -> None:
    for candles in (
        make_candles([ROW] * 400),
        make_candles([ROW] * 400, interval=FIVE_MINUTES),
    ):
        history = join(candles)
        assert coarsen(history) is history


def test_a_gap_among_old_minutes_leaves_no_bar(make_candles: MakeCandles) -> None:
    candles = make_candles([ROW] * (8 * 288), interval=FIVE_MINUTES)
    # from 03:00 to 05:30 of the first day nothing was recorded
    kept = np.delete(np.arange(len(candles)), np.arange(36, 66))
    holed = replace(
        candles,
        **{name: getattr(candles, name)[kept] for name in ("open_ms", "open", "high", "low")},
        close=candles.close[kept],
    )
    assert coarsen(join(holed)).hours[:22].tolist() == pytest.approx([1.0] * 3 + [0.5] + [1.0] * 18)
