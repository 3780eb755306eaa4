"""Claims: what a sentence may state beyond its figures, as named predicates over facts.

A sentence is printed only while its claim holds, so each claim says in one
comparison what its sentence means. No claim speaks of where price will go.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from composer.errors import FiguresError
from composer.figures.facts import Fact
from composer.figures.outlook import EXTREME_FROM, LEVELS_FACTOR, MILD_FROM, STRONG_FROM

# The first four are the outlook's own, so a claim and the outlook cannot part.
MILD, STRONG, EXTREME, AT_LEVELS = (
    Decimal(repr(number)) for number in (MILD_FROM, STRONG_FROM, EXTREME_FROM, LEVELS_FACTOR)
)
NEARER_FUEL = Decimal("0.8")  # of the way it takes on the other side
TOUCHED = Decimal("0.005")  # of the extreme: this near counts as touched

Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A named predicate over facts; `description` says when it holds."""

    id: str
    description: str
    holds: Callable[[Facts], bool]


class _MissingFactError(Exception):
    """A claim asked for a fact that the market does not offer."""


def holds(claim_id: str, facts: Facts) -> bool:
    """Return whether a claim holds; one about a missing fact does not.

    Raises FiguresError if there is no such claim.
    """
    try:
        return claim_of(claim_id).holds(facts)
    except _MissingFactError:
        return False


def claim_ids() -> tuple[str, ...]:
    """Return the ids of all claims, in the order of their table."""
    return tuple(_CLAIMS)


def claim_of(claim_id: str) -> Claim:
    """Return a claim with its description, for whoever shows it to an editor.

    Raises FiguresError if there is no such claim.
    """
    claim = _CLAIMS.get(claim_id)
    if claim is None:
        near = difflib.get_close_matches(claim_id, _CLAIMS, n=1, cutoff=0)
        msg = f"there is no claim {claim_id!r}; the nearest is {near[0]!r}"
        raise FiguresError(msg)
    return claim


def _number(facts: Facts, fact_id: str) -> Decimal:
    fact = facts.get(fact_id)
    if fact is None or not isinstance(fact.value, Decimal):
        raise _MissingFactError(fact_id)
    return fact.value


def _skew(facts: Facts) -> Decimal:
    return _number(facts, "skew")


def _at_levels(facts: Facts) -> tuple[Decimal, Decimal]:
    return _number(facts, "lower.intensity_usd"), _number(facts, "upper.intensity_usd")


def _fuel(facts: Facts) -> tuple[Decimal, Decimal]:
    return _number(facts, "equal_notional.down_usd"), _number(facts, "equal_notional.up_usd")


def _touched(facts: Facts, extreme_id: str) -> bool:
    extreme = _number(facts, extreme_id)
    return abs(_number(facts, "price") - extreme) <= TOUCHED * extreme


def _more(one: Decimal, other: Decimal) -> bool:
    return one > AT_LEVELS * other


def _nearer(one: Decimal, other: Decimal) -> bool:
    return one < NEARER_FUEL * other


def _levels_even(facts: Facts) -> bool:
    long_usd, short_usd = _at_levels(facts)
    return not _more(long_usd, short_usd) and not _more(short_usd, long_usd)


def _fuel_even(facts: Facts) -> bool:
    down, up = _fuel(facts)
    return not _nearer(down, up) and not _nearer(up, down)


def _nothing_near(facts: Facts) -> bool:
    return _number(facts, "totals.long_usd") == 0 == _number(facts, "totals.short_usd")


def _never_met(facts: Facts, distance_id: str) -> bool:
    return _number(facts, "equal_notional.notional_usd") > 0 and distance_id not in facts


def _funding_contradicts_skew(facts: Facts) -> bool:
    skew, funding = _skew(facts), _number(facts, "context.funding_rate")
    return (skew >= MILD and funding > 0) or (skew <= -MILD and funding < 0)


_TABLE: tuple[tuple[str, str, Callable[[Facts], bool]], ...] = (
    ("short_heavy", f"skew of {MILD} or more", lambda f: _skew(f) >= MILD),
    ("long_heavy", f"skew of -{MILD} or less", lambda f: _skew(f) <= -MILD),
    (
        "balanced",
        f"skew nearer to 0 than {MILD}, over something to be balanced",
        lambda f: abs(_skew(f)) < MILD and not _nothing_near(f),
    ),
    ("nothing_near", "the map holds nothing of either side near the price", _nothing_near),
    (
        "no_shorts_to_upper_level",
        "the map holds no shorts up to the upper level",
        lambda f: _at_levels(f)[1] == 0,
    ),
    (
        "no_longs_to_lower_level",
        "the map holds no longs down to the lower level",
        lambda f: _at_levels(f)[0] == 0,
    ),
    (
        "tilted",
        f"skew from {MILD} to below {STRONG}, either way",
        lambda f: MILD <= abs(_skew(f)) < STRONG,
    ),
    (
        "heavily_skewed",
        f"skew from {STRONG} to below {EXTREME}, either way",
        lambda f: STRONG <= abs(_skew(f)) < EXTREME,
    ),
    ("lopsided", f"skew of {EXTREME} or more, either way", lambda f: abs(_skew(f)) >= EXTREME),
    (
        "more_short_at_levels",
        f"more than {AT_LEVELS} times as much to the upper level as to the lower",
        lambda f: _more(_at_levels(f)[1], _at_levels(f)[0]),
    ),
    (
        "more_long_at_levels",
        f"more than {AT_LEVELS} times as much to the lower level as to the upper",
        lambda f: _more(*_at_levels(f)),
    ),
    ("levels_even", f"neither level has more than {AT_LEVELS} times the other", _levels_even),
    (
        "nearer_fuel_up",
        f"equal notional lies nearer above: less than {NEARER_FUEL} of the way down",
        lambda f: _nearer(_fuel(f)[1], _fuel(f)[0]),
    ),
    (
        "nearer_fuel_down",
        f"equal notional lies nearer below: less than {NEARER_FUEL} of the way up",
        lambda f: _nearer(*_fuel(f)),
    ),
    ("fuel_even", "equal notional lies about as far up as down", _fuel_even),
    (
        "shorts_never_meet_notional",
        "the whole map holds less of shorts than the notional",
        lambda f: _never_met(f, "equal_notional.up_usd"),
    ),
    (
        "longs_never_meet_notional",
        "the whole map holds less of longs than the notional",
        lambda f: _never_met(f, "equal_notional.down_usd"),
    ),
    (
        "cluster_beyond_lower_level",
        "a long cluster lies below the lower level",
        lambda f: "next_lower.level" in f,
    ),
    (
        "cluster_beyond_upper_level",
        "a short cluster lies above the upper level",
        lambda f: "next_upper.level" in f,
    ),
    (
        "high_touched_7d",
        f"price within {TOUCHED} of the 7-day high",
        lambda f: _touched(f, "range_7d.high"),
    ),
    (
        "low_touched_7d",
        f"price within {TOUCHED} of the 7-day low",
        lambda f: _touched(f, "range_7d.low"),
    ),
    (
        "funding_contradicts_skew",
        "funding is paid by the side that the skew is not heavy on",
        _funding_contradicts_skew,
    ),
)

_CLAIMS: Mapping[str, Claim] = MappingProxyType(
    {
        claim_id: Claim(id=claim_id, description=description, holds=predicate)
        for claim_id, description, predicate in _TABLE
    }
)
