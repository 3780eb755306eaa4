"""Dates and times of day in UTC, written and read in one locale."""

import re
from datetime import UTC, datetime

from babel import Locale
from babel.dates import format_date, format_skeleton, tokenize_pattern

from composer.errors import RenderError
from composer.text.amounts.numerals import plain
from composer.text.amounts.words import AmountWords


class Calendar:
    """Writes moments to the minute and dates to the day; reads both back."""

    def __init__(self, cldr: Locale, words: AmountWords) -> None:
        """Take the long date from CLDR, the way date and time go together from the file."""
        self._cldr = cldr
        self._words = words
        self._months = {
            plain(name): number for number, name in cldr.months["format"]["wide"].items()
        }

    def date(self, value: datetime) -> str:
        """Return the day: June 10, 2026 · 2026年6月10日."""
        moment = value.astimezone(UTC)
        return self._ordinal(moment, format_date(moment, format="long", locale=self._cldr))

    def short_day(self, value: datetime) -> str:
        """Return the day in short and without its year: Jun 10 · 6月10日."""
        return format_skeleton("MMMd", value.astimezone(UTC), locale=self._cldr)

    def clock(self, value: datetime) -> str:
        """Return the time of day with its zone: 08:05 UTC."""
        hour, minute = f"{value.astimezone(UTC):%H %M}".split()
        return self._words.clock.format(hour=hour, minute=minute)

    def short_clock(self, value: datetime) -> str:
        """Return the time of day without its zone: 08:05."""
        return self.clock(value).replace("UTC", "").strip()

    def moment(self, value: datetime) -> str:
        """Return day and time of day."""
        return self._words.moment.format(clock=self.clock(value), date=self.date(value))

    def recent(self, value: datetime) -> str:
        """Return day and time of day without the year, for what is days ago: 08:05 UTC on June 10.

        Only for moments whose year nobody asks about; it cannot be read back.
        """
        day = format_skeleton("MMMMd", value.astimezone(UTC), locale=self._cldr)
        return self._words.recent.format(clock=self.clock(value), date=self._ordinal(value, day))

    def _ordinal(self, value: datetime, text: str) -> str:
        """Return a date with its first day as the language says it: CLDR has no ordinals."""
        first = value.astimezone(UTC).day == 1
        return re.sub(r"^1(?=\s)", self._words.first_of_month, text) if first else text

    def read_date(self, text: str) -> datetime:
        """Return the midnight in UTC a day begins at. Raises RenderError if it is no date."""
        return self._read(text, "{date}")

    def read_moment(self, text: str) -> datetime:
        """Return a moment, to the minute. Raises RenderError if it is none."""
        return self._read(text, self._words.moment)

    def _read(self, text: str, pattern: str) -> datetime:
        whole = re.escape(plain(pattern))
        for place, inner in (("{clock}", self._clock_pattern()), ("{date}", self._date_pattern())):
            whole = whole.replace(re.escape(place), inner)
        match = re.fullmatch(whole, plain(text).strip(), re.ASCII)
        try:
            if match:
                parts = match.groupdict()
                return datetime(
                    int(parts["year"]),
                    self._months.get(parts["month"]) or int(parts["month"]),
                    int(re.sub(r"\D", "", parts["day"])),
                    int(parts.get("hour") or 0),
                    int(parts.get("minute") or 0),
                    tzinfo=UTC,
                )
        except ValueError:  # the 31st of June
            pass
        example = pattern.format(clock=self.clock(_EXAMPLE), date=self.date(_EXAMPLE))
        msg = f"{text!r} is no date with its year; expected one like {example}"
        raise RenderError(msg)

    def _clock_pattern(self) -> str:
        pattern = re.escape(plain(self._words.clock))
        for name in ("hour", "minute"):
            pattern = pattern.replace(re.escape(f"{{{name}}}"), rf"(?P<{name}>\d{{2}})")
        return pattern

    def _date_pattern(self) -> str:
        """Return CLDR's long date as a regular expression."""
        months = "|".join(re.escape(name) for name in sorted(self._months, key=len, reverse=True))
        first = re.escape(self._words.first_of_month)
        fields = {
            "y": r"(?P<year>\d{4})",
            "M": rf"(?P<month>{months}|\d{{1,2}})",
            "d": rf"(?P<day>{first}|\d{{1,2}})",
            "G": re.escape(self._cldr.eras["abbreviated"][1]),
        }
        return "".join(
            re.escape(plain(value)) if isinstance(value, str) else fields[value[0]]
            for _kind, value in tokenize_pattern(self._cldr.date_formats["long"].pattern)
        )


_EXAMPLE = datetime(2026, 1, 31, 16, 30, tzinfo=UTC)
