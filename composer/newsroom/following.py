"""Follow the levels of past editions: what became of them, as later looks at the market saw it.

Nothing is stored for it. Every edition keeps the market it was made from, a month of
candles or more: those of later editions tell what happened after an earlier one.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from composer.errors import FiguresError
from composer.figures.aftermath import Aftermath
from composer.figures.calls import Call
from composer.figures.scorecard import Scorecard, keep_score
from composer.market.records import MarketSnapshot, from_ms
from composer.market.snapshot_bytes import read_snapshot

EDITIONS = 400  # the latest ones: more than a year of daily editions


class PastStore(Protocol):
    """What following needs of the store."""

    def past_calls(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime
    ) -> tuple[Call, ...]:
        """Return what the latest editions of a symbol said of their levels, none simulated."""

    def first_market(self, symbol: str, since: datetime, *, made_before: datetime) -> bytes | None:
        """Return the market of the first edition of a symbol as of `since` or later, if any."""


def follow_editions(
    snapshot: MarketSnapshot, store: PastStore, *, made_before: datetime
) -> Scorecard:
    """Return the record of a symbol's past editions, as known at the snapshot.

    made_before : editions made from then on do not count, so that an edition taken up again
        has the record it was begun with

    Editions of a simulated market are left out: no market answered them.
    Raises FiguresError if the snapshot is simulated or holds no candles, or if there are no
    past editions; StateError if a stored market cannot be read.
    """
    if snapshot.simulated:
        msg = "what became of past editions is not to be seen in a simulated market"
        raise FiguresError(msg)
    calls = store.past_calls(snapshot.symbol, snapshot.as_of, EDITIONS, made_before=made_before)
    earliest = min((call.as_of for call in calls), default=snapshot.as_of)
    looks = _earlier(snapshot, store, earliest, made_before)
    return keep_score(calls, Aftermath.of([snapshot, *looks]))


def _earlier(
    snapshot: MarketSnapshot, store: PastStore, earliest: datetime, made_before: datetime
) -> Iterator[MarketSnapshot]:
    """Yield looks that reach ever further back, until to `earliest` or there is none."""
    begins = _begins(snapshot)
    while begins > earliest:
        market = store.first_market(snapshot.symbol, begins, made_before=made_before)
        if market is None:
            return
        look = read_snapshot(market)
        if look.simulated or not look.candle_grids or _begins(look) >= begins:
            return
        yield look
        begins = _begins(look)


def _begins(look: MarketSnapshot) -> datetime:
    """Return when the candles of a look begin, its own moment without any."""
    return min((from_ms(int(grid.open_ms[0])) for grid in look.candle_grids), default=look.as_of)
