"""Golden images: small copies of charts, compared so that only what a reader would see counts.

Both are softened and compared tile by tile. How a font is smoothed changes a tile by a
shade; a label that has moved or a bar that is gone changes some tile by a lot.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

FOLDER = Path(__file__).with_name("golden")
WIDTH = 400
COLORS = 128
SOFTEN = 1.2  # pixels
TILE = 8
TOLERANCE = 11.0  # of 255, on the average of a tile

Pixels = npt.NDArray[np.float32]


def reduced(picture: Image.Image) -> Image.Image:
    """Return a picture as golden images are kept."""
    size = (WIDTH, picture.height * WIDTH // picture.width)
    return picture.convert("RGB").resize(size, Image.Resampling.BOX)


def save(picture: Image.Image, name: str) -> None:
    """Keep a picture as the golden image of a name."""
    FOLDER.mkdir(exist_ok=True)
    small = reduced(picture).quantize(COLORS, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)


def farthest_off(picture: Image.Image, name: str) -> float:
    """Return how far the worst tile is from that of the golden image, from 0 to 255."""
    with Image.open(FOLDER / f"{name}.png") as golden:
        one, other = _soft(reduced(picture)), _soft(golden.convert("RGB"))
    off = np.abs(one - other).max(axis=2)
    height, width = (side // TILE * TILE for side in off.shape)
    tiles = off[:height, :width].reshape(height // TILE, TILE, width // TILE, TILE)
    return float(tiles.mean(axis=(1, 3)).max())


def _soft(picture: Image.Image) -> Pixels:
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(SOFTEN)), np.float32)
