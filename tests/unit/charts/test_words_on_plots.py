"""The words of every language on every page: whole, apart, and on their own side."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pytest

from composer import charts
from composer.charts.page import MARGIN, PAGES, WIDE, Box, Page
from composer.charts.scene import Scene
from composer.charts.sheet import Line, Mark, Sheet
from composer.charts.theme import LIGHT
from composer.errors import RenderError
from composer.market.records import FloatArray
from composer.text.writing import WrittenChart
from tests.unit.charts.shapes import SHAPES
from tests.unit.charts.wordings import LOCALES, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The pixels that something covers; of a line, its two ends within them."""

    what: str
    left: float
    top: float
    right: float
    bottom: float
    ends: FloatArray | None = None

    def meets(self, other: "Ink") -> bool:
        if self.ends is not None and other.ends is not None:
            return crosses(self.ends, other.ends) and crosses(other.ends, self.ends)
        return (
            min(self.right, other.right) > max(self.left, other.left)
            and min(self.bottom, other.bottom) > max(self.top, other.top)
        )  # fmt: skip


def crosses(one: FloatArray, other: FloatArray) -> bool:
    """Tell whether the ends of one line lie on either side of the other's."""
    start, end = other
    way, aside = end - start, one - start
    turns = way[0] * aside[:, 1] - way[1] * aside[:, 0]
    return bool(turns[0] * turns[1] < 0)


def ink_of(sheet: Sheet, line: Line) -> Ink:
    letters = sheet.letters(line)
    rows, columns = (np.flatnonzero(letters.cover.sum(axis=axis)) for axis in (1, 0))
    left, top = round(line.left) + letters.left, round(line.baseline) + letters.top
    return Ink(
        what=line.text,
        left=left + int(columns[0]),
        top=top + int(rows[0]),
        right=left + int(columns[-1]) + 1,
        bottom=top + int(rows[-1]) + 1,
    )


def inks(sheet: Sheet) -> list[Ink]:
    """Return what each line and each small drawing beside one covers; not the watermark."""
    return [
        *(ink_of(sheet, line) for line in sheet.lines if line.angle == 0),
        *(ink_of_stroke(mark) for mark in sheet.marks if is_ink(mark, sheet)),
        *(ink_of_swatch(swatch.box) for swatch in sheet.swatches),
    ]


def is_ink(mark: Mark, sheet: Sheet) -> bool:
    """Tell whether nothing may lie over a mark, as it may over a plain patch or the grid."""
    return not mark.fill and mark.color != sheet.theme.grid


def ink_of_stroke(mark: Mark) -> Ink:
    box = mark.outline.get_extents()
    return Ink(
        what="stroke",
        left=box.x0,
        top=box.y0,
        right=box.x1,
        bottom=box.y1,
        ends=np.asarray(mark.outline.vertices, float),
    )


def ink_of_swatch(box: Box) -> Ink:
    return Ink(what="swatch", left=box.left, top=box.top, right=box.right, bottom=box.bottom)


def lay_out(kind: str, scene: Scene, page: Page, chart: WrittenChart) -> Sheet:
    known = charts.require_kind(kind)
    return known.lay_out(known.draw(scene, page, LIGHT), scene, chart)


def assert_all_whole_and_apart(
    kind: str, scene: Scene, page: Page, texts: Iterable[WrittenChart]
) -> None:
    """Draw once and lay the words of each language out, as a morning does."""
    known = charts.require_kind(kind)
    plot = known.draw(scene, page, LIGHT)
    for chart in texts:
        assert_whole_and_apart(known.lay_out(plot, scene, chart), chart.locale)


def assert_whole_and_apart(sheet: Sheet, locale: str = "en") -> None:
    covered = inks(sheet)
    for ink in covered:
        assert ink.left >= MARGIN / 2, (locale, ink)
        assert ink.right <= sheet.page.width - MARGIN / 2, (locale, ink)
        assert ink.top >= 0, (locale, ink)
        assert ink.bottom <= sheet.page.height, (locale, ink)
    for one, other in combinations(covered, 2):
        assert not one.meets(other), (locale, one, other)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return PAGES[request.param]


