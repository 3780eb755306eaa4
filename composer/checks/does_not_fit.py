"""A draft of which not even the mandatory part fits its destination."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "does_not_fit"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding that says what is too much there, or why nobody can tell."""
    if subject.unfit:
        yield Finding(id=ID, severity=Severity.BLOCK, message=subject.unfit)
