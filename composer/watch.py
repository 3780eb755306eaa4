"""Watch the price since an edition was made: the newsroom's Market port, on our sources."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from composer.errors import SourceDataError
from composer.figures.report import PriceRange
from composer.market.records import Candles, MarketSnapshot, to_ms
from composer.newsroom.ports.world import Clock

# A price older than this says nothing about now.
NEWEST = timedelta(minutes=15)
# The deliveries of one edition go out together: they share one look.
SHARED_FOR = timedelta(seconds=20)

# Looks at the market of a source and symbol. Raises SourceError or ConfigError.
Look = Callable[[str, str], MarketSnapshot]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWatch:
    """Says where the price has been; never from data that is old, made up or has holes."""

    look: Look
    clock: Clock
    _shared: dict[tuple[str, str], tuple[datetime, MarketSnapshot]] = field(
        default_factory=dict, repr=False
    )

    def range_since(self, source: str, symbol: str, since: datetime) -> PriceRange:
        """Return the highest and lowest price from `since` to now.

        Raises SourceDataError if the source's prices do not reach from `since` to now
        without a hole, or are of no market; SourceError or ConfigError as the source does.
        """
        snapshot = self._look(source, symbol)
        now = self.clock()
        if snapshot.simulated:  # it may stand in for the exchanges the edition was made from
            msg = f"{source} gave simulated prices; set watch_source to an exchange that answers"
            raise SourceDataError(msg)
        if now - snapshot.as_of > NEWEST:
            msg = f"the newest price of {source} is of {snapshot.as_of:%Y-%m-%d %H:%M} UTC"
            raise SourceDataError(msg)
        if snapshot.candles is None:
            msg = f"{source} has no candles to see the prices since {since:%H:%M} UTC in"
            raise SourceDataError(msg)
        candles = _finest_from(snapshot.candle_grids, since)
        if to_ms(now) - int(candles.known_ms[-1]) > NEWEST.total_seconds() * 1000:
            msg = f"the candles of {source} end before {now - NEWEST:%Y-%m-%d %H:%M} UTC"
            raise SourceDataError(msg)
        bars = _bars_since(candles, since, source)
        return PriceRange(
            high=max([snapshot.price, *candles.high[bars].tolist()]),
            low=min([snapshot.price, *candles.low[bars].tolist()]),
        )

    def _look(self, source: str, symbol: str) -> MarketSnapshot:
        now = self.clock()
        kept = self._shared.get((source, symbol))
        if kept is not None and timedelta(0) <= now - kept[0] <= SHARED_FOR:
            return kept[1]
        snapshot = self.look(source, symbol)
        self._shared[source, symbol] = now, snapshot
        return snapshot


def _finest_from(grids: Sequence[Candles], since: datetime) -> Candles:
    """Return the finest bars that reach back to a moment; the coarsest if none do."""
    since_ms = to_ms(since)
    reaching = (grid for grid in grids if int(grid.open_ms[0]) <= since_ms)
    return next(reaching, grids[-1])


def _bars_since(candles: Candles, since: datetime, source: str) -> slice:
    """Return the bars that hold every price known since a moment; perhaps none yet."""
    since_ms = to_ms(since)
    first = int(np.searchsorted(candles.known_ms, since_ms, side="right"))
    late = first < len(candles) and int(candles.open_ms[first]) > since_ms
    holes = np.diff(candles.open_ms[first:]) != round(candles.interval.total_seconds() * 1000)
    if late or np.any(holes):
        msg = f"the candles of {source} have a hole since {since:%Y-%m-%d %H:%M} UTC"
        raise SourceDataError(msg)
    return slice(first, None)
