"""What became of the two levels of an edition within a horizon."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from composer.figures.aftermath import Aftermath
from composer.figures.calls import Call
from composer.market.records import Side, from_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where price was in the horizon after a call; only bars that opened after it count.

    touched_at : when the first bar at or beyond the side's level ended; None if none was
    first : the side whose level was touched first; None if none was, or both within one bar
    up, down : how far price went from the call's, fractions >= 0
    liquidated : what the side touched first lost in the 4 hours from that bar on, as a
        multiple of its usual; None where not known
    """

    call: Call
    touched_at: Mapping[Side, datetime | None]
    first: Side | None
    up: float
    down: float
    liquidated: float | None

    def reached(self, side: Side) -> bool:
        """Tell whether price was at the side's level or beyond."""
        return self.touched_at[side] is not None

    def went(self, side: Side) -> float:
        """Return how far price went where the side's liquidations lie, a fraction >= 0."""
        return self.up if side is Side.SHORT else self.down


def follow(call: Call, aftermath: Aftermath, horizon: timedelta) -> Outcome | None:
    """Return what became of a call, or None if the bars do not cover the horizon."""
    span = aftermath.span(call.as_of, horizon)
    if span is None:
        return None
    high, low = aftermath.bars.high[span], aftermath.bars.low[span]
    touches = {Side.LONG: _first(low <= call.lower), Side.SHORT: _first(high >= call.upper)}
    known_ms = aftermath.bars.known_ms[span]
    earliest = min((touch for touch in touches.values() if touch is not None), default=None)
    at_earliest = [side for side, touch in touches.items() if touch == earliest]
    first = at_earliest[0] if earliest is not None and len(at_earliest) == 1 else None
    return Outcome(
        call=call,
        touched_at={
            side: None if touch is None else from_ms(int(known_ms[touch]))
            for side, touch in touches.items()
        },
        first=first,
        up=max(float(high.max()) / call.price - 1, 0.0),
        down=max(1 - float(low.min()) / call.price, 0.0),
        liquidated=(
            None
            if first is None or earliest is None
            else aftermath.liquidated_against_usual(first, span.start + earliest, call.as_of)
        ),
    )


def _first(touched: NDArray[np.bool_]) -> int | None:
    return int(touched.argmax()) if touched.any() else None
