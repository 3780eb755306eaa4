"""Labels of prices, flown like flags from a pole.

A flag points away from the market's price, so that the flags of two levels never
meet. Where the page is too narrow for that it points towards the price; where that
is too narrow as well, it lies on top of its pole.
"""

from dataclasses import dataclass

from composer.charts.plot import GAP, Plot
from composer.charts.sheet import Align
from composer.charts.theme import SIZES

BASELINES = (48.0, 72.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    x: float
    align: Align
    pole_top: float


def _place(plot: Plot, level: float, price: float, width: float) -> _Place:
    """Return where a flag of `width` goes, and how high its pole rises."""
    box, x = plot.box, plot.x(level)
    below = level < price
    outward = -1 if below else 1
    edge = box.left if below else box.right
    away: Align = "right" if below else "left"
    towards: Align = "left" if below else "right"
    beside, under = box.top + BASELINES[0] - GAP, box.top + BASELINES[1] + GAP
    if width + GAP <= abs(edge - x):
        return _Place(x=x + outward * GAP, align=away, pole_top=beside)
    if width + 2 * GAP <= abs(plot.x(price) - x):
        return _Place(x=x - outward * GAP, align=towards, pole_top=beside)
    return _Place(x=edge, align=towards, pole_top=under)


def fly(plot: Plot, level: float, price: float, label: tuple[str, str], ink: str) -> float:
    """Write the two lines of a level's label, the first bold; return the top of its pole."""
    sheet, room = plot.sheet, plot.box.width / 2 - GAP
    rows = [
        (words, bold, sheet.fit(words, room, SIZES.label, bold=bold, lines=1).size)
        for words, bold in zip(label, (True, False), strict=True)
    ]
    width = max(sheet.measure(words, size, bold=bold) for words, bold, size in rows)
    place = _place(plot, level, price, width)
    for (words, bold, size), baseline in zip(rows, BASELINES, strict=True):
        y = plot.box.top + baseline
        sheet.write(place.x, y, words, size=size, color=ink, bold=bold, align=place.align)
    return place.pole_top
