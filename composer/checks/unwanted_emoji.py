"""An emoji in a text for an account that wants none."""

import re
from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject

ID = "unwanted_emoji"

# Pictographs, flags, symbols and dingbats, and what turns a plain sign into one.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\u20e3\ufe0f]+")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each run of emoji."""
    if subject.presence.emoji:
        return
    for passage in subject.passages:
        for match in _EMOJI.finditer(passage.text):
            yield Finding(
                id=ID,
                severity=Severity.WARN,
                passage=passage.key,
                span=match.span(),
                message=f"{match[0]!r} is an emoji, and this account shows none",
            )
