"""What is known of one market at one moment.

Conventions of every record here: prices and USD amounts are float64 in arrays,
oldest first; times are UTC, epoch milliseconds in arrays (`*_ms`) and aware
`datetime` outside them; `None` means "not published by the source", zero means zero.
Arrays are made read-only, so a snapshot can be shared without copies.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from composer.errors import ConfigError, SourceDataError

FloatArray = NDArray[np.float64]
TimeArray = NDArray[np.int64]

_SYMBOL = re.compile(r"[A-Z0-9]{1,20}")
_NAME = re.compile(r"[^\x00-\x1f\x7f\[\]{}<>]+")
_LONGEST_NAME = 80

AND = " + "  # between the names of several sources

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Perpetual contracts on coins came later; an earlier moment is a slip of the keyboard.
FIRST_MOMENT = datetime(2011, 1, 1, tzinfo=UTC)


class Side(StrEnum):
    """Which way a position profits: a long from a rise, a short from a fall."""

    LONG = "long"
    SHORT = "short"


class Confidence(StrEnum):
    """How far an estimate from public data may be trusted.

    High: several venues that agree, with open-interest history. Medium: one venue with
    history. Low: only the present open interest is known.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Method(StrEnum):
    """How a liquidation map came about."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    SIMULATED = "simulated"


def to_ms(moment: datetime) -> int:
    """Return the epoch milliseconds of an aware datetime.

    Raises ValueError if `moment` carries no zone.
    """
    if moment.tzinfo is None:
        msg = f"a time needs its zone, got the naive {moment.isoformat()}"
        raise ValueError(msg)
    # Downwards: what is known a moment later is not known yet.
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """Return the aware UTC datetime of epoch milliseconds."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _frozen_floats(values: ArrayLike) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def _frozen_times(values: ArrayLike) -> TimeArray:
    array = np.array(values, dtype=np.int64)
    array.setflags(write=False)
    return array


def _require_same_length(owner: str, **arrays: FloatArray | TimeArray | None) -> None:
    lengths = {name: len(array) for name, array in arrays.items() if array is not None}
    if len(set(lengths.values())) > 1:
        msg = f"{owner}: all columns need the same length, got {lengths}"
        raise SourceDataError(msg)


def _require_some(owner: str, times: TimeArray) -> None:
    if len(times) == 0:
        msg = f"{owner}: expected at least one value, got none"
        raise SourceDataError(msg)


