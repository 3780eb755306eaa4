"""An axis of time in UTC. Time runs from left to right in every language, as on any price chart."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from composer.charts.canvas import Area
from composer.charts.page import GAP
from composer.charts.sheet import Sheet, Style
from composer.market.records import TimeArray
from composer.text.amounts import AmountFormatter

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_LEAST_DAYS = 2
_MOST_HOURS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeTicks:
    """Moments that an axis names, epoch ms: midnights, or whole hours where there are few."""

    stamp_ms: TimeArray
    days: bool

    @classmethod
    def between(cls, start_ms: float, end_ms: float) -> "TimeTicks":
        """Return the midnights of a stretch of time, or hours if it has less than two."""
        midnights = _multiples(_DAY_MS, start_ms, end_ms)
        if len(midnights) >= _LEAST_DAYS:
            return cls(stamp_ms=midnights, days=True)
        steps = (hours * _HOUR_MS for hours in (1, 2, 3, 6, 12))
        found = (_multiples(step, start_ms, end_ms) for step in steps)
        few = next(hours for hours in found if len(hours) <= _MOST_HOURS)
        return cls(stamp_ms=few, days=False)


def _multiples(step_ms: int, start_ms: float, end_ms: float) -> TimeArray:
    return np.arange(-(-int(start_ms) // step_ms), int(end_ms) // step_ms + 1) * step_ms


def write_times(
    sheet: Sheet, area: Area, ticks: TimeTicks, amounts: AmountFormatter, baseline: float
) -> None:
    """Write the days or hours below their ticks, as many as have room, equally far apart."""
    style = Style(size=sheet.page.type.tick, color=sheet.theme.quiet_ink)
    moments = [datetime.fromtimestamp(ms / 1000, UTC) for ms in ticks.stamp_ms.tolist()]
    write = amounts.axis_day if ticks.days else amounts.axis_clock
    places = [area.x(float(ms)) for ms in ticks.stamp_ms]
    labels = list(zip(places, map(write, moments), strict=True))
    half = max((sheet.measure(label, style.size) / 2 for _, label in labels), default=0)
    apart = labels[1][0] - labels[0][0] if len(labels) > 1 else area.box.width
    stride = max(1, int(np.ceil((2 * half + GAP) / apart)))
    for x, label in labels[::stride]:
        width = sheet.measure(label, style.size)
        if x + width / 2 <= area.box.right + GAP:
            sheet.write(x, baseline, label, style, align="center")
