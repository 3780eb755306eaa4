"""Where the ticks of an axis stand."""

import math
from decimal import Decimal

import numpy as np
from matplotlib.ticker import MaxNLocator

from composer.market.records import FloatArray

# Equal steps of a vertical scale.
INTERVALS = 4

_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def even_ticks(top: float, intervals: int = INTERVALS) -> FloatArray:
    """Return ticks from 0 to `top` or a little beyond, in equal round steps.

    The number of ticks is fixed, so that two scales can share one set of grid lines.
    """
    raw = top / intervals if top > 0 else 1.0
    magnitude = 10.0 ** math.floor(math.log10(raw))
    # A step that misses by the last bits of a float is still a hit.
    step = next(step for step in _STEPS if step * magnitude >= raw * (1 - 1e-9))
    return np.arange(intervals + 1, dtype=np.float64) * step * magnitude


def price_ticks(low: float, high: float) -> FloatArray:
    """Return a few round prices from `low` to `high`."""
    locator = MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10])
    ticks = np.asarray(locator.tick_values(low, high), dtype=np.float64)
    return ticks[(ticks >= low) & (ticks <= high)]


def exact(value: float) -> Decimal:
    """Return a tick as a number that can be written: 0.1 and not what floats make of it."""
    return Decimal(repr(float(value)))
