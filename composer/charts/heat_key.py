"""The scale of a heatmap's colours, in the row above the plot."""

from matplotlib.path import Path

from composer.charts.heat_colors import STEPS, heat_colors
from composer.charts.keys import BESIDE
from composer.charts.page import MARGIN, Box
from composer.charts.sheet import Mark, Sheet, Style
from composer.market.records import Side

STEP = 16.0
ROW = 8.0


def write_heat_key(sheet: Sheet, words: str, ends: tuple[str, str], *, width: float) -> None:
    """Write what the colours measure where lines begin, and their scale behind it.

    `ends` are the amounts it begins and ends with. It grows to the right in every
    language; what is more than its end goes on in its point.
    """
    page, y = sheet.page, sheet.page.keys_baseline
    quiet = Style(size=page.type.tick, color=sheet.theme.quiet_ink)
    first, last = (sheet.measure(end, quiet.size) for end in ends)
    ramp = STEPS * STEP + 2 * ROW
    scale = first + BESIDE + ramp + BESIDE + last
    start = sheet.across(MARGIN)
    taken = 2 * BESIDE + sheet.write_within(
        start, y, words, quiet, width=width - scale - 2 * BESIDE, align=sheet.leading, lines=2
    )
    x = start - taken - scale if sheet.mirrored else start + taken
    sheet.write(x, y, ends[0], quiet)
    sheet.write(x + scale, y, ends[1], quiet, align="right")
    x += first + BESIDE
    for side, top in ((Side.SHORT, y - 2 * ROW + 2), (Side.LONG, y - ROW + 2)):
        fills = ["#{:02x}{:02x}{:02x}".format(*rgb) for rgb in heat_colors(sheet.theme, side)]
        for step, fill in enumerate(fills):
            left = x + step * STEP
            sheet.patch(Box(left=left, top=top, right=left + STEP, bottom=top + ROW), fill)
        end, foot = x + STEPS * STEP, top + (ROW if side is Side.SHORT else 0)
        point = Path([(end, top), (end, top + ROW), (end + 2 * ROW, foot), (end, top)], closed=True)
        sheet.marks.append(Mark(outline=point, color=fills[-1], fill=fills[-1]))
