"""The plot of equal distance: its arms end where the same amount is met, either way."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from composer.charts.distance_plot import EqualDistancePlot
from composer.charts.equal_distance import KIND, draw
from composer.charts.page import PAGES, SQUARE, WIDE, Page
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT
from composer.market.records import FloatArray
from tests.unit.charts.shapes import SHAPES, make_figures, make_scene
from tests.unit.charts.test_words_on_plots import assert_whole_and_apart
from tests.unit.charts.wordings import written

PRICE = 90_409


def line(plot: EqualDistancePlot, gid: str) -> tuple[FloatArray, FloatArray]:
    [found] = plot.figure.findobj(lambda artist: artist.get_gid() == gid)
    assert isinstance(found, Line2D)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def fill(plot: EqualDistancePlot, gid: str) -> PolyCollection:
    [found] = plot.figure.findobj(lambda artist: artist.get_gid() == gid)
    assert isinstance(found, PolyCollection)
    return found


def arm(plot: EqualDistancePlot, side: str) -> FloatArray | None:
    """Return the prices an arm reaches from and to, or None if there is none."""
    found = plot.figure.findobj(lambda artist: artist.get_gid() == f"{side}_arm")
    if not found:
        return None
    [polygon] = found
    assert isinstance(polygon, Polygon)
    prices = np.asarray(polygon.get_xy())[:, 1]
    return np.array([prices.min(), prices.max()])


@pytest.fixture(params=[WIDE, SQUARE], ids=["wide", "square"])
def page(request: pytest.FixtureRequest) -> Page:
    wanted: Page = request.param
    return wanted


def test_arms_end_where_the_amount_is_met(scene: Scene, page: Page) -> None:
    # 600 million above and 200 million below within 5 %: as much is met after a third above.
    plot = draw(scene, page, LIGHT)
    assert scene.figures.equal_notional.notional_usd == 2e8
    assert arm(plot, "short") == pytest.approx([PRICE, PRICE * (1 + 0.05 / 3)])
    assert arm(plot, "long") == pytest.approx([PRICE * 0.95, PRICE])


def test_both_sums_meet_the_amount_at_the_tip_of_their_arm(scene: Scene, page: Page) -> None:
    plot = draw(scene, page, LIGHT)
    for side, tip in (("short", PRICE * (1 + 0.05 / 3)), ("long", PRICE * 0.95)):
        summed, prices = line(plot, f"{side}_cumulative")
        met = int(np.argmin(np.abs(prices - tip)))
        assert (summed[met], prices[met]) == pytest.approx((2e8, tip))
        assert np.hstack(line(plot, f"{side}_reached_dot")).tolist() == pytest.approx([2e8, tip])
    assert line(plot, "amount")[0].tolist() == [2e8, 2e8]


def test_what_lies_beyond_the_amount_is_plain(scene: Scene) -> None:
    plot = draw(scene, WIDE, LIGHT)
    for side in ("short", "long"):
        assert not fill(plot, f"{side}_sum_beyond").get_hatch()
        within = fill(plot, f"{side}_sum")
        assert within.get_hatch()
        extent, reached = within.get_paths()[0].get_extents(), arm(plot, side)
        assert reached is not None
        assert [extent.y0, extent.y1] == pytest.approx(reached)


def test_prices_rise_upwards_and_both_ways_share_one_scale(shape: Scene, page: Page) -> None:
    plot = draw(shape, page, LIGHT)
    heights = [plot.sums.y(float(price)) for price in plot.price_ticks]
    assert all(lower > higher for lower, higher in pairwise(heights))
    box = plot.sums.box
    assert plot.sums.y(plot.price) == pytest.approx((box.top + box.bottom) / 2)


def test_an_arm_stays_within_the_picture(shape: Scene, page: Page) -> None:
    plot = draw(shape, page, LIGHT)
    low, high = plot.sums.axes.get_ylim()
    for side in ("short", "long"):
        reached = arm(plot, side)
        assert reached is None or (low < reached[0] <= reached[1] < high)


def test_a_side_that_never_meets_the_amount_has_no_arm_and_says_so() -> None:
    never = SHAPES["shorts_never_meet"]
    plot = draw(never, WIDE, LIGHT)
    assert arm(plot, "short") is None
    assert arm(plot, "long") is not None
    sheet = KIND.lay_out(plot, never, written("en", never, "equal_distance"))
    assert "Up: never" in {found.text for found in sheet.lines}


def test_without_anything_near_there_is_no_amount_and_no_scale() -> None:
    nothing = SHAPES["flat"]
    plot = draw(nothing, WIDE, LIGHT)
    assert not plot.figure.findobj(lambda artist: artist.get_gid() == "amount")
    assert plot.usd_labels.tolist() == [0]


def test_a_plot_holds_no_word(shape: Scene) -> None:
    plot = draw(shape, WIDE, LIGHT)
    assert not plot.figure.texts
    assert not plot.sums.axes.texts


@pytest.mark.parametrize("locale", ["en", "ar", "th"])
def test_no_two_words_meet_whatever_the_figures(locale: str, shape: Scene, page: Page) -> None:
    chart = written(locale, shape, "equal_distance", credit="A creator")
    assert_whole_and_apart(KIND.lay_out(draw(shape, page, LIGHT), shape, chart))


@pytest.mark.parametrize("share", [0.02, 0.3, 3.3, 50])
@pytest.mark.parametrize("size", PAGES)
def test_words_of_short_arms_keep_clear_of_the_price(share: float, size: str) -> None:
    scene = make_scene(make_figures(long_usd=4e6 * share, short_usd=4e6))
    chart = written("en", scene, "equal_distance")
    assert_whole_and_apart(KIND.lay_out(draw(scene, PAGES[size], LIGHT), scene, chart))
