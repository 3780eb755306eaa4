"""Say which column of a CSV file is what, in which unit and stamped when.

A column description is a small TOML file. The fields of the records below are its keys;
none of what it says can be read off the numbers of the CSV file itself.
"""

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum


class Stamp(StrEnum):
    """Which end of its bar a time marks."""

    OPEN = "open"
    CLOSE = "close"


class Unit(StrEnum):
    """What an amount counts."""

    USD = "usd"
    COIN = "coin"


class RateUnit(StrEnum):
    """How a rate is written: 0.0001 and 0.01 % are the same."""

    FRACTION = "fraction"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeColumn:
    """The time of a bar, UTC unless it carries a zone.

    format : `epoch_ms`, `iso`, or a strptime format such as `%d-%m-%Y %H:%M`
    """

    column: str
    format: str
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceColumns:
    """The four prices of a bar, USD per coin."""

    open: str
    high: str
    low: str
    close: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterestColumn:
    """Open interest; `single_sided` is false where longs and shorts are added up."""

    column: str
    unit: Unit
    stamp: Stamp
    single_sided: bool
    venues: tuple[str, ...]
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnoverColumn:
    """What changed hands within a bar."""

    column: str
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationColumns:
    """Realised liquidations of a bar per side, USD."""

    long_usd: str
    short_usd: str
    venues: tuple[str, ...]
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingColumn:
    """The funding rate, as known at the bar's close."""

    column: str
    unit: RateUnit
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which files a shipped description is for: a pattern of the name, or the whole header."""

    file: str
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that a CSV file does not say of itself.

    `source` is the name a post prints; `may_be_empty` marks columns whose empty cells
    mean "not published"; `notes` are plain sentences every snapshot of the file carries.
    """

    source: str
    symbol: str
    venue: str
    interval: timedelta
    time: TimeColumn
    price: PriceColumns
    open_interest: OpenInterestColumn | None = None
    turnover: TurnoverColumn | None = None
    liquidations: LiquidationColumns | None = None
    funding_rate: FundingColumn | None = None
    notes: tuple[str, ...] = ()
    match: Match | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the file needs to have."""
        named = [self.time.column, *(getattr(self.price, item.name) for item in fields(self.price))]
        named += [
            part.column for part in (self.open_interest, self.turnover, self.funding_rate) if part
        ]
        if self.liquidations:
            named += [self.liquidations.long_usd, self.liquidations.short_usd]
        return tuple(named)
