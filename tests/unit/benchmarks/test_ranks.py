import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.ranks import (
    earth_movers_distance,
    interval,
    partial_spearman,
    pearson,
    ranks,
    resamples,
    spearman,
)


def test_ties_share_their_rank() -> None:
    assert ranks(np.array([30.0, 10, 20, 20])).tolist() == [4, 1, 2.5, 2.5]


def test_spearman_with_ties_by_hand() -> None:
    # ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: deviations -1.5, 0, 0, 1.5 and -1.5, .5, -.5, 1.5;
    # product 4.5, squares 4.5 and 5: 4.5 / sqrt(22.5) = .948683
    assert spearman(np.array([1.0, 2, 2, 3]), np.array([10.0, 30, 20, 40])) == pytest.approx(
        0.948683, abs=1e-6
    )


def test_what_does_not_vary_correlates_with_nothing() -> None:
    assert pearson(np.ones(5), np.arange(5.0)) == 0


@given(st.permutations(range(12)))
def test_spearman_is_the_textbook_formula_without_ties(order: list[int]) -> None:
    first, second = np.arange(12.0), np.array(order, dtype=float)
    expected = 1 - 6 * float(((first - second) ** 2).sum()) / (12 * (12**2 - 1))
    assert spearman(first, second) == pytest.approx(expected)


def test_partial_correlation_sees_through_a_common_cause() -> None:
    rng = np.random.default_rng(3)
    cause, other = rng.normal(size=(2, 4000))
    x, y = (np.exp(cause + rng.normal(size=4000)) for _ in range(2))
    assert spearman(x, y) > 0.4
    assert abs(partial_spearman(x, y, (cause, other))) < 0.05
    assert partial_spearman(x, y + x, (cause, other)) > 0.3


def test_a_control_takes_away_all_that_it_explains() -> None:
    control, other = np.random.default_rng(4).normal(size=(2, 50))
    assert abs(partial_spearman(np.exp(control), other, (control, other))) < 1e-6


@pytest.mark.parametrize(
    ("x", "y", "distance"),
    [
        ([1, 0, 0], [0, 0, 1], 1.0),  # everything two bins of .5
        ([1, 1, 0], [0, 1, 1], 0.5),  # half of it two bins, or all of it one
        ([2, 6], [1, 3], 0.0),  # the same shares
    ],
)
def test_earth_movers_distance_by_hand(x: list[float], y: list[float], distance: float) -> None:
    found = earth_movers_distance(np.array(x, float), np.array(y, float), 0.5)
    assert found == pytest.approx(distance)


def test_resamples_repeat_and_keep_groups_together() -> None:
    group = np.repeat(np.arange(10), 3)

    def statistic(rows: np.ndarray) -> np.ndarray:
        assert all(np.sum(rows == 3 * g) == np.sum(rows == 3 * g + 2) for g in range(10))
        return np.array([rows.mean(), len(rows)])

    first, again, other = (resamples(group, statistic, times=20, seed=seed) for seed in (1, 1, 2))
    assert first.shape == (20, 2)
    assert np.all(first[:, 1] == 30)
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)


def test_interval_holds_the_middle_of_the_draws() -> None:
    assert interval(np.arange(1001.0)) == pytest.approx((25, 975))
