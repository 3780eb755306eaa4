"""Compare the two sides of a liquidation map around the price."""

import math

import numpy as np
from numpy.typing import ArrayLike

from composer.errors import ConfigError
from composer.figures.profile import SideProfile
from composer.figures.report import EqualDistance, EqualNotional, Totals
from composer.market.records import FloatArray, LiquidationMap, Side

WINDOW = 0.05  # of price, either way: where skew and the default notional are read


def intensities_to(liquidation_map: LiquidationMap, levels: ArrayLike) -> FloatArray:
    """Return the intensity between price and each level, USD, in the shape of `levels`.

    A level below the price meets longs, one above it shorts, the price itself nothing.
    Mass is even within a bin, so a level inside takes the linear share; a point at
    the level is included.
    """
    distance = np.asarray(levels, dtype=np.float64) - liquidation_map.price
    met = np.zeros_like(distance)
    for side, outward in ((Side.LONG, -distance), (Side.SHORT, distance)):
        beyond = outward > 0
        if beyond.any():
            met[beyond] = SideProfile.of(liquidation_map, side).cumulative(outward[beyond])
    return met


def intensity_to(liquidation_map: LiquidationMap, level: float) -> float:
    """Return the intensity between price and one level, USD; see `intensities_to`."""
    return float(intensities_to(liquidation_map, level))


def totals(liquidation_map: LiquidationMap, within: float = WINDOW) -> Totals:
    """Return the intensity of each side from price x (1 - within) to price x (1 + within)."""
    price = liquidation_map.price
    edges = [price * (1 - within), price * (1 + within)]
    long_usd, short_usd = intensities_to(liquidation_map, edges).tolist()
    return Totals(long_usd=long_usd, short_usd=short_usd, within=within)


def skew(liquidation_map: LiquidationMap, within: float = WINDOW) -> float:
    """Return (short - long) / (short + long) within a fraction of price, in [-1, 1].

    Positive when there is more above the price; 0 when there is nothing at all.
    """
    both = totals(liquidation_map, within)
    return lean(long_usd=both.long_usd, short_usd=both.short_usd)


def lean(*, long_usd: float, short_usd: float) -> float:
    """Return (short - long) / (short + long) of two amounts >= 0; 0 if both are zero."""
    total = short_usd + long_usd
    return (short_usd - long_usd) / total if total > 0 else 0.0


def ratio(one: float | None, other: float | None) -> float | None:
    """Return larger / smaller of two numbers >= 0, or None if one is missing or zero."""
    if one is None or other is None or min(one, other) <= 0:
        return None
    return max(one, other) / min(one, other)


def equal_notional(
    liquidation_map: LiquidationMap, notional_usd: float | None = None
) -> EqualNotional:
    """Return how far price must move each way to meet the same intensity.

    notional_usd : USD, > 0; without it, the smaller side's total within `WINDOW`. If
        that side is empty there, the other side's total, so that the one distance
        that exists is still told; 0 with no distances if both are empty.

    Distances are the inverse of the two cumulative curves, linear within a bin.
    Raises ConfigError if a given notional is not a positive number.
    """
    if notional_usd is None:
        both = totals(liquidation_map)
        smaller, larger = sorted((both.long_usd, both.short_usd))
        notional_usd = smaller if smaller > 0 else larger
        if notional_usd == 0:
            return EqualNotional(notional_usd=0.0, up_usd=None, down_usd=None, ratio=None)
    elif not (math.isfinite(notional_usd) and notional_usd > 0):
        msg = f"--notional: expected a positive amount in USD, got {notional_usd}"
        raise ConfigError(msg)
    up = SideProfile.of(liquidation_map, Side.SHORT).distance_to(notional_usd)
    down = SideProfile.of(liquidation_map, Side.LONG).distance_to(notional_usd)
    return EqualNotional(
        notional_usd=float(notional_usd), up_usd=up, down_usd=down, ratio=ratio(up, down)
    )


def equal_distance(equal: EqualNotional, price: float) -> EqualDistance:
    """Return the distances of `equal` as fractions of `price`."""
    return EqualDistance(
        up_distance=None if equal.up_usd is None else equal.up_usd / price,
        down_distance=None if equal.down_usd is None else equal.down_usd / price,
    )
