"""A sentence that came out in English because its locale has no translation."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "catalog_gap"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each sentence without a translation."""
    for sentence in subject.gaps:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=f"the catalog of {subject.locale} has no translation of {sentence!r}",
        )