KINDS = charts.chart_kinds()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["short_heavy", "clusters"])
def test_no_two_words_meet_in_any_language(kind: str, name: str, page: Page) -> None:
    scene = SHAPES[name]
    texts = (written(locale, scene, kind, credit="A creator") for locale in LOCALES)
    assert_all_whole_and_apart(kind, scene, page, texts)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_words_meet_whatever_the_figures(kind: str, shape: Scene, page: Page) -> None:
    texts = (written(locale, shape, kind) for locale in ("en", "ar", "uk"))
    assert_all_whole_and_apart(kind, shape, page, texts)


def test_long_texts_are_wrapped_or_set_smaller_and_still_do_not_meet(
    scene: Scene, page: Page
) -> None:
    words = written("en", scene).strings
    chart = written(
        "en",
        scene,
        title=f"{words['title']}, measured on five exchanges",
        subtitle=f"{words['subtitle']} · measured on five exchanges",
        upper_label=f"{words['upper_label']} as the desk chose",
        long_label=f"{words['long_label']}, all venues",
        credit="A creator with a rather long name",
    )
    assert_whole_and_apart(lay_out("liquidation_map", scene, page, chart))


def test_a_text_beyond_all_measure_is_refused(scene: Scene, page: Page) -> None:
    with pytest.raises(RenderError, match="shorten it"):
        lay_out("liquidation_map", scene, page, written("en", scene, title="Long " * 60))


def line_of(sheet: Sheet, text: str) -> Line:
    [found] = [line for line in sheet.lines if line.text == text]
    return found


def end(line: Line) -> float:
    return line.left + line.width


def test_arabic_mirrors_the_page_but_not_the_prices(scene: Scene) -> None:
    scene = SHAPES["clusters"]
    english, arabic = (
        lay_out("liquidation_map", scene, WIDE, written(locale, scene, credit="A creator"))
        for locale in ("en", "ar")
    )
    assert english.lines[0].left == MARGIN
    assert end(arabic.lines[0]) == pytest.approx(WIDE.width - MARGIN)
    assert end(line_of(english, "A creator")) == pytest.approx(WIDE.width - MARGIN)
    assert line_of(arabic, "A creator").left == MARGIN
    # The scale of the bars stands where lines begin: its top tick is 160 million.
    assert end(line_of(english, "$16M")) < WIDE.plot.left
    assert line_of(arabic, "\u206716 مليون\u2069").left > WIDE.plot.right
    # Prices rise to the right, and longs lie at the left, below the price.
    for sheet, low, high in (
        (english, "$88,000", "$92,000"),
        (arabic, "\u206688,000\u2069", "\u206692,000\u2069"),
    ):
        assert line_of(sheet, low).left < line_of(sheet, high).left
    names = written("ar", scene).strings
    assert line_of(arabic, names["long_label"]).left < line_of(arabic, names["short_label"]).left


def test_a_text_our_fonts_cannot_write_is_refused(scene: Scene) -> None:
    with pytest.raises(RenderError, match="no glyph"):
        lay_out("liquidation_map", scene, WIDE, written("en", scene, title="空头"))


def test_a_creator_is_a_name_and_no_link(scene: Scene) -> None:
    with pytest.raises(RenderError, match="links"):
        lay_out("liquidation_map", scene, WIDE, written("en", scene, credit="www.me.com"))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_simulation_is_marked_across_the_picture(locale: str, scene: Scene, page: Page) -> None:
    chart = written(locale, scene, simulated=True)
    sheet = lay_out("liquidation_map", scene, page, chart)
    [mark] = [line for line in sheet.lines if line.angle]
    ink, grid = ink_of(sheet, mark), page.grid
    assert mark.text == chart.strings["watermark"]
    assert ink.right - ink.left > 0.5 * grid.width
    assert (ink.left + ink.right) / 2 == pytest.approx(grid.middle, abs=0.05 * grid.width)
    assert grid.top - 20 <= ink.top < ink.bottom <= grid.bottom + 20
