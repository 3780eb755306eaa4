"""Claims: what a sentence may state beyond its figures, as named predicates over facts.

A sentence is printed only while its claim holds, so each claim says in one
comparison what its sentence means. No claim speaks of where price will go. The tables are
`claims_of_map`, `claims_of_market`, `claims_of_change` and `claims_of_standing`, every number
in them is one of `thresholds`.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from composer.errors import FiguresError
from composer.figures import (
    claims_of_change,
    claims_of_map,
    claims_of_market,
    claims_of_standing,
)
from composer.figures.predicates import Facts, Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A named predicate over facts; `description` says when it holds."""

    id: str
    description: str
    predicate: Predicate

    def holds(self, facts: Facts) -> bool:
        """Return whether it holds; one about a missing fact does not."""
        return self.predicate.holds(facts)


def holds(claim_id: str, facts: Facts) -> bool:
    """Return whether a claim holds; one about a missing fact does not.

    Raises FiguresError if there is no such claim.
    """
    return claim_of(claim_id).holds(facts)


def claim_ids() -> tuple[str, ...]:
    """Return the ids of all claims, in the order of their tables."""
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


_CLAIMS: Mapping[str, Claim] = MappingProxyType(
    {
        claim_id: Claim(id=claim_id, description=description, predicate=predicate)
        for table in (
            claims_of_map.TABLE,
            claims_of_market.TABLE,
            claims_of_change.TABLE,
            claims_of_standing.TABLE,
        )
        for claim_id, description, predicate in table
    }
)
