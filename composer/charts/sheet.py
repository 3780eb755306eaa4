"""The page a chart is drawn on: what all our pictures share.

Positions are pixels from the top left corner, and a text stands on its baseline; at
72 dots an inch a point of type is a pixel, so one unit serves everything.
"""

import math
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from composer.charts.theme import SIZES, Theme
from composer.charts.typography import font, require_glyphs
from composer.charts.wrapping import Fitted, fit

DPI = 72
MARGIN = 40.0
LEADING = 1.24

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide the box is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high the box is."""
        return self.bottom - self.top


class Sheet:
    """One picture in the making, set in the fonts of one locale and the colours of one theme."""

    def __init__(self, *, size: tuple[int, int], locale: str, theme: Theme) -> None:
        """Take an empty page of `size` pixels."""
        self.width, self.height = size
        self.locale = locale
        self.theme = theme
        self.figure = Figure(
            figsize=(self.width / DPI, self.height / DPI), dpi=DPI, facecolor=theme.background
        )
        canvas = FigureCanvasAgg(self.figure)
        # Shaping is most of the time a picture takes, and wrapping asks for many widths twice.
        self._widths: dict[tuple[str, float, bool], float] = {}
        self._renderer = canvas.get_renderer()  # type: ignore[no-untyped-call] # untyped there

    def measure(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of one line of text.

        Raises RenderError if the fonts lack one of its characters.
        """
        known = self._widths.get((text, size, bold))
        if known is not None:
            return known
        require_glyphs(text, self.locale, bold=bold)
        letters = font(self.locale, size=size, bold=bold)
        width, _, _ = self._renderer.get_text_width_height_descent(text, letters, ismath=False)
        self._widths[text, size, bold] = float(width)
        return float(width)

    def fit(
        self, text: str, width: float, size: float, *, bold: bool = False, lines: int = 2
    ) -> Fitted:
        """Return `text` wrapped to `width`, set smaller by up to a third if it has to be."""
        sizes = (size * step / 12 for step in range(12, 7, -1))
        return fit(
            text, width, sizes, lambda line, at: self.measure(line, at, bold=bold), lines=lines
        )

    def write(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        size: float,
        color: str,
        bold: bool = False,
        align: Align = "left",
    ) -> Text:
        """Write one line of text as it stands: `$` is a dollar, never the start of a formula.

        Raises RenderError if the fonts lack one of its characters.
        """
        require_glyphs(text, self.locale, bold=bold)
        return self.figure.text(
            x / self.width,
            1 - baseline / self.height,
            text,
            color=color,
            fontproperties=font(self.locale, size=size, bold=bold),
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
        )

    def write_within(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        width: float,
        size: float,
        color: str,
        bold: bool = False,
        align: Align = "left",
    ) -> float:
        """Write one line of text, set smaller if `width` asks for it; return how wide it came."""
        fitted = self.fit(text, width, size, bold=bold, lines=1)
        self.write(x, baseline, text, size=fitted.size, color=color, bold=bold, align=align)
        return self.measure(text, fitted.size, bold=bold)

    def head(self, title: str, subtitle: str) -> float:
        """Write title and subtitle; return where they end."""
        width = self.width - 2 * MARGIN
        y = MARGIN - 12
        for text, size, color, bold in (
            (title, SIZES.title, self.theme.ink, True),
            (subtitle, SIZES.subtitle, self.theme.quiet_ink, False),
        ):
            fitted = self.fit(text, width, size, bold=bold)
            for line in fitted.lines:
                y += fitted.size * LEADING
                self.write(MARGIN, y, line, size=fitted.size, color=color, bold=bold)
            y += 10
        return y

    def foot(self, caveat: str, credit: str | None) -> float:
        """Write the caveat and the creator's name at the bottom; return where they begin."""
        y = self.height - MARGIN + 16
        width = self.width - 2 * MARGIN
        color = self.theme.quiet_ink
        if credit is not None:
            self.write(
                self.width - MARGIN, y, credit, size=SIZES.caveat, color=color, align="right"
            )
            width -= self.measure(credit, SIZES.caveat) + MARGIN
        fitted = self.fit(caveat, width, SIZES.caveat)
        for line in reversed(fitted.lines):
            self.write(MARGIN, y, line, size=fitted.size, color=color)
            y -= fitted.size * LEADING
        return y

    def axes(self, box: Box) -> Axes:
        """Return transparent axes over `box`, with no furniture of their own."""
        axes = self.figure.add_axes(
            (
                box.left / self.width,
                1 - box.bottom / self.height,
                box.width / self.width,
                box.height / self.height,
            )
        )
        axes.set_axis_off()
        return axes

    def swatch(self, box: Box, color: str) -> None:
        """Fill a small box: the key of what is drawn in bars."""
        self.figure.add_artist(
            Rectangle(
                (box.left, self.height - box.bottom),
                box.width,
                box.height,
                transform=None,
                facecolor=color,
            )
        )

    def stroke(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        color: str,
        *,
        width: float = 3,
    ) -> None:
        """Draw a short line from one point of the page to another."""
        (x0, y0), (x1, y1) = start, end
        self.figure.add_artist(
            Line2D(
                (x0, x1),
                (self.height - y0, self.height - y1),
                transform=None,
                color=color,
                linewidth=width,
                solid_capstyle="round",
            )
        )

    def watermark(self, text: str, box: Box) -> None:
        """Write `text` large and rising across `box`, over the drawing, to be seen at once."""
        size = min(0.45 * box.height, 90 * box.width / self.measure(text, 100, bold=True))
        angle = math.atan2(box.height - size, box.width)
        mark = self.write(
            (box.left + box.right) / 2,
            (box.top + box.bottom) / 2,
            text,
            size=size,
            color=self.theme.watermark,
            bold=True,
            align="center",
        )
        mark.set(
            verticalalignment="center",
            rotation=math.degrees(angle),
            rotation_mode="anchor",
            alpha=0.17,
            gid="watermark",
        )
