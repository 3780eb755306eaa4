"""When a plan is due: once on every local date it names, whatever the clocks there do.

A due moment that the clocks repeat in autumn is the first of the two; one that they
skip in spring comes as much later as they jumped, as PEP 495 reads it. A date that a
zone skipped whole, as Apia did 2011-12-30, is no date there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A daily appointment: `at` in `zone` on `weekdays`, 0 being Monday.

    An edition that was not begun within `late` after its moment is not made any more.
    """

    name: str
    symbol: str
    at: time
    zone: ZoneInfo
    weekdays: frozenset[int] = EVERY_DAY
    late: timedelta = timedelta(hours=2)

    def due_at(self, local_date: date) -> datetime:
        """Return the moment, in UTC, at which the plan is due on a date of its zone."""
        return _moment(local_date, self.at, self.zone)

    def falls_on(self, local_date: date) -> bool:
        """Tell whether the plan is due on a date: one of its weekdays, and not skipped there."""
        midnight = _moment(local_date, time(), self.zone)
        is_skipped = midnight == _moment(local_date + _DAY, time(), self.zone)
        return local_date.weekday() in self.weekdays and not is_skipped

    def dates(self, after: datetime, until: datetime) -> Iterator[date]:
        """Yield the local dates whose due moments lie in (after, until], in their order."""
        # Two days more on either side: a zone may be a day ahead, and may jump by another.
        day = after.astimezone(UTC).date() - 2 * _DAY
        last = until.astimezone(UTC).date() + 2 * _DAY
        while day <= last:
            if after < self.due_at(day) <= until and self.falls_on(day):
                yield day
            day += _DAY

    def next_date(self, after: datetime) -> date:
        """Return the local date of the first due moment later than `after`."""
        return next(self.dates(after, after + 16 * _DAY))  # a week, and one whose day was skipped


def _moment(local_date: date, local_time: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(local_date, local_time, zone).astimezone(UTC)
