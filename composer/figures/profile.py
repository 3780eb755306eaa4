"""One side of a liquidation map, walked outward from the price."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from composer.market.records import FloatArray, LiquidationMap, Side

# A sum of shares may miss the amount it adds up to by its last digits.
_SUM_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideProfile:
    """The bins of one side, nearest first, shape (n,) each, n >= 0.

    inner, outer : the edges of a bin towards and away from price, USD; equal for a point
    mass : USD of intensity, >= 0, spread evenly between them
    """

    side: Side
    price: float
    inner: FloatArray
    outer: FloatArray
    mass: FloatArray

    @classmethod
    def of(cls, liquidation_map: LiquidationMap, side: Side) -> Self:
        """Return the profile of one side; of a bin across the price, the part that counts."""
        price, low, high = liquidation_map.price, liquidation_map.low, liquidation_map.high
        if side is Side.LONG:
            beyond = low < price
            inner, outer, mass = np.minimum(high, price), low, liquidation_map.long_usd
        else:
            beyond = high > price
            inner, outer, mass = np.maximum(low, price), high, liquidation_map.short_usd
        width = high - low
        share = np.divide(np.abs(outer - inner), width, out=np.ones_like(width), where=width > 0)
        outward = slice(None, None, -1 if side is Side.LONG else 1)
        return cls(
            side=side,
            price=price,
            inner=inner[beyond][outward],
            outer=outer[beyond][outward],
            mass=(mass * share)[beyond][outward],
        )

    @property
    def near(self) -> FloatArray:
        """Distance from price to each inner edge, USD, >= 0."""
        return np.abs(self.inner - self.price)

    @property
    def far(self) -> FloatArray:
        """Distance from price to each outer edge, USD, >= 0."""
        return np.abs(self.outer - self.price)

    def cumulative(self, distance_usd: ArrayLike) -> FloatArray:
        """Return the mass met within each distance, USD, in the shape of `distance_usd`.

        A distance inside a bin takes its linear share; a point there is included.
        """
        distance = np.asarray(distance_usd, dtype=np.float64)
        if len(self.mass) == 0:
            return np.zeros_like(distance)
        near, far = self.near, self.far
        # A level computed as a share of price may miss the point it means by its last digit.
        slack = np.where(distance > 0, _SUM_TOLERANCE * self.price, 0.0)
        last = np.searchsorted(near, distance + slack, side="right") - 1
        reached = np.maximum(last, 0)
        width = (far - near)[reached]
        into = distance - near[reached]
        share = np.clip(np.divide(into, width, out=np.ones_like(into), where=width > 0), 0, 1)
        before = np.concatenate([[0.0], np.cumsum(self.mass)[:-1]])
        return np.where(last >= 0, before[reached] + share * self.mass[reached], 0.0)

    def distance_to(self, notional_usd: float) -> float | None:
        """Return how far price must move to meet `notional_usd` > 0, USD, or None if never."""
        met = np.cumsum(self.mass)
        index = int(np.searchsorted(met, notional_usd * (1 - _SUM_TOLERANCE)))
        if index == len(met):
            return None
        missing = notional_usd - (met[index - 1] if index else 0.0)
        share = min(float(missing / self.mass[index]), 1.0)
        near, far = float(self.near[index]), float(self.far[index])
        return near + share * (far - near)
