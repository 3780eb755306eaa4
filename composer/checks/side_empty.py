"""A map without anything between the price and one of the levels."""

from collections.abc import Iterator

from composer.checks._wording import in_words
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import number_of

ID = "side_empty"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if the intensity to a level is zero."""
    at_levels = [number_of(subject.facts, f"{level}.intensity_usd") for level in ("upper", "lower")]
    if any(amount == 0 for amount in at_levels):
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=in_words(
                "the map holds [[upper.intensity_usd]] of shorts up to [[upper.level]] and "
                "[[lower.intensity_usd]] of longs down to [[lower.level]]: there is no ratio. "
                "Choose other levels, or another source",
                subject,
            ),
        )
