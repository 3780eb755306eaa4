"""A figure that is another one to its readers, because of what is typed right beside its token."""

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import category, normalize

from composer.checks.records import Finding, Severity, Subject
from composer.text.amounts.words import known_locales, words_of
from composer.text.languages import language_of
from composer.text.tokens import find_tokens

ID = "altered_figure"

# Letters of scripts with capitals; no other language sets its words right beside a figure.
_JOINING = frozenset({"Lu", "Ll", "Lt", "Nd", "Nl", "No", "Sc"})
_SIGNS = frozenset("-\u2010\u2012\N{EN DASH}\N{MINUS SIGN}+±\N{MULTIPLICATION SIGN}÷~≈%‰")
_LATIN = "A-Za-z\u00c0-\u024f"  # with their accents: "más" after a figure is no million
_CASED_SCALES = ("k", "m", "mm", "mn", "mln", "b", "bn", "bln", "t", "tn", "trn")
_PARTS = "%\N{FULLWIDTH PERCENT SIGN}‰"
_HAN_SCALES = "百千万亿兆億萬"
# Emphasis, and what has no width: readers do not see it between two characters.
_UNSEEN = "*_`\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each sign, digit, letter or number word beside a token."""
    for passage in subject.passages:
        for token in find_tokens(passage.text):
            beside = (
                _before(passage.text, token.start),
                _after(passage.text, token.end, subject.locale),
            )
            for start, end in filter(None, beside):
                typed = passage.text[start:end].strip(_UNSEEN)
                yield Finding(
                    id=ID,
                    severity=Severity.BLOCK,
                    passage=passage.key,
                    span=(start, end),
                    message=(
                        f"{typed!r} beside {passage.text[token.start : token.end]} makes another "
                        "figure of it. A token prints sign, unit and scale itself: take it away, "
                        "or set a space between if it is no part of the figure."
                    ),
                )


def _before(text: str, end: int) -> tuple[int, int] | None:
    place = len(text[:end].rstrip(_UNSEEN)) - 1
    if place >= 0 and (_joins(text[place]) or _plain(text[place]) in _SIGNS):
        return place, end
    return None


def _after(text: str, start: int, locale: str) -> tuple[int, int] | None:
    if scaled := _scaling(locale).match(text, start):
        return scaled.span()
    place = len(text) - len(text[start:].lstrip(_UNSEEN))
    return (start, place + 1) if place < len(text) and _joins(text[place]) else None


def _joins(char: str) -> bool:
    return category(_plain(char)) in _JOINING


def _plain(char: str) -> str:
    """Return a character without its width or height."""
    return normalize("NFKC", char)[0]


@cache
def _scaling(locale: str) -> re.Pattern[str]:
    """Return what finds, right after a token, what goes with a number in this locale."""
    language = language_of(locale)
    words = {*language.number_words}
    if locale in known_locales():
        amounts = words_of(locale)
        for _, forms in (*amounts.scales, *amounts.axis_scales):
            words |= {form.replace("{n}", "").strip() for form in forms.values()}
    spoken = "|".join(map(re.escape, sorted(words - {""}, key=len, reverse=True))) or "(?!)"
    ends = r"(?!\w)" if language.words_apart else ""
    cased = "|".join(_CASED_SCALES)
    unseen = f"[{re.escape(_UNSEEN)}]*"
    apart = rf"(?:{spoken}){ends}|(?:{cased})(?![{_LATIN}])|[{_HAN_SCALES}{_PARTS}]"
    glued = r"×|\[\[[^\[\]]*\]\]|[.,]\d"
    return re.compile(rf"{unseen}(?:[^\S\n]*{unseen}(?:{apart})|{glued})", re.IGNORECASE)
