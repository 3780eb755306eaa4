"""One way to write a kind of number, as data: how it is rounded and which words it gets."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from composer.errors import RenderError
from composer.text.amounts.locale_file import SAID, Forms
from composer.text.amounts.numerals import Numerals, plain

_SYMBOL = "{symbol}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The sizes a style writes, besides zero; a value is judged as it is rounded."""

    least: Decimal
    most: Decimal

    def holds(self, rounded: Decimal) -> bool:
        """Tell whether a rounded value can be written."""
        return rounded == 0 or self.least <= abs(rounded) <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a number counts (dollars, billions of dollars, hundredths) and its words.

    `factor` is one of it; it is used for sizes from `start` on.
    """

    factor: Decimal
    start: Decimal
    forms: Forms
    group: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How one kind of number is written in one style.

    `units` are largest first. `sayings` are whole texts for single values. With
    `gains_signed` a value above zero carries its sign too.
    """

    rounding: Callable[[Decimal], Decimal]
    units: tuple[Unit, ...]
    within: Range
    gains_signed: bool = False
    sayings: Mapping[Decimal, str] = field(default_factory=dict)

    def write(self, rounded: Decimal, numerals: Numerals, symbol: str = "") -> str:
        """Return a rounded value as text; `symbol` is what coins are counted of."""
        sign = numerals.minus if rounded < 0 else ""
        if self.gains_signed and rounded > 0:
            sign = numerals.plus
        size = abs(rounded)
        text = self.sayings.get(size)
        if text is None:
            unit = next((unit for unit in self.units if size >= unit.start), self.units[-1])
            shown = size / unit.factor
            form = numerals.choose(unit.forms, shown)
            text = form.replace("{n}", numerals.write(shown, group=unit.group))
        return f"{sign}{text.replace(_SYMBOL, symbol)}"

    def read(self, text: str, numerals: Numerals) -> Decimal:
        """Return the value of a text. Raises RenderError if it is none of this notation."""
        typed = plain(text).strip()
        sign = -1 if typed.startswith("-") else 1
        size = typed.removeprefix("-" if sign < 0 else "+")
        for value, saying in self.sayings.items():
            if size == plain(saying):
                return sign * value
        for unit in self.units:
            for category, form in unit.forms.items():
                match = re.fullmatch(_pattern(form, numerals), size, re.ASCII)
                if match:
                    shown = numerals.read(match) if "{n}" in form else SAID[category]
                    return sign * shown * unit.factor
        msg = (
            f"{text!r} does not read as such an amount; expected one like {self.example(numerals)}"
        )
        raise RenderError(msg)

    def example(self, numerals: Numerals) -> str:
        """Return how some value is written."""
        return self.write(self.rounding(self.units[0].start), numerals, "BTC")


def _pattern(form: str, numerals: Numerals) -> str:
    around = re.escape(plain(form))
    return around.replace(re.escape("{n}"), numerals.pattern).replace(re.escape(_SYMBOL), r"\S+")
