"""Amounts told by colour, in steps that look equally far apart.

Each side runs from the background over the colour of its bars to its deepest one. Steps
are even in the lightness of Oklab (Björn Ottosson, 2020) and as light on both sides, so
that they compare across sides, in grey, and in every form of colour blindness.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgb

from composer.charts.theme import Theme
from composer.market.records import FloatArray, Side

STEPS = 10

_LINEAR_BELOW = 0.0031308  # of sRGB, which codes the darkest light as it is

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(color: str) -> FloatArray:
    """Return a colour as lightness and two opponent hues, shape (3,)."""
    coded = np.array(to_rgb(color))
    linear = np.where(
        coded <= _LINEAR_BELOW * 12.92, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4
    )
    lab: FloatArray = _TO_LAB @ np.cbrt(_TO_CONES @ linear)
    return lab


def _coded(lab: FloatArray) -> npt.NDArray[np.uint8]:
    """Return colours, shape (n, 3), as the screen takes them."""
    linear = (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_CONES).T
    linear = np.clip(linear, 0, 1)
    coded = np.where(linear <= _LINEAR_BELOW, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    colors: npt.NDArray[np.uint8] = np.rint(coded * 255).astype(np.uint8)
    return colors


@lru_cache(maxsize=8)
def heat_colors(theme: Theme, side: Side) -> npt.NDArray[np.uint8]:
    """Return the colours of a side, shape (STEPS, 3), from little to much."""
    colors = theme.long if side is Side.LONG else theme.short
    stops = np.array([oklab(color) for color in (theme.background, colors.bar, colors.deep)])
    deepest = (oklab(theme.long.deep)[0] + oklab(theme.short.deep)[0]) / 2
    lightness = np.linspace(stops[0, 0], deepest, STEPS + 1)[1:]
    stops = stops[np.argsort(stops[:, 0])]
    hues = [np.interp(lightness, stops[:, 0], stops[:, hue]) for hue in (1, 2)]
    ramp = _coded(np.stack([lightness, *hues], axis=1))
    ramp.setflags(write=False)
    return ramp
