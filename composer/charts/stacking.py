"""Where labels in a column go: each as near to its place as the others leave room for."""

from collections.abc import Sequence

import numpy as np

from composer.market.records import FloatArray


def stack(
    wanted: Sequence[float], heights: Sequence[float], *, top: float, bottom: float
) -> FloatArray:
    """Return the middles of labels of `heights` which do not overlap, between top and bottom.

    They keep the order of `wanted`, which rises, and the sum of the squares of how far they
    are moved is the least there is. What is higher than the room begins at the top.
    """
    offsets = np.cumsum(heights) - np.array(heights) / 2
    # Apart from their own heights, labels may only rise: equal ones touch.
    blocks: list[tuple[float, int]] = []
    for place in np.array(wanted) - offsets:
        mean, count = float(place), 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, count = (mean * count + before * many) / (count + many), count + many
        blocks.append((mean, count))
    places = np.repeat([mean for mean, _ in blocks], [count for _, count in blocks])
    spare = max(bottom - top - sum(heights), 0)
    middles: FloatArray = np.clip(places, top, top + spare) + offsets
    return middles
