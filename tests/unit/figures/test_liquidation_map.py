import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import FiguresError
from composer.figures.imbalance import intensities_to, intensity_to, skew
from composer.figures.liquidation_map import BACKGROUND, estimate_map
from composer.market.records import Candles, LiquidationMap, Method

MakeCandles = Callable[..., Candles]
Row = tuple[float, float, float, float]

OI = 1e9
FLAT: Row = (100, 100, 100, 100)


def estimate(candles: Candles, open_interest_usd: float = OI) -> LiquidationMap:
    return estimate_map(
        candles,
        open_interest_usd,
        as_of=datetime(2026, 1, 10, 8, tzinfo=UTC),
        source="Binance",
        method=Method.ESTIMATED,
    )


def between(book: LiquidationMap, low: float, high: float) -> float:
    """Intensity between two levels on one side, without the background, in units of OI."""
    mass = abs(intensity_to(book, low) - intensity_to(book, high))
    return mass / OI - BACKGROUND * math.log(high / low)


def walk(bars: int, seed: int = 7, drift: float = 0.0) -> list[Row]:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(drift, 0.004, bars)))
    open_ = np.append(100, close[:-1])
    spread = np.exp(np.abs(rng.normal(0, 0.002, bars)))
    high, low = np.maximum(open_, close) * spread, np.minimum(open_, close) / spread
    return list(zip(open_.tolist(), high.tolist(), low.tolist(), close.tolist(), strict=True))


@pytest.mark.parametrize(
    ("low", "high", "weight"),
    [
        # A long's distance is d = 1 - (1 - 1/L) / 0.996: 33.066, 19.679, 9.639, 4.618,
        # 3.614, 1.606, 0.937, 0.602, 0.402 % for 3x to 125x. Half-way gaps of ln(d):
        # 3x ln(33.066 / 19.679) = 0.519; 5x ln(33.066 / 9.639) / 2 = 0.616; 10x 0.725;
        # 20x 0.490; 25x 0.528; 50x 0.675; 75x 0.490; 100x 0.424; 125x 0.405; sum 4.873.
        (66.80, 67.10, 0.519 / 4.873),  # 3x at 100 - 33.07
        (90.20, 90.50, 0.725 / 4.873),  # 10x at 90.36
        (98.20, 98.60, 0.675 / 4.873),  # 50x at 98.39
        (99.50, 99.70, 0.405 / 4.873),  # 125x at 99.60
        # A short's is (1 + 1/L) / 1.004 - 1: 9.562 % at 10x, the weights are the same.
        (109.40, 109.70, 0.725 / 4.873),
    ],
)
def test_one_price_book_by_hand(
    make_candles: MakeCandles, low: float, high: float, weight: float
) -> None:
    assert between(estimate(make_candles([FLAT])), low, high) == pytest.approx(weight, abs=2e-4)


def test_one_price_book_is_empty_up_to_the_highest_leverage(make_candles: MakeCandles) -> None:
    book = estimate(make_candles([FLAT]))
    # 125x: 1 - 0.992 / 0.996 = 0.4016 % and 1.008 / 1.004 - 1 = 0.3984 %
    assert between(book, 99.70, 100) == pytest.approx(0, abs=1e-6)
    assert between(book, 100, 100.30) == pytest.approx(0, abs=1e-6)


def test_entries_within_a_bar(make_candles: MakeCandles) -> None:
    # 90 to 110, closing at 100, 10x longs: d = 9.639 %. The eight entries are 100 (.225),
    # 110 and 90 (.1375 each) and 92, 96, 100, 104, 108 (.1 each). From the close nothing
    # is swept; 10x is alone with 20x (d = 4.618 %) at 81.0..81.7: only 90 x 0.90361 = 81.33.
    book = estimate(make_candles([(95, 110, 90, 100)]))
    # 20x and higher of the entries at 108 and 110 have their levels above 100 = dead:
    # 108 x (1 - 0.04618) = 103.0, 110 x 0.95382 = 104.9, 104 x 0.96386 (25x) = 100.2.
    # The entry at 104 keeps 20x (99.20), the one at 110 keeps 10x (99.40).
    weights = np.array([0.519, 0.616, 0.725, 0.490, 0.528, 0.675, 0.490, 0.424, 0.405]) / 4.873
    upto_10x, upto_20x = weights[:3].sum(), weights[:4].sum()
    # 90, 92, 96 and both at 100 live on whole: .1375 + .1 + .1 + .225 + .1
    live = 0.6625 + 0.1 * upto_20x + 0.1 * upto_10x + 0.1375 * upto_10x
    assert between(book, 81.2, 81.5) == pytest.approx(0.1375 * weights[2] / live, abs=2e-4)


