import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import ConfigError
from composer.figures.imbalance import (
    equal_distance,
    equal_notional,
    intensities_to,
    intensity_to,
    ratio,
    skew,
    totals,
)
from composer.figures.report import EqualDistance
from composer.market.records import LiquidationMap

MakeBook = Callable[..., LiquidationMap]


def test_sample_of_short_heavy_levels(make_book: MakeBook) -> None:
    book = make_book(90_131.71, (86_137, 90_131.71, 1.563e9, 0), (90_131.71, 94_681, 0, 2.705e9))
    short, long = intensity_to(book, 94_681), intensity_to(book, 86_137)
    assert (short, long) == (2.705e9, 1.563e9)
    assert ratio(short, long) == pytest.approx(1.7306, abs=1e-4)  # 2.705 / 1.563


def test_sample_of_long_heavy_levels(make_book: MakeBook) -> None:
    book = make_book(95_000, (93_000, 95_000, 1.062e9, 0), (95_000, 97_000, 0, 0.248e9))
    # 1.062 / 0.248 = 4.2823
    assert ratio(intensity_to(book, 93_000), intensity_to(book, 97_000)) == pytest.approx(
        4.2823, abs=1e-4
    )
    # both bins end within ±5 %: (0.248 - 1.062) / (0.248 + 1.062) = -0.814 / 1.310
    assert skew(book) == pytest.approx(-0.6213740, abs=1e-6)


def test_sample_of_equal_notional(make_book: MakeBook) -> None:
    # density up 1.1e9 / 770, down 1.1e9 / 2,000
    book = make_book(90_000, (87_000, 90_000, 1.65e9, 0), (90_000, 90_770, 0, 1.1e9))
    reach = equal_notional(book, 1.1e9)
    assert reach.up_usd == pytest.approx(770)
    assert reach.down_usd == pytest.approx(2_000)
    assert reach.ratio == pytest.approx(2.5974, abs=1e-4)  # 2,000 / 770
    # by default the smaller side within 85,500..94,500: the shorts' 1.1e9
    assert equal_notional(book) == reach


def test_level_inside_a_bin_takes_the_linear_share(make_book: MakeBook) -> None:
    book = make_book(100, (90, 100, 50, 0), (100, 110, 0, 80))
    assert intensity_to(book, 97.5) == pytest.approx(12.5)  # a quarter of 50
    assert intensity_to(book, 105) == pytest.approx(40)
    assert intensity_to(book, 80) == 50
    assert intensity_to(book, 100) == 0


def test_point_at_the_level_is_included(make_book: MakeBook) -> None:
    book = make_book(100, (95, 95, 7, 0), (105, 105, 0, 9))
    assert intensity_to(book, 95) == 7
    assert intensity_to(book, 95.0001) == 0
    assert intensity_to(book, 105) == 9
    assert intensity_to(book, 104.9999) == 0


def test_point_between_touching_bins_is_counted_once(make_book: MakeBook) -> None:
    book = make_book(100, (90, 95, 5, 0), (95, 95, 7, 0), (95, 100, 10, 0))
    assert intensity_to(book, 95) == 17
    assert intensity_to(book, 92.5) == pytest.approx(19.5)


def test_bin_across_the_price_counts_on_the_proper_side_only(make_book: MakeBook) -> None:
    book = make_book(100, (96, 104, 80, 40))
    assert intensity_to(book, 96) == 40  # half of the longs lies below
    assert intensity_to(book, 104) == 20
    assert intensity_to(book, 99) == 10  # a quarter of that half


def test_longs_above_the_price_do_not_count(make_book: MakeBook) -> None:
    book = make_book(100, (95, 100, 0, 9), (100, 105, 9, 0))
    assert totals(book).long_usd == totals(book).short_usd == 0
    assert skew(book) == 0


def test_point_at_the_price_belongs_to_neither_side(make_book: MakeBook) -> None:
    book = make_book(100, (100, 100, 5, 5), (101, 102, 0, 3))
    assert intensities_to(book, [50, 100, 150]).tolist() == [0, 0, 3]


def test_window_is_arithmetic(make_book: MakeBook) -> None:
    book = make_book(100, (90, 100, 100, 0), (100, 110, 0, 300))
    both = totals(book, 0.05)  # 95..105: half of each
    assert both.long_usd == pytest.approx(50)
    assert both.short_usd == pytest.approx(150)
    assert skew(book, 0.05) == pytest.approx(0.5)  # 100 / 200
    assert skew(book, 0.2) == pytest.approx(0.5)


