"""Price and open interest over time, one above the other, with funding below.

Each has a panel and a scale of its own over one axis of time, so that no line crosses
another by the choice of a scale. The last day, which the words speak of, is shaded.
Funding stands above its line where longs pay and hangs below it where shorts do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from composer.charts.canvas import Area, Canvas
from composer.charts.kind import ChartKind
from composer.charts.page import GAP, MARGIN, Box, Page
from composer.charts.recent_series import (
    FUNDING_BAR,
    Bars,
    Line,
    funding_bars,
    interest_line,
    price_line,
    span_of,
)
from composer.charts.scales import exact
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet, Style
from composer.charts.texts import ChartText
from composer.charts.theme import Theme
from composer.charts.time_axis import TimeTicks, write_times
from composer.market.records import FloatArray
from composer.text.amounts import AmountFormatter

SHORTEST = timedelta(days=1)
RECENT = timedelta(days=1)  # what the changes in the words are of

# Of the height the panels share.
_SHARES = {"price": 1.0, "interest": 1.0, "funding": 0.6}
_TICK_ROOM = 60  # pixels from one tick to the next, about
_LEAST_RANGE = 0.02  # of a value: a scale that shows less makes a mountain of noise
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterestText(ChartText):
    """Every string the picture prints but its scales, in the reader's language.

    The headings name the panels; `funding_heading` says who pays above the line and below.
    """

    price_label: str = ""  # the latest price stands at its dot
    price_heading: str
    interest_heading: str
    funding_heading: str


class OpenInterestPlot(Canvas):
    """The drawing: every panel is measured in epoch milliseconds across.

    There is no panel of funding where the market does not know it.
    """

    def __init__(self, scene: Scene, page: Page, theme: Theme) -> None:
        """Draw everything but the words."""
        super().__init__(page, theme)
        self.start_ms, self.end_ms = span_of(scene.market)
        self.price = price_line(scene.market, self.start_ms)
        self.interest = interest_line(scene.market, self.start_ms)
        self.funding = funding_bars(scene.market, self.start_ms)
        self.times = TimeTicks.between(self.start_ms, self.end_ms)
        boxes = _boxes(page, funding=self.funding is not None)
        self.price_ticks, self.interest_ticks = (
            _ticks(line.value, boxes[name].height)
            for name, line in (("price", self.price), ("interest", self.interest))
        )
        self.panels = {
            "price": self._panel(boxes["price"], self.price.value, self.price_ticks),
            "interest": self._panel(boxes["interest"], self.interest.value, self.interest_ticks),
        }
        for name, line in (("price", self.price), ("interest", self.interest)):
            self._draw_line(name, line)
        if self.funding is not None:
            self._draw_funding(boxes["funding"], self.funding)

    def _panel(self, box: Box, values: FloatArray, ticks: FloatArray) -> Area:
        low, high = _bounds(values)
        room = 0.08 * (high - low)
        low, high = min(low - room, ticks[0]), max(high + room, ticks[-1])
        panel = Area(self, box, x=(self.start_ms, self.end_ms), y=(float(low), float(high)))
        self._draw_times(panel)
        panel.axes.hlines(
            ticks, self.start_ms, self.end_ms, color=self.theme.grid, linewidth=1, zorder=0.5
        )
        return panel

    def _draw_times(self, panel: Area) -> None:
        """Draw a line at each tick of time, and shade the last day."""
        axes, theme = panel.axes, self.theme
        low, high = axes.get_ylim()
        since = max(self.end_ms - RECENT / _MS, self.start_ms)
        axes.fill_between(
            [since, self.end_ms], low, high, color=theme.grid, alpha=0.55, linewidth=0, zorder=0
        )
        axes.vlines(self.times.stamp_ms, low, high, color=theme.grid, linewidth=1, zorder=0.5)

    def _draw_line(self, name: str, line: Line) -> None:
        axes, theme = self.panels[name].axes, self.theme
        halo = [withStroke(linewidth=5, foreground=theme.background)]
        axes.plot(
            line.stamp_ms,
            line.value,
            color=theme.ink,
            linewidth=2.5,
            solid_joinstyle="round",
            path_effects=halo,
            gid=name,
            zorder=2,
        )
        moment, value = line.last
        axes.plot(
            [moment],
            [value],
            marker="o",
            markersize=11,
            color=theme.ink,
            markeredgecolor=theme.background,
            markeredgewidth=2,
            clip_on=False,
            gid=f"{name}_last",
            zorder=3,
        )

    def _draw_funding(self, box: Box, bars: Bars) -> None:
        theme, most = self.theme, float(np.abs(bars.mean).max()) or 1e-6
        panel = Area(self, box, x=(self.start_ms, self.end_ms), y=(-1.3 * most, 1.3 * most))
        self._draw_times(panel)
        width, gap = FUNDING_BAR / _MS, 0.15 * FUNDING_BAR / _MS
        left = np.maximum(bars.start_ms + gap, self.start_ms)
        right = np.minimum(bars.start_ms + width - gap, self.end_ms)
        x = np.stack([left, left, right, right], axis=1)
        y = np.stack([0 * bars.mean, bars.mean, bars.mean, 0 * bars.mean], axis=1)
        outlines = np.stack([x, y], axis=2)
        for name, paid, colors in (
            ("long", bars.mean > 0, theme.long),
            ("short", bars.mean < 0, theme.short),
        ):
            panel.axes.add_collection(
                PolyCollection(
                    list(outlines[paid]),
                    facecolors=colors.bar,
                    edgecolors=colors.hatch_ink,
                    linewidths=0.5,
                    gid=f"{name}s_pay",
                    zorder=1,
                ),
                autolim=False,
            )
        panel.axes.axhline(0, color=theme.quiet_ink, linewidth=1.5, zorder=2)
        self.funding_most = most
        self.panels["funding"] = panel


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
    sheet.foot(text.caveat, text.credit)
    if text.watermark is not None:
        sheet.watermark(text.watermark, plot.page.grid)


def missing(scene: Scene) -> str | None:
    """Return what a market lacks for this chart, if anything."""
    market = scene.market
    if not market.candle_grids:
        return "candles"
    if market.open_interest is None:
        return "open interest"
    start_ms, end_ms = span_of(market)
    return "day of open-interest history" if end_ms - start_ms < SHORTEST / _MS else None


KIND = ChartKind(draw=draw, write=write, missing=missing)


def _bounds(values: FloatArray) -> tuple[float, float]:
    """Return the lowest and highest value, no nearer to each other than noise."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    more = max(0.0, _LEAST_RANGE * high - (high - low)) / 2
    return low - more, high + more


