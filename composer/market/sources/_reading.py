"""Read a provider's JSON strictly: every value by its path, which an error then names.

Providers add fields without notice, so unknown ones are passed over; numbers come as
JSON numbers or as text, depending on the endpoint and the year, so both are read.
"""

import math
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

from composer.errors import SourceDataError
from composer.market.records import FIRST_MOMENT, to_ms
from composer.market.sources._fields import shown

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,3})?", re.ASCII)
_LARGEST = 1e18
_LEAST = 1e-12
_FIRST_MS = to_ms(FIRST_MOMENT)
_END_OF_TIME_MS = 253_402_300_800_000
_DAY = timedelta(days=1)


class Node:
    """One value of an answer, and where it stands."""

    __slots__ = ("_path", "value")

    def __init__(self, where: str, value: object) -> None:
        """Keep the value and the name of what it is the whole of."""
        self.value = value
        self._path: tuple[str | int, ...] = (where,)

    def _inner(self, value: object, *steps: str | int) -> "Node":
        inner = Node.__new__(Node)
        inner.value = value
        inner._path = self._path + steps  # noqa: SLF001 - one of us; joined only for a message
        return inner

    @property
    def where(self) -> str:
        """The path that led here, as a message shows it."""
        return "".join(map(str, self._path))

    def refuse(self, expected: str) -> NoReturn:
        """Raise the SourceDataError that says what was expected here and what came."""
        msg = f"{self.where}: expected {expected}, got {shown(self.value)}"
        raise SourceDataError(msg)

    def field(self, name: str) -> "Node":
        """Return a field of an object that must be there."""
        if not isinstance(self.value, dict):
            self.refuse("an object with named fields")
        if name not in self.value:
            msg = f"{self.where}: expected the field {name}, but it is missing"
            raise SourceDataError(msg)
        return self._inner(self.value[name], ": ", name)

    def __contains__(self, name: str) -> bool:
        """Return whether this is an object with such a field that is not null."""
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def cell(self, index: int) -> "Node":
        """Return a cell of a row that must be there."""
        if not isinstance(self.value, list) or len(self.value) <= index:
            self.refuse(f"a row with {index + 1} cells or more")
        return self._inner(self.value[index], ", cell ", index + 1)

    def rows(self) -> Iterator["Node"]:
        """Yield the items of a list; there must be at least one."""
        if not isinstance(self.value, list) or not self.value:
            expected = "a list with at least one item"
            self.refuse(f"{expected}, not an empty one" if self.value == [] else expected)
        for number, item in enumerate(self.value, start=1):
            yield self._inner(item, ", row ", number)

    def items(self) -> Iterator[tuple["Node", "Node"]]:
        """Yield the names and the values of an object; there must be at least one."""
        if not isinstance(self.value, dict) or not self.value:
            self.refuse("an object with at least one field")
        for name, item in self.value.items():
            yield self._inner(name, ", name ", shown(name)), self._inner(item, ": ", shown(name))

    def text(self) -> str:
        """Return a text that is not blank."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.refuse("a text")
        return self.value

    def number(self) -> float:
        """Return a finite number, given as one or as text."""
        expected = "a number"
        value = self.value
        if isinstance(value, str):
            if not _NUMBER.fullmatch(value):
                self.refuse(expected)
        # JSON's true is an int to Python.
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(expected)
        try:
            found = float(value)
        except OverflowError:
            self.refuse(expected)
        if not (math.isfinite(found) and abs(found) <= _LARGEST):
            self.refuse(expected)
        return found

    def amount(self) -> float:
        """Return a number of zero or more."""
        found = self.number()
        if found < 0:
            self.refuse("a number of zero or more")
        return found

    def positive(self) -> float:
        """Return a number above zero: a price, or what must not be nothing."""
        found = self.number()
        if found < _LEAST:
            self.refuse("a number above zero")
        return found

    def share(self) -> float:
        """Return a fraction from 0 to 1."""
        found = self.number()
        if not 0 <= found <= 1:
            self.refuse("a fraction from 0 to 1")
        return found

    def stamp_ms(self, *, unit_ms: int = 1) -> int:
        """Return a time in epoch ms; unit_ms is what the provider counts in."""
        found = self.number() * unit_ms
        if found != int(found) or not _FIRST_MS <= found < _END_OF_TIME_MS:
            unit = "ms" if unit_ms == 1 else "s"
            self.refuse(f"a time in epoch {unit}")
        return int(found)

    def interval(self, unit: timedelta) -> timedelta:
        """Return a length of time of a day at most; unit is what the provider counts in."""
        units = self.positive()
        if units * unit.total_seconds() > _DAY.total_seconds():
            self.refuse("at most a day")
        return units * unit
