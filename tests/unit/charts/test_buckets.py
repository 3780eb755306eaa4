from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from composer.charts.buckets import reach_shown, rebin
from composer.charts.scene import Scene
from composer.figures.report import Figures, NextCluster
from composer.market.records import LiquidationMap, Side


def hand_made(
    bins: Sequence[tuple[float, float, float, float]], figures: Figures
) -> LiquidationMap:
    low, high, long_usd, short_usd = zip(*bins, strict=True)
    return replace(
        figures.liquidation_map,
        price=100.0,
        low=np.array(low),
        high=np.array(high),
        long_usd=np.array(long_usd),
        short_usd=np.array(short_usd),
    )


def test_buckets_add_up_what_the_figures_add_up(figures: Figures) -> None:
    map_ = hand_made([(100, 104, 0, 8), (105, 105, 0, 5)], figures)
    buckets = rebin(map_, Side.SHORT, 0.1)
    # 8 over 4 dollars is .4 in a bucket of .2; the point at 105 is met with the 25th edge.
    assert buckets.intensity_usd[:20].tolist() == pytest.approx([0.4] * 20)
    assert buckets.intensity_usd[24] == pytest.approx(5)
    assert buckets.cumulative_usd[-1] == pytest.approx(13)


def test_what_lies_at_the_price_is_on_neither_side(figures: Figures) -> None:
    map_ = hand_made([(100, 100, 7, 7), (102, 104, 0, 2)], figures)
    assert rebin(map_, Side.SHORT, 0.1).cumulative_usd[[0, -1]].tolist() == [0, 2]
    assert rebin(map_, Side.LONG, 0.1).cumulative_usd[-1] == 0


@pytest.mark.parametrize("side", list(Side))
def test_bars_hold_the_mass_of_the_map_within_the_reach(shape: Scene, side: Side) -> None:
    map_ = shape.figures.liquidation_map
    buckets = rebin(map_, side, 0.06)
    mass = map_.long_usd if side is Side.LONG else map_.short_usd
    # The made map is flat from 0 to 12 % on each side, so 6 % hold half of it.
    assert buckets.intensity_usd.sum() == pytest.approx(mass.sum() / 2)
    assert np.ptp(np.diff(buckets.edges)) == pytest.approx(0, abs=1e-9 * shape.figures.price)


def test_no_bucket_reaches_below_zero(figures: Figures) -> None:
    assert rebin(figures.liquidation_map, Side.LONG, 1.5).edges[-1] < figures.price


def test_the_picture_reaches_beyond_both_levels_and_six_percent(shape: Scene) -> None:
    reach = reach_shown(shape.figures)
    assert reach >= 0.06
    assert reach > max(shape.figures.upper.distance, shape.figures.lower.distance)


@pytest.mark.parametrize(("distance", "shown"), [(0.08, True), (0.3, False)])
def test_a_next_cluster_is_shown_if_it_is_near(
    figures: Figures, distance: float, *, shown: bool
) -> None:
    cluster = NextCluster(level=figures.price * (1 - distance), notional_usd=1e8)
    reach = reach_shown(replace(figures, next_lower=cluster))
    assert (reach > distance) is shown
