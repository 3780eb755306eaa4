"""Write facts in one locale, and read what was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale

from composer.errors import RenderError
from composer.figures.facts import Fact, FactKind
from composer.text.amounts.moments import Calendar
from composer.text.amounts.notation import Notation, Range
from composer.text.amounts.numerals import Numerals
from composer.text.amounts.styles import axis_notations, axis_percent, notations
from composer.text.amounts.words import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hand:
    """What one locale writes with; it is made once."""

    numerals: Numerals
    notations: Mapping[tuple[FactKind, str], Notation]
    axis_price: Notation
    axis_money: Notation
    axis_percent: Notation
    calendar: Calendar


@cache
def _hand_of(locale: str) -> _Hand:
    words = words_of(locale)
    cldr = Locale.parse(locale)
    axis_price, axis_money = axis_notations(words)
    return _Hand(
        numerals=Numerals(cldr, words.minimum_grouping),
        notations=notations(words, cldr),
        axis_price=axis_price,
        axis_money=axis_money,
        axis_percent=axis_percent(cldr),
        calendar=Calendar(cldr, words),
    )


class AmountFormatter:
    """Writes facts in one locale and reads them. Raises RenderError for an unknown locale."""

    def __init__(self, locale: str) -> None:
        """Take the words and the CLDR data of a CLDR locale id such as `zh_Hans`."""
        self.locale = locale
        self._hand = _hand_of(locale)
        calendar = self._hand.calendar
        # How each is written, and read where the text holds the whole date.
        self._moments = {
            (FactKind.TIME, ""): (calendar.moment, calendar.read_moment),
            (FactKind.TIME, "clock"): (calendar.clock, None),
            (FactKind.TIME, "recent"): (calendar.recent, None),
            (FactKind.DATE, ""): (calendar.date, calendar.read_date),
        }

    def styles(self, kind: FactKind) -> tuple[str, ...]:
        """Return the styles this kind of fact can be written in, its own first."""
        known = (*self._hand.notations, *self._moments)
        return tuple(style for one, style in known if one is kind)

    def knows(self, kind: FactKind, style: str) -> bool:
        """Tell whether this kind of fact can be written in this style."""
        return (kind, style) in self._hand.notations or (kind, style) in self._moments

    def range(self, kind: FactKind, style: str = "") -> Range:
        """Return the sizes a style writes. Raises RenderError if the kind has no such style."""
        return self._notation(kind, style).within

    def round(self, value: Decimal, kind: FactKind, style: str = "") -> Decimal:
        """Return a number as it is written: half up, to the digits of the style.

        Raises RenderError if the kind has no such style, or the value is out of its range.
        """
        notation = self._notation(kind, style)
        if value.is_finite():
            try:
                rounded = notation.rounding(value)
            except InvalidOperation:  # more digits than any figure has
                pass
            else:
                if notation.within.holds(rounded):
                    return rounded
        msg = (
            f"{value} is beyond what can be written as {kind}; sizes from "
            f"{notation.within.least} to {notation.within.most} can"
        )
        raise RenderError(msg)

    def format(self, fact: Fact, style: str = "") -> str:
        """Return the fact as this locale writes it.

        Raises RenderError if the kind has no such style, or the value no such digits.
        """
        key = (fact.kind, style)
        if key in self._moments and isinstance(fact.value, datetime):
            write, _ = self._moments[key]
            return self._hand.numerals.isolate(write(fact.value))
        if key in self._hand.notations and isinstance(fact.value, Decimal):
            try:
                return self._write(
                    self._hand.notations[key], self.round(fact.value, *key), fact.symbol
                )
            except RenderError as error:
                msg = f"fact {fact.id}: {error}"
                raise RenderError(msg) from error
        msg = f"fact {fact.id} of kind {fact.kind} cannot be written in the style {style!r}"
        raise RenderError(msg)

    def parse(self, text: str, kind: FactKind, style: str = "") -> Decimal | datetime:
        """Return the value that a text of this kind and style says, in the unit of the kind.

        Marks of direction, the kind of spaces and of minus do not matter. Raises RenderError
        if the text is no such amount, or the style does not tell the date.
        """
        if (kind, style) in self._moments:
            _, read = self._moments[kind, style]
            if read is None:
                msg = f"{text!r} is no moment: {kind} in the style {style!r} does not tell the date"
                raise RenderError(msg)
            return read(text)
        return self._notation(kind, style).read(text, self._hand.numerals)

    def axis_price(self, value: Decimal) -> str:
        """Return a price for the scale of a chart: $86,000, 86,000, $0.1800."""
        return self._on_axis(self._hand.axis_price, value)

    def axis_money(self, value: Decimal) -> str:
        """Return an amount for the scale of a chart: $160M, 1.6亿."""
        return self._on_axis(self._hand.axis_money, value)

    def axis_percent(self, value: Decimal) -> str:
        """Return a fraction for the scale of a chart, above zero signed too: +0.01%."""
        return self._on_axis(self._hand.axis_percent, value)

    def axis_day(self, value: datetime) -> str:
        """Return a day for the time axis of a chart, in UTC: Jun 10, 6月10日."""
        return self._hand.numerals.isolate(self._hand.calendar.short_day(value))

    def axis_clock(self, value: datetime) -> str:
        """Return a time of day for the time axis of a chart, in UTC: 08:05."""
        return self._hand.numerals.isolate(self._hand.calendar.short_clock(value))

    def _on_axis(self, notation: Notation, value: Decimal) -> str:
        return self._write(notation, notation.rounding(value))

    def _write(self, notation: Notation, rounded: Decimal, symbol: str = "") -> str:
        numerals = self._hand.numerals
        return numerals.isolate(notation.write(rounded, numerals, symbol))

    def _notation(self, kind: FactKind, style: str) -> Notation:
        notation = self._hand.notations.get((kind, style))
        if notation is None:
            msg = f"numbers of kind {kind} have no style {style!r}"
            raise RenderError(msg)
        return notation
