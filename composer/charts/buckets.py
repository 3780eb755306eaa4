"""A liquidation map in equal buckets, counted from the price outwards.

Sources cut their bins as they like, and a bar's height says nothing while bars differ
in width. Counting from the price keeps both sides comparable and puts no bar astride it.
"""

from dataclasses import dataclass

import numpy as np

from composer.figures.profile import SideProfile
from composer.figures.report import Figures
from composer.market.records import FloatArray, LiquidationMap, Side

BUCKETS_PER_SIDE = 50
LEAST_REACH = 0.06
FARTHEST_NEXT_CLUSTER = 0.12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Buckets:
    """One side of a map: `edges` are n + 1 distances from the price in USD, beginning with 0.

    `intensity_usd`, shape (n,), is what lies in each bucket; `cumulative_usd`, shape
    (n + 1,), what lies between the price and each edge.
    """

    side: Side
    edges: FloatArray
    intensity_usd: FloatArray
    cumulative_usd: FloatArray


def reach_shown(figures: Figures) -> float:
    """Return how far from the price a picture reaches on both sides, as a fraction of price.

    A bit beyond both levels, at least 6 %, and out to the next clusters that are near.
    """
    beyond_levels = 1.25 * max(figures.lower.distance, figures.upper.distance)
    next_clusters = (
        1.1 * abs(cluster.level / figures.price - 1)
        for cluster in (figures.next_lower, figures.next_upper)
        if cluster is not None
    )
    near = (reach for reach in next_clusters if reach <= FARTHEST_NEXT_CLUSTER)
    return max(LEAST_REACH, beyond_levels, *near)


def rebin(map_: LiquidationMap, side: Side, reach: float) -> Buckets:
    """Return one side of `map_` in equal buckets out to a fraction `reach` of the price."""
    edges = np.linspace(0, reach * map_.price, BUCKETS_PER_SIDE + 1)
    if side is Side.LONG:
        edges = edges[edges < map_.price]
    cumulative = SideProfile.of(map_, side).cumulative(edges)
    return Buckets(
        side=side,
        edges=edges,
        intensity_usd=np.diff(cumulative),
        cumulative_usd=cumulative,
    )
