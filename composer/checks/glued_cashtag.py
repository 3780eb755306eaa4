"""A cashtag that nobody can click, because a colon is glued to it."""

import re
from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "glued_cashtag"

# Where `$BTC:` was observed to stay plain text while `$BTC —` became a link.
_PLATFORMS = frozenset({"binance_square"})
_GLUED = re.compile(r"(\$(?=[0-9]*[A-Za-z])[A-Za-z0-9]+)[:：]")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each cashtag before a colon, for platforms that trip over it."""
    if subject.destination not in _PLATFORMS:
        return
    for passage in subject.passages:
        for match in _GLUED.finditer(passage.text):
            yield Finding(
                id=ID,
                severity=Severity.WARN,
                passage=passage.key,
                span=match.span(),
                message=f"{match[0]!r} will be no link there: a colon is glued to the cashtag",
                fix=f"{match[1]} —",
            )
