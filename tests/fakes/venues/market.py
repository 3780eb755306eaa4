"""A market made up by hand: every number follows from the time by a short formula.

Price moves in whole minutes, so that bars of every interval agree with each other; what
is traded in a minute is spread evenly. A venue shows it at its own price and size.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

MINUTE_MS = 60_000


class FakeBar(NamedTuple):
    """One bar: prices in USD, what was traded in coins and USD, and bought of it in USD."""

    open_ms: int
    open: float
    high: float
    low: float
    close: float
    coins: float
    turnover_usd: float
    bought_usd: float


def price_at(time_ms: int) -> float:
    """Return the price in USD at a whole minute: two waves of 3 % and 0.4 % around 90,000."""
    minute = time_ms // MINUTE_MS
    return 90_000 * (1 + 0.03 * math.sin(minute / 700) + 0.004 * math.sin(minute / 9))


def open_interest_coins(time_ms: int) -> float:
    """Return single-sided open interest in coins: a slow wave of 5 % around 80,000."""
    return 80_000 * (1 + 0.05 * math.sin(time_ms / MINUTE_MS / 1_100))


def long_share(time_ms: int) -> float:
    """Return the share of accounts that are long, 0.45 to 0.65, with four decimals."""
    return round(0.55 + 0.1 * math.sin(time_ms / MINUTE_MS / 400), 4)


def funding_rate(time_ms: int) -> float:
    """Return the funding rate of the 8 hours a moment is in, as a fraction."""
    return round(0.0001 * math.sin(time_ms // (480 * MINUTE_MS)), 8)


def payments(now_ms: int, hours: int, most: int) -> list[tuple[int, float]]:
    """Return when funding was paid of late and at which rate, oldest first.

    A payment is of the hours before it, and stamped some milliseconds late.
    """
    stamps = Stamps(hours * 60 * MINUTE_MS).select(now_ms, limit=most)
    return [(stamp + 7, funding_rate(stamp - 1)) for stamp in stamps if stamp + 7 <= now_ms]


def liquidated_usd(open_ms: int, minutes: int) -> tuple[float, float]:
    """Return what was liquidated of longs and of shorts in a bar, in USD."""
    wave = math.sin(open_ms / MINUTE_MS / 60)
    return minutes * 10_000 * (1 + wave), minutes * 10_000 * (1 - wave)


@cache
def bar_at(open_ms: int, minutes: int, *, share: float = 1.0) -> FakeBar:
    """Return the bar of so many minutes; `share` is how much of the trading a venue sees."""
    opens = range(open_ms, open_ms + minutes * MINUTE_MS, MINUTE_MS)
    prices = [price_at(time_ms) for time_ms in (*opens, opens.stop)]
    coins = [share * (20 + 10 * math.sin(time_ms / MINUTE_MS / 45)) for time_ms in opens]
    turnover = sum(part * price for part, price in zip(coins, prices, strict=False))
    bought = 0.5 + 0.2 * math.sin(open_ms / MINUTE_MS / 30)
    return FakeBar(
        open_ms=open_ms,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        close=prices[-1],
        coins=sum(coins),
        turnover_usd=turnover,
        bought_usd=bought * turnover,
    )


@dataclass(frozen=True, slots=True)
class Stamps:
    """Times on a grid, as exchanges page through them: start, end and limit."""

    step_ms: int

    def select(
        self, now_ms: int, *, limit: int, start_ms: int | None = None, end_ms: int | None = None
    ) -> list[int]:
        """Return the newest `limit` stamps up to end and now, or the oldest from start; rising."""
        last = min(now_ms, now_ms if end_ms is None else end_ms) // self.step_ms
        if start_ms is None:
            first = last - limit + 1
        else:
            first = -(-start_ms // self.step_ms)
            last = min(last, first + limit - 1)
        return [number * self.step_ms for number in range(first, last + 1)]


def bars_of(opens: list[int], minutes: int, *, share: float = 1.0) -> Iterator[FakeBar]:
    """Yield the bars that open at these times, oldest first."""
    return (bar_at(open_ms, minutes, share=share) for open_ms in opens)
