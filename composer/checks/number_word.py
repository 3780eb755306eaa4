"""A number in words: no token printed it, so nothing says where it is from."""

import re
from collections.abc import Iterator
from functools import cache

from composer.checks.records import Finding, Severity, Subject
from composer.text.languages import language_of
from composer.text.tokens import blank_tokens

ID = "number_word"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each number word of the language in what an editor may have written."""
    words = _pattern(subject.locale)
    for passage in subject.passages:
        if not passage.editable or passage.operator:
            continue
        for match in words.finditer(blank_tokens(passage.text)):
            yield Finding(
                id=ID,
                severity=Severity.WARN,
                passage=passage.key,
                span=match.span(),
                message=(
                    f"{match[0]!r} says a number that no fact stands behind. Print the fact with "
                    "a token instead, or make sure that the figures bear it out."
                ),
            )


@cache
def _pattern(locale: str) -> re.Pattern[str]:
    """Return what finds the number words of a locale, whole words where words are set apart."""
    language = language_of(locale)
    words = "|".join(map(re.escape, language.number_words))
    if not words:
        return re.compile(r"(?!)")
    spaced = rf"(?<!\w)(?:{words})(?!\w)"
    return re.compile(spaced if language.words_apart else words, re.IGNORECASE)
