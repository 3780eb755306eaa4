"""The plot of a liquidation map: what it shows is what the figures say."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from composer.charts.buckets import reach_shown
from composer.charts.liquidation_map import KIND, LiquidationMapText, draw
from composer.charts.page import SQUARE, WIDE, Page
from composer.charts.plot import Plot
from composer.charts.scene import Scene
from composer.charts.theme import DARK, LIGHT, THEMES, Theme
from composer.errors import RenderError
from composer.market.records import FloatArray
from tests.unit.charts.shapes import SHAPES
from tests.unit.charts.wordings import written


def artists(plot: Plot, gid: str) -> list[Artist]:
    return plot.figure.findobj(lambda artist: artist.get_gid() == gid)


def line(plot: Plot, gid: str) -> tuple[FloatArray, FloatArray]:
    [found] = artists(plot, gid)
    assert isinstance(found, Line2D)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def bars(plot: Plot, gid: str) -> PolyCollection:
    [found] = artists(plot, gid)
    assert isinstance(found, PolyCollection)
    return found


def spans(plot: Plot, gid: str) -> list[tuple[float, float]]:
    found = [artist for artist in artists(plot, gid) if isinstance(artist, Rectangle)]
    return [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in found]


@pytest.fixture(params=[WIDE, SQUARE], ids=["wide", "square"])
def page(request: pytest.FixtureRequest) -> Page:
    wanted: Page = request.param
    return wanted


def test_bars_and_curves_hold_the_mass_within_the_range(shape: Scene, page: Page) -> None:
    plot = draw(shape, page, LIGHT)
    # The made map is flat out to 12 % of price.
    share = min(reach_shown(shape.figures), 0.12) / 0.12
    for side, mass in (
        ("long", shape.figures.liquidation_map.long_usd.sum()),
        ("short", shape.figures.liquidation_map.short_usd.sum()),
    ):
        for layer in ("bars", "bars_beyond"):
            paths = bars(plot, f"{side}_{layer}").get_paths()
            heights = sum(float(path.get_extents().height) for path in paths)
            assert heights == pytest.approx(mass * share)
        _, curve = line(plot, f"{side}_cumulative")
        assert curve[0] == 0
        assert curve[-1] == pytest.approx(mass * share)


def test_price_and_levels_stand_where_they_are(shape: Scene, page: Page) -> None:
    plot = draw(shape, page, LIGHT)
    assert line(plot, "price")[0].tolist() == [shape.figures.price] * 2
    for side, level in (("long", shape.figures.lower), ("short", shape.figures.upper)):
        assert line(plot, f"{side}_level")[0].tolist() == [level.level] * 2
        assert np.hstack(line(plot, f"{side}_level_dot")).tolist() == [
            level.level,
            level.intensity_usd,
        ]


def test_a_dot_lies_on_its_curve(scene: Scene) -> None:
    prices, curve = line(draw(scene, WIDE, LIGHT), "short_cumulative")
    at_level = np.interp(scene.figures.upper.level, prices, curve)
    assert at_level == pytest.approx(scene.figures.upper.intensity_usd)


def test_both_sides_share_one_scale_and_reach_equally_far(scene: Scene, page: Page) -> None:
    plot = draw(scene, page, LIGHT)
    assert scene.figures.price - plot.low == pytest.approx(plot.high - scene.figures.price)
    assert plot.axes.get_ylim()[0] == 0


def test_prices_rise_to_the_right(scene: Scene, page: Page) -> None:
    plot = draw(scene, page, LIGHT)
    places = [plot.x(float(price)) for price in plot.price_ticks]
    assert all(one < other for one, other in pairwise(places))


def test_both_scales_read_what_is_drawn(scene: Scene, page: Page) -> None:
    """A value at a tick is drawn at the height where that tick is written."""
    plot = draw(scene, page, LIGHT)
    for ticks, transform in (
        (plot.left_ticks, plot.axes.transData),
        (plot.right_ticks, plot.right_values),
    ):
        for number, tick in enumerate(ticks):
            [[_, y]] = transform.transform([[scene.figures.price, float(tick)]])
            assert page.height - y == pytest.approx(plot.tick_height(number))


def test_no_value_rises_into_the_labels(shape: Scene, page: Page) -> None:
    plot = draw(shape, page, LIGHT)
    for side in ("long", "short"):
        _, curve = line(plot, f"{side}_cumulative")
        assert curve.max() <= plot.right_ticks[-1] * (1 + 1e-9)


def test_the_plot_stands_in_the_middle_so_that_it_serves_both_directions(page: Page) -> None:
    assert page.plot.left == page.width - page.plot.right


def test_clusters_within_reach_are_shaded_from_their_low_to_their_high(scene: Scene) -> None:
    plot = draw(SHAPES["clusters"], WIDE, LIGHT)
    assert spans(plot, "long_cluster") == [(86_200, 87_300)]
    assert spans(plot, "short_cluster") == [(93_500, 94_500)]
    assert spans(plot, "short_cluster_foot") == [(93_500, 94_500)]
    assert not spans(draw(scene, WIDE, LIGHT), "long_cluster")


def test_sides_differ_in_pattern_and_the_bars_beyond_a_level_have_none(scene: Scene) -> None:
    plot = draw(scene, WIDE, LIGHT)
    long, short = (bars(plot, f"{side}_bars").get_hatch() for side in ("long", "short"))
    assert long
    assert short
    assert long != short
    for side in ("long", "short"):
        assert bars(plot, f"{side}_bars_beyond").get_hatch() is None


def test_a_plot_holds_no_word(shape: Scene) -> None:
    plot = draw(shape, WIDE, LIGHT)
    assert not plot.figure.texts
    assert not plot.axes.texts


def contrast(one: str, other: str) -> float:
    def luminance(color: str) -> float:
        channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=list(THEMES))
def test_words_stand_out_from_the_background(theme: Theme) -> None:
    for ink in theme.inks:
        assert contrast(ink, theme.background) >= 4.5


def test_words_that_are_missing_are_named(scene: Scene) -> None:
    chart = written("en", scene)
    strings = {key: text for key, text in chart.strings.items() if key != "caveat"}
    with pytest.raises(RenderError, match="caveat"):
        LiquidationMapText.of(strings)


@pytest.mark.parametrize(
    ("locale", "price", "amount"), [("en", "$86,000", "$16M"), ("zh_Hans", "86,000", "1600万")]
)
def test_scales_are_written_by_the_locale(
    scene: Scene, locale: str, price: str, amount: str
) -> None:
    sheet = KIND.lay_out(draw(scene, WIDE, LIGHT), scene, written(locale, scene))
    assert {price, amount} <= {line.text for line in sheet.lines}
