"""Whether a post that a platform shows is the one we wrote.

What a platform may do to a text is ignored: white space, punctuation, symbols, letter
case, HTML. What makes it another day's text is not: every word, and every figure with its
sign, decimals and percent sign. A shortened text counts only with figures that no other
day has.
"""

import re
import unicodedata
from enum import IntEnum
from html import unescape

_HTML = re.compile(r"</?[A-Za-z][^>]*>")
_DASHES = re.compile("[‐‑‒–—―−﹣－]")  # noqa: RUF001 - these are what is looked for
_VARIANTS = re.compile("[\ufe00-\ufe0f]")  # how an emoji is drawn
# The last two separators and the last percent sign are Arabic.
_FIGURE = re.compile(r"((?<![^\W_])[+-])?\d+(?:[.,\u066b\u066c]\d+)*[%\u066a]?")
_TELLING_DIGITS = 3  # 94,528 and 2.24 tell days apart; 96,000, 5% and 24h do not
_TELLING_FIGURES = 3


class Likeness(IntEnum):
    """How surely a text is ours; more is surer."""

    NONE = 0
    SHORTENED = 1
    WHOLE = 2


def likeness(ours: str, theirs: str) -> Likeness:
    """Tell whether `theirs` is our text, whole or cut off at its end."""
    whole, shown = _canonical(ours), _canonical(theirs).rstrip()
    if not shown:
        return Likeness.NONE
    if shown == whole.rstrip():
        return Likeness.WHOLE
    if whole.startswith(shown) and _telling_figures(shown) >= _TELLING_FIGURES:
        return Likeness.SHORTENED
    return Likeness.NONE


def _canonical(text: str) -> str:
    """Return letters and figures only; figures stand apart, so that 1 and 23 are not 12 and 3."""
    plain = unicodedata.normalize("NFKC", unescape(_HTML.sub(" ", text))).casefold()
    plain = _DASHES.sub("-", _VARIANTS.sub("", plain))
    plain = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    parts: list[str] = []
    end = 0
    for figure in _FIGURE.finditer(plain):
        parts += [_letters(plain[end : figure.start()]), f" {figure[0]} "]
        end = figure.end()
    return "".join([*parts, _letters(plain[end:])])


def _letters(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] in "LMN")


def _telling_figures(shown: str) -> int:
    """Count the different figures with enough digits; the last one may be cut."""
    figures = {figure[0] for figure in _FIGURE.finditer(shown) if figure.end() < len(shown)}
    digits = ("".join(char for char in figure if char.isdecimal()) for figure in figures)
    return sum(len(_significant(one)) >= _TELLING_DIGITS for one in digits)


def _significant(digits: str) -> str:
    return "".join(str(unicodedata.decimal(char)) for char in digits).strip("0")
