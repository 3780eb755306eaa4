"""Snapshots of invented exchanges, small enough to add up by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from composer.errors import SourceError
from composer.market.records import (
    Candles,
    Confidence,
    MarketSnapshot,
    OpenInterest,
    Origin,
    Query,
    to_ms,
)

NOW = datetime(2026, 6, 10, 8, 2, tzinfo=UTC)
_INTERVAL = timedelta(minutes=5)
_LAST_OPEN = NOW.replace(minute=0) - _INTERVAL
STEP_MS = 300_000
GRID_MS = to_ms(NOW.replace(minute=0))


def exchange(
    title: str,
    *,
    price: float = 90_000.0,
    interest: Sequence[float] = (1e9, 1.1e9, 1.2e9),
    stamps: Sequence[int] = (GRID_MS - STEP_MS, GRID_MS, GRID_MS + 120_000),
    turnover: bool = True,
    funding_rate: float | None = 0.0001,
    symbol: str = "BTC",
    simulated: bool = False,
) -> MarketSnapshot:
    """Return two candles at a price and open interest at the stamps; the last one is of now."""
    bars = np.full(2, price)
    fetched = Origin(source=title, as_of=NOW, fetched_at=NOW)
    return MarketSnapshot(
        symbol=symbol,
        price=price,
        as_of=NOW,
        fetched_at=NOW,
        source=title,
        venues=(title,),
        simulated=simulated,
        candles=Candles(
            symbol=symbol,
            venue=title,
            interval=_INTERVAL,
            open_ms=np.array([to_ms(_LAST_OPEN - _INTERVAL), to_ms(_LAST_OPEN)]),
            open=bars,
            high=bars,
            low=bars,
            close=bars,
            turnover_usd=bars if turnover else None,
        ),
        open_interest=OpenInterest(
            symbol=symbol,
            venues=(title,),
            stamp_ms=np.array(stamps),
            open_interest_usd=np.array(interest),
        ),
        open_interest_by_venue={title: interest[-1]},
        funding_rate=funding_rate,
        confidence=Confidence.MEDIUM,
        notes=(f"{title} was asked.",),
        origins={"candles": fetched, "open_interest": fetched},
    )


@dataclass
class Stub:
    """A source that gives what it was given, and keeps what it was asked."""

    name: str
    gives: MarketSnapshot | SourceError
    asked: Query | None = None

    def snapshot(self, query: Query) -> MarketSnapshot:
        self.asked = query
        if isinstance(self.gives, SourceError):
            raise self.gives
        return self.gives
