"""What is known of a market over time: candles and the series beside them.

The conventions are those of `composer.market.records`, which offers all of these too.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from composer.errors import SourceDataError
from composer.market.arrays import (
    FloatArray,
    TimeArray,
    frozen_floats,
    frozen_times,
    require_ascending,
    require_same_length,
    require_some,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candles:
    """Bars of one market, shape (n,) each, n >= 1, prices in USD per coin, all > 0.

    A bar is known at `open_ms` + `interval`. `turnover_usd` is what changed hands
    within the bar, or None where the venue or file does not publish it.
    Raises SourceDataError if lengths differ, times do not rise, a price is not
    positive and finite, or a bar's high and low do not enclose its open and close.
    """

    symbol: str
    venue: str
    interval: timedelta
    open_ms: TimeArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    turnover_usd: FloatArray | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays and check the bars."""
        object.__setattr__(self, "open_ms", frozen_times(self.open_ms))
        for name in ("open", "high", "low", "close"):
            object.__setattr__(self, name, frozen_floats(getattr(self, name)))
        if self.turnover_usd is not None:
            object.__setattr__(self, "turnover_usd", frozen_floats(self.turnover_usd))
        owner = f"candles of {self.symbol} on {self.venue}"
        require_same_length(
            owner,
            open_ms=self.open_ms,
            open=self.open,
            high=self.high,
            low=self.low,
            close=self.close,
            turnover_usd=self.turnover_usd,
        )
        if len(self.open_ms) == 0:
            msg = f"{owner}: expected at least one bar, got none"
            raise SourceDataError(msg)
        require_ascending(owner, "open_ms", self.open_ms)
        prices = np.stack([self.open, self.high, self.low, self.close])
        if not (np.all(np.isfinite(prices)) and np.all(prices > 0)):
            msg = f"{owner}: prices must be positive numbers"
            raise SourceDataError(msg)
        if np.any(self.high < prices.max(axis=0)) or np.any(self.low > prices.min(axis=0)):
            msg = f"{owner}: every bar needs low <= open, close <= high"
            raise SourceDataError(msg)
        if self.turnover_usd is not None and not (
            np.all(np.isfinite(self.turnover_usd)) and np.all(self.turnover_usd >= 0)
        ):
            msg = f"{owner}: turnover_usd must be zero or more"
            raise SourceDataError(msg)

    def __len__(self) -> int:
        """Return the number of bars."""
        return len(self.open_ms)

    @property
    def known_ms(self) -> TimeArray:
        """When each bar was complete: its open plus its interval, epoch ms."""
        known: TimeArray = self.open_ms + round(self.interval.total_seconds() * 1000)
        return known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenInterest:
    """Open interest of one or several venues, single-sided, in USD, shape (n,), n >= 1.

    Single-sided: each contract counts once, although a long and a short hold it.
    `stamp_ms` is when each value was known.
    Raises SourceDataError if lengths differ, times do not rise or a value is not positive.
    """

    symbol: str
    venues: tuple[str, ...]
    stamp_ms: TimeArray
    open_interest_usd: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check the values."""
        object.__setattr__(self, "stamp_ms", frozen_times(self.stamp_ms))
        object.__setattr__(self, "open_interest_usd", frozen_floats(self.open_interest_usd))
        owner = f"open interest of {self.symbol} on {', '.join(self.venues)}"
        require_same_length(owner, stamp_ms=self.stamp_ms, open_interest_usd=self.open_interest_usd)
        require_some(owner, self.stamp_ms)
        require_ascending(owner, "stamp_ms", self.stamp_ms)
        values = self.open_interest_usd
        if not (np.all(np.isfinite(values)) and np.all(values > 0)):
            msg = f"{owner}: values must be positive numbers of USD"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FundingRates:
    """Funding rates over time, shape (n,), n >= 1, fractions per funding interval.

    Above zero longs pay, below it shorts do. `stamp_ms` is when each rate was known.
    Raises SourceDataError if lengths differ, times do not rise or a rate is no number.
    """

    symbol: str
    stamp_ms: TimeArray
    rate: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check the values."""
        object.__setattr__(self, "stamp_ms", frozen_times(self.stamp_ms))
        object.__setattr__(self, "rate", frozen_floats(self.rate))
        owner = f"funding rates of {self.symbol}"
        require_same_length(owner, stamp_ms=self.stamp_ms, rate=self.rate)
        require_some(owner, self.stamp_ms)
        require_ascending(owner, "stamp_ms", self.stamp_ms)
        if not np.all(np.isfinite(self.rate)):
            msg = f"{owner}: rates must be numbers"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Liquidations:
    """Realised liquidations per bar and side, in USD, shape (n,); known at open + interval."""

    symbol: str
    venues: tuple[str, ...]
    interval: timedelta
    open_ms: TimeArray
    long_usd: FloatArray
    short_usd: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check them against each other."""
        object.__setattr__(self, "open_ms", frozen_times(self.open_ms))
        object.__setattr__(self, "long_usd", frozen_floats(self.long_usd))
        object.__setattr__(self, "short_usd", frozen_floats(self.short_usd))
        owner = f"liquidations of {self.symbol} on {', '.join(self.venues)}"
        require_same_length(
            owner, open_ms=self.open_ms, long_usd=self.long_usd, short_usd=self.short_usd
        )
        require_ascending(owner, "open_ms", self.open_ms)
        if not (np.all(self.long_usd >= 0) and np.all(self.short_usd >= 0)):
            msg = f"{owner}: amounts must be zero or more"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LongShortAccounts:
    """Which share of accounts with a position is long, shape (n,), n >= 1, fractions in [0, 1].

    Heads, not money: each account counts once, whatever the size of its position.
    """

    symbol: str
    venues: tuple[str, ...]
    stamp_ms: TimeArray
    long_share: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check the values."""
        object.__setattr__(self, "stamp_ms", frozen_times(self.stamp_ms))
        object.__setattr__(self, "long_share", frozen_floats(self.long_share))
        owner = f"long/short accounts of {self.symbol} on {', '.join(self.venues)}"
        require_same_length(owner, stamp_ms=self.stamp_ms, long_share=self.long_share)
        require_some(owner, self.stamp_ms)
        require_ascending(owner, "stamp_ms", self.stamp_ms)
        if not (np.all(self.long_share >= 0) and np.all(self.long_share <= 1)):
            msg = f"{owner}: shares must be fractions from 0 to 1"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TakerFlow:
    """What takers bought and sold per bar, in USD, shape (n,), n >= 1; known at open + interval."""

    symbol: str
    venues: tuple[str, ...]
    interval: timedelta
    open_ms: TimeArray
    buy_usd: FloatArray
    sell_usd: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check them against each other."""
        object.__setattr__(self, "open_ms", frozen_times(self.open_ms))
        object.__setattr__(self, "buy_usd", frozen_floats(self.buy_usd))
        object.__setattr__(self, "sell_usd", frozen_floats(self.sell_usd))
        owner = f"taker flow of {self.symbol} on {', '.join(self.venues)}"
        require_same_length(
            owner, open_ms=self.open_ms, buy_usd=self.buy_usd, sell_usd=self.sell_usd
        )
        require_some(owner, self.open_ms)
        require_ascending(owner, "open_ms", self.open_ms)
        flow = np.stack([self.buy_usd, self.sell_usd])
        if not (np.all(np.isfinite(flow)) and np.all(flow >= 0)):
            msg = f"{owner}: amounts must be zero or more"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EtfFlows:
    """What went into the spot funds of a coin per day, in USD, shape (n,), n >= 1; out is negative.

    `day_ms` is midnight UTC of the trading day; a day is known when it is over.
    `flow_coins` is the same in coins, at the prices of whoever publishes it.
    """

    symbol: str
    day_ms: TimeArray
    flow_usd: FloatArray
    flow_coins: FloatArray | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays and check them against each other."""
        object.__setattr__(self, "day_ms", frozen_times(self.day_ms))
        object.__setattr__(self, "flow_usd", frozen_floats(self.flow_usd))
        if self.flow_coins is not None:
            object.__setattr__(self, "flow_coins", frozen_floats(self.flow_coins))
        owner = f"ETF flows of {self.symbol}"
        require_same_length(
            owner, day_ms=self.day_ms, flow_usd=self.flow_usd, flow_coins=self.flow_coins
        )
        require_some(owner, self.day_ms)
        require_ascending(owner, "day_ms", self.day_ms)
        flows = (self.flow_usd, self.flow_coins)
        if not all(np.all(np.isfinite(flow)) for flow in flows if flow is not None):
            msg = f"{owner}: amounts must be numbers"
            raise SourceDataError(msg)

    @property
    def known_ms(self) -> TimeArray:
        """When each day was over, epoch ms."""
        known: TimeArray = self.day_ms + round(timedelta(days=1).total_seconds() * 1000)
        return known