def test_sweep_removes_what_price_has_reached(make_candles: MakeCandles) -> None:
    swept = estimate(make_candles([FLAT, (100, 100, 99, 100)], turnover_usd=[1, 0]))
    # longs at 99.60 (125x), 99.40 (100x), 99.06 (75x) are gone; 50x at 98.39 remains
    assert between(swept, 98.95, 100) == pytest.approx(0, abs=1e-6)
    # the rest is scaled to the open interest: 0.675 / (4.873 - 0.405 - 0.424 - 0.490);
    # what is left was opened an hour ago at every distance, so decay weighs a little
    assert between(swept, 98.2, 98.6) == pytest.approx(0.675 / 3.554, rel=0.02)
    # shorts were not touched: 125x at 100.40
    assert between(swept, 100.3, 100.5) == pytest.approx(0.405 / 4.873, rel=0.03)


def test_touching_a_level_is_enough(make_candles: MakeCandles) -> None:
    level = 100 * (1 - (1 - (1 - 1 / 125) / (1 - 0.004)))
    touched = estimate(make_candles([FLAT, (100, 100, level, 100)], turnover_usd=[1, 0]))
    assert between(touched, 99.5, 100) == pytest.approx(0, abs=1e-6)


def test_positions_halve_with_their_distance(make_candles: MakeCandles) -> None:
    # 10x longs: 48 h x 9.63855^0.75 = 48 x 5.4703 = 262.57 h; bars that far apart at 100
    # and 101 leave half as much at 90.361 as at 91.265.
    interval = timedelta(hours=48 * 9.63855421686747**0.75)
    candles = make_candles([FLAT, (101,) * 4], interval=interval, turnover_usd=[1, 1])
    book = estimate(candles)
    older, newer = between(book, 90.2, 90.5), between(book, 91.1, 91.4)
    assert older / newer == pytest.approx(0.5, rel=1e-3)


