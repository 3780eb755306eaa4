"""A post without the wording that every post must carry."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject
from composer.text.writing import CAVEAT, DISCLAIMER, SOURCE, fixed_wordings

ID = "missing_disclaimer"

_NOTICES = {CAVEAT: "caveat", DISCLAIMER: "disclaimer", SOURCE: "source line"}


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if caveat, disclaimer or source line is absent or reworded."""
    texts = {passage.key: passage.text for passage in subject.passages}
    for key, name in _NOTICES.items():
        if texts.get(key) not in fixed_wordings(key, subject.locale, subject.facts):
            yield Finding(
                id=ID,
                severity=Severity.BLOCK,
                passage=key if key in texts else None,
                message=f"the post needs the {name} of {subject.locale}, word for word",
            )