def test_equal_notional_never_reached_is_none(make_book: MakeBook) -> None:
    book = make_book(100, (95, 100, 10, 0), (100, 105, 0, 20))
    reach = equal_notional(book, 15)
    assert reach.up_usd == pytest.approx(3.75)  # 15 of 20 over 5
    assert reach.down_usd is reach.ratio is None


def test_equal_notional_with_an_empty_side_uses_the_other(make_book: MakeBook) -> None:
    reach = equal_notional(make_book(100, (100, 104, 0, 20)))
    assert (reach.notional_usd, reach.up_usd, reach.down_usd) == (20, 4, None)


def test_equal_notional_of_nothing_has_no_distances(make_book: MakeBook) -> None:
    reach = equal_notional(make_book(100, (50, 60, 5, 0)))
    assert (reach.notional_usd, reach.up_usd, reach.down_usd, reach.ratio) == (0, None, None, None)


def test_equal_notional_jumps_at_a_point(make_book: MakeBook) -> None:
    reach = equal_notional(make_book(100, (97, 97, 10, 0), (101, 103, 0, 10)), 10)
    assert (reach.up_usd, reach.down_usd, reach.ratio) == (3, 3, 1)


@pytest.mark.parametrize("notional", [0, -1, math.nan, math.inf])
def test_equal_notional_wants_a_positive_amount(make_book: MakeBook, notional: float) -> None:
    with pytest.raises(ConfigError, match=r"--notional: expected a positive amount"):
        equal_notional(make_book(100, (95, 100, 1, 0)), notional)


def test_ratio_never_becomes_infinite() -> None:
    assert ratio(5, 0) is None
    assert ratio(None, 5) is None
    assert ratio(2, 4) == ratio(4, 2) == 2


@st.composite
def bins(draw: st.DrawFn, highest: int = 200) -> list[tuple[float, float, float, float]]:
    ends = draw(st.lists(st.integers(1, highest), min_size=2, max_size=12, unique=True).map(sorted))
    mass = st.integers(0, 1000)
    kept = [pair for pair in pairwise(ends) if draw(st.booleans())]
    points = [(end, end) for end in ends if draw(st.booleans())]
    chosen = sorted(kept + points) or [(ends[0], ends[1])]
    return [(low, high, draw(mass), draw(mass)) for low, high in chosen]


@settings(deadline=None)  # a busy machine is not a finding
@given(bins())
def test_cumulative_curves_rise_away_from_price(
    make_book: MakeBook, book_bins: list[tuple[float, float, float, float]]
) -> None:
    book = make_book(100, *book_bins)
    up = intensities_to(book, np.linspace(100, 201, 203))
    down = intensities_to(book, np.linspace(100, 0.5, 200))
    assert np.all(np.diff(up) >= -1e-9)
    assert np.all(np.diff(down) >= -1e-9)
    assert down[-1] <= book.long_usd.sum() + 1e-9
    assert up[-1] <= book.short_usd.sum() + 1e-9


@settings(deadline=None)  # a busy machine is not a finding
@given(bins(highest=199))
def test_mirrored_book_has_the_mirrored_imbalance(
    make_book: MakeBook, book_bins: list[tuple[float, float, float, float]]
) -> None:
    book = make_book(100, *book_bins)
    mirrored = make_book(
        100, *[(200 - high, 200 - low, short, long) for low, high, long, short in book_bins]
    )
    assert skew(mirrored) == pytest.approx(-skew(book))
    there, back = equal_notional(book), equal_notional(mirrored)
    assert back.up_usd == pytest.approx(there.down_usd)
    assert back.down_usd == pytest.approx(there.up_usd)


@settings(deadline=None)  # a busy machine is not a finding
@given(bins(), st.floats(1, 5000))
def test_equal_notional_is_the_inverse_of_the_cumulative_curve(
    make_book: MakeBook, book_bins: list[tuple[float, float, float, float]], notional: float
) -> None:
    book = make_book(100, *book_bins)
    reach = equal_notional(book, notional)
    for distance, sign in ((reach.up_usd, 1), (reach.down_usd, -1)):
        if distance is not None:
            at_it = intensity_to(book, 100 + sign * (distance + 1e-9))
            assert at_it >= notional * (1 - 1e-6)
            assert intensity_to(book, 100 + sign * (distance - 1e-6)) <= notional


def test_equal_distance_is_a_share_of_the_price(make_book: MakeBook) -> None:
    equal = equal_notional(make_book(100, (90, 100, 20, 0), (100, 104, 0, 10)), 15)
    # 15 of the 20 that lie evenly over 10 dollars; there are only 10 above.
    assert equal_distance(equal, 100) == EqualDistance(up_distance=None, down_distance=0.075)
