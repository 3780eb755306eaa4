"""Labels of prices, flown like flags from a pole.

A flag points away from the market's price, so that the flags of two levels never
meet. Where the page is too narrow for that it points towards the price; where that
is too narrow as well, it lies on top of its pole.
"""

from dataclasses import dataclass

from composer.charts.page import GAP
from composer.charts.plot import Plot
from composer.charts.sheet import Align, Sheet, Style

POLE = 1.5
# A level close to the edge leaves little room: rather a small label than no picture.
LEAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    x: float
    align: Align
    beside: bool


def _place(plot: Plot, level: float, price: float, width: float, free: float) -> _Place:
    """Return where a flag of `width` goes; `free` stays empty on both sides of the price."""
    box, x = plot.page.plot, plot.x(level)
    below = level < price
    outward = -1 if below else 1
    edge = box.left if below else box.right
    away: Align = "right" if below else "left"
    towards: Align = "left" if below else "right"
    from_price = abs(plot.x(price) - x)
    if width + GAP <= abs(edge - x) and from_price >= free:
        return _Place(x=x + outward * GAP, align=away, beside=True)
    if width + GAP + free <= from_price:
        return _Place(x=x - outward * GAP, align=towards, beside=True)
    return _Place(x=edge, align=towards, beside=False)


def hoist_price(sheet: Sheet, plot: Plot, price: float, label: str) -> float:
    """Write the market's price above its line; return the room it takes to either side."""
    page, x = plot.page, plot.x(price)
    style = Style(size=page.type.label, color=sheet.theme.ink, bold=True)
    width = sheet.write_within(
        x, page.flag_baselines[0], label, style, width=page.plot.width / 4, align="center"
    )
    return width / 2 + GAP


def fly(
    sheet: Sheet, plot: Plot, level: float, price: float, label: tuple[str, str], free: float
) -> None:
    """Write the two lines of a level's label, the first bold, and raise its pole beside them.

    `free` is the room on either side of the price that its own label takes.
    """
    page = plot.page
    ink = (sheet.theme.long if level < price else sheet.theme.short).ink
    edge = page.plot.left if level < price else page.plot.right
    room = abs(plot.x(price) - edge) - free
    rows = [
        (words, Style(size=fitted.size, color=ink, bold=bold))
        for words, bold in zip(label, (True, False), strict=True)
        for fitted in [sheet.fit(words, room, page.type.label, bold=bold, lines=1, least=LEAST)]
    ]
    width = max(sheet.measure(words, style.size, bold=style.bold) for words, style in rows)
    place = _place(plot, level, price, width, free)
    for (words, style), baseline in zip(rows, page.flag_baselines, strict=True):
        sheet.write(place.x, baseline, words, style, align=place.align)
    if place.beside:
        x, top = plot.x(level), page.flag_baselines[0] - 0.75 * page.type.label
        sheet.stroke((x, page.pole_top), (x, top), ink, width=POLE)
