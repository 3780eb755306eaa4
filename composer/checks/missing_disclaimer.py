"""A post without the wording that every post must carry."""

from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject
from composer.text.disclaimers import disclaimer_wordings
from composer.text.notices import CAVEAT, DISCLAIMER, SOURCE
from composer.text.writing import fixed_wordings

ID = "missing_disclaimer"

_NOTICES = {CAVEAT: "caveat", DISCLAIMER: "disclaimer", SOURCE: "source line"}


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if caveat, disclaimer or source line is absent or reworded."""
    texts = {passage.key: passage.text for passage in subject.passages}
    for key, name in _NOTICES.items():
        if texts.get(key) not in _wordings(key, subject):
            yield Finding(
                id=ID,
                severity=Severity.BLOCK,
                passage=key if key in texts else None,
                message=f"the post needs the {name} of {subject.locale}, word for word",
            )


def _wordings(key: str, subject: Subject) -> frozenset[str]:
    if key == DISCLAIMER:
        return disclaimer_wordings(subject.locale, subject.presence.jurisdiction)
    return fixed_wordings(key, subject.locale, subject.facts)
