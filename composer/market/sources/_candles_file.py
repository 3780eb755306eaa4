"""Read candles with open interest from a CSV file and its column description."""

from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np

from composer.errors import SourceDataError
from composer.market.records import (
    Candles,
    FloatArray,
    FundingRates,
    Liquidations,
    MarketSnapshot,
    OpenInterest,
    Origin,
    Query,
    from_ms,
)
from composer.market.sources._bars import Bar, read_bars
from composer.market.sources._columns import Description, OpenInterestColumn, Stamp
from composer.market.sources._csv_rows import read_header
from composer.market.sources._descriptions import find_description

ALL_EXCHANGES = "all exchanges"

# Positions come and go within a day; older open interest says nothing of the present.
_OLDEST_OPEN_INTEREST = timedelta(days=1)


def candles_snapshot(path: Path, query: Query) -> MarketSnapshot:
    """Return the market in the file at `path`, as known at `query.cutoff`.

    Raises ConfigError without a good description, SourceDataError if the content is wrong
    or has no open interest.
    """
    header = read_header(path)
    description = find_description(path, header)
    part = _require_open_interest(path, description)
    _require_columns(path, header, description)
    bars = read_bars(path, header, description, query)
    candles = _candles(bars, description)
    interest = _open_interest(path, bars, candles, part)
    liquidations = _liquidations(bars, candles, description)
    return MarketSnapshot(
        symbol=description.symbol,
        price=bars[-1].close,
        as_of=from_ms(int(candles.known_ms[-1])),
        fetched_at=query.now,
        source=description.source,
        venues=tuple(dict.fromkeys((description.venue, *part.venues))),
        candles=candles,
        open_interest=interest,
        liquidations=liquidations,
        funding_rate=bars[-1].funding_rate,
        funding_rates=_funding_rates(bars, candles),
        notes=_notes(bars, description, part),
        origins=MappingProxyType(
            {
                name: Origin(source=where, as_of=from_ms(int(stamp)), fetched_at=query.now)
                for name, (where, stamp) in _origins(
                    path, description, part, candles, interest, liquidations
                ).items()
            }
        ),
    )


def _require_open_interest(path: Path, description: Description) -> OpenInterestColumn:
    if description.open_interest is None:
        msg = (
            f"{path.name}: expected a column of open interest, got prices only; no liquidation "
            "map can be estimated from this file, use one with open interest"
        )
        raise SourceDataError(msg)
    return description.open_interest


def _require_columns(path: Path, header: tuple[str, ...], description: Description) -> None:
    for column in description.columns:
        if column not in header:
            found = ", ".join(header)
            msg = f"{path.name}, row 1, column {column!r}: expected this column, got {found}"
            raise SourceDataError(msg)


def _column(bars: list[Bar], name: str) -> FloatArray:
    """Return one column, NaN where nothing was published."""
    return np.array([getattr(bar, name) for bar in bars], dtype=np.float64)


def _candles(bars: list[Bar], description: Description) -> Candles:
    return Candles(
        symbol=description.symbol,
        venue=description.venue,
        interval=description.interval,
        open_ms=np.array([bar.open_ms for bar in bars]),
        open=_column(bars, "open"),
        high=_column(bars, "high"),
        low=_column(bars, "low"),
        close=_column(bars, "close"),
        turnover_usd=_column(bars, "turnover_usd") if description.turnover else None,
    )


def _open_interest(
    path: Path, bars: list[Bar], candles: Candles, part: OpenInterestColumn
) -> OpenInterest:
    stamps = candles.open_ms if part.stamp is Stamp.OPEN else candles.known_ms
    values = _column(bars, "open_interest_usd")
    published = np.isfinite(values)
    if published.any():
        age_ms = int(candles.known_ms[-1]) - int(stamps[published][-1])
        if age_ms > _OLDEST_OPEN_INTEREST.total_seconds() * 1000:
            msg = (
                f"{path.name}, column {part.column!r}: the last open interest is of "
                f"{from_ms(int(stamps[published][-1])).isoformat()}, too old to estimate from"
            )
            raise SourceDataError(msg)
    else:
        last = from_ms(int(candles.known_ms[-1])).isoformat()
        msg = (
            f"{path.name}, column {part.column!r}: expected open interest in some row, got only "
            f"empty cells up to {last}; look from a later moment with --as-of"
        )
        raise SourceDataError(msg)
    return OpenInterest(
        symbol=candles.symbol,
        venues=part.venues,
        stamp_ms=stamps[published],
        open_interest_usd=values[published],
    )


def _liquidations(
    bars: list[Bar], candles: Candles, description: Description
) -> Liquidations | None:
    part = description.liquidations
    long_usd = _column(bars, "long_liquidated_usd")
    published = np.isfinite(long_usd)
    if part is None or not published.any():
        return None
    return Liquidations(
        symbol=description.symbol,
        venues=part.venues,
        interval=description.interval,
        open_ms=candles.open_ms[published],
        long_usd=long_usd[published],
        short_usd=_column(bars, "short_liquidated_usd")[published],
    )


def _funding_rates(bars: list[Bar], candles: Candles) -> FundingRates | None:
    rate = _column(bars, "funding_rate")
    published = np.isfinite(rate)
    if not published.any():
        return None
    return FundingRates(
        symbol=candles.symbol, stamp_ms=candles.known_ms[published], rate=rate[published]
    )


def _notes(bars: list[Bar], description: Description, part: OpenInterestColumn) -> tuple[str, ...]:
    notes = [_whose(part.venues), *description.notes]
    if description.turnover is None:
        notes.append("The file has no turnover; the range of each bar stands in for it.")
    span = from_ms(bars[-1].open_ms) - from_ms(bars[0].open_ms)
    missing = span // description.interval + 1 - len(bars)
    if missing:
        are = "bar is" if missing == 1 else "bars are"
        notes.append(f"{missing} {are} missing between the first bar and the last.")
    return tuple(notes)


def _whose(venues: tuple[str, ...]) -> str:
    if venues == (ALL_EXCHANGES,):
        return "Open interest is that of all exchanges."
    *others, last = venues
    owners = f"{', '.join(others)} and {last}" if others else last
    return f"Open interest is {owners}'s only."


def _origins(
    path: Path,
    description: Description,
    part: OpenInterestColumn,
    candles: Candles,
    interest: OpenInterest,
    liquidations: Liquidations | None,
) -> dict[str, tuple[str, np.int64]]:
    """Return for each value which columns it is from, and the time it is of."""
    last = candles.known_ms[-1]
    origins = {
        "candles": (path.name, last),
        "open_interest": (f"{path.name}: {part.column}", interest.stamp_ms[-1]),
    }
    if description.liquidations and liquidations:
        columns = f"{description.liquidations.long_usd}, {description.liquidations.short_usd}"
        interval_ms = candles.known_ms[-1] - candles.open_ms[-1]
        origins["liquidations"] = (
            f"{path.name}: {columns}",
            liquidations.open_ms[-1] + interval_ms,
        )
    if description.funding_rate:
        origins["funding_rate"] = (f"{path.name}: {description.funding_rate.column}", last)
    return origins
