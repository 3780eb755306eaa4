"""A figure as the bytes of a small PNG.

256 colours are plenty for a chart and a third of the size; Pillow picks and packs
them the same way each time, so the same figure is the same bytes.
"""

from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo


def encode(figure: Figure, *, edition: str) -> bytes:
    """Return `figure` as a palette PNG whose text chunk "Edition" names the edition."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call] # matplotlib leaves its canvases untyped
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call] # as above
    image = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    # The faster octree is off by more, and greys the white of the background.
    palette = image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    chunk = PngInfo()
    chunk.add_itxt("Edition", edition)
    buffer = BytesIO()
    palette.save(buffer, "PNG", pnginfo=chunk, compress_level=6)
    return buffer.getvalue()
