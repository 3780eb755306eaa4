from collections.abc import Callable
from dataclasses import fields, replace
from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from composer.charts import chart_kinds, draw_chart
from composer.charts.buckets import reach_shown
from composer.charts.liquidation_map import LiquidationMapText, compose, draw, text_of
from composer.charts.theme import DARK, LIGHT, Theme
from composer.errors import RenderError
from composer.figures.report import Figures
from composer.market.records import FloatArray
from composer.text.amounts import AmountFormatter
from composer.text.writing import WrittenChart

Words = Callable[[str, Figures], LiquidationMapText]


def written(text: LiquidationMapText) -> WrittenChart:
    """Return the words of a text as the text room hands them over."""
    strings = {
        item.name: getattr(text, item.name)
        for item in fields(text)
        if isinstance(getattr(text, item.name), str)
    }
    return WrittenChart(locale="en", strings=strings, gaps=())


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.texts if text.get_gid() != "watermark"]


def artist(figure: Figure, gid: str) -> Artist:
    [found] = figure.findobj(lambda artist: artist.get_gid() == gid)
    return found


def line(figure: Figure, gid: str) -> tuple[FloatArray, FloatArray]:
    found = artist(figure, gid)
    assert isinstance(found, Line2D)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def bar_heights(figure: Figure, gid: str) -> list[float]:
    bars = artist(figure, gid)
    assert isinstance(bars, PolyCollection)
    return [float(path.get_extents().height) for path in bars.get_paths()]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return what each text covers.

    A line's own box has room for any accent of its font, so that lines set close would
    seem to meet; letters reach 0.88 of their size above the baseline and 0.25 below.
    """
    found = []
    for text in texts(figure):
        extent, size = text.get_window_extent(), float(text.get_fontsize())
        baseline = text.get_position()[1] * figure.bbox.height
        box = Bbox.from_extents(
            extent.x0, baseline - 0.25 * size, extent.x1, baseline + 0.88 * size
        )
        found.append((text.get_text(), box))
    return found


def assert_apart(figure: Figure) -> None:
    for (one, box), (other, other_box) in combinations(boxes(figure), 2):
        assert Bbox.intersection(box, other_box) is None, (one, other)


def test_the_kind_is_found_by_its_file() -> None:
    assert "liquidation_map" in chart_kinds()


def test_a_chart_is_drawn_by_the_name_of_its_kind(figures: Figures, words: Words) -> None:
    chart = written(words("en", figures))
    drawn = draw_chart("liquidation_map", figures, chart, edition="e1")
    assert drawn == draw(figures, chart.strings, AmountFormatter("en"), edition="e1")


def test_an_unknown_kind_is_refused_with_the_known_ones(figures: Figures, words: Words) -> None:
    chart = written(words("en", figures))
    with pytest.raises(RenderError, match=r"choose one of .*liquidation_map"):
        draw_chart("pie", figures, chart, edition="e1")


def test_words_that_are_missing_are_named(figures: Figures, words: Words) -> None:
    strings = dict(written(words("en", figures)).strings)
    del strings["caveat"]
    with pytest.raises(RenderError, match="caveat"):
        draw(figures, strings, AmountFormatter("en"), edition="e1")


@pytest.mark.parametrize(
    ("locale", "price", "amount"), [("en", "$86,000", "$160M"), ("zh_Hans", "86,000", "1.6亿")]
)
def test_scales_are_written_by_the_locale(
    figures: Figures, words: Words, locale: str, price: str, amount: str
) -> None:
    text = text_of(written(words("en", figures)).strings, AmountFormatter(locale))
    assert text.price_tick(86_000.0) == price
    assert text.intensity_tick(160e6) == amount


def test_bars_and_curves_hold_the_mass_within_the_range(shape: Figures, words: Words) -> None:
    figure = compose(shape, words("en", shape), locale="en")
    # The made map is flat out to 12 % of price.
    share = min(reach_shown(shape), 0.12) / 0.12
    for side, mass in (
        ("long", shape.liquidation_map.long_usd.sum()),
        ("short", shape.liquidation_map.short_usd.sum()),
    ):
        for layer in ("bars", "bars_beyond"):
            assert sum(bar_heights(figure, f"{side}_{layer}")) == pytest.approx(mass * share)
        _, curve = line(figure, f"{side}_cumulative")
        assert curve[0] == 0
        assert curve[-1] == pytest.approx(mass * share)


def test_lines_stand_at_the_price_and_the_levels(shape: Figures, words: Words) -> None:
    figure = compose(shape, words("en", shape), locale="en")
    for gid, price in (
        ("price", shape.price),
        ("long_level", shape.lower.level),
        ("short_level", shape.upper.level),
    ):
        assert line(figure, gid)[0].tolist() == [price, price]
    for gid, level in (("long_level_dot", shape.lower), ("short_level_dot", shape.upper)):
        assert np.hstack(line(figure, gid)).tolist() == [level.level, level.intensity_usd]


def test_a_dot_lies_on_its_curve(figures: Figures, words: Words) -> None:
    figure = compose(figures, words("en", figures), locale="en")
    at_level = np.interp(figures.upper.level, *line(figure, "short_cumulative"))
    assert at_level == pytest.approx(figures.upper.intensity_usd)


def test_both_sides_share_one_scale_and_reach_equally_far(figures: Figures, words: Words) -> None:
    [axes] = compose(figures, words("en", figures), locale="en").axes
    low, high = axes.get_xlim()
    assert figures.price - low == pytest.approx(high - figures.price)
    assert axes.get_ylim()[0] == 0


def test_the_right_scale_reads_the_curve(figures: Figures, words: Words) -> None:
    figure = compose(figures, words("en", figures), locale="en")
    # 720 million in reach: the ticks are $0M, $200M ... $800M.
    [top] = [text for text in figure.texts if text.get_text() == "$800M"]
    [zero] = [text for text in figure.texts if text.get_text() == "$0M"][1:]
    span = (top.get_position()[1] - zero.get_position()[1]) * figure.bbox.height
    dot = artist(figure, "short_level_dot")
    assert isinstance(dot, Line2D)
    [[_, y]] = dot.get_transform().transform(dot.get_xydata())
    [[_, floor]] = dot.get_transform().transform([[figures.price, 0]])
    assert (y - floor) / span == pytest.approx(figures.upper.intensity_usd / 8e8)


def test_ticks_are_few_round_and_formatted_by_the_caller(figures: Figures, words: Words) -> None:
    text = replace(
        words("en", figures),
        price_tick=lambda price: f"P{price:.0f}",
        intensity_tick=lambda usd: f"I{usd:.0f}",
    )
    written = [text.get_text() for text in compose(figures, text, locale="en").texts]
    prices = [word for word in written if word.startswith("P") and word[1:].isdigit()]
    assert prices == ["P86000", "P88000", "P90000", "P92000", "P94000"]
    assert [word for word in written if word.startswith("I0")] == ["I0", "I0"]
    assert len([word for word in written if word[0] == "I" and word[1:].isdigit()]) == 10


@pytest.mark.parametrize("language", ["en", "zh_Hans", "en_simulated"])
def test_no_text_leaves_the_picture_and_no_two_meet(
    shape: Figures, words: Words, language: str
) -> None:
    figure = compose(shape, words(language, shape), locale=language.removesuffix("_simulated"))
    assert_apart(figure)
    for text in figure.texts:
        box = text.get_window_extent()
        assert figure.bbox.contains(box.x0, box.y0), text
        assert figure.bbox.contains(box.x1, box.y1), text


def test_long_texts_are_wrapped_and_still_do_not_meet(figures: Figures, words: Words) -> None:
    text = words("en", figures)
    crowded = replace(
        text,
        title=f"{text.title}, measured on five exchanges",
        subtitle=f"{text.subtitle} · {text.subtitle}",
        caveat=f"{text.caveat} {text.caveat}",
        upper_label=f"{text.upper_label} as the desk has chosen it",
        long_label=f"{text.long_label}, all venues",
    )
    assert_apart(compose(figures, crowded, locale="en"))


def test_two_dollars_in_a_text_stay_dollars(figures: Figures, words: Words) -> None:
    figure = compose(figures, words("en", figures), locale="en")
    assert all(not text.get_parse_math() for text in figure.texts)
    title = " ".join(text.get_text() for text in texts(figure)[:2])
    assert title == words("en", figures).title
    assert title.count("$") == 3


def test_a_text_our_fonts_cannot_write_is_refused(figures: Figures, words: Words) -> None:
    with pytest.raises(RenderError, match="no glyph"):
        compose(figures, words("zh_Hans", figures), locale="en")


def test_a_simulation_is_marked_across_the_picture(figures: Figures, words: Words) -> None:
    figure = compose(figures, words("en_simulated", figures), locale="en")
    mark = artist(figure, "watermark")
    assert isinstance(mark, Text)
    assert mark.get_text() == "SIMULATED DATA"
    assert mark.get_window_extent().width > 800


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_stand_out_from_the_background(theme: Theme) -> None:
    def luminance(color: str) -> float:
        channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink in (theme.ink, theme.quiet_ink, theme.long.ink, theme.short.ink):
        dark, light = sorted((luminance(ink), luminance(theme.background)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_same_figures_are_the_same_bytes(figures: Figures, words: Words, locale: str) -> None:
    strings, amounts = written(words(locale, figures)).strings, AmountFormatter(locale)
    once, again = (draw(figures, strings, amounts, edition="e1") for _ in range(2))
    assert once == again


def test_the_picture_is_small_and_names_its_edition(
    shape: Figures, words: Words, locale: str
) -> None:
    strings, amounts = written(words(locale, shape)).strings, AmountFormatter(locale)
    drawn = draw(shape, strings, amounts, edition="BTC-2026-01-20")
    assert len(drawn) <= 150 * 1024
    with Image.open(BytesIO(drawn)) as image:
        assert (image.size, image.format, image.mode) == ((1200, 675), "PNG", "P")
        assert image.info["Edition"] == "BTC-2026-01-20"
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
