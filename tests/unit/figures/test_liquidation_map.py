import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import FiguresError
from composer.figures import book as book_module
from composer.figures import liquidation_map as map_module
from composer.figures.book import BOOK, COINGLASS_LOOK, BookModel
from composer.figures.imbalance import intensities_to, intensity_to, skew
from composer.figures.liquidation_map import estimate_map
from composer.market.margin import BTC_TIERS, LeverageTier
from composer.market.records import Candles, FloatArray, LiquidationMap, Method, Side

MakeCandles = Callable[..., Candles]
Row = tuple[float, float, float, float]

OI = 1e9
FLAT: Row = (100, 100, 100, 100)
INSTANT = timedelta(seconds=1)  # bars in which nothing has time to close


def estimate(
    candles: Candles | Sequence[Candles],
    open_interest_usd: float = OI,
    *,
    model: BookModel = BOOK,
    tiers: Sequence[LeverageTier] = BTC_TIERS,
) -> LiquidationMap:
    return estimate_map(
        candles,
        open_interest_usd,
        as_of=datetime(2026, 1, 10, 8, tzinfo=UTC),
        source="Binance",
        method=Method.ESTIMATED,
        model=model,
        tiers=tiers,
    )


def between(book: LiquidationMap, low: float, high: float) -> float:
    """Intensity between two levels on one side, without the background, in units of OI."""
    mass = abs(intensity_to(book, low) - intensity_to(book, high))
    return mass / OI - BOOK.background * math.log(high / low)


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
        # A long's distance is 1 - (1 - 1/L) / 0.996, a short's (1 + 1/L) / 1.004 - 1. The
        # cushion 1/L - 0.004 is 32.933, 19.6, 9.6, 4.6, 3.6, 1.6, 0.9333, 0.6, 0.4 and
        # 0.2667 % for 3x to 150x. Half-way gaps of its logarithm: 3x ln(32.933 / 19.6) =
        # 0.519; 5x ln(32.933 / 9.6) / 2 = 0.616; 10x 0.725; 20x 0.490; 25x 0.528; 50x 0.675;
        # 75x 0.490; 100x 0.424; 125x 0.405; 150x ln(0.4 / 0.2667) = 0.405; sum 5.278.
        (66.80, 67.10, 0.519 / 5.278),  # 3x at 100 - 33.07
        (90.20, 90.50, 0.725 / 5.278),  # 10x at 90.36
        (98.20, 98.60, 0.675 / 5.278),  # 50x at 98.39
        (99.50, 99.68, 0.405 / 5.278),  # 125x at 99.60
        (99.70, 99.80, 0.405 / 5.278),  # 150x at 99.73
        (109.40, 109.70, 0.725 / 5.278),  # a 10x short at 109.56
    ],
)
def test_one_price_book_by_hand(
    make_candles: MakeCandles, low: float, high: float, weight: float
) -> None:
    book = estimate(make_candles([FLAT], interval=INSTANT))
    assert between(book, low, high) == pytest.approx(weight, abs=3e-4)


def test_one_price_book_is_empty_up_to_the_highest_leverage(make_candles: MakeCandles) -> None:
    book = estimate(make_candles([FLAT]))
    # 150x: 1 - 0.99333 / 0.996 = 0.2677 % and 1.00667 / 1.004 - 1 = 0.2656 %
    assert between(book, 99.81, 100) == pytest.approx(0, abs=1e-6)
    assert between(book, 100, 100.19) == pytest.approx(0, abs=1e-6)


def test_entries_within_a_bar(make_candles: MakeCandles) -> None:
    # 90 to 110, closing at 100. The eight entries are 100 (.225), 110 and 90 (.1375 each)
    # and at 10, 30, 50, 70, 90 % of the way up in log price: 91.82, 95.59, 99.50, 103.57,
    # 107.81 (.1 each). Alone at 81.2..81.5 are the 10x longs of 90: 90 x 0.90361 = 81.33.
    book = estimate(make_candles([(95, 110, 90, 100)], interval=INSTANT))
    weights = np.array([0.519, 0.616, 0.725, 0.490, 0.528, 0.675, 0.490, 0.424, 0.405, 0.405])
    weights /= weights.sum()
    # Levels above the close are dead. 90, 91.82, 95.59, 99.50 and 100 live on whole. Of
    # 103.57 what is 3.5 % or more away lives: 3x to 25x (103.57 x 0.96386 = 99.83); of
    # 107.81 what is 7.3 % away: 3x to 10x; of 110 also (110 x 0.90361 = 99.40).
    live = 0.225 + 0.1375 + 3 * 0.1
    live += 0.1 * weights[:5].sum() + (0.1 + 0.1375) * weights[:3].sum()
    assert between(book, 81.2, 81.5) == pytest.approx(0.1375 * weights[2] / live, abs=3e-4)


