"""A plot drawn once, ready for the words of one language after the other."""

from dataclasses import dataclass

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from PIL import Image

from composer.charts.canvas import Canvas
from composer.charts.page import Page
from composer.charts.png import Pixels, choose_palette, encode, pixels_of
from composer.charts.sheet import WATERMARK_ALPHA, Sheet
from composer.charts.theme import Theme
from composer.charts.typography import DPI


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backdrop:
    """The pixels of a plot, which nobody changes any more."""

    page: Page
    pixels: Pixels
    palette: Image.Image

    def with_words(self, sheet: Sheet, *, edition: str) -> bytes:
        """Return the PNG of this plot under the words of a sheet."""
        renderer = _renderer(self.page)
        pixels = pixels_of(renderer)
        pixels[:] = self.pixels
        sheet.paint_marks(renderer)
        # Nothing shines through: the fourth byte may be left out unread.
        picture = Image.frombytes("RGB", (self.page.width, self.page.height), pixels, "raw", "RGBX")
        sheet.paint_lines(picture)
        return encode(picture, self.palette, edition=edition)


def backdrop_of(plot: Canvas) -> Backdrop:
    """Return a plot as it looks, before any words."""
    # A canvas and its figure hold each other, and megabytes, until they are collected.
    renderer = _renderer(plot.page)
    plot.figure.draw(renderer)
    pixels = pixels_of(renderer).copy()
    return Backdrop(page=plot.page, pixels=pixels, palette=_palette(pixels[..., :3], plot.theme))


def _renderer(page: Page) -> RendererAgg:
    return RendererAgg(page.width, page.height, DPI)  # type: ignore[no-untyped-call] # untyped


def _palette(pixels: Pixels, theme: Theme) -> Image.Image:
    # A watermark tints whatever it crosses.
    ink = np.array(to_rgb(theme.watermark)) * 255
    tinted = np.rint(pixels + WATERMARK_ALPHA * (ink - pixels)).astype(np.uint8)
    return choose_palette(np.vstack([pixels, tinted]), theme.background, theme.inks)
