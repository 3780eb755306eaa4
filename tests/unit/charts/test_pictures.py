"""Pictures as they are sent: their bytes, alone or among many."""

import gc
import resource
import sys
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from composer.charts import chart_kinds, draw_chart, draw_charts
from composer.charts.kind import ChartKind
from composer.charts.liquidation_map import KIND as LIQUIDATION_MAP
from composer.charts.page import PAGES
from composer.charts.plot import Plot
from composer.charts.scene import Scene
from composer.charts.theme import THEMES
from composer.errors import RenderError
from composer.text.templates import written_charts
from tests.unit.charts.shapes import SHAPES, anew
from tests.unit.charts.wordings import written

KIND = "liquidation_map"


def test_the_kinds_are_found_by_their_files_and_have_words() -> None:
    assert KIND in chart_kinds()
    assert written_charts() == chart_kinds()


def restless(scene: Scene) -> Scene:
    """Return a scene whose market jumps about: the heatmap that compresses worst."""
    candles = scene.market.candles
    assert candles is not None
    jumps = np.random.default_rng(7).uniform(0.94, 1.06, len(candles) + 1) * scene.figures.price
    begin, end = jumps[:-1], jumps[1:]
    wild = replace(
        candles,
        open=begin,
        close=end,
        high=np.maximum(begin, end),
        low=np.minimum(begin, end),
    )
    return replace(scene, market=replace(scene.market, candles=wild))


def test_what_does_not_exist_is_refused_with_what_does(scene: Scene) -> None:
    chart = written("en", scene)
    with pytest.raises(RenderError, match=r"choose one of .*liquidation_map"):
        draw_chart("pie", scene, chart, edition="e1")
    with pytest.raises(RenderError, match=r"choose one of light, dark"):
        draw_chart(KIND, scene, chart, edition="e1", theme="sepia")
    with pytest.raises(RenderError, match=r"choose one of 1200x675, 1080x1080"):
        draw_chart(KIND, scene, chart, edition="e1", size="1x1")


@pytest.mark.parametrize("kind", chart_kinds())
@pytest.mark.parametrize("size", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_pictures_are_small_and_name_their_edition(theme: str, size: str, kind: str) -> None:
    scene = restless(SHAPES["clusters"])
    words = [written(locale, scene, kind, simulated=True) for locale in ("en", "ar", "ja")]
    drawn = draw_charts(kind, scene, words, edition="BTC-1", theme=theme, size=size)
    for png in drawn:
        assert len(png) <= 150 * 1024
        with Image.open(BytesIO(png)) as image:
            width, height = image.size
            assert (f"{width}x{height}", image.format, image.mode) == (size, "PNG", "P")
            assert image.info["Edition"] == "BTC-1"
            corner = np.asarray(image.convert("RGB"))[0, 0]
        background = THEMES[theme].background
        assert corner.tolist() == [int(background[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize("kind", chart_kinds())
def test_a_picture_is_the_same_alone_and_among_others(kind: str) -> None:
    scene = SHAPES["clusters"]
    words = [written(locale, scene, kind) for locale in ("en", "ar", "zh_Hant", "de")]
    together = list(draw_charts(kind, scene, words, edition="e1"))
    assert len(set(together)) == len(words)
    for place in (0, 1):
        # An equal scene, but another: nothing that was kept of the last one is used.
        alone = draw_chart(kind, anew(scene), words[place], edition="e1")
        assert alone == together[place]


def counting(times: list[int]) -> ChartKind[Plot]:
    def draw(*of: object) -> object:
        times.append(1)
        return LIQUIDATION_MAP.draw(*of)  # type: ignore[arg-type]

    return ChartKind(draw=draw, write=LIQUIDATION_MAP.write)  # type: ignore[arg-type]


def test_the_plot_of_all_languages_is_drawn_once(scene: Scene) -> None:
    drawn: list[int] = []
    kind = counting(drawn)
    page, theme = PAGES["1200x675"], THEMES["light"]
    for locale in ("en", "ar", "hi"):
        kind.picture(scene, written(locale, scene), edition="e1", page=page, theme=theme)
    assert len(drawn) == 1
    words = written("en", scene)
    kind.picture(scene, words, edition="e1", page=page, theme=THEMES["dark"])
    kind.picture(anew(scene), words, edition="e1", page=page, theme=THEMES["dark"])
    assert len(drawn) == 3


def test_other_figures_are_another_picture(scene: Scene) -> None:
    words = written("en", scene)
    other = draw_chart(KIND, SHAPES["long_heavy"], words, edition="e1")
    assert draw_chart(KIND, scene, words, edition="e1") != other


def test_words_lie_over_the_plot_where_the_watermark_crosses_it(scene: Scene) -> None:
    plain, marked = (
        draw_chart(KIND, scene, written("en", scene, simulated=simulated), edition="e1")
        for simulated in (False, True)
    )
    one, other = (
        np.asarray(Image.open(BytesIO(png)).convert("RGB"), int) for png in (plain, marked)
    )
    changed = np.abs(one - other).max(axis=2) > 16
    assert changed.mean() > 0.02


def peak_kilobytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform == "darwin" else peak


def test_memory_does_not_grow_with_the_pictures_drawn() -> None:
    def draw_some(count: int) -> None:
        for _ in range(count):
            scene = anew(SHAPES["clusters"])
            draw_chart(KIND, scene, written("en", scene), edition="e1")

    draw_some(3)
    gc.collect()
    before = peak_kilobytes()
    draw_some(8)
    # A plot that was kept would be 3 MB of pixels, 24 MB in all.
    assert peak_kilobytes() < before + 12_000
