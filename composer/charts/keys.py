"""The words that say what is what, each next to where it is read: no legend box.

What the two scales measure stands above them, and the names of the two sides stand
below their bars, each with a small picture of the thing itself.
"""

from composer.charts.plot import GAP, Plot
from composer.charts.sheet import MARGIN, Align, Box
from composer.charts.theme import SIZES, SideColors

KEY = 14.0
BESIDE = 7.0


def _room(plot: Plot) -> float:
    """Return the width for one of three texts in a row."""
    return plot.box.width / 3 - KEY - 3 * GAP


def write_scale_keys(plot: Plot, baseline: float, *, bars: str, curves: str) -> None:
    """Write what the bars measure above the left scale, what the curves do above the right."""
    sheet, theme, y = plot.sheet, plot.sheet.theme, baseline
    left, right = MARGIN, sheet.width - MARGIN
    room, size, color = _room(plot), SIZES.tick, theme.quiet_ink

    sheet.swatch(Box(left=left, top=y - 8, right=left + 6, bottom=y), theme.long.bar)
    sheet.swatch(Box(left=left + 8, top=y - 13, right=left + KEY, bottom=y), theme.short.bar)
    sheet.write_within(left + KEY + BESIDE, y, bars, width=room, size=size, color=color)

    width = sheet.write_within(right, y, curves, width=room, size=size, color=color, align="right")
    middle = right - width - BESIDE - KEY
    sheet.stroke((middle - 2, y), (middle - 10, y - 11), theme.long.ink)
    sheet.stroke((middle + 2, y), (middle + 10, y - 11), theme.short.ink)


def write_side_keys(plot: Plot, baseline: float, *, long: str, axis: str, short: str) -> None:
    """Write the names of both sides at their ends of the price axis, and its own between them."""
    box, theme = plot.box, plot.sheet.theme
    _write_side(plot, baseline, long, theme.long, box.left, "left")
    _write_side(plot, baseline, short, theme.short, box.right, "right")
    plot.sheet.write_within(
        (box.left + box.right) / 2,
        baseline,
        axis,
        width=_room(plot),
        size=SIZES.tick,
        color=theme.quiet_ink,
        align="center",
    )


def _write_side(
    plot: Plot, baseline: float, words: str, colors: SideColors, edge: float, align: Align
) -> None:
    inward = 1 if align == "left" else -1
    start, end = sorted((edge, edge + inward * KEY))
    plot.sheet.swatch(
        Box(left=start, top=baseline + 1 - KEY, right=end, bottom=baseline + 1), colors.bar
    )
    plot.sheet.write_within(
        edge + inward * (KEY + BESIDE),
        baseline,
        words,
        width=_room(plot),
        size=SIZES.tick,
        color=colors.ink,
        bold=True,
        align=align,
    )
