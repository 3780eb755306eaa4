"""Wilson intervals against values worked out by hand, and the laws they obey."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.figures.wilson import wilson


def test_half_of_ten() -> None:
    # z² = 3.841459, z²/n = .3841459. Centre (.5 + .19207295) / 1.3841459 = .5.
    # Half width sqrt(.3841459 · (.25 + .096036475)) / 1.3841459 = .263406.
    assert wilson(5, 10) == pytest.approx((0.236594, 0.763406), abs=1e-6)


def test_none_of_ten() -> None:
    # The upper bound is z²/n / (1 + z²/n) = .3841459 / 1.3841459.
    assert wilson(0, 10) == pytest.approx((0.0, 0.277533), abs=1e-6)
    assert wilson(0, 10).low == 0


def test_without_a_trial_nothing_is_known() -> None:
    assert wilson(0, 0) == (0, 1)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_enclose_the_share_within_zero_and_one(trial: tuple[int, int]) -> None:
    hits, n = trial
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert low < high


@given(
    st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(2, 50),
)
def test_more_trials_of_the_same_share_shrink_the_interval(
    trial: tuple[int, int], times: int
) -> None:
    hits, n = trial
    low, high = wilson(hits, n)
    longer = wilson(hits * times, n * times)
    assert longer.high - longer.low < high - low


@given(st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_misses_mirror_hits(trial: tuple[int, int]) -> None:
    hits, n = trial
    low, high = wilson(hits, n)
    assert wilson(n - hits, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)
