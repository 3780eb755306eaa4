"""The drawing area of a chart over prices: one price axis below, a scale on either side.

Both scales share the grid lines, so neither is read off the other's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.transforms import Affine2D

from composer.charts.scales import even_ticks, price_ticks
from composer.charts.sheet import MARGIN, Box, Sheet
from composer.charts.theme import SIZES
from composer.market.records import FloatArray

INTERVALS = 4
GAP = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One vertical scale: equal steps from 0, with a text for each."""

    ticks: FloatArray
    labels: tuple[str, ...]

    @property
    def top(self) -> float:
        """The highest tick."""
        return float(self.ticks[-1])


def scale_up_to(highest: float, label: Callable[[float], str]) -> Scale:
    """Return the scale that holds every value up to `highest`."""
    ticks = even_ticks(highest, INTERVALS)
    return Scale(ticks=ticks, labels=tuple(label(float(tick)) for tick in ticks))


class Plot:
    """A part of the page over which prices run from left to right.

    `headroom` pixels at the top stay free for labels: no value rises into them.
    What is drawn on `axes` is measured on the left scale, and on the right one if its
    transform is `right_values`.
    """

    def __init__(
        self,
        sheet: Sheet,
        *,
        top: float,
        bottom: float,
        prices: tuple[float, float],
        left_scale: Scale,
        right_scale: Scale,
        headroom: float,
    ) -> None:
        """Lay out the area between `top` and `bottom`, as wide as the scales' labels leave it."""
        self.sheet = sheet
        self.low, self.high = prices
        self.left_scale, self.right_scale = left_scale, right_scale
        left, right = (
            max(sheet.measure(label, SIZES.tick) for label in scale.labels) + GAP
            for scale in (left_scale, right_scale)
        )
        self.box = Box(
            left=MARGIN + left, top=top, right=sheet.width - MARGIN - right, bottom=bottom
        )
        self.grid_height = self.box.height - headroom
        self.axes = sheet.axes(self.box)
        self.axes.set(xlim=prices, ylim=(0, left_scale.top * self.box.height / self.grid_height))
        # Values of the right scale keep their own unit: a second pair of axes costs 20 ms.
        unit = Affine2D().scale(1, left_scale.top / right_scale.top)
        self.right_values = unit + self.axes.transData

    @property
    def grid(self) -> Box:
        """The part of the area that values reach: all but the headroom."""
        box = self.box
        top = box.bottom - self.grid_height
        return Box(left=box.left, top=top, right=box.right, bottom=box.bottom)

    def x(self, price: float) -> float:
        """Return where a price lies on the page."""
        return self.box.left + (price - self.low) / (self.high - self.low) * self.box.width

    def left_value(self, y: float) -> float:
        """Return the value of the left scale at a height of the page."""
        return (self.box.bottom - y) / self.grid_height * self.left_scale.top

    def draw_scales(self) -> None:
        """Draw the grid and write both scales beside it."""
        theme, box, axes = self.sheet.theme, self.box, self.axes
        axes.hlines(
            self.left_scale.ticks[1:], self.low, self.high, color=theme.grid, linewidth=1, zorder=0
        )
        axes.axhline(0, color=theme.quiet_ink, linewidth=1.5, clip_on=False, zorder=4)
        step = self.grid_height / INTERVALS
        for tick, (left, right) in enumerate(
            zip(self.left_scale.labels, self.right_scale.labels, strict=True)
        ):
            # Digits are centred on the grid line: they rise about 0.7 of their size.
            y = box.bottom - tick * step + 0.35 * SIZES.tick
            self.sheet.write(
                box.left - GAP, y, left, size=SIZES.tick, color=theme.quiet_ink, align="right"
            )
            self.sheet.write(box.right + GAP, y, right, size=SIZES.tick, color=theme.quiet_ink)

    def draw_price_axis(self, label: Callable[[float], str]) -> None:
        """Write the prices below; one that would leave the area or touch another goes without."""
        sheet, box, color = self.sheet, self.box, self.sheet.theme.quiet_ink
        free_from = box.left - GAP
        for price in price_ticks(self.low, self.high):
            x, text = self.x(float(price)), label(float(price))
            half = sheet.measure(text, SIZES.tick) / 2
            if x - half < free_from or x + half > box.right + GAP:
                continue
            free_from = x + half + 2 * GAP
            sheet.stroke((x, box.bottom), (x, box.bottom + 6), color, width=1.5)
            sheet.write(x, box.bottom + 24, text, size=SIZES.tick, color=color, align="center")
