"""How often any level at a distance is reached: what a hit has to be measured against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import numpy as np

from composer.figures.aftermath import Aftermath
from composer.market.records import FloatArray, Side, to_ms

_MS = timedelta(milliseconds=1)
STEP = timedelta(hours=1)  # between moments; the length of a bar where bars are longer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BaseRate:
    """How far price went to each side from every moment of a period, fractions."""

    went: Mapping[Side, FloatArray]

    @classmethod
    def of(cls, aftermath: Aftermath, first: datetime, last: datetime, horizon: timedelta) -> Self:
        """Return it for the moments from `first` to `last` whose horizon the bars cover."""
        bars = aftermath.bars
        step = max(STEP, timedelta(milliseconds=int((bars.known_ms - bars.open_ms).max())))
        moments_ms = to_ms(first) + step // _MS * np.arange((last - first) // step + 1)
        price, (begin, stop) = aftermath.prices_at(moments_ms), aftermath.spans(moments_ms, horizon)
        known = np.isfinite(price) & (begin < stop)
        price, ends = price[known], np.stack([begin[known], stop[known]], axis=1).ravel()
        # Every other stretch lies between two spans; the last may end with the bars.
        high, low = (np.append(column, column[-1]) for column in (bars.high, bars.low))
        return cls(
            went={
                Side.SHORT: np.maximum.reduceat(high, ends)[::2] / price - 1,
                Side.LONG: 1 - np.minimum.reduceat(low, ends)[::2] / price,
            }
        )

    def chance(self, levels: Iterable[tuple[Side, float]]) -> float | None:
        """Return the chance, from any of the moments, that price reaches such levels.

        levels : the side of each and its distance from the price, a fraction > 0

        The mean over the levels of the share of moments from which price went so far; None
        where no moment is known.
        """
        if not len(self.went[Side.LONG]):
            return None
        return float(np.mean([np.mean(self.went[side] >= distance) for side, distance in levels]))
