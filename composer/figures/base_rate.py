"""How often any level at a distance is reached: what a hit has to be measured against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import numpy as np

from composer.figures.aftermath import Aftermath
from composer.market.records import FloatArray, Side

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
        up, down = [], []
        for number in range((last - first) // step + 1):
            moment = first + number * step
            price, span = aftermath.price_at(moment), aftermath.span(moment, horizon)
            if price is not None and span is not None:
                up.append(bars.high[span].max() / price - 1)
                down.append(1 - bars.low[span].min() / price)
        return cls(went={Side.SHORT: np.array(up), Side.LONG: np.array(down)})

    def chance(self, levels: Iterable[tuple[Side, float]]) -> float | None:
        """Return the chance, from any of the moments, that price reaches such levels.

        levels : the side of each and its distance from the price, a fraction > 0

        The mean over the levels of the share of moments from which price went so far; None
        where no moment is known.
        """
        if not len(self.went[Side.LONG]):
            return None
        return float(np.mean([np.mean(self.went[side] >= distance) for side, distance in levels]))
