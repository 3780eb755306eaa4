"""The words that say what is what beside a chart over time: what candles are, and the sides."""

from composer.charts.keys import BESIDE, KEY
from composer.charts.page import GAP, MARGIN, Box
from composer.charts.sheet import Sheet, Style
from composer.charts.theme import SideColors


def write_candle_key(sheet: Sheet, words: str, *, width: float) -> float:
    """Write what candles are across from where lines begin, beside two; return how wide it came."""
    page, ink, y = sheet.page, sheet.theme.ink, sheet.page.keys_baseline
    quiet = Style(size=page.type.tick, color=sheet.theme.quiet_ink)
    end, forward = sheet.across(page.width - MARGIN), sheet.forward
    taken = sheet.write_within(
        end, y, words, quiet, width=width - KEY - 2 * BESIDE, align=sheet.trailing, lines=2
    )
    x = end - forward * (taken + BESIDE + KEY / 2 + 3)
    for at, fill in ((x - 5, sheet.theme.background), (x + 5, ink)):
        sheet.stroke((at, y + 1), (at, y - KEY), ink, width=1.25)
        sheet.patch(Box(left=at - 3, top=y - 11, right=at + 3, bottom=y - 2), ink)
        sheet.patch(Box(left=at - 2, top=y - 10, right=at + 2, bottom=y - 3), fill)
    return taken + KEY + 2 * BESIDE


def write_sides(sheet: Sheet, *, long: str, axis: str, short: str) -> None:
    """Write the names of both sides below the plot, and what its axis is between them."""
    page, y = sheet.page, sheet.page.sides_baseline
    quiet = Style(size=page.type.tick, color=sheet.theme.quiet_ink)
    taken = sheet.write_within(
        page.plot.middle, y, axis, quiet, width=page.plot.width / 4, align="center"
    )
    room = (page.width - taken) / 2 - MARGIN - KEY - BESIDE - 2 * GAP
    forward = sheet.forward
    sides: tuple[tuple[str, SideColors, float, int], ...] = (
        (long, sheet.theme.long, MARGIN, forward),
        (short, sheet.theme.short, page.width - MARGIN, -forward),
    )
    for words, colors, edge, inward in sides:
        x = sheet.across(edge)
        left, right = sorted((x, x + inward * KEY))
        sheet.swatch(Box(left=left, top=y + 1 - KEY, right=right, bottom=y + 1), colors)
        sheet.write_within(
            x + inward * (KEY + BESIDE),
            y,
            words,
            Style(size=page.type.tick, color=colors.ink, bold=True),
            width=room,
            align="left" if inward > 0 else "right",
        )
