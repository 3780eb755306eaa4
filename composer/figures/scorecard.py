"""The record of past calls: how often a level was reached, and how often by chance.

A hit is an edition whose level on the heavier side was reached within the horizon. Its
base rate is the chance of a level at the same distance on the same side, from every
moment of the same period whatever the leverage was. Horizons of daily editions overlap, so
intervals count only as many trials as there are horizons that do not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import numpy as np

from composer.errors import FiguresError
from composer.figures.aftermath import Aftermath
from composer.figures.base_rate import BaseRate
from composer.figures.calls import Call
from composer.figures.facts import Fact, FactKind, Provenance
from composer.figures.outcome import Outcome, follow
from composer.figures.report import Direction, Strength
from composer.figures.thresholds import CITED_FROM
from composer.figures.wilson import Interval, wilson
from composer.market.records import Side

HORIZONS: Mapping[str, timedelta] = MappingProxyType(
    {"24h": timedelta(hours=24), "72h": timedelta(hours=72), "7d": timedelta(days=7)}
)
ANY = "any"  # strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Hits of `n` editions, n >= 1, of which `apart` horizons do not overlap."""

    hits: int
    n: int
    apart: int

    @property
    def share(self) -> float:
        """Hits per edition, a fraction."""
        return self.hits / self.n

    @property
    def interval(self) -> Interval:
        """The Wilson interval of this share in `apart` trials."""
        return wilson(self.share * self.apart, self.apart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The calls of one strength over one horizon.

    base : chance of a level at the same distance and side, from every moment; a fraction,
        None where nobody can tell
    mirrored : share of the same editions whose lighter side was reached at that distance
    toward, away : medians of how far price went to the heavier and the lighter side
    """

    horizon: str
    strength: str
    reached: Rate
    base: float | None
    mirrored: float
    toward: float
    away: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterTouch:
    """Of `known` touches, how many saw more than the side's usual liquidations.

    multiple : median of what was liquidated over the usual; None where nothing is known
    """

    known: int
    above: int
    multiple: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firsts:
    """Which level was touched first, by where the leverage sat.

    both : touched within one bar, so that nobody can tell; the rest of `n` touched none
    liquidated : by the side that was touched first
    """

    horizon: str
    direction: Direction
    n: int
    upper: int
    lower: int
    both: int
    liquidated: Mapping[Side, AfterTouch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """What became of the calls of `editions`; `outcomes` by horizon, where known."""

    editions: tuple[Call, ...]
    outcomes: Mapping[str, tuple[Outcome, ...]]
    rows: tuple[Row, ...]
    firsts: tuple[Firsts, ...]


def keep_score(calls: Iterable[Call], aftermath: Aftermath) -> Scorecard:
    """Return the scorecard of calls, from what happened after each.

    An edition counts for a horizon once the bars cover it. Of several calls of the same
    moment one counts. Raises FiguresError if there are no calls.
    """
    ordered = sorted({call.as_of: call for call in sorted(calls, key=repr)}.values(), key=_as_of)
    if not ordered:
        msg = "there are no past calls to keep score of; make editions first"
        raise FiguresError(msg)
    outcomes = {
        name: tuple(
            outcome for call in ordered if (outcome := follow(call, aftermath, horizon)) is not None
        )
        for name, horizon in HORIZONS.items()
    }
    rows: list[Row] = []
    for name, horizon in HORIZONS.items():
        base = BaseRate.of(aftermath, ordered[0].as_of, ordered[-1].as_of, horizon)
        rows += _rows(name, outcomes[name], base)
    return Scorecard(
        editions=tuple(ordered),
        outcomes=MappingProxyType(outcomes),
        rows=tuple(rows),
        firsts=tuple(
            _firsts(name, direction, found)
            for name in HORIZONS
            for direction in Direction
            if (found := [one for one in outcomes[name] if one.call.direction is direction])
        ),
    )


def scorecard_facts(card: Scorecard, provenance: Provenance) -> dict[str, Fact]:
    """Return the facts a text may cite: `scorecard.<horizon>.<strength>.hits` and so on.

    hits, n, apart : counts; low, high : the interval; base_rate : all three fractions

    Only rates with `CITED_FROM` horizons that do not overlap. They are said to be of the
    market moment the text is of, so that they can stand beside its figures.
    """
    facts: dict[str, Fact] = {}
    for row in card.rows:
        if row.reached.apart < CITED_FROM or row.base is None:
            continue
        values = {
            "hits": (FactKind.COUNT, row.reached.hits),
            "n": (FactKind.COUNT, row.reached.n),
            "apart": (FactKind.COUNT, row.reached.apart),
            "low": (FactKind.FRACTION, row.reached.interval.low),
            "high": (FactKind.FRACTION, row.reached.interval.high),
            "base_rate": (FactKind.FRACTION, row.base),
        }
        for name, (kind, value) in values.items():
            fact_id = f"scorecard.{row.horizon}.{row.strength}.{name}"
            facts[fact_id] = Fact(
                id=fact_id,
                kind=kind,
                value=Decimal(repr(value)),
                symbol=provenance.symbol,
                as_of=provenance.as_of,
                source=provenance.source,
                note=provenance.method.value,
            )
    return facts


def _rows(name: str, outcomes: Sequence[Outcome], base: BaseRate) -> Iterator[Row]:
    leaning = [(one, one.call.side) for one in outcomes if one.call.side is not None]
    for strength in (ANY, *Strength):
        found = [(one, side) for one, side in leaning if strength in {ANY, one.call.strength}]
        if found:
            yield _row(name, strength, found, base)


def _row(name: str, strength: str, found: Sequence[tuple[Outcome, Side]], base: BaseRate) -> Row:
    distances = [(one, side, one.call.distance(side)) for one, side in found]
    return Row(
        horizon=name,
        strength=str(strength),
        reached=Rate(
            hits=sum(one.reached(side) for one, side in found),
            n=len(found),
            apart=_apart([one.call.as_of for one, _ in found], HORIZONS[name]),
        ),
        base=base.chance((side, far) for _, side, far in distances),
        mirrored=float(np.mean([one.went(_other(side)) >= far for one, side, far in distances])),
        toward=float(np.median([one.went(side) for one, side in found])),
        away=float(np.median([one.went(_other(side)) for one, side in found])),
    )


def _firsts(name: str, direction: Direction, found: Sequence[Outcome]) -> Firsts:
    touched = {side: [one for one in found if one.first is side] for side in Side}
    return Firsts(
        horizon=name,
        direction=direction,
        n=len(found),
        upper=len(touched[Side.SHORT]),
        lower=len(touched[Side.LONG]),
        both=sum(one.first is None and any(map(one.reached, Side)) for one in found),
        liquidated=MappingProxyType({side: _liquidated(touched[side]) for side in Side}),
    )


def _liquidated(touched: Sequence[Outcome]) -> AfterTouch:
    known = [one.liquidated for one in touched if one.liquidated is not None]
    return AfterTouch(
        known=len(known),
        above=sum(multiple > 1 for multiple in known),
        multiple=float(np.median(known)) if known else None,
    )


def _apart(moments: Iterable[datetime], horizon: timedelta) -> int:
    """Return how many horizons that begin at these rising moments do not overlap."""
    count, free_from = 0, None
    for moment in moments:
        if free_from is None or moment >= free_from:
            count, free_from = count + 1, moment + horizon
    return count


def _other(side: Side) -> Side:
    return Side.LONG if side is Side.SHORT else Side.SHORT


def _as_of(call: Call) -> datetime:
    return call.as_of
