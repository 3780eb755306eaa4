"""A post without the wording that every post must carry."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject
from composer.text.writing import CAVEAT, DISCLAIMER, SOURCE, disclaimers

ID = "missing_disclaimer"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if disclaimer or source line is absent or was reworded."""
    texts = {passage.key: passage.text for passage in subject.passages}
    if texts.get(DISCLAIMER) not in disclaimers(subject.locale):
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            passage=DISCLAIMER if DISCLAIMER in texts else None,
            message=f"the post needs the disclaimer of {subject.locale}, word for word",
        )
    if CAVEAT not in texts:
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message="the post needs its caveat: a map shows where leverage sits, not what comes",
        )
    if "[[as_of" not in texts.get(SOURCE, ""):
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            passage=SOURCE if SOURCE in texts else None,
            message="the post needs its source line with the time of the data",
        )
