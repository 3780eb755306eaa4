"""Look at a market from an earlier moment, with what the snapshot remembers of it.

Replays of past days, and the history a first edition lacks, come from here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import numpy as np

from composer.errors import FiguresError, SquaredeskError
from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.past import PastFigures
from composer.figures.thresholds import THIN_DAYS
from composer.market.records import (
    Candles,
    EtfFlows,
    FundingRates,
    Liquidations,
    LongShortAccounts,
    MarketSnapshot,
    OpenInterest,
    TakerFlow,
    TimeArray,
    from_ms,
    to_ms,
)

DAY = timedelta(days=1)
OLDEST_OPEN_INTEREST = DAY  # before the prices: older says nothing of them
BACKFILL_DAYS = 30
LEAST_MEMORY = DAY * int(THIN_DAYS)  # of candles: from less, today's map would not be told either

_Series = TypeVar(
    "_Series",
    Candles,
    EtfFlows,
    FundingRates,
    Liquidations,
    LongShortAccounts,
    OpenInterest,
    TakerFlow,
)


class Replay(NamedTuple):
    """Past figures, oldest first, and why some moments have none."""

    past: tuple[PastFigures, ...]
    missing: Mapping[datetime, str]


def replay(
    snapshot: MarketSnapshot,
    moments: Iterable[datetime],
    levels: LevelPolicy,
    notional_usd: float | None = None,
) -> Replay:
    """Return the figures that editions of earlier moments would have had."""
    past, missing = [], {}
    for moment in sorted(moments):
        try:
            figures = compute_figures(
                rewind(snapshot, moment), levels=levels, notional_usd=notional_usd
            )
        except SquaredeskError as error:
            missing[moment] = str(error)
        else:
            past.append(PastFigures(as_of=figures.as_of, facts=facts_of(figures)))
    return Replay(tuple(past), MappingProxyType(missing))


def backfill(
    snapshot: MarketSnapshot,
    past: Sequence[PastFigures],
    levels: LevelPolicy,
    notional_usd: float | None = None,
) -> tuple[PastFigures, ...]:
    """Return what editions of the last 30 days would have said, for days without one in `past`.

    A day has an edition if there is one within twelve hours of its moment, a whole number of
    days before the snapshot. What the snapshot does not remember stays missing, and so does a
    day with less than a week of candles before it. Nothing of a snapshot with a finished map:
    what is estimated does not compare with it.
    """
    if snapshot.liquidation_map is not None:
        return ()
    first = min(from_ms(int(grid.open_ms[0])) for grid in snapshot.candle_grids) + LEAST_MEMORY
    moments = (snapshot.as_of - number * DAY for number in range(1, BACKFILL_DAYS + 1))
    bare = [
        moment
        for moment in moments
        if moment >= first and all(abs(moment - one.as_of) > DAY / 2 for one in past)
    ]
    return replay(snapshot, bare, levels, notional_usd).past


def rewind(snapshot: MarketSnapshot, moment: datetime) -> MarketSnapshot:
    """Return the market as it was known at an earlier moment.

    What the snapshot knows of the present alone is left out: a finished map, max pain and
    values per venue. Nothing known later than `moment` is left but the terms of
    leverage, which hardly change, so that maps of two moments compare.
    Raises FiguresError if there are no candles up to the moment, or no open interest of
    the day before it.
    """
    grids = [kept for grid in snapshot.candle_grids if (kept := _until(grid, moment)) is not None]
    if not grids:
        raise _refusal(snapshot, moment, "candles")
    latest = max(grids, key=lambda grid: (int(grid.known_ms[-1]), -grid.interval))
    as_of = from_ms(int(latest.known_ms[-1]))
    if moment - as_of >= latest.interval:
        raise _refusal(snapshot, moment, "candles")
    interest = _until(snapshot.open_interest, moment)
    if interest is None or as_of - from_ms(int(interest.stamp_ms[-1])) > OLDEST_OPEN_INTEREST:
        raise _refusal(snapshot, moment, "open interest")
    main = next((grid for grid in grids if _is_main(grid, snapshot)), latest)
    rates = _until(snapshot.funding_rates, moment)
    return MarketSnapshot(
        symbol=snapshot.symbol,
        price=float(latest.close[-1]),
        as_of=as_of,
        fetched_at=snapshot.fetched_at,
        source=snapshot.source,
        venues=snapshot.venues,
        simulated=snapshot.simulated,
        candles=main,
        other_candles=tuple(grid for grid in grids if grid is not main),
        open_interest=interest,
        liquidations=_until(snapshot.liquidations, moment),
        long_short_accounts=_until(snapshot.long_short_accounts, moment),
        taker_flow=_until(snapshot.taker_flow, moment),
        funding_rate=None if rates is None else float(rates.rate[-1]),
        funding_rates=rates,
        etf_flows=_until(snapshot.etf_flows, moment),
        leverage_terms=snapshot.leverage_terms,
        confidence=snapshot.confidence,
    )


def _is_main(grid: Candles, snapshot: MarketSnapshot) -> bool:
    return snapshot.candles is not None and grid.interval == snapshot.candles.interval


def _known_ms(series: _Series) -> TimeArray:
    if isinstance(series, OpenInterest | LongShortAccounts | FundingRates):
        return series.stamp_ms
    if isinstance(series, Candles | EtfFlows):
        return series.known_ms
    return series.open_ms + series.interval // timedelta(milliseconds=1)


def _until(series: _Series | None, moment: datetime) -> _Series | None:
    """Return the rows known at a moment, or None if there are none."""
    if series is None:
        return None
    known = int(np.searchsorted(_known_ms(series), to_ms(moment), side="right"))
    columns = {item.name: getattr(series, item.name) for item in fields(series)}
    rows: dict[str, Any] = {
        name: column[:known] for name, column in columns.items() if isinstance(column, np.ndarray)
    }
    return replace(series, **rows) if known else None


def _refusal(snapshot: MarketSnapshot, moment: datetime, what: str) -> FiguresError:
    msg = (
        f"{snapshot.source} has no {what} of {snapshot.symbol} up to "
        f"{moment:%Y-%m-%d %H:%M} UTC; choose a moment within its data"
    )
    return FiguresError(msg)
