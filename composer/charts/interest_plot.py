"""The panels of price, open interest and funding: lines, bars, grids, the shaded last day."""

from datetime import timedelta

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from composer.charts.canvas import Area, Canvas
from composer.charts.page import GAP, Box, Page
from composer.charts.recent_series import (
    FUNDING_BAR,
    Bars,
    Line,
    funding_bars,
    interest_line,
    price_line,
    span_of,
)
from composer.charts.scales import even_ticks
from composer.charts.scene import Scene
from composer.charts.theme import Theme
from composer.charts.time_axis import TimeTicks
from composer.market.records import FloatArray

RECENT = timedelta(days=1)  # what the changes in the words are of


# Of the height the panels share.
_SHARES = {"price": 1.0, "interest": 1.0, "funding": 0.6}
_TICK_ROOM = 60  # pixels from one tick to the next, about
_LEAST_RANGE = 0.02  # of a value: a scale that shows less makes a mountain of noise
_MS = timedelta(milliseconds=1)


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
        most = float(even_ticks(most, intervals=1)[-1])  # a round rate that no bar goes beyond
        panel = Area(self, box, x=(self.start_ms, self.end_ms), y=(-1.2 * most, 1.2 * most))
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
