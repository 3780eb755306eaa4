"""A figure ten or ten thousand times its neighbour: 亿 read as a billion, 万 left out."""

from collections.abc import Iterator
from decimal import Decimal

from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import number_of
from composer.figures.thresholds import SLIP_WITHIN, SLIPS

ID = "slipped_scale"

# Each figure beside one that it cannot leave far behind: of a day ago, or the usual one.
_NEIGHBOURS = (("context.open_interest_usd", "usual.open_interest_usd"),)
_CHANGES = (
    "context.open_interest_change_24h",
    "context.open_interest_change_7d",
    "context.price_change_24h",
    "context.price_change_7d",
    "change.price_change",
    "change.open_interest_change",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each figure about 10 or 10,000 times its neighbour, or 1/."""
    for what, factor in _factors(subject):
        if any(_about(factor, slip) or _about(1 / factor, slip) for slip in SLIPS):
            yield Finding(
                id=ID,
                severity=Severity.BLOCK,
                message=(
                    f"{what} by a factor of {factor:.3g}, which is what a slip between 万, 亿, "
                    "million and billion looks like; look at the source"
                ),
            )


def _factors(subject: Subject) -> Iterator[tuple[str, Decimal]]:
    for one, other in _NEIGHBOURS:
        value, beside = number_of(subject.facts, one), number_of(subject.facts, other)
        if value and beside:
            yield f"{one} differs from {other}", value / beside
    for fact_id in _CHANGES:
        change = number_of(subject.facts, fact_id)
        if change is not None and change > -1:
            yield f"{fact_id} says a change", 1 + change


def _about(factor: Decimal, slip: Decimal) -> bool:
    return slip / SLIP_WITHIN <= factor <= slip * SLIP_WITHIN
