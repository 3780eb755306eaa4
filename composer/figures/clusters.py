"""Find the runs of bins that stand out from a liquidation map.

A cluster is a peak of the density profile (USD of intensity per USD of price) by
topographic prominence: how far the profile falls on either side before it rises
higher. Height alone would call a smooth hillside a cluster; prominence does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from composer.figures.profile import SideProfile
from composer.figures.report import Cluster, NextCluster
from composer.market.records import FloatArray, LiquidationMap, Side

REACH = 0.15  # how far a peak may be from price, as a fraction of it
LEAST_PROMINENCE = 0.5  # of the peak's height
LEAST_SHARE = 0.05  # of the side's total within TOTAL_WITHIN
TOTAL_WITHIN = 0.10
RESOLUTION = 0.002  # of price: finer cells are pooled before looking for peaks
WIDEST_HALF = 0.01  # of price: a cluster ends this far from its peak, for a shelf is no pocket
POINT_HALF = 0.0025  # of price: how far a point reaches towards a distant neighbour
LADDER_HALF = 0.0075  # of price: the same at most, where points are a coarse ladder

_Indices = NDArray[np.int64]

# Densities that differ by less are one plateau: equal bins must not become peaks by rounding.
_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """The profile as touching cells, nearest first; `bin` is -1 where the map has a gap."""

    near: FloatArray
    far: FloatArray
    mass: FloatArray
    bin: _Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    height: float
    first_bin: int
    last_bin: int
    cluster: Cluster


def find_clusters(liquidation_map: LiquidationMap) -> tuple[Cluster, ...]:
    """Return the clusters of both sides, longs first, nearest to price first.

    A cluster's prominence is at least half its height, its notional at least 5 % of
    its side within ±10 % of price, its peak within 15 % of price. It spans the bins
    around the peak that stay above height - prominence / 2, or all bins of a narrow
    pocket that stands alone; `low` and `high` are edges of bins and `notional_usd` is
    the map's own sum between them. Even books have none.
    """
    return tuple(
        cluster for side in Side for cluster in _clusters_of(SideProfile.of(liquidation_map, side))
    )


def next_cluster(clusters: Sequence[Cluster], level: float, side: Side) -> NextCluster | None:
    """Return the nearest cluster of `side` whose peak lies strictly beyond `level`."""
    outward = -1 if side is Side.LONG else 1
    beyond = [c for c in clusters if c.side is side and outward * (c.peak - level) > 0]
    if not beyond:
        return None
    nearest = min(beyond, key=lambda cluster: cluster.distance)
    return NextCluster(level=nearest.peak, notional_usd=nearest.notional_usd)


def _clusters_of(profile: SideProfile) -> list[Cluster]:
    if not profile.mass.any():
        return []
    kept: list[_Candidate] = []
    for candidate in sorted(_candidates(profile), key=lambda item: -item.height):
        if all(
            candidate.last_bin < other.first_bin or candidate.first_bin > other.last_bin
            for other in kept
        ):
            kept.append(candidate)
    return sorted((item.cluster for item in kept), key=lambda cluster: cluster.distance)


def _candidates(profile: SideProfile) -> Iterator[_Candidate]:
    price = profile.price
    cells = _cells(profile)
    density = _density(cells.mass, cells.far - cells.near, price)
    starts = _pools(cells, RESOLUTION * price)
    ends = np.append(starts[1:], len(cells.mass))
    pooled = _density(
        np.add.reduceat(cells.mass, starts), cells.far[ends - 1] - cells.near[starts], price
    )
    scale = pooled.max()
    density, pooled = np.round(density / scale, _DECIMALS), np.round(pooled / scale, _DECIMALS)
    least_notional = LEAST_SHARE * float(profile.cumulative(TOTAL_WITHIN * price))

    for first, last in _plateaus(pooled):
        if cells.near[starts[first]] > REACH * price:
            break
        height = float(pooled[first])
        prominence = _prominence(pooled, first, last)
        if prominence < LEAST_PROMINENCE * height:
            continue
        peak = _peak(profile, cells, density, int(starts[first]), int(ends[last]))
        off_peak = np.abs((cells.near[starts] + cells.far[ends - 1]) / 2 - abs(peak - price))
        near_peak = np.where(off_peak <= WIDEST_HALF * price, pooled, 0.0)
        start, stop = _run_above(pooled, 0.0, first, last)
        floor = 0.0  # a pocket with nothing around it, price included, is taken whole
        if start == 0 or not near_peak[start : stop + 1].all():
            floor = height - prominence / 2
            start, stop = _run_above(near_peak, floor, first, last)
        # A pool may hold a pocket and the plain around it: let go of the plain.
        inside = _bins_above(
            profile, cells, density, floor, cells_of=slice(int(starts[start]), int(ends[stop]))
        )
        notional = float(profile.mass[inside].sum())
        distance = abs(peak - price) / price
        if notional >= least_notional and distance <= REACH:
            edges = float(profile.inner[inside[0]]), float(profile.outer[inside[-1]])
            yield _Candidate(
                height=height,
                first_bin=int(inside[0]),
                last_bin=int(inside[-1]),
                cluster=Cluster(
                    side=profile.side,
                    low=min(edges),
                    peak=peak,
                    high=max(edges),
                    notional_usd=notional,
                    distance=distance,
                ),
            )


def _cells(profile: SideProfile) -> _Cells:
    """Return the bins as touching cells: points get a width, gaps become empty cells.

    A point reaches to the middle between it and its neighbours, so that a ladder of
    equal points is flat, but not far, so that a lone point is a spike; outside the
    outermost points it reaches as far as on its inner side.
    """
    near, far = profile.near, profile.far
    space = near[1:] - far[:-1]
    point = near == far
    ladder = space[point[1:] & point[:-1]]
    least, most = POINT_HALF * profile.price, LADDER_HALF * profile.price
    cap = min(max(float(np.median(ladder)) / 2, least), most) if len(ladder) else least
    shared = np.where(point[1:] & point[:-1], space / 2, space)
    before = np.minimum(np.append(np.nan, shared), cap)
    after = np.minimum(np.append(shared, np.nan), cap)
    before, after = (
        np.where(np.isnan(before), np.where(np.isnan(after), cap, after), before),
        np.where(np.isnan(after), np.where(np.isnan(before), cap, before), after),
    )
    near, far = near - np.where(point, before, 0), far + np.where(point, after, 0)

    gap = np.flatnonzero(near[1:] - far[:-1] > 10.0**-_DECIMALS * profile.price) + 1
    return _Cells(
        near=np.insert(near, gap, far[gap - 1]),
        far=np.insert(far, gap, near[gap]),
        mass=np.insert(profile.mass, gap, 0.0),
        bin=np.insert(np.arange(len(near)), gap, -1),
    )


def _density(mass: FloatArray, width: FloatArray, price: float) -> FloatArray:
    """Return mass per width; a point wedged between bins counts as wide as a lone one."""
    return mass / np.where(width > 0, width, 2 * POINT_HALF * price)


def _pools(cells: _Cells, resolution: float) -> _Indices:
    """Return where each pool of cells starts; a pool is one wide cell or several fine ones."""
    starts = [0]
    width = 0.0
    wide_before = False
    for index, cell_width in enumerate((cells.far - cells.near).tolist()):
        wide = cell_width >= resolution
        if index and (wide or wide_before or width >= resolution * (1 - 1e-9)):
            starts.append(index)
            width = 0.0
        width += cell_width
        wide_before = wide
    return np.array(starts, dtype=np.int64)


def _plateaus(heights: FloatArray) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of every local maximum."""
    starts = np.flatnonzero(np.append(True, heights[1:] != heights[:-1]))
    ends = np.append(starts[1:], len(heights)) - 1
    runs = np.concatenate([[-1.0], heights[starts], [-1.0]])
    top = (runs[1:-1] > runs[:-2]) & (runs[1:-1] > runs[2:]) & (runs[1:-1] > 0)
    yield from zip(starts[top].tolist(), ends[top].tolist(), strict=True)


