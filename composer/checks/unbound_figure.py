"""A figure that no token printed: nobody can say where it is from."""

import re
import unicodedata
from collections.abc import Iterator

from composer.checks.records import Finding, Severity, Subject
from composer.text.languages import language_of
from composer.text.tokens import blank_tokens

ID = "unbound_figure"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each figure outside tokens, literals and given names."""
    words = (subject.origin.symbol, subject.origin.source)
    allowed = [re.escape(text) for text in (*words, *language_of(subject.locale).literals) if text]
    names = re.compile("|".join(rf"(?<![0-9A-Za-z]){text}(?![0-9A-Za-z])" for text in allowed))
    for passage in subject.passages:
        if passage.operator:
            continue
        bare = names.sub(lambda match: " " * len(match[0]), blank_tokens(passage.text))
        for start, end in _figures(bare):
            typed = passage.text[start:end]
            yield Finding(
                id=ID,
                severity=Severity.BLOCK,
                passage=passage.key,
                span=(start, end),
                message=(
                    f"{typed!r} is typed, not printed from a fact. Use a token such as "
                    "[[price]], or add the figure as a fact with a link to its source."
                ),
            )


def _figures(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of runs of characters that hold a numeral of any script."""
    for word in re.finditer(r"\S+", text):
        held = [place for place, char in enumerate(word[0]) if unicodedata.category(char)[0] == "N"]
        if held:
            yield word.start() + held[0], word.start() + held[-1] + 1
