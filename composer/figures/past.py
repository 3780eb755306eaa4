"""What earlier editions said of the same symbol: the memory of changes and medians."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from composer.figures.facts import Fact, number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFigures:
    """The facts of an earlier edition by id; its market was looked at as of `as_of`."""

    as_of: datetime
    facts: Mapping[str, Fact]

    def number(self, fact_id: str) -> float | None:
        """Return one of its numbers, or None if it had no such figure."""
        found = number_of(self.facts, fact_id)
        return None if found is None else float(found)


def comparable(past: Iterable[PastFigures], facts: Mapping[str, Fact]) -> tuple[PastFigures, ...]:
    """Return the editions that measure what `facts` measure, latest first.

    Those are the earlier ones of the same symbol, source and method: intensities of two
    providers, or of other venues together, do not compare.
    """
    now = facts["as_of"]
    kept = [
        one
        for one in past
        if one.as_of < now.as_of
        and (then := one.facts.get("as_of")) is not None
        and (then.symbol, then.source, then.note) == (now.symbol, now.source, now.note)
    ]
    return tuple(sorted(kept, key=lambda one: one.as_of, reverse=True))
