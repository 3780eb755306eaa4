from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from composer.charts.stacking import stack
from composer.market.records import FloatArray

places = st.lists(st.floats(-50, 450), min_size=1, max_size=6).map(sorted)


def test_labels_with_room_stay_where_they_are() -> None:
    assert stack([20, 100, 300], [20, 40, 20], top=0, bottom=400).tolist() == [20, 100, 300]


def test_labels_of_one_place_part_evenly() -> None:
    # 20 and 40 high at 100: the sum of squares is least where they are 15 off each way.
    assert stack([100, 100], [20, 40], top=0, bottom=400).tolist() == [85, 115]


def test_at_an_edge_they_are_pushed_inside() -> None:
    assert stack([0, 5], [20, 20], top=0, bottom=400).tolist() == [10, 30]
    assert stack([395, 400], [20, 20], top=0, bottom=400).tolist() == [370, 390]


@given(places)
def test_labels_never_overlap_nor_leave_the_room(wanted: list[float]) -> None:
    middles = stack(wanted, [30.0] * len(wanted), top=0, bottom=400)
    assert middles.min() >= 15 - 1e-9
    assert middles.max() <= 385 + 1e-9
    assert all(other - one >= 30 - 1e-6 for one, other in pairwise(middles))


@given(places)
def test_nobody_moves_in_vain(wanted: list[float]) -> None:
    """No label alone could be nearer to its place."""
    height = 30.0
    middles = stack(wanted, [height] * len(wanted), top=0, bottom=400)
    floors = np.append(height / 2, middles[:-1] + height)
    ceilings = np.append(middles[1:] - height, 400 - height / 2)
    moved = np.asarray(wanted) - middles
    room = np.where(moved < 0, middles - floors, ceilings - middles)
    blocked = np.abs(room) <= 1e-6
    assert np.all(blocked | (np.abs(moved) <= 1e-6) | _in_a_block(middles, height))


def _in_a_block(middles: FloatArray, height: float) -> NDArray[np.bool_]:
    touching = np.diff(middles) <= height + 1e-6
    both: NDArray[np.bool_] = np.append(touching, False) | np.append(False, touching)
    return both


def test_more_than_fits_begins_at_the_top() -> None:
    assert stack([10, 20], [30, 30], top=0, bottom=40).tolist() == pytest.approx([15, 45])
