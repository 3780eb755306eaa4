"""Equal distance: how far up and how far down price meets the same intensity.

Prices rise upwards, in every language. Two arms leave the price, up and down, and end
where the same amount is met. Beside them the sums they were measured on widen to the
right; one line, at the amount, meets both. What lies beyond it is pale and plain.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from composer.charts.distance_plot import ARM, EqualDistancePlot, Half
from composer.charts.kind import ChartKind
from composer.charts.page import GAP, MARGIN, Box, Page
from composer.charts.scales import exact
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet, Style
from composer.charts.texts import ChartText
from composer.charts.theme import Theme
from composer.text.amounts import AmountFormatter

LARGE, SMALLEST_LINE = 1.6, 1.2  # the distances, against other labels


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualDistanceText(ChartText):
    """Every string the picture prints but its scales, in the reader's language.

    `up_label` and `down_label` say how far, `up_amount` and `down_amount` to meet what;
    there are none of them where the map holds nothing near. `amount_label` names the
    amount that both meet.
    """

    short_label: str
    long_label: str
    amount_axis_label: str
    amount_label: str | None = None
    up_label: str | None = None
    up_amount: str | None = None
    down_label: str | None = None
    down_amount: str | None = None


def draw(scene: Scene, page: Page, theme: Theme) -> EqualDistancePlot:
    """Return what is the same in every language: sums, arms, the price and the amount."""
    return EqualDistancePlot(scene.figures, page, theme)


def write(
    sheet: Sheet,
    plot: EqualDistancePlot,
    _scene: Scene,
    strings: Mapping[str, str],
    amounts: AmountFormatter,
) -> None:
    """Put the words of one language on the plot, with the scales as its locale writes them.

    Raises RenderError if a string is missing or does not fit, or our fonts cannot write it.
    """
    text = EqualDistanceText.of(strings)
    sheet.head(text.title, text.subtitle)
    _write_keys(sheet, plot, text)
    _write_arms(sheet, plot, text)
    _write_scales(sheet, plot, text, amounts)
    sheet.finish(text, over=plot.sums.box)


KIND = ChartKind(draw=draw, write=write)


def _write_keys(sheet: Sheet, plot: EqualDistancePlot, text: EqualDistanceText) -> None:
    """Write what the two sums are above them, and the amount on top of its line."""
    page, box = sheet.page, plot.sums.box
    quiet = Style(size=page.type.tick, color=sheet.theme.quiet_ink)
    key, beside = 14.0, 7.0
    y, room = page.keys_baseline, (page.width - 2 * MARGIN) / 2 - 2 * GAP - key - beside
    forward = -1 if sheet.mirrored else 1
    for words, colors, edge, inward, align in (
        (text.short_label, sheet.theme.short, MARGIN, forward, sheet.leading),
        (text.long_label, sheet.theme.long, page.width - MARGIN, -forward, sheet.trailing),
    ):
        x = sheet.across(edge)
        left = min(x, x + inward * key)
        sheet.swatch(Box(left=left, top=y + 1 - key, right=left + key, bottom=y + 1), colors)
        sheet.write_within(x + inward * (key + beside), y, words, quiet, width=room, align=align)
    if text.amount_label is not None:
        style = Style(size=page.type.label, color=sheet.theme.ink, bold=True)
        fitted = sheet.fit(text.amount_label, box.width, style.size, bold=True, lines=1)
        half = sheet.measure(text.amount_label, fitted.size, bold=True) / 2
        x = min(max(plot.sums.x(plot.notional_usd), box.left + half), box.right - half)
        sheet.write(
            x,
            page.flag_baselines[0],
            text.amount_label,
            Style(size=fitted.size, color=style.color, bold=True),
            align="center",
        )


def _write_arms(sheet: Sheet, plot: EqualDistancePlot, text: EqualDistanceText) -> None:
    """Write the price beside its line, and beside each arm how far it reaches to meet what."""
    theme, label = sheet.theme, sheet.page.type.label
    x = plot.arms_x - ARM - 1.5 * GAP
    at_price = Style(size=label, color=theme.ink, bold=True)
    room, price_y = x - MARGIN, plot.sums.y(plot.price)
    sheet.write_within(
        x, price_y + 0.35 * label, text.price_label, at_price, width=room, align="right"
    )
    for words, amount, half in zip(
        (text.up_label, text.down_label),
        (text.up_amount, text.down_amount),
        plot.halves,
        strict=True,
    ):
        if words is None or amount is None:
            continue
        # A line of its own, if somewhat smaller, reads better than two.
        one_line = sheet.measure(words, SMALLEST_LINE * label, bold=True) <= room
        large = sheet.fit(words, room, LARGE * label, bold=True, lines=1 if one_line else 2)
        small = sheet.fit(amount, room, label)
        rows = [
            (line, Style(size=large.size, color=half.colors.ink, bold=True)) for line in large.lines
        ]
        rows += [(line, Style(size=small.size, color=theme.ink)) for line in small.lines]
        y = _top_of(plot, half, sum(style.size for _, style in rows) * sheet.line_height)
        for line, style in rows:
            y += style.size * sheet.line_height
            sheet.write(x, y - 0.3 * style.size, line, style, align="right")


def _top_of(plot: EqualDistancePlot, half: Half, height: float) -> float:
    """Return where words of `height` begin: at the middle of an arm, clear of the price."""
    sums, clear = plot.sums, 0.9 * plot.page.type.label
    edge = sums.box.top if half.sign > 0 else sums.box.bottom
    price_y = sums.y(plot.price)
    tip = edge if half.met_at is None else sums.y(plot.price + half.sign * half.met_at)
    top = (price_y + tip - height) / 2
    if half.sign > 0:
        return max(min(top, price_y - clear - height), sums.box.top)
    return min(max(top, price_y + clear), sums.box.bottom - height)


def _write_scales(
    sheet: Sheet, plot: EqualDistancePlot, text: EqualDistanceText, amounts: AmountFormatter
) -> None:
    """Write prices at the right of the sums, amounts below them, and what they are."""
    page, sums = sheet.page, plot.sums
    quiet = Style(size=page.type.tick, color=sheet.theme.quiet_ink)
    for price in plot.price_ticks:
        sheet.write_within(
            sums.box.right + GAP,
            sums.y(float(price)) + 0.35 * quiet.size,
            amounts.axis_price(exact(price)),
            quiet,
            width=page.scale_room,
        )
    free_from = sums.box.left - 2 * GAP
    for usd in plot.usd_labels:
        label, x = amounts.axis_money(exact(usd)), sums.x(float(usd))
        half = sheet.measure(label, quiet.size) / 2
        if x - half >= free_from and x + half <= page.width - MARGIN / 2:
            sheet.write(x, page.prices_baseline, label, quiet, align="center")
            free_from = x + half + GAP
    sheet.write_within(
        sums.box.middle,
        page.sides_baseline,
        text.amount_axis_label,
        quiet,
        width=sums.box.width,
        align="center",
    )
