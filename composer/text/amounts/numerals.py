"""Digits, separators, signs, plurals and direction of one locale, as CLDR has them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from babel import Locale

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _END = "\u2066", "\u2067", "\u2069"
_LEFTWARD = re.compile("[\u0590-\u08ff]")  # letters of Hebrew, Arabic and their neighbours
_MARKS = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"
_SPACES = "\u00a0\u2009\u202f"
# What an editor types for what we write: no marks, any space, either minus.
_PLAIN = str.maketrans({**dict.fromkeys(_MARKS), "\u2212": "-", **dict.fromkeys(_SPACES, " ")})


def plain(text: str) -> str:
    """Return the text without marks of direction, its spaces and minus signs all of one kind."""
    return text.translate(_PLAIN)


class Numerals:
    """Writes and reads bare numbers of one locale.

    Digits are Latin in every locale: CLDR's own choice for all we ship, `ar` and `hi` too.
    """

    def __init__(self, cldr: Locale, minimum_grouping: int) -> None:
        """Take symbols and grouping from CLDR.

        `minimum_grouping` is how many digits must stand before the first separator; CLDR
        has it (3456 but 34.567 in Spanish), Babel does not read it.
        """
        symbols = cldr.number_symbols["latn"]
        self._decimal: str = symbols["decimal"]
        self._group: str = symbols["group"]
        # With its mark of direction in Arabic, or it would stand behind the number.
        self.minus: str = symbols["minusSign"]
        self.plus: str = symbols["plusSign"]
        plural = cldr.plural_form
        # Babel takes 10 µs for a rule; as text, since 1.0 and 1 are equal and differ here.
        self._category = lru_cache(maxsize=4096)(lambda shown: plural(Decimal(shown)))
        self._right_to_left = cldr.text_direction == "rtl"
        self._first, self._next = cldr.decimal_formats[None].grouping  # (3, 2) in Hindi
        self._grouped_from = self._first + minimum_grouping
        group, decimal = re.escape(plain(self._group)), re.escape(self._decimal)
        self.pattern = (
            rf"(\d{{1,{self._next}}}(?:{group}\d{{{self._next}}})*{group}\d{{{self._first}}}|\d+)"
            rf"(?:{decimal}(\d+))?"
        )

    def write(self, size: Decimal, *, group: bool = True) -> str:
        """Return a number of zero or more, with the decimals it has."""
        whole, _, decimals = f"{size:f}".partition(".")
        if group and len(whole) >= self._grouped_from:
            head, tail = whole[: -self._first], [whole[-self._first :]]
            while head:
                head, piece = head[: -self._next], head[-self._next :]
                tail.insert(0, piece)
            whole = self._group.join(tail)
        return f"{whole}{self._decimal}{decimals}" if decimals else whole

    def read(self, match: re.Match[str]) -> Decimal:
        """Return the number of a match of `pattern`."""
        return Decimal(f"{re.sub(r'[^0-9]', '', match[1])}.{match[2] or 0}")

    def choose(self, forms: Mapping[str, str], shown: Decimal) -> str:
        """Return the plural form for a number as it is shown: 1.0 is not 1."""
        return forms["other"] if len(forms) == 1 else forms[self._category(str(shown))]

    def isolate(self, text: str) -> str:
        """Return the text so that words around it cannot reorder it, where they run leftward.

        Words of the script keep their own direction: "94,681 دولار" begins at the right.
        """
        if not self._right_to_left:
            return text
        direction = _RIGHT_TO_LEFT if _LEFTWARD.search(text) else _LEFT_TO_RIGHT
        return f"{direction}{text}{_END}"
