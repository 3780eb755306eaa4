"""A ratio that no market has shown."""

from collections.abc import Iterator

from composer.checks._wording import in_words
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import number_of
from composer.figures.thresholds import RATIO_HELD

ID = "extreme_ratio"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if the ratio at the levels is over 20."""
    ratio = number_of(subject.facts, "ratio")
    if ratio is not None and ratio > RATIO_HELD:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=in_words(
                "the levels differ by [[ratio]]: [[upper.intensity_usd]] of shorts against "
                "[[lower.intensity_usd]] of longs; look for a slip, or choose other levels",
                subject,
            ),
        )
