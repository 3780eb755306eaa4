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

from composer.errors import ConfigError, SourceDataError
from composer.market.arrays import (
    FloatArray,
    TimeArray,
    from_ms,
    frozen_floats,
    require_same_length,
    to_ms,
)
from composer.market.series import (
    Candles,
    EtfFlows,
    FundingRates,
    Liquidations,
    LongShortAccounts,
    OpenInterest,
    TakerFlow,
)

__all__ = [
    "AND",
    "FIRST_MOMENT",
    "Candles",
    "Confidence",
    "EtfFlows",
    "FloatArray",
    "FundingRates",
    "LiquidationMap",
    "Liquidations",
    "LongShortAccounts",
    "MarketSnapshot",
    "MaxPain",
    "Method",
    "OpenInterest",
    "Origin",
    "Query",
    "Side",
    "TakerFlow",
    "TimeArray",
    "VenueLiquidations",
    "from_ms",
    "to_ms",
]

_SYMBOL = re.compile(r"[A-Z0-9]{1,20}")
_NAME = re.compile(r"[^\x00-\x1f\x7f\[\]{}<>]+")
_LONGEST_NAME = 80

AND = " + "  # between the names of several sources

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
            object.__setattr__(self, name, frozen_floats(getattr(self, name)))
        owner = f"liquidation map of {self.symbol}"
        require_same_length(
            owner, low=self.low, high=self.high, long_usd=self.long_usd, short_usd=self.short_usd
        )
        if len(self.low) == 0:
            msg = f"{owner}: expected at least one bin, got none"
            raise SourceDataError(msg)
        if not all(edges.min() > 0 and np.isfinite(edges.max()) for edges in (self.low, self.high)):
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
        sizes = (self.long_usd, self.short_usd)
        if not all(usd.min() >= 0 and np.isfinite(usd.max()) for usd in sizes):
            msg = f"{owner}: long_usd and short_usd must be zero or more"
            raise SourceDataError(msg)
        if not (np.isfinite(self.price) and self.price > 0):
            msg = f"{owner}: price must be a positive number, got {self.price}"
            raise SourceDataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxPain:
    """On each side of the price, the level at which the most is liquidated, and how much in USD.

    Counts what was opened within the time `over` up to now. Raises SourceDataError unless
    the longs' price is below the shorts' and amounts are zero or more.
    """

    symbol: str
    over: timedelta
    long_price: float
    long_usd: float
    short_price: float
    short_usd: float

    def __post_init__(self) -> None:
        """Check the prices against each other, and the amounts."""
        if not 0 < self.long_price < self.short_price < np.inf:
            msg = (
                f"max pain of {self.symbol}: expected longs below shorts, got "
                f"{self.long_price:.15g} and {self.short_price:.15g}"
            )
            raise SourceDataError(msg)
        _require_amounts(f"max pain of {self.symbol}", self.long_usd, self.short_usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueLiquidations:
    """Realised liquidations of one venue within the time `over` up to now, in USD."""

    over: timedelta
    long_usd: float
    short_usd: float

    def __post_init__(self) -> None:
        """Check the amounts."""
        _require_amounts("liquidations of a venue", self.long_usd, self.short_usd)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverageTerms:
    """What a market asks of small positions: its first tier.

    maintenance_margin_rate : fraction of the notional that must stay as margin
    """

    max_leverage: float
    maintenance_margin_rate: float


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
    `open_interest_by_venue` is the latest value of each venue in USD, by its name;
    `liquidations_by_venue` likewise.
    `funding_rate` is a fraction per `funding_interval`, which is None where nobody says it;
    `funding_rates` are those of the past and it.
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
    liquidations_by_venue: Mapping[str, VenueLiquidations] = field(
        default_factory=lambda: MappingProxyType({})
    )
    long_short_accounts: LongShortAccounts | None = None
    taker_flow: TakerFlow | None = None
    funding_rate: float | None = None
    funding_interval: timedelta | None = None
    funding_rates: FundingRates | None = None
    etf_flows: EtfFlows | None = None
    max_pain: MaxPain | None = None
    liquidation_map: LiquidationMap | None = None
    leverage_terms: LeverageTerms | None = None
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
        for name in ("open_interest_by_venue", "liquidations_by_venue", "origins"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def candle_grids(self) -> tuple[Candles, ...]:
        """Every resolution of the candles, finest first."""
        grids = (*self.other_candles, *((self.candles,) if self.candles else ()))
        return tuple(sorted(grids, key=lambda grid: grid.interval))


def _require_amounts(owner: str, *amounts: float) -> None:
    if not all(0 <= amount < np.inf for amount in amounts):
        msg = f"{owner}: amounts must be zero or more"
        raise SourceDataError(msg)
