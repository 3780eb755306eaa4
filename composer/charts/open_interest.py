"""Price and open interest over time, one above the other, with funding below.

Each has a panel and a scale of its own over one axis of time, so that no line crosses
another by the choice of a scale. The last day, which the words speak of, is shaded.
Funding stands above its line where longs pay and hangs below it where shorts do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from composer.charts.canvas import Area
from composer.charts.interest_plot import OpenInterestPlot
from composer.charts.kind import ChartKind
from composer.charts.page import GAP, MARGIN, Page
from composer.charts.recent_series import Line, span_of
from composer.charts.scales import exact
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet, Style
from composer.charts.texts import ChartText
from composer.charts.theme import Theme
from composer.charts.time_axis import write_times
from composer.text.amounts import AmountFormatter

SHORTEST_MS = timedelta(days=1) / timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterestText(ChartText):
    """Every string the picture prints but its scales, in the reader's language.

    The headings name the panels; `funding_heading` says who pays above the line and below.
    """

    price_label: str = ""  # the latest price stands at its dot
    price_heading: str
    interest_heading: str
    funding_heading: str


def draw(scene: Scene, page: Page, theme: Theme) -> OpenInterestPlot:
    """Return what is the same in every language: lines, bars, grid, the shaded day."""
    return OpenInterestPlot(scene, page, theme)


def write(
    sheet: Sheet,
    plot: OpenInterestPlot,
    _scene: Scene,
    strings: Mapping[str, str],
    amounts: AmountFormatter,
) -> None:
    """Put the words of one language on the plot, with the scales as its locale writes them.

    Raises RenderError if a string is missing or does not fit, or our fonts cannot write it.
    """
    text = OpenInterestText.of(strings)
    sheet.head(text.title, text.subtitle)
    headings = {
        "price": text.price_heading,
        "interest": text.interest_heading,
        "funding": text.funding_heading,
    }
    for name, panel in plot.panels.items():
        _write_heading(sheet, panel, headings[name])
    for name, line, ticks, written in (
        ("price", plot.price, plot.price_ticks, amounts.axis_price),
        ("interest", plot.interest, plot.interest_ticks, amounts.axis_money),
    ):
        panel = plot.panels[name]
        _write_scale(sheet, panel, {float(tick): written(exact(tick)) for tick in ticks})
        _write_last(sheet, panel, line, written(exact(line.last[1])))
    if "funding" in plot.panels:
        most = plot.funding_most
        labels = {value: amounts.axis_percent(exact(value)) for value in (most, 0.0, -most)}
        _write_scale(sheet, plot.panels["funding"], labels)
    baseline = plot.page.sides_baseline
    write_times(sheet, plot.panels["price"], plot.times, amounts, baseline)
    sheet.finish(text, over=plot.page.grid)


def missing(scene: Scene) -> str | None:
    """Return what a market lacks for this chart, if anything."""
    market = scene.market
    if not market.candle_grids:
        return "candles"
    if market.open_interest is None:
        return "open interest"
    start_ms, end_ms = span_of(market)
    return "day of open-interest history" if end_ms - start_ms < SHORTEST_MS else None


KIND = ChartKind(draw=draw, write=write, missing=missing)


def _write_heading(sheet: Sheet, panel: Area, heading: str) -> None:
    style = Style(size=sheet.page.type.tick, color=sheet.theme.ink, bold=True)
    sheet.write_within(
        sheet.across(MARGIN),
        panel.box.top - 0.55 * style.size,
        heading,
        style,
        width=sheet.page.width - 2 * MARGIN,
        align=sheet.leading,
    )


def _write_scale(sheet: Sheet, panel: Area, labels: Mapping[float, str]) -> None:
    """Write a scale at the left of its panel."""
    style = Style(size=sheet.page.type.tick, color=sheet.theme.quiet_ink)
    for value, label in labels.items():
        sheet.write_within(
            panel.box.left - GAP,
            panel.y(value) + 0.35 * style.size,
            label,
            style,
            width=sheet.page.scale_room,
            align="right",
        )


def _write_last(sheet: Sheet, panel: Area, line: Line, label: str) -> None:
    """Write the latest value at the right of its dot."""
    style = Style(size=sheet.page.type.label, color=sheet.theme.ink, bold=True)
    x = panel.box.right + 1.5 * GAP
    sheet.write_within(
        x,
        panel.y(line.last[1]) + 0.35 * style.size,
        label,
        style,
        width=sheet.page.width - MARGIN / 2 - x - GAP,
    )
