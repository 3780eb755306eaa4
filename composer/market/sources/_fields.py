"""Read the fields of a TOML table or a JSON object strictly, in one set of words."""

import difflib
from collections.abc import Iterable
from enum import StrEnum
from typing import NoReturn, TypeVar

from composer.errors import SquaredeskError

Choice = TypeVar("Choice", bound=StrEnum)

_TYPE_NAMES = {dict: "an object", list: "a list", bool: "true or false", type(None): "nothing"}
_LONGEST_SHOWN = 40


def shown(value: object) -> str:
    """Return what came, short enough for a message."""
    if isinstance(value, dict | list):
        return _TYPE_NAMES[type(value)]
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


# No market is larger and no price smaller: beyond, a figure is a slip or an attack.
_LARGEST = 1e18
_LEAST_PRICE = 1e-12


class Fields:
    """The fields of one table; `error` is the family its mistakes belong to.

    `where` names the table in messages. Raises `error` at once if `values` is no table
    or holds a field that is not `known`, so that a typo is named before what it hides.
    """

    def __init__(
        self, where: str, values: object, known: Iterable[str], error: type[SquaredeskError]
    ) -> None:
        """Take the table and refuse what is not known in it."""
        self.where = where
        self._error = error
        if not isinstance(values, dict):
            msg = f"{where}: expected an object with named fields, got {shown(values)}"
            raise error(msg)
        self._values = values
        names = tuple(known)
        for name in values:
            if name not in names:
                raise error(self._unknown(name, names))

    def _unknown(self, name: str, known: tuple[str, ...]) -> str:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{self.where}: unknown field {name!r}, expected {', '.join(known)}{hint}"

    def refuse(self, name: str, expected: str, got: object) -> NoReturn:
        """Raise the error that says what was expected of a field and what came."""
        msg = f"{self.where}: {name}: expected {expected}, got {shown(got)}"
        raise self._error(msg) from None

    def _take(self, name: str, expected: str) -> object:
        if name not in self._values:
            msg = f"{self.where}: {name}: expected {expected}, but the field is missing"
            raise self._error(msg)
        value: object = self._values[name]
        return value

    def __contains__(self, name: str) -> bool:
        """Return whether an optional field was given."""
        return name in self._values

    def text(self, name: str, *, may_be_blank: bool = False) -> str:
        """Return a text, not a blank one unless it may be."""
        expected = "a text in quotes"
        value = self._take(name, expected)
        if not isinstance(value, str) or not (value.strip() or may_be_blank):
            self.refuse(name, expected, value)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts with at least one in it."""
        expected = "a list of texts in quotes"
        value = self._take(name, expected)
        if not isinstance(value, list) or not value:
            self.refuse(name, expected, value)
        for item in value:
            if not isinstance(item, str) or not item.strip():
                self.refuse(name, expected, item)
        return tuple(value)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        expected = "true or false"
        value = self._take(name, expected)
        if not isinstance(value, bool):
            self.refuse(name, expected, value)
        return value

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        """Return one member of a closed set."""
        expected = " or ".join(choices)
        value = self._take(name, expected)
        if not isinstance(value, str) or value not in set(choices):
            self.refuse(name, expected, value)
        return choices(value)

    def number(self, name: str, *, minimum: float = 0.0) -> float:
        """Return a finite number of at least `minimum`."""
        expected = f"a number of {minimum:g} or more, and at most {_LARGEST:g}"
        value = self._take(name, expected)
        # JSON's true is an int to Python, and its integers may be too large for a float.
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(name, expected, value)
        try:
            number = float(value)
        except OverflowError:
            self.refuse(name, expected, value)
        if not minimum <= number <= _LARGEST:
            self.refuse(name, expected, value)
        return number

    def price(self, name: str) -> float:
        """Return a number above zero that can be a price."""
        number = self.number(name)
        if number < _LEAST_PRICE:
            self.refuse(name, f"a price of {_LEAST_PRICE:g} or more", number)
        return number

    def table(self, name: str, known: Iterable[str]) -> "Fields":
        """Return a nested table."""
        value = self._take(name, "an object with named fields")
        return Fields(f"{self.where}: {name}", value, known, self._error)

    def items(self, name: str, *, at_least: int = 1) -> list[object]:
        """Return a list with at least one item, or so many."""
        expected = "a list with at least one item" if at_least else "a list"
        value = self._take(name, expected)
        if not isinstance(value, list) or len(value) < at_least:
            self.refuse(name, expected, value or "an empty list")
        return value