def test_sweep_removes_what_price_has_reached(make_candles: MakeCandles) -> None:
    dip: Row = (100, 100, 99, 100)
    swept = estimate(make_candles([FLAT, dip], turnover_usd=[1, 0], interval=INSTANT))
    # longs at 99.73 (150x), 99.60, 99.40 and 99.06 (75x) are gone; 50x at 98.39 remains
    assert between(swept, 98.95, 100) == pytest.approx(0, abs=1e-6)
    # the rest is scaled to the open interest
    rest = 5.278 - 0.405 - 0.405 - 0.424 - 0.490
    assert between(swept, 98.2, 98.6) == pytest.approx(0.675 / rest, abs=2e-3)
    # shorts were not touched: 150x at 100.27 and 125x at 100.40, (0.405 + 0.405) / 5.278
    assert between(swept, 100.2, 100.45) == pytest.approx(0.81 / 5.278, abs=2e-3)


def test_positions_open_evenly_within_a_bar(make_candles: MakeCandles) -> None:
    # A quick 50x half-life is 4 h x 1.6^1.25 = 7.198 h. Of what opened evenly over a day,
    # r = ln 2 x 24 / 7.198 = 2.311, (1 - e^-r) / r = 0.3898 is left; of the patient quarter,
    # 86.37 h, 0.9096; 10x: 4 h x 9.6^1.25 = 67.59 h, 0.8867, and 811.1 h, 0.9898.
    book = estimate(make_candles([FLAT], interval=timedelta(days=1)))
    fifty, ten = 0.75 * 0.3898 + 0.25 * 0.9096, 0.75 * 0.8867 + 0.25 * 0.9898
    expected = (0.675 * fifty) / (0.725 * ten)
    assert between(book, 98.2, 98.6) / between(book, 90.2, 90.5) == pytest.approx(
        expected, rel=3e-3
    )


def test_touching_a_level_is_enough(make_candles: MakeCandles) -> None:
    level = 100 * (1 - (1 - (1 - 1 / 125) / (1 - 0.004)))
    touched = estimate(make_candles([FLAT, (100, 100, level, 100)], turnover_usd=[1, 0]))
    assert between(touched, 99.5, 100) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("patient_share", "expected"),
    # All quick; all patient; of the quick 1/8 is left and of the patient 2^-(1/4) = 0.8409,
    # and a bar itself leaves of them (1 - 1/8) / ln 8 = 0.4208 and 0.1591 / (ln 2 / 4) = 0.9181.
    [
        (0.0, 1 / 8),
        (1.0, 0.8409),
        (
            0.25,
            (0.75 * 0.4208 / 8 + 0.25 * 0.9181 * 0.8409) / (0.75 * 0.4208 + 0.25 * 0.9181),
        ),
    ],
)
def test_positions_halve_with_their_distance(
    make_candles: MakeCandles, patient_share: float, expected: float
) -> None:
    # 10x longs: 4 h x 9.6^1.25 = 67.59 h, and 12 times that; bars three quick half-lives
    # apart at 100 and 101 have their levels at 90.361 and 91.265.
    interval = timedelta(hours=3 * 4 * 9.6**1.25)
    candles = make_candles([FLAT, (101,) * 4], interval=interval, turnover_usd=[1, 1])
    book = estimate(candles, model=replace(BOOK, patient_share=patient_share))
    older, newer = between(book, 90.2, 90.5), between(book, 91.1, 91.4)
    assert older / newer == pytest.approx(expected, rel=1e-3)


