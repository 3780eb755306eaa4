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
from composer.charts.theme import THEMES
from composer.errors import RenderError
from composer.figures.report import Figures
from tests.unit.charts.shapes import SHAPES
from tests.unit.charts.wordings import written

KIND = "liquidation_map"


def test_the_kind_is_found_by_its_file() -> None:
    assert KIND in chart_kinds()


def test_what_does_not_exist_is_refused_with_what_does(figures: Figures) -> None:
    chart = written("en", figures)
    with pytest.raises(RenderError, match=r"choose one of .*liquidation_map"):
        draw_chart("pie", figures, chart, edition="e1")
    with pytest.raises(RenderError, match=r"choose one of light, dark"):
        draw_chart(KIND, figures, chart, edition="e1", theme="sepia")
    with pytest.raises(RenderError, match=r"choose one of 1200x675, 1080x1080"):
        draw_chart(KIND, figures, chart, edition="e1", size="1x1")


@pytest.mark.parametrize("size", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_pictures_are_small_and_name_their_edition(theme: str, size: str) -> None:
    figures = SHAPES["clusters"]
    words = [written(locale, figures, simulated=True) for locale in ("en", "ar", "ja")]
    drawn = draw_charts(KIND, figures, words, edition="BTC-1", theme=theme, size=size)
    for png in drawn:
        assert len(png) <= 150 * 1024
        with Image.open(BytesIO(png)) as image:
            width, height = image.size
            assert (f"{width}x{height}", image.format, image.mode) == (size, "PNG", "P")
            assert image.info["Edition"] == "BTC-1"
            corner = np.asarray(image.convert("RGB"))[0, 0]
        background = THEMES[theme].background
        assert corner.tolist() == [int(background[at : at + 2], 16) for at in (1, 3, 5)]


def test_a_picture_is_the_same_alone_and_among_others(figures: Figures) -> None:
    words = [written(locale, figures) for locale in ("en", "ar", "zh_Hant", "de")]
    together = list(draw_charts(KIND, figures, words, edition="e1"))
    assert len(set(together)) == len(words)
    for place in (0, 1):
        # Equal figures, but others: nothing that was kept of the last ones is used.
        alone = draw_chart(KIND, replace(figures), words[place], edition="e1")
        assert alone == together[place]


def counting(times: list[int]) -> ChartKind:
    def draw(*of: object) -> object:
        times.append(1)
        return LIQUIDATION_MAP.draw(*of)  # type: ignore[arg-type]

    return ChartKind(draw=draw, write=LIQUIDATION_MAP.write)  # type: ignore[arg-type]


def test_the_plot_of_all_languages_is_drawn_once(figures: Figures) -> None:
    drawn: list[int] = []
    kind = counting(drawn)
    page, theme = PAGES["1200x675"], THEMES["light"]
    for locale in ("en", "ar", "hi"):
        kind.picture(figures, written(locale, figures), edition="e1", page=page, theme=theme)
    assert len(drawn) == 1
    words = written("en", figures)
    kind.picture(figures, words, edition="e1", page=page, theme=THEMES["dark"])
    kind.picture(replace(figures), words, edition="e1", page=page, theme=THEMES["dark"])
    assert len(drawn) == 3


def test_other_figures_are_another_picture(figures: Figures) -> None:
    words = written("en", figures)
    other = draw_chart(KIND, SHAPES["long_heavy"], words, edition="e1")
    assert draw_chart(KIND, figures, words, edition="e1") != other


def test_words_lie_over_the_plot_where_the_watermark_crosses_it(figures: Figures) -> None:
    plain, marked = (
        draw_chart(KIND, figures, written("en", figures, simulated=simulated), edition="e1")
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
            figures = replace(SHAPES["clusters"])
            draw_chart(KIND, figures, written("en", figures), edition="e1")

    draw_some(3)
    gc.collect()
    before = peak_kilobytes()
    draw_some(8)
    # A plot that was kept would be 3 MB of pixels, 24 MB in all.
    assert peak_kilobytes() < before + 12_000
