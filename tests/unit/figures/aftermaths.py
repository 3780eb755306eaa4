"""Hourly bars whose extremes are written down, for tests of what came after a call."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from composer.figures.aftermath import Aftermath, Bars, Liquidated
from composer.figures.calls import Call

START = datetime(2026, 1, 10, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOUR_MS = 3_600_000


def aftermath_of(
    rows: Sequence[tuple[float, float, float]],
    *,
    start: datetime = START,
    long_usd: Sequence[float] = (),
    short_usd: Sequence[float] = (),
) -> Aftermath:
    """Return hours of (high, low, close) from `start`, with liquidations that end with them."""
    open_ms = round(start.timestamp() * 1000) + HOUR_MS * np.arange(len(rows))
    high, low, close = np.array(rows, dtype=float).T
    liquidated_ms = open_ms[len(rows) - len(long_usd) :]
    return Aftermath(
        bars=Bars(open_ms=open_ms, known_ms=open_ms + HOUR_MS, high=high, low=low, close=close),
        liquidated=Liquidated(
            open_ms=liquidated_ms,
            known_ms=liquidated_ms + HOUR_MS,
            long_usd=np.array(long_usd, dtype=float),
            short_usd=np.array(short_usd, dtype=float),
        ),
    )


def flat(hours: int, price: float = 100.0) -> list[tuple[float, float, float]]:
    return [(price, price, price)] * hours


def call(
    as_of: datetime = START,
    *,
    skew: float = 0.4,
    price: float = 100.0,
    lower: float = 98.0,
    upper: float = 102.0,
) -> Call:
    return Call(as_of=as_of, price=price, lower=lower, upper=upper, skew=skew)
