"""A price that is not between the two levels the post speaks of."""

from collections.abc import Iterator

from composer.checks._wording import in_words
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import number_of

ID = "price_outside_levels"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding unless lower level < price < upper level."""
    lower, price, upper = (
        number_of(subject.facts, fact_id) for fact_id in ("lower.level", "price", "upper.level")
    )
    if lower is None or price is None or upper is None or lower < price < upper:
        return
    yield Finding(
        id=ID,
        severity=Severity.BLOCK,
        message=in_words(
            "the price [[price]] is not between the levels [[lower.level]] and "
            "[[upper.level]]; choose levels around it",
            subject,
        ),
    )