def _ticks(values: FloatArray, height: float) -> FloatArray:
    """Return a few round values within those of a panel."""
    low, high = _bounds(values)
    locator = MaxNLocator(nbins=round(height / _TICK_ROOM) + 2, steps=[1, 2, 2.5, 5, 10])
    ticks = np.asarray(locator.tick_values(low, high), dtype=np.float64)
    inside = ticks[(ticks >= low) & (ticks <= high)]
    return inside if len(inside) > 1 else ticks


def _heading_height(page: Page) -> float:
    return 1.7 * page.type.tick


def _boxes(page: Page, *, funding: bool) -> dict[str, Box]:
    """Return where the panels stand, one below the other, each under room for its heading."""
    names = [name for name in _SHARES if funding or name != "funding"]
    top, bottom = page.plot_top + GAP, page.sides_baseline - 1.6 * page.type.tick
    heading = _heading_height(page)
    left_over = bottom - top - heading * len(names) - GAP * (len(names) - 1)
    share = left_over / sum(_SHARES[name] for name in names)
    boxes = {}
    for name in names:
        top += heading
        boxes[name] = Box(
            left=page.plot.left,
            top=top,
            right=page.plot.right,
            bottom=top + _SHARES[name] * share,
        )
        top = boxes[name].bottom + GAP
    return boxes


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