def test_agrees_with_a_book_kept_position_by_position(make_candles: MakeCandles) -> None:
    rows, turnover = walk(60), np.linspace(1, 3, 60).tolist()
    # liquidation distance and weight of each leverage, as in the one-price book
    leverages = np.array([3, 5, 10, 20, 25, 50, 75, 100, 125])
    below = 1 - (1 - 1 / leverages) / 0.996
    gaps = np.log(below[:-1] / below[1:])
    weights = np.concatenate([[gaps[0]], (gaps[:-1] + gaps[1:]) / 2, [gaps[-1]]])

    longs: list[tuple[float, float]] = []
    for bar, ((_, high, low, close), opened) in enumerate(zip(rows, turnover, strict=True)):
        lows = [row[2] for row in rows[bar + 1 :]]
        entries = [(close, 0.225), (high, 0.1375), (low, 0.1375)]
        entries += [(low + (high - low) * share, 0.1) for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
        for entry, part in entries:
            for distance, weight in zip(below, weights, strict=True):
                level = entry * (1 - distance)
                if level < close and all(level < reached for reached in lows):
                    age_hours = len(rows) - 1 - bar
                    left = 0.5 ** (age_hours / (48 * (100 * distance) ** 0.75))
                    longs.append((level, opened * part * weight * left))

    book = estimate(make_candles(rows, turnover_usd=turnover))
    total = sum(mass for _, mass in longs)
    for edge in book.low[book.low < book.price][::40]:
        expected = sum(mass for level, mass in longs if level >= edge) / total
        assert between(book, edge, book.price) == pytest.approx(expected, abs=1e-6)


def test_each_side_sums_to_open_interest_and_background(make_candles: MakeCandles) -> None:
    book = estimate(make_candles(walk(300)))
    for mass, span in (
        (book.long_usd.sum(), math.log(book.price / book.low[0])),
        (book.short_usd.sum(), math.log(book.high[-1] / book.price)),
    ):
        assert mass == pytest.approx(OI * (1 + BACKGROUND * span))
        assert mass <= OI * (1 + BACKGROUND)


def test_sides_meet_at_the_price(make_candles: MakeCandles) -> None:
    book = estimate(make_candles(walk(50)))
    below, above = book.long_usd > 0, book.short_usd > 0
    assert book.high[below].max() == book.low[above].min() == book.price
    assert not np.any(below & above)


def test_side_swept_whole_keeps_the_background(make_candles: MakeCandles) -> None:
    book = estimate(make_candles([FLAT, (100, 100, 50, 60)], turnover_usd=[1, 0]))
    assert book.long_usd.sum() == pytest.approx(
        OI * BACKGROUND * math.log(book.price / book.low[0])
    )


@pytest.mark.parametrize("scale", [2.0**-30, 1e-7, 1000.0])
def test_price_scale_does_not_matter(make_candles: MakeCandles, scale: float) -> None:
    rows = walk(200)
    book = estimate(make_candles(rows))
    scaled = estimate(
        make_candles([(scale * o, scale * h, scale * lo, scale * c) for o, h, lo, c in rows])
    )
    levels = book.price * np.array([0.7, 0.9, 0.95, 0.99, 1.01, 1.05, 1.1, 1.3])
    # a level at a bucket's edge may fall into the next one by rounding
    np.testing.assert_allclose(
        intensities_to(scaled, scale * levels), intensities_to(book, levels), rtol=1e-3
    )


def test_sizes_follow_open_interest_and_not_turnover(make_candles: MakeCandles) -> None:
    rows, turnover = walk(100), np.linspace(1, 9, 100)
    book = estimate(make_candles(rows, turnover_usd=turnover.tolist()))
    larger = estimate(make_candles(rows, turnover_usd=(1e6 * turnover).tolist()), 7 * OI)
    np.testing.assert_allclose(larger.long_usd, 7 * book.long_usd)
    np.testing.assert_allclose(larger.short_usd, 7 * book.short_usd)


def test_doji_bars_open_nothing_where_range_stands_for_turnover(
    make_candles: MakeCandles,
) -> None:
    moving = walk(60)
    last = moving[-1][3]
    rows = [*moving, (last,) * 4]
    with_doji = estimate(make_candles(rows))
    assert np.all(np.isfinite(with_doji.long_usd))
    # nothing but dojis: every bar counts alike
    flat = estimate(make_candles([FLAT] * 3))
    assert between(flat, 90.2, 90.5) == pytest.approx(0.725 / 4.873, rel=0.03)


def test_spike_up_takes_the_shorts_and_a_dip_takes_the_longs(make_candles: MakeCandles) -> None:
    calm: list[Row] = [(100, 100.1, 99.9, 100)] * 50
    turnover = [1.0] * 50 + [0.0]
    spike = make_candles([*calm, (100, 105, 100, 100)], turnover_usd=turnover)
    dip = make_candles([*calm, (100, 100, 95, 100)], turnover_usd=turnover)
    assert skew(estimate(spike)) < -0.5
    assert skew(estimate(dip)) > 0.5
    assert abs(skew(estimate(make_candles(calm)))) < 0.02


@settings(deadline=None)  # a busy machine is not a finding
@given(
    st.lists(
        st.tuples(st.floats(50, 200), st.floats(50, 200), st.floats(1, 1.2), st.floats(1, 1.2)),
        min_size=1,
        max_size=30,
    )
)
def test_any_bars_give_a_sound_map(
    make_candles: MakeCandles, bars: list[tuple[float, float, float, float]]
) -> None:
    rows = [(o, max(o, c) * up, min(o, c) / down, c) for o, c, up, down in bars]
    book = estimate(make_candles(rows))
    up = intensities_to(book, np.linspace(book.price, book.high[-1], 100))
    down = intensities_to(book, np.linspace(book.price, book.low[0], 100))
    assert np.all(np.diff(up) >= -1e-6 * OI)
    assert np.all(np.diff(down) >= -1e-6 * OI)
    assert up[-1] <= OI * (1 + BACKGROUND * math.log(book.high[-1] / book.price) + 1e-9)
    assert down[-1] <= OI * (1 + BACKGROUND * math.log(book.price / book.low[0]) + 1e-9)


@pytest.mark.parametrize("open_interest", [0, -1, math.nan, math.inf])
def test_open_interest_must_be_positive(make_candles: MakeCandles, open_interest: float) -> None:
    with pytest.raises(FiguresError, match="open interest must be a positive number"):
        estimate(make_candles([FLAT]), open_interest)
