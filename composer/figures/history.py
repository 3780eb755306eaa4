"""Join candles of one or several intervals into the one history an estimate reads."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from composer.errors import FiguresError
from composer.market.records import Candles, FloatArray, TimeArray

MS_PER_HOUR = 3_600_000
FINE_HOURS = 7 * 24  # of the last bars, which an estimate reads as they are


class History(NamedTuple):
    """Bars without overlap, oldest first, shape (n,) each, possibly of several lengths.

    hours : the length of each bar
    high, low, close : USD per coin
    flow : what each bar opened, in one unit for all of them; >= 0, not all zero
    """

    open_ms: TimeArray
    known_ms: TimeArray
    hours: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    flow: FloatArray


def join(candles: Candles | Sequence[Candles], memory: timedelta | None = None) -> History:
    """Return one history of the candles; where several cover a time, the finest bars count.

    memory : only bars that begin within it before the last close are kept, but the last
        always; None for all

    A coarser bar that reaches into the finer ones is kept and they start after it: no
    minute is left out, or price would have been somewhere that the history does not know.
    Turnover is the flow where every record has it from the same venue. Otherwise a bar's
    relative range times the square root of its hours stands in for all of them: range
    grows with the root of time and turnover with time, so bars of different length then
    have the same unit.
    Raises FiguresError if there are no candles or they are of several symbols.
    """
    records = [candles] if isinstance(candles, Candles) else list(candles)
    if len({record.symbol for record in records}) != 1:
        msg = f"expected candles of one symbol, got {[record.symbol for record in records]}"
        raise FiguresError(msg)
    records.sort(key=lambda record: record.interval)
    same_unit = len({record.venue for record in records}) == 1
    use_turnover = same_unit and all(record.turnover_usd is not None for record in records)
    joined = _history(records[0], use_turnover=use_turnover)
    for record in records[1:]:
        joined = _extend(joined, _history(record, use_turnover=use_turnover))
    if memory is not None:
        since_ms = joined.known_ms[-1] - memory / timedelta(milliseconds=1)
        first = min(int(np.searchsorted(joined.open_ms, since_ms)), len(joined.close) - 1)
        joined = History(**{name: column[first:] for name, column in joined._asdict().items()})
    return joined if joined.flow.any() else joined._replace(flow=np.ones_like(joined.flow))


def _history(record: Candles, *, use_turnover: bool) -> History:
    hours = record.interval / timedelta(hours=1)
    if use_turnover and record.turnover_usd is not None:
        flow = record.turnover_usd
    else:
        flow = (record.high - record.low) / record.close * hours**0.5
    return History(
        open_ms=record.open_ms,
        known_ms=record.known_ms,
        hours=np.full(len(record), hours),
        high=record.high,
        low=record.low,
        close=record.close,
        flow=flow,
    )


def _extend(fine: History, coarse: History) -> History:
    """Return the finer bars with the coarser ones before and after them."""
    before = coarse.open_ms < fine.open_ms[0]
    after = coarse.open_ms >= fine.known_ms[-1]
    kept = fine.open_ms >= coarse.known_ms[before].max(initial=fine.open_ms[0])
    pairs = zip(fine._asdict().items(), coarse, strict=True)
    return History(
        **{
            name: np.concatenate([coarser[before], finer[kept], coarser[after]])
            for (name, finer), coarser in pairs
        }
    )


def coarsen(history: History) -> History:
    """Return the history with its bars of under an hour merged by the hour, save the last week's.

    A week of prices leaves next to nothing that only part of an hour can tell, and of a year
    of minutes it leaves one bar in 28.
    """
    last_ms = int(history.known_ms[-1])
    first_hour = int(history.open_ms[0]) // MS_PER_HOUR
    edges_ms = np.arange(first_hour, last_ms // MS_PER_HOUR - FINE_HOURS + 1) * MS_PER_HOUR
    if edges_ms[1:].size == 0 or history.hours.min() >= 1:
        return history
    edges = np.searchsorted(history.open_ms, edges_ms)
    first, fine = edges[:-1][edges[:-1] < edges[1:]], edges[-1]
    last = np.append(first[1:], fine) - 1

    def by_hour(merge: np.ufunc, column: FloatArray) -> FloatArray:
        return np.append(merge.reduceat(column[:fine], first), column[fine:])

    open_ms = np.append(history.open_ms[first], history.open_ms[fine:])
    known_ms = np.append(history.known_ms[last], history.known_ms[fine:])
    return History(
        open_ms=open_ms,
        known_ms=known_ms,
        hours=(known_ms - open_ms) / MS_PER_HOUR,
        high=by_hour(np.maximum, history.high),
        low=by_hour(np.minimum, history.low),
        close=np.append(history.close[last], history.close[fine:]),
        flow=by_hour(np.add, history.flow),
    )
