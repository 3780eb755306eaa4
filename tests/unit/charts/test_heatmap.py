"""The plot of a heatmap: each colour is the estimate of its moment and price."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.image import AxesImage

from composer.charts import can_show, draw_chart
from composer.charts.heat_colors import STEPS, heat_colors, oklab
from composer.charts.heatmap import KIND, HeatmapPlot, draw
from composer.charts.page import PAGES, WIDE, Page
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT, THEMES, Theme
from composer.errors import RenderError
from composer.market.records import FloatArray, Side
from tests.markets import SAMPLE_2, snapshot_of
from tests.unit.charts.wordings import written


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return PAGES[request.param]


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


def pixels(plot: HeatmapPlot) -> FloatArray:
    """Return the colours over the past, shape (height, width, 4), lowest price first."""
    [image] = plot.figure.findobj(AxesImage)
    assert isinstance(image, AxesImage)
    return np.asarray(image.get_array())


def test_each_pixel_has_the_colour_of_its_bucket_and_column(
    scene: Scene, page: Page, theme: Theme
) -> None:
    plot = draw(scene, page, theme)
    shown, heat, box = pixels(plot), plot.heat, plot.past.box
    assert shown.shape[:2] == (round(box.height), round(box.width))
    top = float(plot.intensity_ticks[-1])
    seen = set()
    for column in range(3, len(heat.known_ms), 7):
        for bucket in range(0, len(heat.edges) - 1, 3):
            middle_ms = (heat.known_ms[column - 1] + heat.known_ms[column]) / 2
            x = int(plot.past.x(float(middle_ms)) - box.left)
            if not 0 <= x < shown.shape[1]:
                continue
            price = (heat.edges[bucket] + heat.edges[bucket + 1]) / 2
            y = int(box.bottom - plot.past.y(float(price)))
            usd = {Side.LONG: heat.long_usd, Side.SHORT: heat.short_usd}
            side = max(usd, key=lambda one: float(usd[one][column, bucket]))
            amount = float(usd[side][column, bucket])
            if amount == 0:
                assert shown[y, x, 3] == 0
                continue
            step = min(int(np.ceil(amount / top * STEPS)), STEPS) - 1
            assert shown[y, x, :3].tolist() == heat_colors(theme, side)[step].tolist()
            seen.add((side, step))
    assert {side for side, _ in seen} == set(Side)
    assert len(seen) >= 5


def test_longs_lie_below_the_candles_and_shorts_above(scene: Scene) -> None:
    heat = draw(scene, WIDE, LIGHT).heat
    middle = (heat.edges[:-1] + heat.edges[1:]) / 2
    assert not heat.long_usd[heat.price[:, None] < middle - np.diff(heat.edges)].any()
    assert not heat.short_usd[heat.price[:, None] > middle + np.diff(heat.edges)].any()


def test_the_picture_holds_both_levels_and_every_candle(shape: Scene, page: Page) -> None:
    plot = draw(shape, page, LIGHT)
    low, high = plot.past.axes.get_ylim()
    assert 0 < low < shape.figures.lower.level < shape.figures.upper.level < high
    assert low <= plot.candles.low.min()
    assert plot.candles.high.max() <= high


def test_colours_are_even_steps_of_lightness_alike_on_both_sides(theme: Theme) -> None:
    ramps = [
        [float(oklab("#{:02x}{:02x}{:02x}".format(*rgb))[0]) for rgb in heat_colors(theme, side)]
        for side in Side
    ]
    for ramp in ramps:
        steps = np.diff([float(oklab(theme.background)[0]), *ramp])
        assert np.ptp(steps) < 0.15 * abs(steps.mean())
    assert ramps[0] == pytest.approx(ramps[1], abs=0.01)


def test_oklab_is_that_of_its_inventor() -> None:
    # From the table of his publication: white, and the blue of sRGB.
    assert oklab("#ffffff") == pytest.approx([1, 0, 0], abs=1e-3)
    assert oklab("#0000ff") == pytest.approx([0.452, -0.032, -0.312], abs=1e-3)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_scale_of_the_colours_is_written_by_the_locale(locale: str, scene: Scene) -> None:
    plot = draw(scene, WIDE, LIGHT)
    sheet = KIND.lay_out(plot, scene, written(locale, scene, "heatmap"))
    texts = {line.text for line in sheet.lines}
    day = {"en": "Jan 20", "ar": "\u206720 يناير\u2069"}[locale]
    assert day in texts
    assert {"en": "$0", "ar": "\u20660\u2069"}[locale] in texts


def test_a_market_without_its_past_is_refused_by_what_it_lacks(scene: Scene) -> None:
    reported = snapshot_of(SAMPLE_2)
    kept = replace(scene.market, liquidation_map=reported.liquidation_map)
    for market, lack in (
        (reported, "no candles"),
        (replace(kept, open_interest=None), "no open interest"),
        (kept, "no past of its published map"),
    ):
        poor = replace(scene, market=market)
        assert not can_show("heatmap", poor)
        with pytest.raises(RenderError, match=lack):
            draw_chart("heatmap", poor, written("en", poor, "heatmap"), edition="e1")
    assert can_show("heatmap", scene)
