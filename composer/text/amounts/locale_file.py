"""Read the values of a locale's file, naming the key that is wrong.

Where words follow the number's plural, they are a table with one text for each plural
category of the locale; else one text. The number may be left out of a text that says it.
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn, TypeVar

from babel import Locale

from composer.errors import ConfigError
from composer.text.amounts.rounding import ODDS

Forms = Mapping[str, str]
# (power of ten, forms), largest first.
Scales = tuple[tuple[int, Forms], ...]
Value = TypeVar("Value")

DURATIONS = ("minute", "hour", "day")
# What a form says that leaves the number out.
SAID = {"zero": Decimal(0), "one": Decimal(1), "two": Decimal(2)}


class LocaleFile:
    """Hands out the values of a file by key, each once. Every method raises ConfigError."""

    def __init__(self, text: str, locale: str) -> None:
        """Read the TOML text of a locale's file."""
        self._where = f"amounts of {locale}"
        self._categories = {*Locale.parse(locale).plural_form.tags, "other"}
        try:
            self._table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            msg = f"{self._where}: expected TOML: {error}"
            raise ConfigError(msg) from error

    def take(self, key: str, kind: type[Value], *, default: Value | None = None) -> Value:
        """Return the value of a key, of the right type."""
        value = self._table.pop(key, default)
        if not isinstance(value, kind):
            self._refuse(key, f"a value of type {kind.__name__}", value)
        return value

    def text(self, key: str, *places: str, default: str | None = None) -> str:
        """Return a text that has all the places to fill."""
        text = self.take(key, str, default=default)
        if not all(place in text for place in places):
            self._refuse(key, f"a text with {' and '.join(places)}", text)
        return text

    def forms(self, key: str) -> Forms:
        """Return a text by plural category; only `other` where the plural changes nothing."""
        return self._forms(key, self._table.pop(key, None))

    def scales(self, key: str, *, default: Scales | None = None) -> Scales:
        """Return the forms by power of ten."""
        if default is not None and key not in self._table:
            return default
        scales = self.take(key, dict)
        powers = sorted((int(power) for power in scales if power.isdecimal()), reverse=True)
        if len(powers) < max(1, len(scales)):
            self._refuse(key, "powers of ten as keys", list(scales))
        return tuple((power, self._forms(f"{key}.{power}", scales[str(power)])) for power in powers)

    def durations(self, key: str) -> Mapping[str, Forms]:
        """Return the forms of minutes, hours and days."""
        table = self.take(key, dict)
        if set(table) != set(DURATIONS):
            self._refuse(key, f"the keys {', '.join(DURATIONS)}", list(table))
        return {name: self._forms(f"{key}.{name}", forms) for name, forms in table.items()}

    def odds(self) -> tuple[Mapping[Decimal, str], Forms | None]:
        """Return the sayings for two to ten to one, and the forms of all other odds."""
        table = self.take("odds", dict, default={})
        if not table:
            return {}, None
        numbers = table.pop("numbers", [str(whole) for whole in ODDS])
        if set(table) != {"about", "exact"} or len(numbers) != len(ODDS):
            self._refuse("odds", "about, exact and perhaps numbers, from two to ten", table)
        about = {
            Decimal(whole): str(table["about"]).replace("{n}", number)
            for whole, number in zip(ODDS, numbers, strict=True)
        }
        if len(set(about.values())) < len(ODDS):
            self._refuse("odds.about", "a text with {n}", table["about"])
        return about, self._forms("odds.exact", table["exact"])

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        for key, value in self._table.items():
            self._refuse(key, "no such key", value)

    def _forms(self, key: str, value: object) -> Forms:
        forms = {"other": value} if isinstance(value, str) else value
        if (
            not isinstance(forms, dict)
            or (value is forms and set(forms) != self._categories)
            or not all(isinstance(text, str) for text in forms.values())
        ):
            categories = ", ".join(sorted(self._categories))
            self._refuse(key, f"a text, or one for each of {categories}", value)
        for category, text in forms.items():
            if "{n}" not in text and category not in SAID:
                self._refuse(f"{key}.{category}", "a text with {n}", text)
        return forms

    def _refuse(self, key: str, expected: str, value: object) -> NoReturn:
        msg = f"{self._where}: {key}: expected {expected}, got {value!r}"
        raise ConfigError(msg)
