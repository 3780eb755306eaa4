"""What the market did after a moment, looked up later: prices and realised liquidations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from composer.errors import FiguresError
from composer.figures.history import join
from composer.market.records import (
    FloatArray,
    Liquidations,
    MarketSnapshot,
    Side,
    TimeArray,
    to_ms,
)

IntArray = NDArray[np.intp]

COVERED = 0.95  # of a span: with fewer bars, what happened in it is not known

LIQUIDATED_WITHIN = timedelta(hours=4)  # after price was at a level
USUAL_OVER = timedelta(days=30)
USUAL_FROM = 42  # spans of 4 hours before a moment, a week of them: fewer know no usual

_MS = timedelta(milliseconds=1)


class Bars(NamedTuple):
    """Bars of one market in order of time, without overlap; shape (n,) each, USD per coin."""

    open_ms: TimeArray
    known_ms: TimeArray
    high: FloatArray
    low: FloatArray
    close: FloatArray


class Liquidated(NamedTuple):
    """Realised liquidations per bar and side, USD; shape (n,) each, n >= 0."""

    open_ms: TimeArray
    known_ms: TimeArray
    long_usd: FloatArray
    short_usd: FloatArray


_NONE_LIQUIDATED = Liquidated(
    open_ms=np.empty(0, np.int64),
    known_ms=np.empty(0, np.int64),
    long_usd=np.empty(0),
    short_usd=np.empty(0),
)
_Rows = TypeVar("_Rows", Bars, Liquidated)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aftermath:
    """What looks at one market saw; `liquidated` has no bars where none saw liquidations."""

    bars: Bars
    liquidated: Liquidated
    lasted_ms: TimeArray = field(init=False)

    def __post_init__(self) -> None:
        """Sum up how long all bars before each lasted, and all of them."""
        lasted_ms = np.cumsum(self.bars.known_ms - self.bars.open_ms)
        object.__setattr__(self, "lasted_ms", np.append(0, lasted_ms))

    @classmethod
    def of(cls, looks: Sequence[MarketSnapshot]) -> Self:
        """Return what the looks saw, the latest first; where two saw a time, the later counts.

        Raises FiguresError if no look holds candles.
        """
        seen = [join(look.candle_grids) for look in looks if look.candle_grids]
        if not seen:
            msg = "no look at the market holds candles; follow it with a source that has them"
            raise FiguresError(msg)
        bars = [Bars(*(getattr(history, name) for name in Bars._fields)) for history in seen]
        liquidated = [
            _rows(look.liquidations)
            for look in looks
            if look.liquidations is not None and len(look.liquidations.open_ms)
        ]
        return cls(
            bars=_chained(bars),
            liquidated=_chained(liquidated or [_NONE_LIQUIDATED]),
        )

    def span(self, since: datetime, horizon: timedelta) -> slice | None:
        """Return the bars that opened at or after a moment and ended within the horizon.

        None if they cover less than `COVERED` of it: what price did is not known then.
        """
        (first,), (stop,) = self.spans(np.array([to_ms(since)]), horizon)
        return slice(int(first), int(stop)) if first < stop else None

    def spans(self, since_ms: TimeArray, horizon: timedelta) -> tuple[IntArray, IntArray]:
        """Return the first bar of the span since each moment, and the one after its last.

        The same bar twice where they do not cover it.
        """
        bars, horizon_ms = self.bars, horizon // _MS
        first = np.searchsorted(bars.open_ms, since_ms)
        stop = np.searchsorted(bars.known_ms, since_ms + horizon_ms, side="right")
        covered_ms = self.lasted_ms[np.maximum(first, stop)] - self.lasted_ms[first]
        return first, np.where(covered_ms >= COVERED * horizon_ms, stop, first)

    def prices_at(self, moments_ms: TimeArray) -> FloatArray:
        """Return the close of the bar that ended last, NaN if it ended a whole bar ago."""
        bars = self.bars
        last = np.searchsorted(bars.known_ms, moments_ms, side="right") - 1
        known_ms = bars.known_ms[last]
        known = (last >= 0) & (moments_ms - known_ms < known_ms - bars.open_ms[last])
        return np.where(known, bars.close[last], np.nan)

    def liquidated_against_usual(self, side: Side, touch: int, as_of: datetime) -> float | None:
        """Return what a side lost in the 4 hours from a bar on, as a multiple of its usual.

        touch : number of the bar

        The usual is the median of 4-hour sums in the 30 days up to `as_of`. None if either
        is not known, or the usual is nothing.
        """
        found, span_ms = self.liquidated, LIQUIDATED_WITHIN // _MS
        usd = found.short_usd if side is Side.SHORT else found.long_usd
        first = int(np.searchsorted(found.known_ms, self.bars.open_ms[touch], side="right"))
        if first == len(usd):
            return None
        stop = int(np.searchsorted(found.open_ms, found.open_ms[first] + span_ms))
        lasted_ms = int((found.known_ms[first:stop] - found.open_ms[first:stop]).sum())
        usual = _usual(found, usd, as_of)
        if usual == 0 or lasted_ms < COVERED * span_ms:
            return None
        return float(usd[first:stop].sum()) / usual


def _rows(liquidations: Liquidations) -> Liquidated:
    return Liquidated(
        open_ms=liquidations.open_ms,
        known_ms=liquidations.open_ms + liquidations.interval // _MS,
        long_usd=liquidations.long_usd,
        short_usd=liquidations.short_usd,
    )


def _chained(looks: Sequence[_Rows]) -> _Rows:
    """Return the rows of the first look, and of each further one what came before those."""
    chain, *older = looks
    for rows in older:
        kept = rows.known_ms <= chain.open_ms[0]
        pairs = zip(rows, chain, strict=True)
        chain = type(chain)(*(np.append(old[kept], new) for old, new in pairs))
    return chain


def _usual(found: Liquidated, usd: FloatArray, as_of: datetime) -> float:
    """Return the median of whole 4-hour sums up to a moment, or 0 if too few are known."""
    span_ms = LIQUIDATED_WITHIN // _MS
    as_of_ms = to_ms(as_of)
    edges_ms = [as_of_ms - USUAL_OVER // _MS, as_of_ms]
    known = slice(*np.searchsorted(found.known_ms, edges_ms, side="right"))
    label = (as_of_ms - found.known_ms[known]) // span_ms
    sums = np.bincount(label, usd[known])
    lasted_ms = np.bincount(label, found.known_ms[known] - found.open_ms[known])
    whole = sums[lasted_ms >= COVERED * span_ms]
    return float(np.median(whole)) if len(whole) >= USUAL_FROM else 0.0
