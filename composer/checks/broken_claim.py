"""A sentence that the figures no longer bear out."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject
from composer.errors import FiguresError
from composer.figures import claims

ID = "broken_claim"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each claim of a passage that does not hold."""
    for passage in subject.passages:
        for claim_id in passage.claims:
            try:
                holds = claims.holds(claim_id, subject.facts)
                message = (
                    f"the figures no longer bear out {claim_id!r}; rewrite or drop the passage"
                )
            except FiguresError as error:
                holds, message = False, str(error)
            if not holds:
                yield Finding(id=ID, severity=Severity.BLOCK, passage=passage.key, message=message)
