"""How the mass of a liquidation map lies: in clusters, in steps, near or far, on which venue."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from composer.figures.imbalance import WINDOW
from composer.figures.levels import round_step
from composer.figures.profile import SideProfile
from composer.figures.report import AtRisk, Cluster, ClusterSums, MapSpan, Shape, Totals, Venue
from composer.figures.windows import DAY
from composer.market.records import LiquidationMap, MarketSnapshot, Side

STEP = 0.0025  # of price: what a map is cut into to find its heaviest steps
HEAVIEST = 3  # of the steps of a side
ROUND_LEVELS = 3  # on each side


def measure_clusters(
    clusters: Sequence[Cluster], price: float, atr_usd: float | None
) -> tuple[Cluster, ...]:
    """Return the clusters with their distance in USD and in average true ranges."""
    return tuple(
        replace(
            one,
            distance_usd=abs(one.peak - price),
            distance_atr=abs(one.peak - price) / atr_usd if atr_usd else None,
        )
        for one in clusters
    )


def cluster_sums(clusters: Sequence[Cluster]) -> ClusterSums:
    """Return what the clusters of each side hold, and the largest; 0 where there is none."""
    long_usd, short_usd = (
        [one.notional_usd for one in clusters if one.side is side] for side in Side
    )
    return ClusterSums(
        long_usd=sum(long_usd),
        short_usd=sum(short_usd),
        largest_long_usd=max(long_usd, default=0.0),
        largest_short_usd=max(short_usd, default=0.0),
    )


def shape_of(liquidation_map: LiquidationMap) -> Shape:
    """Return how the mass of each side within ±5 % of price lies.

    Each side is cut into steps of 0.25 % of price; `heaviest` are its 3 heaviest, in USD and as
    a share of the side, None where that is empty: the less, the more it is spread out.
    `inner` is the mass to half the window, `outer` the rest.
    """
    longs, shorts = (_side_shape(SideProfile.of(liquidation_map, side)) for side in Side)
    return Shape(
        heaviest_long_usd=longs.heaviest_usd,
        heaviest_short_usd=shorts.heaviest_usd,
        inner_long_usd=longs.inner_usd,
        inner_short_usd=shorts.inner_usd,
        outer_long_usd=longs.outer_usd,
        outer_short_usd=shorts.outer_usd,
        heaviest_long_share=longs.heaviest_share,
        heaviest_short_share=shorts.heaviest_share,
    )


class _SideShape(NamedTuple):
    heaviest_usd: float
    inner_usd: float
    outer_usd: float
    heaviest_share: float | None


def _side_shape(profile: SideProfile) -> _SideShape:
    met = profile.cumulative(profile.price * STEP * np.arange(1, round(WINDOW / STEP) + 1))
    whole, inner = float(met[-1]), float(met[len(met) // 2 - 1])
    heaviest = float(np.sort(np.diff(met, prepend=0.0))[-HEAVIEST:].sum())
    return _SideShape(
        heaviest_usd=heaviest,
        inner_usd=inner,
        outer_usd=whole - inner,
        heaviest_share=heaviest / whole if whole > 0 else None,
    )


def span_of(liquidation_map: LiquidationMap) -> MapSpan:
    """Return the prices that the map reaches to, and where between them the price stands."""
    low, high = float(liquidation_map.low[0]), float(liquidation_map.high[-1])
    position = (liquidation_map.price - low) / (high - low) if high > low else None
    return MapSpan(low=low, high=high, position=position)


def round_levels(price: float) -> tuple[float, ...]:
    """Return the 3 round prices nearest to `price` on each side, lowest first.

    Multiples of the step of 1, 2 or 5 x 10^n nearest to 1 % of price.
    """
    exact = Decimal(repr(price))
    step = round_step(exact)
    above = exact // step + 1
    below = above - 1 if exact % step else above - 2
    around = [*(below - i for i in reversed(range(ROUND_LEVELS)))]
    around += [above + i for i in range(ROUND_LEVELS)]
    return tuple(float(step * count) for count in around)


def at_risk(both: Totals, snapshot: MarketSnapshot) -> AtRisk:
    """Return both sides within ±5 % of price together, and each as a share of open interest.

    The open interest is that of the snapshot's venues where each of theirs is known, else
    the snapshot's own. It is single-sided, so each side is a share of the whole of it.
    """
    by_venue = snapshot.open_interest_by_venue
    interest_usd = None
    if snapshot.venues and all(venue in by_venue for venue in snapshot.venues):
        interest_usd = sum(by_venue[venue] for venue in snapshot.venues)
    elif snapshot.open_interest is not None:
        interest_usd = float(snapshot.open_interest.open_interest_usd[-1])
    return AtRisk(
        total_usd=both.long_usd + both.short_usd,
        within=both.within,
        open_interest_usd=interest_usd,
        long_share=both.long_usd / interest_usd if interest_usd else None,
        short_share=both.short_usd / interest_usd if interest_usd else None,
    )


def venues_of(snapshot: MarketSnapshot) -> tuple[Venue, ...]:
    """Return what is known of each venue alone, most open interest first."""
    by_venue, fills = snapshot.open_interest_by_venue, snapshot.liquidations_by_venue
    total_usd = sum(by_venue.values())
    found = []
    for name in {**by_venue, **fills}:
        interest_usd, lost = by_venue.get(name), fills.get(name)
        of_day = lost if lost is not None and lost.over == DAY else None
        found.append(
            Venue(
                name=name,
                open_interest_usd=interest_usd,
                open_interest_share=(
                    interest_usd / total_usd if interest_usd is not None and total_usd else None
                ),
                long_liquidations_24h_usd=None if of_day is None else of_day.long_usd,
                short_liquidations_24h_usd=None if of_day is None else of_day.short_usd,
            )
        )
    return tuple(sorted(found, key=lambda one: (-(one.open_interest_usd or 0.0), one.name)))
