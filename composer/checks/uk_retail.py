"""An account that retail clients in the United Kingdom read."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "uk_retail"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding: marketing crypto derivatives to them is banned."""
    if subject.presence.reaches_uk_retail:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=(
                "crypto derivatives may not be marketed to retail clients in the United Kingdom, "
                "and no disclaimer mends that; post to professional readers only "
                '(audience = "professional")'
            ),
        )
