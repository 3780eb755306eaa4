"""The drawing of a chart over prices, without a word: it is the same in every language.

One price axis below, rising to the right, and a scale on either side; both scales share
the grid lines, so neither is read off the other's.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.transforms import Affine2D

from composer.charts.canvas import Canvas
from composer.charts.page import Page
from composer.charts.scales import INTERVALS, price_ticks
from composer.charts.theme import Theme
from composer.market.records import FloatArray

TICK = 6.0


class Plot(Canvas):
    """What a kind draws once for all languages, and where its values lie on the page.

    What is drawn on `axes` is measured on the left scale, and on the right one if its
    transform is `right_values`. No value rises into the headroom of the page.
    """

    def __init__(
        self,
        page: Page,
        theme: Theme,
        *,
        prices: tuple[float, float],
        left_ticks: FloatArray,
        right_ticks: FloatArray,
    ) -> None:
        """Take an empty page, and draw the grid; ticks are equally many on both scales."""
        super().__init__(page, theme)
        self.low, self.high = prices
        self.left_ticks, self.right_ticks = left_ticks, right_ticks
        self.price_ticks = price_ticks(self.low, self.high)
        self.axes = self._axes()
        top = float(left_ticks[-1])
        self.axes.set(xlim=prices, ylim=(0, top * page.plot.height / page.grid.height))
        # Values of the right scale keep their own unit: a second pair of axes costs 20 ms.
        unit = Affine2D().scale(1, top / float(right_ticks[-1]))
        self.right_values = unit + self.axes.transData
        self._draw_grid()

    def x(self, price: float) -> float:
        """Return where a price lies on the page."""
        box = self.page.plot
        return box.left + (price - self.low) / (self.high - self.low) * box.width

    def left_value(self, y: float) -> float:
        """Return the value of the left scale at a height of the page."""
        grid = self.page.grid
        return (grid.bottom - y) / grid.height * float(self.left_ticks[-1])

    def tick_height(self, tick: int) -> float:
        """Return the height on the page of the grid line at the tick of that number."""
        grid = self.page.grid
        return grid.bottom - tick * grid.height / INTERVALS

    def _axes(self) -> Axes:
        """Return transparent axes over the plot, with no furniture of their own."""
        page, box = self.page, self.page.plot
        axes = self.figure.add_axes(
            (
                box.left / page.width,
                1 - box.bottom / page.height,
                box.width / page.width,
                box.height / page.height,
            )
        )
        axes.set_axis_off()
        return axes

    def _draw_grid(self) -> None:
        theme, axes = self.theme, self.axes
        axes.hlines(
            self.left_ticks[1:], self.low, self.high, color=theme.grid, linewidth=1, zorder=0.5
        )
        axes.axhline(0, color=theme.quiet_ink, linewidth=1.5, clip_on=False, zorder=4)
        feet = np.repeat(self.price_ticks, 2).reshape(-1, 2)
        ends = np.tile([0.0, self.left_value(self.page.grid.bottom + TICK)], (len(feet), 1))
        axes.add_collection(
            LineCollection(
                list(np.stack([feet, ends], axis=2)),
                colors=theme.quiet_ink,
                linewidths=1.5,
                clip_on=False,
                gid="price_ticks",
            ),
            autolim=False,
        )
