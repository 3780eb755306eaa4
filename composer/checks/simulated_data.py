"""Numbers that no market produced: fine to look at, never to publish as news."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject
from composer.text.notices import SIMULATED
from composer.text.writing import fixed_wordings

ID = "simulated_data"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for simulated data: it blocks real platforms and warns elsewhere."""
    if not subject.origin.simulated:
        return
    marks = fixed_wordings(SIMULATED, subject.locale, subject.facts)
    if not any(passage.key == SIMULATED and passage.text in marks for passage in subject.passages):
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message="a simulation made these numbers and the post does not say so",
        )
    yield Finding(
        id=ID,
        severity=Severity.BLOCK if subject.leaves_the_house else Severity.WARN,
        message="a simulation made these numbers, not a market; keep the post here",
    )
