"""Why the outlook is what it is, and what speaks against it: claims that hold, with their facts."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from composer.figures.claims import claim_of
from composer.figures.predicates import Facts
from composer.figures.report import Direction, Reason

_REASONS: Mapping[Direction, tuple[str, ...]] = MappingProxyType(
    {
        Direction.SHORT_SQUEEZE: (
            "short_heavy",
            "more_short_at_levels",
            "nearer_fuel_up",
            "larger_clusters_above",
            "heavier_steps_above",
            "longs_more_spread_out",
            "funding_agrees_with_skew",
            "accounts_agree_with_skew",
        ),
        Direction.LONG_CASCADE: (
            "long_heavy",
            "more_long_at_levels",
            "nearer_fuel_down",
            "larger_clusters_below",
            "heavier_steps_below",
            "shorts_more_spread_out",
            "funding_agrees_with_skew",
            "accounts_agree_with_skew",
        ),
        Direction.BALANCED: ("nothing_near", "balanced", "levels_even", "fuel_even"),
    }
)
# Each of them wants a lean, so that nothing contradicts a balance.
_CONTRADICTIONS = (
    "levels_contradict_skew",
    "fuel_contradicts_skew",
    "clusters_contradict_skew",
    "funding_contradicts_skew",
    "accounts_contradict_skew",
    "heavy_side_liquidated_24h",
)


def reasons_for(direction: Direction, facts: Facts) -> tuple[Reason, ...]:
    """Return what the outlook stands on: which claims hold, the first one is its own."""
    return _holding(_REASONS[direction], facts)


def contradictions_in(facts: Facts) -> tuple[Reason, ...]:
    """Return what does not fit the lean, for a text to say so."""
    return _holding(_CONTRADICTIONS, facts)


def _holding(claim_ids: Iterable[str], facts: Facts) -> tuple[Reason, ...]:
    claims = map(claim_of, claim_ids)
    return tuple(
        Reason(claim=claim.id, facts=claim.predicate.reads)
        for claim in claims
        if claim.holds(facts)
    )
