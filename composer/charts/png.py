"""A picture as the bytes of a small PNG.

256 colours are plenty for a chart and a third of the size. They are chosen once for a
plot: those it is drawn in, and the shades between its background and its inks, which
the edges of letters take. So the same picture is the same bytes, alone or among many.
"""

from collections.abc import Iterable
from io import BytesIO

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from PIL import Image
from PIL.PngImagePlugin import PngInfo

Pixels = npt.NDArray[np.uint8]

SHADES = 14
COLORS = 256
NEIGHBOUR = 9


def pixels_of(picture: RendererAgg) -> Pixels:
    """Return what a picture is made of, shape (height, width, 4); to change it is to paint."""
    return np.asarray(picture.buffer_rgba())  # type: ignore[no-untyped-call] # untyped there


def choose_palette(pixels: Pixels, background: str, inks: Iterable[str]) -> Image.Image:
    """Return a palette for what is in `pixels`, and for words written in `inks` over it.

    `pixels` has shape (height, width, 3).
    """
    floor = np.array(to_rgb(background))
    share = np.linspace(0, 1, SHADES + 1)[1:, None]
    shades = np.vstack([floor, *(floor + share * (np.array(to_rgb(ink)) - floor) for ink in inks)])
    certain = np.rint(shades * 255).astype(np.uint8)
    # The faster octree is off by more, and greys the white of the background.
    drawn = Image.fromarray(pixels).quantize(
        COLORS - len(certain), method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    chosen = np.array(drawn.getpalette(), np.uint8).reshape(-1, 3)
    apart = np.abs(chosen[:, None].astype(int) - certain).max(axis=2).min(axis=1)
    # Pillow looks colours up in steps of 4, and would take a close neighbour for the background.
    palette = Image.new("P", (1, 1))
    palette.putpalette(certain.tobytes() + chosen[apart > NEIGHBOUR].tobytes())
    return palette


def encode(picture: Image.Image, palette: Image.Image, *, edition: str) -> bytes:
    """Return an RGB picture as a palette PNG. Its text chunk "Edition" names the edition."""
    image = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    chunk = PngInfo()
    chunk.add_itxt("Edition", edition)
    buffer = BytesIO()
    # A quarter more bytes than at level 6, in a quarter of its time.
    image.save(buffer, "PNG", pnginfo=chunk, compress_level=2)
    return buffer.getvalue()
