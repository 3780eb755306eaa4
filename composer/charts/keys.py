"""The words that say what is what, each next to where it is read: no legend box.

What the two scales measure stands above them, each with a small picture of the thing
itself, and the names of the two sides stand below their bars. The scales change
places where a language runs leftward; the sides do not, as they are prices.
"""

from composer.charts.page import GAP, MARGIN, Box
from composer.charts.plot import Plot
from composer.charts.sheet import Align, Sheet, Style
from composer.charts.theme import SideColors

KEY = 14.0
BESIDE = 7.0


def write_ticks(sheet: Sheet, plot: Plot, bars: list[str], curves: list[str]) -> None:
    """Write the scale of the bars where lines begin, and that of the curves across from it.

    One label for each tick, from zero upwards.
    """
    page, box = plot.page, plot.page.plot
    first, second = (box.right, box.left) if sheet.mirrored else (box.left, box.right)
    for edge, labels in ((first, bars), (second, curves)):
        left = edge == box.left
        for tick, label in enumerate(labels):
            # Digits are centred on the grid line: they rise about 0.7 of their size.
            sheet.write_within(
                edge - GAP if left else edge + GAP,
                plot.tick_height(tick) + 0.35 * page.type.tick,
                label,
                _quiet(sheet),
                width=page.scale_room,
                align="right" if left else "left",
            )


def write_prices(sheet: Sheet, plot: Plot, labels: list[str]) -> None:
    """Write a price below each tick that has room for it in the plot, beside the last one."""
    page, size = plot.page, plot.page.type.tick
    free_from = page.plot.left - GAP
    for price, label in zip(plot.price_ticks, labels, strict=True):
        x, half = plot.x(float(price)), sheet.measure(label, size) / 2
        if x - half < free_from or x + half > page.plot.right + GAP:
            continue
        free_from = x + half + 2 * GAP
        sheet.write(x, page.prices_baseline, label, _quiet(sheet), align="center")


def write_scale_keys(sheet: Sheet, *, bars: str, curves: str, clusters: str | None) -> None:
    """Write what the bars measure, what the curves do, and what is shaded, in one row."""
    page, theme, y = sheet.page, sheet.theme, sheet.page.keys_baseline
    forward = sheet.forward
    aside = KEY + BESIDE
    width = page.width - 2 * MARGIN

    def write(x: float, words: str, room: float, align: Align) -> float:
        return sheet.write_within(x, y, words, _quiet(sheet), width=room, align=align, lines=2)

    between = 0.0
    if clusters is not None:
        centre = page.plot.middle
        between = write(centre + forward * aside / 2, clusters, width / 4, "center") + aside
        _cluster_key(sheet, centre - forward * between / 2, y, forward)
    room = (width - between) / 2 - aside - 2 * GAP

    start, end = sheet.across(MARGIN), sheet.across(page.width - MARGIN)
    sheet.swatch(_between(start, start + forward * 6, y - 8, y), theme.long)
    sheet.swatch(_between(start + forward * 8, start + forward * KEY, y - 13, y), theme.short)
    write(start + forward * aside, bars, room, sheet.leading)

    middle = end - forward * (write(end, curves, room, sheet.trailing) + aside)
    sheet.stroke((middle - 2, y), (middle - 10, y - 11), theme.long.ink)
    sheet.stroke((middle + 2, y), (middle + 10, y - 11), theme.short.ink)


def _cluster_key(sheet: Sheet, start: float, baseline: float, forward: int) -> None:
    """Draw a shaded stretch of either side, each with its foot."""
    for colors, begins in ((sheet.theme.long, 0.0), (sheet.theme.short, KEY / 2)):
        x = start + forward * begins
        end = x + forward * KEY / 2
        sheet.patch(_between(x, end, baseline + 1 - KEY, baseline + 1), colors.shade)
        sheet.patch(_between(x, end, baseline - 2, baseline + 1), colors.ink)


def write_side_keys(sheet: Sheet, *, long: str, axis: str, short: str) -> None:
    """Write the names of both sides at their ends of the price axis, and its own between them."""
    page, y = sheet.page, sheet.page.sides_baseline
    taken = sheet.write_within(
        page.plot.middle, y, axis, _quiet(sheet), width=page.plot.width / 4, align="center"
    )
    room = (page.width - taken) / 2 - MARGIN - KEY - BESIDE - 2 * GAP
    sides: tuple[tuple[str, SideColors, float, int, Align], ...] = (
        (long, sheet.theme.long, MARGIN, 1, "left"),
        (short, sheet.theme.short, page.width - MARGIN, -1, "right"),
    )
    for words, colors, edge, inward, align in sides:
        style = Style(size=page.type.tick, color=colors.ink, bold=True)
        sheet.swatch(_between(edge, edge + inward * KEY, y + 1 - KEY, y + 1), colors)
        sheet.write_within(edge + inward * (KEY + BESIDE), y, words, style, width=room, align=align)


def _quiet(sheet: Sheet) -> Style:
    return Style(size=sheet.page.type.tick, color=sheet.theme.quiet_ink)


def _between(one: float, other: float, top: float, bottom: float) -> Box:
    return Box(left=min(one, other), top=top, right=max(one, other), bottom=bottom)