def _require_ascending(owner: str, name: str, times: TimeArray) -> None:
    if np.any(np.diff(times) <= 0):
        first = int(np.argmax(np.diff(times) <= 0)) + 1
        msg = (
            f"{owner}: {name} must rise from row to row, but row {first} "
            f"({from_ms(int(times[first])).isoformat()}) does not come after the one before it"
        )
        raise SourceDataError(msg)


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
        object.__setattr__(self, "open_ms", _frozen_times(self.open_ms))
        for name in ("open", "high", "low", "close"):
            object.__setattr__(self, name, _frozen_floats(getattr(self, name)))
        if self.turnover_usd is not None:
            object.__setattr__(self, "turnover_usd", _frozen_floats(self.turnover_usd))
        owner = f"candles of {self.symbol} on {self.venue}"
        _require_same_length(
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
        _require_ascending(owner, "open_ms", self.open_ms)
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
        object.__setattr__(self, "stamp_ms", _frozen_times(self.stamp_ms))
        object.__setattr__(self, "open_interest_usd", _frozen_floats(self.open_interest_usd))
        owner = f"open interest of {self.symbol} on {', '.join(self.venues)}"
        _require_same_length(
            owner, stamp_ms=self.stamp_ms, open_interest_usd=self.open_interest_usd
        )
        _require_some(owner, self.stamp_ms)
        _require_ascending(owner, "stamp_ms", self.stamp_ms)
        values = self.open_interest_usd
        if not (np.all(np.isfinite(values)) and np.all(values > 0)):
            msg = f"{owner}: values must be positive numbers of USD"
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
        object.__setattr__(self, "open_ms", _frozen_times(self.open_ms))
        object.__setattr__(self, "long_usd", _frozen_floats(self.long_usd))
        object.__setattr__(self, "short_usd", _frozen_floats(self.short_usd))
        owner = f"liquidations of {self.symbol} on {', '.join(self.venues)}"
        _require_same_length(
            owner, open_ms=self.open_ms, long_usd=self.long_usd, short_usd=self.short_usd
        )
        _require_ascending(owner, "open_ms", self.open_ms)
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
        object.__setattr__(self, "stamp_ms", _frozen_times(self.stamp_ms))
        object.__setattr__(self, "long_share", _frozen_floats(self.long_share))
        owner = f"long/short accounts of {self.symbol} on {', '.join(self.venues)}"
        _require_same_length(owner, stamp_ms=self.stamp_ms, long_share=self.long_share)
        _require_some(owner, self.stamp_ms)
        _require_ascending(owner, "stamp_ms", self.stamp_ms)
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
        object.__setattr__(self, "open_ms", _frozen_times(self.open_ms))
        object.__setattr__(self, "buy_usd", _frozen_floats(self.buy_usd))
        object.__setattr__(self, "sell_usd", _frozen_floats(self.sell_usd))
        owner = f"taker flow of {self.symbol} on {', '.join(self.venues)}"
        _require_same_length(
            owner, open_ms=self.open_ms, buy_usd=self.buy_usd, sell_usd=self.sell_usd
        )
        _require_some(owner, self.open_ms)
        _require_ascending(owner, "open_ms", self.open_ms)
        flow = np.stack([self.buy_usd, self.sell_usd])
        if not (np.all(np.isfinite(flow)) and np.all(flow >= 0)):
            msg = f"{owner}: amounts must be zero or more"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one value is from: whose it is, the market time it is of, and when we read it."""

    source: str
    as_of: datetime
    fetched_at: datetime

    def __post_init__(self) -> None:
        """Check that the times carry a zone."""
        to_ms(self.as_of)
        to_ms(self.fetched_at)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LiquidationMap:
    """Liquidation intensity per price bin and side, in USD, shape (n,) each.

    Bins are disjoint and rise in price; their mass is spread evenly between `low`
    and `high`, and a bin with low = high is a single price. Longs count below
    `price`, shorts above it. Raises SourceDataError if a bin is malformed.
    """

    symbol: str
    price: float
    as_of: datetime
    source: str
    method: Method
    low: FloatArray
    high: FloatArray
    long_usd: FloatArray
    short_usd: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check the bins."""
        for name in ("low", "high", "long_usd", "short_usd"):
            object.__setattr__(self, name, _frozen_floats(getattr(self, name)))
        owner = f"liquidation map of {self.symbol}"
        _require_same_length(
            owner, low=self.low, high=self.high, long_usd=self.long_usd, short_usd=self.short_usd
        )
        if len(self.low) == 0:
            msg = f"{owner}: expected at least one bin, got none"
            raise SourceDataError(msg)
        edges = np.stack([self.low, self.high])
        if not (np.all(np.isfinite(edges)) and np.all(edges > 0)):
            msg = f"{owner}: bin edges must be positive prices"
            raise SourceDataError(msg)
        if np.any(self.high < self.low):
            bad = int(np.argmax(self.high < self.low))
            msg = f"{owner}: bin {bad} has high {self.high[bad]} below its low {self.low[bad]}"
            raise SourceDataError(msg)
        if np.any(self.low[1:] < self.high[:-1]):
            bad = int(np.argmax(self.low[1:] < self.high[:-1])) + 1
            msg = f"{owner}: bin {bad} starts before the bin below it ends; sort and do not overlap"
            raise SourceDataError(msg)
        mass = np.stack([self.long_usd, self.short_usd])
        if not (np.all(np.isfinite(mass)) and np.all(mass >= 0)):
            msg = f"{owner}: long_usd and short_usd must be zero or more"
            raise SourceDataError(msg)
        if not (np.isfinite(self.price) and self.price > 0):
            msg = f"{owner}: price must be a positive number, got {self.price}"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of a source.

    `as_of` is the moment to look from when the caller names one; `now` is the
    injected clock. Nothing known later than `cutoff` may be used. Raises ConfigError if
    `as_of` is later than the clock, or earlier than any market of this kind.
    """

    now: datetime
    symbol: str | None = None
    as_of: datetime | None = None

    def __post_init__(self) -> None:
        """Check that the moment can be looked from."""
        if self.as_of is not None and not FIRST_MOMENT <= self.as_of <= self.now:
            msg = (
                f"--as-of: expected a time from {FIRST_MOMENT.year} on and not later than the "
                f"clock ({self.now.isoformat(timespec='minutes')}), got {self.as_of.isoformat()}"
            )
            raise ConfigError(msg)

    @property
    def cutoff(self) -> datetime:
        """The last moment whose knowledge may be used."""
        return self.now if self.as_of is None else self.as_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarketSnapshot:
    """One symbol's market at `as_of`, with where every part comes from.

    Holds either candles with open interest, from which a map is estimated, or a
    finished `liquidation_map`, or both. `source` is the name a post prints; several are
    joined by `AND`, for a text to list them in its own language.
    `notes` are plain sentences about limits of the data, for the record and the desk.
    `simulated` marks data that no market produced.
    `candles` are the main grid; `other_candles` hold the same market in other intervals,
    finer ones of late and coarser ones from further back, finest first.
    `open_interest_by_venue` is the latest value of each venue in USD, by its name.
    `confidence` is None where nothing was estimated from public data.
    `origins` names the origin of a field, or of `open_interest.<venue>`.
    """

    symbol: str
    price: float
    as_of: datetime
    fetched_at: datetime
    source: str
    venues: tuple[str, ...]
    simulated: bool = False
    candles: Candles | None = None
    other_candles: tuple[Candles, ...] = ()
    open_interest: OpenInterest | None = None
    open_interest_by_venue: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({})
    )
    liquidations: Liquidations | None = None
    long_short_accounts: LongShortAccounts | None = None
    taker_flow: TakerFlow | None = None
    funding_rate: float | None = None
    liquidation_map: LiquidationMap | None = None
    confidence: Confidence | None = None
    notes: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Check that a map can come of it, that its times carry a zone and its names are names.

        Both names are printed, and the symbol becomes part of file names.
        """
        to_ms(self.as_of)
        to_ms(self.fetched_at)
        if not _SYMBOL.fullmatch(self.symbol):
            msg = f"symbol: expected a base coin such as BTC, got {self.symbol[:40]!r}"
            raise SourceDataError(msg)
        if not (0 < len(self.source) <= _LONGEST_NAME and _NAME.fullmatch(self.source)):
            msg = f"source: expected a plain name of one line, got {self.source[:90]!r}"
            raise SourceDataError(msg)
        if self.liquidation_map is None and (self.candles is None or self.open_interest is None):
            msg = (
                f"snapshot of {self.symbol} from {self.source}: expected a liquidation map, "
                "or candles with open interest"
            )
            raise SourceDataError(msg)
        foreign = [grid.symbol for grid in self.candle_grids if grid.symbol != self.symbol]
        if foreign:
            msg = f"snapshot of {self.symbol}: expected its own candles, got those of {foreign[0]}"
            raise SourceDataError(msg)
        for name in ("open_interest_by_venue", "origins"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def candle_grids(self) -> tuple[Candles, ...]:
        """Every resolution of the candles, finest first."""
        grids = (*self.other_candles, *((self.candles,) if self.candles else ()))
        return tuple(sorted(grids, key=lambda grid: grid.interval))
