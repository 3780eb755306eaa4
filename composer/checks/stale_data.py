"""Figures that are too old to be printed as the present state of a market."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "stale_data"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if the data is older than the limit when looked from."""
    age = subject.looked_from - subject.as_of
    if age > subject.max_age:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=(
                f"the data is of {subject.as_of:%Y-%m-%d %H:%M} UTC, {age} old; "
                f"the limit is {subject.max_age}. Refresh the data."
            ),
        )
