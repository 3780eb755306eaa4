"""The words of a chart in one language, laid out and then written over the plot.

Positions are pixels from the top left corner, and a text stands on its baseline. In a
language written from the right the page is mirrored: what begins at the left there
begins at the right. Prices are not words: they rise to the right everywhere.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from composer.charts.page import GAP, MARGIN, Box, Page
from composer.charts.png import pixels_of
from composer.charts.texts import ChartText
from composer.charts.theme import SideColors, Theme
from composer.charts.typography import DPI, Letters, is_right_to_left, letters_of, line_height
from composer.charts.wrapping import Fitted, fit
from composer.errors import RenderError

HEAD_TOP = 24.0
FOOT_BOTTOM = 24.0
WATERMARK_ALPHA = 0.17

Align = Literal["left", "center", "right"]
_SHARE_BEFORE: dict[Align, float] = {"left": 0, "center": 0.5, "right": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a text is set; its size is in pixels."""

    size: float
    color: str
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text as it stands on the page; `angle` is in degrees, counter-clockwise."""

    text: str
    left: float
    baseline: float
    width: float
    style: Style
    angle: float = 0
    alpha: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A small drawing that belongs to a word: a filled outline, or a stroke if `fill` is None."""

    outline: Path
    color: str
    fill: str | None = None
    width: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """A small box in the colour and the pattern of a side: the key of what is drawn in bars."""

    box: Box
    colors: SideColors