def _prominence(heights: FloatArray, first: int, last: int) -> float:
    """Return the drop to the higher of the two valleys; the edge of the map is no drop."""
    height = heights[first]
    valleys = []
    for stretch in (heights[:first][::-1], heights[last + 1 :]):
        if stretch.size:
            (higher,) = (stretch > height).nonzero()
            valleys.append(stretch[: higher[0] if higher.size else None].min())
    return float(height - max(valleys)) if valleys else 0.0


def _run_above(heights: FloatArray, floor: float, first: int, last: int) -> tuple[int, int]:
    """Return the first and last index of the run above `floor` that holds `first` to `last`."""
    (before,) = (heights[:first] <= floor).nonzero()
    (after,) = (heights[last + 1 :] <= floor).nonzero()
    start = int(before[-1]) + 1 if before.size else 0
    return start, last + int(after[0]) if after.size else len(heights) - 1


def _bins_above(
    profile: SideProfile, cells: _Cells, density: FloatArray, floor: float, *, cells_of: slice
) -> _Indices:
    """Return the bins from the first to the last of a run of cells that is above `floor`."""
    # The highest cell always belongs: a point wedged into a pool has no width of its own.
    heights = density[cells_of]
    above = np.flatnonzero((heights > floor) | (heights == heights.max()))
    first, last = cells.bin[cells_of][above[[0, -1]]]
    # By edges, not by index: a point on the outer edge of the last bin is inside as well.
    return np.flatnonzero(
        (profile.near >= profile.near[first]) & (profile.far <= profile.far[last])
    )


def _peak(profile: SideProfile, cells: _Cells, density: FloatArray, start: int, end: int) -> float:
    """Return the middle of the highest bins between two cells."""
    top = start + np.flatnonzero(density[start:end] == density[start:end].max())
    nearest, farthest = cells.bin[top[0]], cells.bin[top[-1]]
    return float(profile.inner[nearest] + profile.outer[farthest]) / 2
