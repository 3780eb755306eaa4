"""Make one market of several exchanges' snapshots: check them against each other, add them up.

Open interest is added up; everything else that cannot be added, candles first, is taken
whole from one exchange: the one with the most open interest that publishes it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from statistics import median
from typing import TypeVar

import numpy as np

from composer.errors import ConfigError, SourceDataError
from composer.market.records import (
    AND,
    Confidence,
    MarketSnapshot,
    OpenInterest,
    Origin,
    from_ms,
)

Part = TypeVar("Part")

PRICE_APART = 0.01  # of the median, beyond which an exchange is left out
OPEN_INTEREST_APART = 30.0  # factor to the median; a slip of unit is larger, a real gap smaller

_LEAST_TO_JUDGE = 3  # of two that disagree nobody can say which one is right


def merge(snapshots: Sequence[MarketSnapshot]) -> MarketSnapshot:
    """Return the market of these exchanges together; at least one.

    An exchange whose price or open interest is far from the others' is left out, with a
    note. Raises SourceDataError if too few agree to judge, ConfigError if a snapshot is
    not of an exchange with candles and open interest, or they are of several symbols.
    """
    for one in snapshots:
        finished = one.liquidation_map is not None
        if one.simulated or finished or one.candles is None or one.open_interest is None:
            msg = (
                f"{one.source} cannot be added to exchanges; name it alone, or after | as the "
                "one to ask if they fail"
            )
            raise ConfigError(msg)
    symbols = sorted({one.symbol for one in snapshots})
    if len(symbols) > 1:
        msg = f"{' and '.join(symbols)} are several markets; name sources of one symbol"
        raise ConfigError(msg)
    notes = [note for one in snapshots for note in one.notes]
    agreed = _agreeing(snapshots, notes)
    ranked = sorted(agreed, key=_latest_usd, reverse=True)
    if len(ranked) == 1:
        return replace(ranked[0], notes=tuple(notes))
    best = max(ranked, key=_has_turnover)  # the first of equals has the most open interest
    by_rank = [best, *(one for one in ranked if one is not best)]
    interest = _open_interest(by_rank, notes)
    accounts = _first(by_rank, lambda one: one.long_short_accounts)
    taker = _first(by_rank, lambda one: one.taker_flow)
    liquidations = _first(by_rank, lambda one: one.liquidations)
    paying = [one for one in by_rank if one.funding_rate is not None]
    paid = max(paying, key=lambda one: one.funding_rates is not None, default=best)
    origins = {
        name: one.origins[name]
        for one in reversed(by_rank)
        for name in one.origins
        if name in _WHOLE or one is best
    }
    origins |= {name: paid.origins[name] for name in _FUNDING if name in paid.origins}
    origins |= {f"open_interest.{one.venues[0]}": one.origins["open_interest"] for one in ranked}
    fetched_at = max(one.fetched_at for one in ranked)
    venues = tuple(venue for one in ranked for venue in one.venues)
    source = AND.join(one.source for one in ranked)
    origins["open_interest"] = Origin(
        source=source, as_of=from_ms(int(interest.stamp_ms[-1])), fetched_at=fetched_at
    )
    return replace(
        best,
        fetched_at=fetched_at,
        source=source,
        venues=venues,
        open_interest=interest,
        open_interest_by_venue={
            venue: usd for one in ranked for venue, usd in one.open_interest_by_venue.items()
        },
        liquidations=liquidations,
        long_short_accounts=accounts,
        taker_flow=taker,
        funding_rate=paid.funding_rate,
        funding_interval=paid.funding_interval,
        funding_rates=paid.funding_rates,
        confidence=Confidence.HIGH if len(interest.stamp_ms) > 1 else Confidence.MEDIUM,
        notes=tuple(notes),
        origins=origins,
    )


# What is taken whole from whichever exchange publishes it.
_WHOLE = ("long_short_accounts", "taker_flow", "liquidations")
_FUNDING = ("funding_rate", "funding_rates")  # both of the same exchange


def _first(
    snapshots: Sequence[MarketSnapshot], part: Callable[[MarketSnapshot], Part | None]
) -> Part | None:
    return next((found for one in snapshots if (found := part(one)) is not None), None)


def _latest_usd(one: MarketSnapshot) -> float:
    return 0.0 if one.open_interest is None else float(one.open_interest.open_interest_usd[-1])


def _has_turnover(one: MarketSnapshot) -> bool:
    return one.candles is not None and one.candles.turnover_usd is not None


def _agreeing(snapshots: Sequence[MarketSnapshot], notes: list[str]) -> list[MarketSnapshot]:
    """Return the snapshots that are of the same market, in the words of their prices and sizes."""
    kept = _without_outliers(
        snapshots,
        "price",
        value=lambda one: one.price,
        apart=math.log1p(PRICE_APART),
        notes=notes,
    )
    return _without_outliers(
        kept,
        "open interest",
        value=_latest_usd,
        apart=math.log(OPEN_INTEREST_APART),
        notes=notes,
    )


def _without_outliers(
    snapshots: Sequence[MarketSnapshot],
    what: str,
    *,
    value: Callable[[MarketSnapshot], float],
    apart: float,
    notes: list[str],
) -> list[MarketSnapshot]:
    """Return those within `apart`, in log terms, of the median, if they are the majority."""
    middle = median(value(one) for one in snapshots)
    far = [one for one in snapshots if abs(math.log(value(one) / middle)) > apart]
    if len(snapshots) < _LEAST_TO_JUDGE:
        values = [value(one) for one in snapshots]
        far = list(snapshots) if math.log(max(values) / min(values)) > apart else []
    kept = [one for one in snapshots if one not in far]
    if 2 * len(kept) <= len(snapshots):
        told = ", ".join(f"{one.source} {value(one):.15g}" for one in snapshots)
        msg = (
            f"the exchanges disagree about the {what} of {snapshots[0].symbol} ({told}), and too "
            "few agree to tell who is right; name one of them alone"
        )
        raise SourceDataError(msg)
    notes += [
        f"{one.source} is left out: its {what}, {value(one):.15g} USD, is far from the others' "
        f"{middle:.15g} USD."
        for one in far
    ]
    return kept


def _open_interest(snapshots: Sequence[MarketSnapshot], notes: list[str]) -> OpenInterest:
    """Return the sum where every exchange has a value, and the sum of the latest ones last."""
    parts = [one.open_interest for one in snapshots if one.open_interest is not None]
    common = reduce(np.intersect1d, (part.stamp_ms for part in parts))
    total = sum(
        (part.open_interest_usd[np.searchsorted(part.stamp_ms, common)] for part in parts),
        start=np.zeros(len(common)),
    )
    last_ms = max(int(part.stamp_ms[-1]) for part in parts)
    if not len(common):
        notes.append(
            "There is no moment at which every exchange's open interest is known, so there is "
            "no history of their sum."
        )
    if not len(common) or last_ms > int(common[-1]):
        common = np.append(common, last_ms)
        total = np.append(total, sum(float(part.open_interest_usd[-1]) for part in parts))
    return OpenInterest(
        symbol=parts[0].symbol,
        venues=tuple(venue for part in parts for venue in part.venues),
        stamp_ms=common,
        open_interest_usd=total,
    )
