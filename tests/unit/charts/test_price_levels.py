"""The plot of price levels: candles, levels, and the map at the side."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from composer.charts import draw_chart
from composer.charts.history_plot import HistoryPlot
from composer.charts.page import PAGES, WIDE, Page
from composer.charts.price_levels import KIND, draw
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT
from composer.errors import RenderError
from composer.figures.report import NextCluster
from composer.market.records import FloatArray
from tests.markets import SAMPLE_2, snapshot_of
from tests.unit.charts.shapes import SHAPES, make_figures, make_scene
from tests.unit.charts.wordings import written


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return PAGES[request.param]


def outlines(plot: HistoryPlot, gid: str) -> list[FloatArray]:
    [found] = plot.figure.findobj(lambda artist: artist.get_gid() == gid)
    assert isinstance(found, PolyCollection)
    return [np.asarray(path.vertices) for path in found.get_paths()]


def heights(plot: HistoryPlot, gid: str) -> list[float]:
    """Return the prices at which lines of a name lie."""
    lines = plot.figure.findobj(lambda artist: artist.get_gid() == gid)
    return [
        float(line.get_segments()[0][0][1]) for line in lines if isinstance(line, LineCollection)
    ]


def test_candles_are_drawn_from_open_to_close(scene: Scene, page: Page) -> None:
    plot = draw(scene, page, LIGHT)
    candles = plot.candles
    rising = candles.close >= candles.open
    for gid, which in (("rising_candles", rising), ("falling_candles", ~rising)):
        drawn = [(body[:, 1].min(), body[:, 1].max()) for body in outlines(plot, gid)]
        ends = np.sort(np.stack([candles.open, candles.close], axis=1)[which], axis=1)
        assert drawn == [tuple(pair) for pair in ends.tolist()]


def test_bodies_lie_in_their_own_time(scene: Scene) -> None:
    plot = draw(scene, WIDE, LIGHT)
    slot = plot.candles.interval.total_seconds() * 1000
    start, present = plot.past.axes.get_xlim()
    for body in outlines(plot, "rising_candles") + outlines(plot, "falling_candles"):
        assert body[:, 0].max() - body[:, 0].min() < slot
        assert start <= body[:, 0].min() < body[:, 0].max() <= present


def test_price_and_levels_lie_where_they_are(shape: Scene, page: Page) -> None:
    plot = draw(shape, page, LIGHT)
    assert set(heights(plot, "price")) == {shape.figures.price}
    assert set(heights(plot, "lower_level")) == {shape.figures.lower.level}
    assert set(heights(plot, "upper_level")) == {shape.figures.upper.level}


def test_bars_at_the_side_are_the_map_out_to_the_edge_of_the_picture(scene: Scene) -> None:
    plot = draw(scene, WIDE, LIGHT)
    low, high = plot.past.axes.get_ylim()
    reach = max(high / scene.figures.price - 1, 1 - low / scene.figures.price)
    share = min(reach, 0.12) / 0.12  # the made map is flat out to 12 %
    for side, usd in (
        ("long", scene.figures.liquidation_map.long_usd),
        ("short", scene.figures.liquidation_map.short_usd),
    ):
        lengths = [bar[:, 0].max() for bar in outlines(plot, f"{side}_bars")]
        assert sum(lengths) == pytest.approx(usd.sum() * share)


def test_each_cluster_in_the_picture_has_a_band_over_its_prices() -> None:
    scene = SHAPES["clusters"]
    plot = draw(scene, WIDE, LIGHT)
    bands = plot.figure.findobj(lambda artist: str(artist.get_gid()).endswith("_band"))
    found = sorted(
        (band.get_y(), band.get_y() + band.get_height())
        for band in bands
        if isinstance(band, Rectangle)
    )
    expected = sorted((cluster.low, cluster.high) for cluster in scene.figures.clusters)
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-3)


def test_the_next_cluster_is_named_as_such_and_others_by_their_sum() -> None:
    scene = SHAPES["crowded"]
    chart = written("en", scene, "price_levels")
    texts = {line.text for line in KIND.lay_out(draw(scene, WIDE, LIGHT), scene, chart).lines}
    assert chart.strings["next_upper"] == "Next at $91,650: $100 million"
    assert chart.strings["next_upper"] in texts
    largest = max(range(3), key=lambda n: scene.figures.clusters[n].notional_usd)
    assert chart.strings[f"cluster_{largest}"] in texts


def test_the_picture_reaches_out_to_the_next_cluster() -> None:
    figures = replace(make_figures(), next_upper=NextCluster(level=103_500, notional_usd=1e9))
    plot = draw(make_scene(figures), WIDE, LIGHT)
    assert plot.past.axes.get_ylim()[1] > 103_500


def test_crowded_labels_that_have_no_room_leave_the_levels() -> None:
    scene = SHAPES["crowded"]
    low_page = replace(WIDE, plot_bottom=400)
    chart = written("en", scene, "price_levels")
    texts = [line.text for line in KIND.lay_out(draw(scene, low_page, LIGHT), scene, chart).lines]
    names = {key for key, text in chart.strings.items() if text in texts}
    assert {"price_label", "upper_label", "lower_label"} <= names
    assert not {f"cluster_{n}" for n in range(6)} <= names


def test_missing_words_and_missing_candles_are_told(scene: Scene) -> None:
    crowded = SHAPES["crowded"]
    chart = written("en", crowded, "price_levels")
    strings = {key: text for key, text in chart.strings.items() if key != "next_upper"}
    with pytest.raises(RenderError, match="next_upper is missing"):
        KIND.lay_out(draw(crowded, WIDE, LIGHT), crowded, replace(chart, strings=strings))
    bare = replace(scene, market=snapshot_of(SAMPLE_2))
    with pytest.raises(RenderError, match="no candles"):
        draw_chart("price_levels", bare, written("en", bare, "price_levels"), edition="e1")
