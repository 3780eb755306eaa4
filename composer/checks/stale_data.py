"""Figures that are too old to be printed as the present state of a market."""

from collections.abc import Iterator
from datetime import timedelta

from composer.checks.records import Finding, Severity, Subject

ID = "stale_data"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if the data is too old, or if a look back would be sent out."""
    as_of = subject.origin.as_of
    age = subject.looked_from - as_of
    if age > subject.max_age:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=(
                f"the data is of {as_of:%Y-%m-%d %H:%M} UTC, older than "
                f"{_in_words(subject.max_age)}. Refresh the data."
            ),
        )
    if age < timedelta():
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=f"the data is of {as_of:%Y-%m-%d %H:%M} UTC, which is still to come",
        )
    if subject.looked_back and subject.leaves_the_house:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=(
                f"the post looks at the market from {subject.looked_from:%Y-%m-%d %H:%M} UTC; "
                "a look back goes into a folder, not to a platform"
            ),
        )


def _in_words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    days, hours = span.days, minutes // 60
    if days:
        return f"{days} d {hours % 24} h"
    return f"{hours} h {minutes % 60} min"
