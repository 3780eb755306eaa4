"""Turn rows into bars, up to the last one known at the cutoff and not a cell further."""

from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, NoReturn

from composer.errors import SourceDataError
from composer.market.records import FIRST_MOMENT, Query, from_ms, to_ms
from composer.market.sources._columns import Description, RateUnit, Stamp, TimeColumn, Unit
from composer.market.sources._csv_rows import CsvRow, read_rows

# Year 10000: what an epoch time in the wrong unit runs into.
_END_OF_TIME_MS = 253_402_300_800_000
_FIRST_MS = to_ms(FIRST_MOMENT)


class Bar(NamedTuple):
    """One closed bar in the units of the records; None where the file publishes nothing."""

    open_ms: int
    open: float
    high: float
    low: float
    close: float
    open_interest_usd: float | None
    turnover_usd: float | None
    long_liquidated_usd: float | None
    short_liquidated_usd: float | None
    funding_rate: float | None


def read_bars(
    path: Path, header: tuple[str, ...], description: Description, query: Query
) -> list[Bar]:
    """Read the bars that were closed at `query.cutoff`, oldest first.

    With `as_of`, reading stops before the first row that cannot be known yet: later rows
    are not parsed at all. Without it a row after the clock is an error, for then either
    the file or the clock is wrong.
    Raises SourceDataError naming file, row and column, or if no bar was closed by then.
    """
    with closing(_closed_bars(path, header, description, query)) as found:
        bars = list(found)
    if not bars:
        msg = (
            f"{path.name}: expected at least one bar closed by {query.cutoff.isoformat()}, got "
            "none; the file has no rows, or begins later"
        )
        raise SourceDataError(msg)
    return bars


def _closed_bars(
    path: Path, header: tuple[str, ...], description: Description, query: Query
) -> Generator[Bar, None, None]:
    interval_ms = description.interval // timedelta(milliseconds=1)
    cutoff_ms = to_ms(query.cutoff)
    looking_back = query.as_of is not None
    free_from_ms = 0
    for row in read_rows(path, header):
        open_ms = _open_ms(row, description.time, interval_ms)
        close_ms = open_ms + interval_ms
        _require_order(row, description.time, open_ms, free_from_ms)
        if close_ms <= cutoff_ms:
            yield _bar(row, description, open_ms)
        elif not looking_back and open_ms > cutoff_ms:
            _refuse_after_the_clock(row, description.time, query.now)
        # No later row can close sooner than this, so what it holds must not matter.
        if looking_back and close_ms + interval_ms > cutoff_ms:
            return
        free_from_ms = close_ms


def _open_ms(row: CsvRow, time: TimeColumn, interval_ms: int) -> int:
    text = row.text(time.column)
    try:
        stamp_ms = _parse_ms(text, time.format)
        if not _FIRST_MS <= stamp_ms < _END_OF_TIME_MS:
            raise ValueError(text)  # noqa: TRY301 - one refusal for every unreadable time
    except (ValueError, OverflowError):
        row.refuse(time.column, f"a time as {time.format}", repr(text))
    return stamp_ms if time.stamp is Stamp.OPEN else stamp_ms - interval_ms


def _parse_ms(text: str, written: str) -> int:
    if written == "epoch_ms":
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        return int(text)
    if written == "iso":
        return to_ms(_with_zone(datetime.fromisoformat(text)))
    return to_ms(_with_zone(datetime.strptime(text, written)))  # noqa: DTZ007 - zone set at once


def _with_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _require_order(row: CsvRow, time: TimeColumn, open_ms: int, free_from_ms: int) -> None:
    if open_ms < free_from_ms:
        expected = f"a bar that opens at {from_ms(free_from_ms).isoformat()} or later"
        came = f"one that opens at {from_ms(open_ms).isoformat()}: rows are twice, or out of order"
        row.refuse(time.column, expected, came)


def _refuse_after_the_clock(row: CsvRow, time: TimeColumn, now: datetime) -> NoReturn:
    expected = f"times up to the clock, {now.isoformat()}"
    came = f"{row.text(time.column)}; to look at a past moment use --as-of, else mend the clock"
    row.refuse(time.column, expected, came)


def _bar(row: CsvRow, description: Description, open_ms: int) -> Bar:
    row.require_whole()
    opening, high, low, close = _prices(row, description)
    long_usd, short_usd = _liquidated(row, description)
    return Bar(
        open_ms=open_ms,
        open=opening,
        high=high,
        low=low,
        close=close,
        open_interest_usd=_open_interest_usd(row, description, opening, close),
        turnover_usd=_turnover_usd(row, description, (high + low) / 2),
        long_liquidated_usd=long_usd,
        short_liquidated_usd=short_usd,
        funding_rate=_funding_rate(row, description),
    )


def _prices(row: CsvRow, description: Description) -> tuple[float, float, float, float]:
    names = description.price
    opening, close = row.positive(names.open), row.positive(names.close)
    high, low = row.positive(names.high), row.positive(names.low)
    if high < max(opening, close, low):
        expected = f"a high of at least {max(opening, close, low):.15g}, the bar's other prices"
        row.refuse(names.high, expected, f"{high:.15g}")
    if low > min(opening, close):
        expected = f"a low of at most {min(opening, close):.15g}, the bar's open and close"
        row.refuse(names.low, expected, f"{low:.15g}")
    return opening, high, low, close


def _open_interest_usd(
    row: CsvRow, description: Description, opening: float, close: float
) -> float | None:
    part = description.open_interest
    if part is None or (part.may_be_empty and not row.text(part.column)):
        return None
    value = row.positive(part.column)
    if part.unit is Unit.COIN:
        # At the price of its own stamp: the close is not known yet at the bar's open.
        value *= opening if part.stamp is Stamp.OPEN else close
    return value if part.single_sided else value / 2


def _turnover_usd(row: CsvRow, description: Description, middle: float) -> float | None:
    part = description.turnover
    if part is None:
        return None
    value = row.amount(part.column)
    return value * middle if part.unit is Unit.COIN else value


def _liquidated(row: CsvRow, description: Description) -> tuple[float | None, float | None]:
    part = description.liquidations
    if part is None:
        return None, None
    if part.may_be_empty and not (row.text(part.long_usd) or row.text(part.short_usd)):
        return None, None
    return row.amount(part.long_usd), row.amount(part.short_usd)


def _funding_rate(row: CsvRow, description: Description) -> float | None:
    part = description.funding_rate
    if part is None or (part.may_be_empty and not row.text(part.column)):
        return None
    value = row.number(part.column)
    return value / 100 if part.unit is RateUnit.PERCENT else value
