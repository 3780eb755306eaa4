"""Numbers that no market produced: fine to look at, never to publish as news."""

from collections.abc import Iterator

from composer.checks.records import FOLDER, Finding, Severity, Subject
from composer.text.writing import SIMULATED

ID = "simulated_data"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for simulated data: it blocks real platforms and warns elsewhere."""
    if not subject.simulated:
        return
    if all(passage.key != SIMULATED for passage in subject.passages):
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message="a simulation made these numbers and the post does not say so",
        )
    real = subject.destination not in {None, FOLDER}
    yield Finding(
        id=ID,
        severity=Severity.BLOCK if real else Severity.WARN,
        message="a simulation made these numbers, not a market; keep the post here",
    )
