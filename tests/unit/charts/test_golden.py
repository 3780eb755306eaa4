"""Every kind of chart looks as it did when it was last looked at.

`RENEW_GOLDEN=1 pytest tests/unit/charts/test_golden.py` keeps the present pictures, to be
looked at before they are committed.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.ft2font import LoadFlags
from PIL import Image

from composer.charts import chart_kinds, require_kind, typography
from composer.charts import sheet as sheet_of_words
from composer.charts.backdrop import Backdrop, backdrop_of
from composer.charts.canvas import Canvas
from composer.charts.page import PAGES, SQUARE, WIDE
from composer.charts.sheet import Sheet
from composer.charts.theme import THEMES
from tests.unit.charts import golden_images as golden
from tests.unit.charts.shapes import SHAPES
from tests.unit.charts.wordings import written

SCENE = SHAPES["clusters"]
LOOKS = (("en", "light", WIDE.name), ("ar", "dark", SQUARE.name), ("zh_Hans", "light", WIDE.name))


@cache
def drawn(kind: str, theme: str, size: str) -> tuple[Canvas, Backdrop]:
    """Return a plot and how it looks without words."""
    plot = require_kind(kind).draw(SCENE, PAGES[size], THEMES[theme])
    return plot, backdrop_of(plot)


def draw(
    kind: str,
    locale: str,
    theme: str,
    size: str,
    spoil: Callable[[Sheet], None] = lambda _sheet: None,
) -> Image.Image:
    """Return a picture, with something done to its words."""
    plot, backdrop = drawn(kind, theme, size)
    sheet = require_kind(kind).lay_out(plot, SCENE, written(locale, SCENE, kind))
    spoil(sheet)
    return Image.open(BytesIO(backdrop.with_words(sheet, edition="golden")))


@pytest.mark.parametrize(("locale", "theme", "size"), LOOKS)
@pytest.mark.parametrize("kind", chart_kinds())
def test_a_chart_looks_as_it_did(kind: str, locale: str, theme: str, size: str) -> None:
    name = f"{kind}.{locale}"
    picture = draw(kind, locale, theme, size)
    if "RENEW_GOLDEN" in os.environ:
        golden.save(picture, name)
    assert golden.farthest_off(picture, name) <= golden.TOLERANCE


def lightly_hinted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typography, "LoadFlags", SimpleNamespace(NO_HINTING=LoadFlags.TARGET_LIGHT))


def heavier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cover more of the pixels at the edges of letters, as another gamma does."""

    def letters_of(*of: Any, **how: Any) -> typography.Letters:  # noqa: ANN401 - as it takes them
        letters = typography.letters_of(*of, **how)
        cover = 255 * (letters.cover / 255) ** 0.75
        return replace(letters, cover=cover.astype(np.uint8))

    monkeypatch.setattr(sheet_of_words, "letters_of", letters_of)


@pytest.mark.parametrize("otherwise", [lightly_hinted, heavier])
@pytest.mark.parametrize("kind", chart_kinds())
def test_letters_may_be_smoothed_otherwise(
    kind: str, otherwise: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters of another release of the font library are about as unlike ours."""
    ours = draw(kind, *LOOKS[0])
    otherwise(monkeypatch)
    theirs = draw(kind, *LOOKS[0])
    assert theirs.tobytes() != ours.tobytes()
    assert golden.farthest_off(theirs, f"{kind}.en") <= golden.TOLERANCE


def move_label(sheet: Sheet) -> None:
    """Move the bold label that is farthest down by its own height."""
    labels = [line for line in sheet.lines if line.style.bold]
    lowest = max(labels, key=lambda line: line.baseline)
    moved = replace(lowest, baseline=lowest.baseline - lowest.style.size)
    sheet.lines[sheet.lines.index(lowest)] = moved


def lose_tick(sheet: Sheet) -> None:
    """Leave out the first label of a scale."""
    sheet.lines.remove(next(line for line in sheet.lines if line.text.startswith("$")))


@pytest.mark.parametrize("spoil", [move_label, lose_tick])
@pytest.mark.parametrize("kind", chart_kinds())
def test_a_label_that_moved_or_is_lost_is_seen(kind: str, spoil: Callable[[Sheet], None]) -> None:
    assert golden.farthest_off(draw(kind, *LOOKS[0], spoil), f"{kind}.en") > golden.TOLERANCE


@pytest.mark.parametrize("kind", ["liquidation_map", "open_interest"])
def test_a_lost_bar_is_seen(kind: str) -> None:
    known, (locale, theme, size) = require_kind(kind), LOOKS[0]
    plot = known.draw(SCENE, PAGES[size], THEMES[theme])
    for bars in plot.figure.findobj(PolyCollection):
        assert isinstance(bars, PolyCollection)
        outlines = list(bars.get_paths())
        if len(outlines) > 1:
            outlines.remove(max(outlines, key=lambda outline: outline.get_extents().height))
            bars.set_verts([outline.vertices for outline in outlines])
    sheet = known.lay_out(plot, SCENE, written(locale, SCENE, kind))
    picture = Image.open(BytesIO(backdrop_of(plot).with_words(sheet, edition="golden")))
    assert golden.farthest_off(picture, f"{kind}.en") > golden.TOLERANCE