def test_agrees_with_a_book_kept_position_by_position(make_candles: MakeCandles) -> None:
    rows, turnover = walk(400), np.linspace(1, 3, 400).tolist()
    # liquidation distance and weight of each leverage, as in the one-price book
    leverages = np.array([3, 5, 10, 20, 25, 50, 75, 100, 125, 150])
    below = 1 - (1 - 1 / leverages) / 0.996
    cushion = 1 / leverages - 0.004
    gaps = np.log(cushion[:-1] / cushion[1:])
    weights = np.concatenate([[gaps[0]], (gaps[:-1] + gaps[1:]) / 2, [gaps[-1]]])
    quick = math.log(2) / (4 * (100 * cushion) ** 1.25)

    def still_open(rate: FloatArray, age: int) -> FloatArray:
        """Return what is left of what opened evenly within an hour."""
        return np.asarray((1 - np.exp(-rate)) / rate * np.exp(-rate * age))

    longs: list[tuple[float, float]] = []
    lowest_later = math.inf
    for age, ((_, high, low, close), opened) in enumerate(
        zip(rows[::-1], turnover[::-1], strict=True)
    ):
        entries = [(close, 0.225), (high, 0.1375), (low, 0.1375)]
        entries += [(low * (high / low) ** share, 0.1) for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
        for entry, part in entries:
            levels = entry * (1 - below)
            left = 0.75 * still_open(quick, age) + 0.25 * still_open(quick / 12, age)
            alive = levels < min(close, lowest_later)
            mass = opened * part * weights * left
            longs += zip(levels[alive], mass[alive], strict=True)
        lowest_later = min(lowest_later, low)

    book = estimate(make_candles(rows, turnover_usd=turnover))
    levels, mass = np.array(longs).T
    for edge in book.low[book.low < book.price][::40]:
        expected = mass[levels >= edge].sum() / mass.sum()
        assert between(book, edge, book.price) == pytest.approx(expected, abs=3e-3)


def test_each_side_sums_to_open_interest_and_background(make_candles: MakeCandles) -> None:
    book = estimate(make_candles(walk(300)))
    for mass, span in (
        (book.long_usd.sum(), math.log(book.price / book.low[0])),
        (book.short_usd.sum(), math.log(book.high[-1] / book.price)),
    ):
        assert mass == pytest.approx(OI * (1 + BOOK.background * span))
        assert mass <= OI * (1 + BOOK.background)


def test_sides_meet_at_the_price(make_candles: MakeCandles) -> None:
    book = estimate(make_candles(walk(50)))
    below, above = book.long_usd > 0, book.short_usd > 0
    assert book.high[below].max() == book.low[above].min() == book.price
    assert not np.any(below & above)


def test_side_swept_whole_keeps_the_background(make_candles: MakeCandles) -> None:
    book = estimate(make_candles([FLAT, (100, 100, 50, 60)], turnover_usd=[1, 0]))
    assert book.long_usd.sum() == pytest.approx(
        OI * BOOK.background * math.log(book.price / book.low[0])
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
    alone = estimate(make_candles([FLAT] * 3, turnover_usd=[1, 1, 1]))
    np.testing.assert_allclose(flat.long_usd, alone.long_usd)


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
    assert up[-1] <= OI * (1 + BOOK.background * math.log(book.high[-1] / book.price) + 1e-9)
    assert down[-1] <= OI * (1 + BOOK.background * math.log(book.price / book.low[0]) + 1e-9)


@pytest.mark.parametrize("open_interest", [0, -1, math.nan, math.inf])
def test_open_interest_must_be_positive(make_candles: MakeCandles, open_interest: float) -> None:
    with pytest.raises(FiguresError, match="open interest must be a positive number"):
        estimate(make_candles([FLAT]), open_interest)


def reversed_in_price(rows: list[Row]) -> list[Row]:
    """Turn every price p into 100 * 100 / p: up is down, in log price."""
    return [(1e4 / o, 1e4 / lo, 1e4 / h, 1e4 / c) for o, h, lo, c in rows]


def test_mirror_in_log_price(make_candles: MakeCandles, monkeypatch: pytest.MonkeyPatch) -> None:
    # True distances differ by side (0.6024 % against 0.5976 % at 100x), so the mirror is
    # held against equal log distances.
    def equal(leverage: FloatArray, side: Side, rate: float) -> FloatArray:
        log_distance = 1 / leverage - rate / 2
        return -np.expm1(-log_distance) if side is Side.LONG else np.expm1(log_distance)

    monkeypatch.setattr(book_module, "liquidation_distance", equal)
    monkeypatch.setattr(map_module, "ladder", book_module.ladder.__wrapped__)  # not remembered
    rows, turnover = walk(300), np.linspace(1, 5, 300).tolist()
    book = estimate(make_candles(rows, turnover_usd=turnover))
    mirror = estimate(make_candles(reversed_in_price(rows), turnover_usd=turnover))
    away = np.array([0.003, 0.01, 0.03, 0.08, 0.2])
    for sign in (-1, 1):
        np.testing.assert_allclose(
            intensities_to(mirror, mirror.price * np.exp(sign * away)),
            intensities_to(book, book.price * np.exp(-sign * away)),
            rtol=1e-3,
        )


bars_of_any_kind = st.lists(
    st.tuples(st.floats(80, 120), st.floats(80, 120), st.floats(1, 1.1), st.floats(1, 1.1)),
    min_size=1,
    max_size=40,
)


@settings(deadline=None)
@given(bars_of_any_kind, st.floats(75, 99.9))
def test_nothing_opened_before_a_sweep_survives_it(
    make_candles: MakeCandles, bars: list[tuple[float, float, float, float]], swept_to: float
) -> None:
    rows = [(o, max(o, c) * up, min(o, c) / down, c) for o, c, up, down in bars]
    sweep: Row = (100, 200 - swept_to, swept_to, 100)
    book = estimate(make_candles([*rows, sweep], turnover_usd=[1.0] * len(rows) + [0.0]))
    within = (book.low >= swept_to) & (book.high <= 200 - swept_to)
    background = OI * BOOK.background * np.log(book.high / book.low)
    for mass in (book.long_usd, book.short_usd):
        held = mass[within & (mass > 0)]
        np.testing.assert_allclose(held, background[within & (mass > 0)], rtol=1e-9)


@settings(deadline=None)
@given(bars_of_any_kind, st.floats(1e-6, 1e6), st.floats(1e-3, 1e3))
def test_scales_of_price_and_usd(
    make_candles: MakeCandles,
    bars: list[tuple[float, float, float, float]],
    price_scale: float,
    usd_scale: float,
) -> None:
    rows = [(o, max(o, c) * up, min(o, c) / down, c) for o, c, up, down in bars]
    scaled = [tuple(price_scale * price for price in row) for row in rows]
    book = estimate(make_candles(rows))
    other = estimate(make_candles(scaled), usd_scale * OI)
    for side, mass in (("long_usd", book.long_usd), ("short_usd", book.short_usd)):
        # an entry or excursion at the edge of a unit may fall beside it by rounding
        moved = np.abs(np.cumsum(getattr(other, side)) / usd_scale - np.cumsum(mass))
        assert np.quantile(moved, 0.9) < 0.02 * OI


def test_many_bars_are_pooled_without_loss(
    make_candles: MakeCandles, monkeypatch: pytest.MonkeyPatch
) -> None:
    candles = make_candles(walk(3000), interval=timedelta(minutes=5))
    pooled = estimate(candles)
    # every bar by itself
    monkeypatch.setattr(map_module, "age_classes", lambda ages: np.arange(len(ages)))
    alone = estimate(candles)
    for mass, exact in ((pooled.long_usd, alone.long_usd), (pooled.short_usd, alone.short_usd)):
        assert np.abs(mass - exact).sum() < 1e-3 * exact.sum()


def test_old_minutes_may_be_hours(
    make_candles: MakeCandles, monkeypatch: pytest.MonkeyPatch
) -> None:
    candles = make_candles(walk(12 * 24 * 20), interval=timedelta(minutes=5))
    merged = estimate(candles)
    monkeypatch.setattr(map_module, "coarsen", lambda history: history)
    whole = estimate(candles)
    levels = whole.price * np.exp(np.array([-0.1, -0.05, -0.02, 0.02, 0.05, 0.1]))
    np.testing.assert_allclose(
        intensities_to(merged, levels), intensities_to(whole, levels), rtol=0.02
    )


def test_the_coinglass_look_reads_two_days(make_candles: MakeCandles) -> None:
    rows = walk(200)
    long, short = (
        estimate(make_candles(bars), model=COINGLASS_LOOK) for bars in (rows, rows[-48:])
    )
    np.testing.assert_allclose(long.long_usd, short.long_usd)
    # .23 of the open interest and of 3 x per unit of ln(price)
    span = math.log(long.price / long.low[0])
    assert long.long_usd.sum() == pytest.approx(0.23 * OI * (1 + 3 * span))
    assert "Coinglass look" in COINGLASS_LOOK.note


def test_leverages_and_margin_are_the_first_tiers(make_candles: MakeCandles) -> None:
    tier = LeverageTier(
        notional_cap_usd=1e5,
        maintenance_margin_rate=0.01,
        max_leverage=50,
        maintenance_amount_usd=0,
    )
    book = estimate(make_candles([FLAT]), tiers=(tier,))
    # 50x at a rate of 1 %: 1 - 0.98 / 0.99 = 1.0101 %; nothing is nearer
    assert between(book, 99.1, 100) == pytest.approx(0, abs=1e-6)
    assert between(book, 98.9, 99.1) > 0.05