class Sheet:
    """The words of one picture, in the fonts of one locale and the colours of one theme."""

    def __init__(self, page: Page, theme: Theme, locale: str) -> None:
        """Take an empty page."""
        self.page, self.theme, self.locale = page, theme, locale
        self.lines: list[Line] = []
        self.marks: list[Mark] = []
        self.swatches: list[Swatch] = []
        self.mirrored = is_right_to_left(locale)
        self.leading: Align = "right" if self.mirrored else "left"
        self.trailing: Align = "left" if self.mirrored else "right"
        self.forward = -1 if self.mirrored else 1
        self.line_height = line_height(locale)
        # Shaping is most of the time a picture takes: what was shaped to be measured is painted.
        self._letters: dict[tuple[str, float, bool], Letters] = {}
        self._widths: dict[tuple[str, bool], float] = {}

    def across(self, x: float) -> float:
        """Return where `x` lies on this page: mirrored if the language runs leftward."""
        return self.page.width - x if self.mirrored else x

    def measure(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of one line of text.

        Raises RenderError if it cannot or may not be written.
        """
        per_pixel = self._widths.get((text, bold))
        if per_pixel is None:
            letters = letters_of(text, self.locale, size, bold=bold)
            self._letters[text, size, bold] = letters
            per_pixel = self._widths[text, bold] = letters.width / size
        return per_pixel * size

    def fit(
        self,
        text: str,
        width: float,
        size: float,
        *,
        bold: bool = False,
        lines: int = 2,
        least: int = 8,
    ) -> Fitted:
        """Return `text` wrapped to `width`, set smaller if it has to be.

        least : how many twelfths of its size it may come down to

        Raises RenderError if it is too long even then.
        """
        sizes = (size * step / 12 for step in range(12, least - 1, -1))
        return fit(
            text, width, sizes, lambda line, at: self.measure(line, at, bold=bold), lines=lines
        )

    def write(
        self, x: float, baseline: float, text: str, style: Style, *, align: Align = "left"
    ) -> Line:
        """Write one line of text from, around or up to `x`."""
        width = self.measure(text, style.size, bold=style.bold)
        left = x - width * _SHARE_BEFORE[align]
        line = Line(text=text, left=left, baseline=baseline, width=width, style=style)
        self.lines.append(line)
        return line

    def write_within(
        self,
        x: float,
        baseline: float,
        text: str,
        style: Style,
        *,
        width: float,
        align: Align = "left",
        lines: int = 1,
    ) -> float:
        """Write a text down to `baseline`, smaller or wrapped if `width` asks for it.

        Return how wide it came.
        """
        fitted = self.fit(text, width, style.size, bold=style.bold, lines=lines)
        style = replace(style, size=fitted.size)
        baselines = reversed(
            [baseline - style.size * self.line_height * up for up in range(len(fitted.lines))]
        )
        written = [
            self.write(x, y, line, style, align=align)
            for y, line in zip(baselines, fitted.lines, strict=True)
        ]
        return max(line.width for line in written)

    def head(self, title: str, subtitle: str) -> None:
        """Write title and subtitle above the plot; where they are short, lower and closer to it."""
        page, theme = self.page, self.theme
        width, x = page.width - 2 * MARGIN, self.across(MARGIN)
        above = self.fit(title, width, page.type.title, bold=True)
        left_over = min(page.head_lines - len(above.lines), 2)
        below = self.fit(subtitle, width, page.type.subtitle, lines=left_over)
        styles = (
            Style(size=above.size, color=theme.ink, bold=True),
            Style(size=below.size, color=theme.quiet_ink),
        )
        rows = [
            (line, style)
            for fitted, style in zip((above, below), styles, strict=True)
            for line in fitted.lines
        ]
        taken = sum(style.size for _, style in rows) * self.line_height + GAP
        y = HEAD_TOP + max(0, page.plot_top - HEAD_TOP - taken) / 2
        for line, style in rows:
            y += style.size * self.line_height
            self.write(x, y + (0 if style.bold else GAP), line, style, align=self.leading)

    def finish(self, text: ChartText, *, over: Box) -> None:
        """Write what stands below every plot, and across `over` the warning there may be."""
        self.foot(text.caveat, text.credit)
        if text.watermark is not None:
            self.watermark(text.watermark, over)

    def foot(self, caveat: str, credit: str | None) -> None:
        """Write the caveat at the bottom, and the creator's name across from it."""
        y, width = self.page.height - FOOT_BOTTOM, self.page.width - 2 * MARGIN
        style = Style(size=self.page.type.caveat, color=self.theme.quiet_ink)
        if credit is not None:
            end = self.across(self.page.width - MARGIN)
            width -= MARGIN + self.write_within(
                end, y, credit, style, width=width / 3, align=self.trailing
            )
        start = self.across(MARGIN)
        self.write_within(start, y, caveat, style, width=width, align=self.leading, lines=2)

    def swatch(self, box: Box, colors: SideColors) -> None:
        """Fill a small box as the bars of a side are."""
        self.swatches.append(Swatch(box=box, colors=colors))

    def patch(self, box: Box, fill: str) -> None:
        """Fill a small box with one colour."""
        self.marks.append(Mark(outline=_outline(box), color=fill, fill=fill))

    def stroke(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        color: str,
        *,
        width: float = 3,
    ) -> None:
        """Draw a short line from one point of the page to another."""
        self.marks.append(Mark(outline=Path([start, end]), color=color, width=width))

    def watermark(self, text: str, box: Box) -> None:
        """Write `text` large and rising across `box`, over the drawing, to be seen at once."""
        # The longest word that fits between the scales, and no more than half as high as them.
        size = min(0.45 * box.height, 90 * box.width / self.measure(text, 100, bold=True))
        width = self.measure(text, size, bold=True)
        angle = math.atan2(box.height - size, box.width)
        self.lines.append(
            Line(
                text=text,
                # Letters rise about 0.7 of their size: their middle is the middle of the box.
                left=box.middle - (width * math.cos(angle) - 0.7 * size * math.sin(angle)) / 2,
                baseline=(box.top + box.bottom) / 2
                + (width * math.sin(angle) + 0.7 * size * math.cos(angle)) / 2,
                width=width,
                style=Style(size=size, color=self.theme.watermark, bold=True),
                angle=math.degrees(angle),
                alpha=WATERMARK_ALPHA,
            )
        )

    def paint_marks(self, renderer: RendererAgg) -> None:
        """Put all marks onto a picture that may hold a plot already."""
        for mark in self.marks:
            _paint_mark(renderer, mark)

    def paint_lines(self, picture: Image.Image) -> None:
        """Put all swatches and lines onto an RGB picture.

        Raises RenderError if a line would leave it.
        """
        for swatch in self.swatches:
            box = swatch.box
            pattern = _pattern(round(box.width), round(box.height), swatch.colors)
            picture.paste(pattern, (round(box.left), round(box.top)))
        for line in self.lines:
            _paint_letters(picture, line, self.letters(line))

    def letters(self, line: Line) -> Letters:
        """Return a line of this sheet as pixels."""
        size, bold = line.style.size, line.style.bold
        known = self._letters.get((line.text, size, bold)) if line.angle == 0 else None
        return known or letters_of(line.text, self.locale, size, bold=bold, angle=line.angle)


def _outline(box: Box) -> Path:
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    return Path(
        [(left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)], closed=True
    )


def _paint_mark(renderer: RendererAgg, mark: Mark) -> None:
    context = renderer.new_gc()
    context.set_foreground(mark.color)
    context.set_linewidth(mark.width)
    context.set_capstyle("round")
    # The renderer counts from the bottom.
    upright = Affine2D().scale(1, -1).translate(0, renderer.height)
    fill = None if mark.fill is None else to_rgba(mark.fill)
    renderer.draw_path(  # type: ignore[no-untyped-call] # matplotlib leaves renderers untyped
        context, mark.outline, upright, fill
    )
    context.restore()


@lru_cache(maxsize=64)
def _pattern(width: int, height: int, colors: SideColors) -> Image.Image:
    """Return the colour and the pattern of a side; to draw one takes as long as to set a line."""
    renderer = RendererAgg(width, height, DPI)  # type: ignore[no-untyped-call] # untyped there
    context = renderer.new_gc()
    context.set_linewidth(0)
    context.set_hatch(colors.hatch)
    context.set_hatch_color(colors.hatch_ink)
    outline = _outline(Box(left=0, top=0, right=width, bottom=height))
    renderer.draw_path(  # type: ignore[no-untyped-call] # untyped there
        context, outline, Affine2D(), to_rgba(colors.bar)
    )
    return Image.frombytes("RGB", (width, height), pixels_of(renderer), "raw", "RGBX")


def _paint_letters(picture: Image.Image, line: Line, letters: Letters) -> None:
    """Lay the colour of a line over the pixels its letters cover."""
    height, width = letters.cover.shape
    top, left = round(line.baseline) + letters.top, round(line.left) + letters.left
    if min(top, left) < 0 or top + height > picture.height or left + width > picture.width:
        msg = f"{line.text!r} would leave the picture; shorten it"
        raise RenderError(msg)
    cover = letters.cover
    if line.alpha < 1:
        cover = np.rint(cover * line.alpha).astype(np.uint8)
    red, green, blue = (round(255 * part) for part in to_rgb(line.style.color))
    picture.paste((red, green, blue), (left, top), Image.fromarray(cover))
