"""A post without the wording that every post must carry."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject
from composer.text.writing import CAVEAT, DISCLAIMER, SOURCE, fixed_wordings

ID = "missing_disclaimer"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if caveat, disclaimer or source line is absent or reworded."""
    texts = {passage.key: passage.text for passage in subject.passages}
    for key in (CAVEAT, DISCLAIMER):
        if texts.get(key) not in fixed_wordings(key, subject.locale):
            yield Finding(
                id=ID,
                severity=Severity.BLOCK,
                passage=key if key in texts else None,
                message=f"the post needs the {key} of {subject.locale}, word for word",
            )
    if "[[as_of" not in texts.get(SOURCE, ""):
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            passage=SOURCE if SOURCE in texts else None,
            message="the post needs its source line with the time of the data",
        )
