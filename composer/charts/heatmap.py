"""The heatmap: where leverage sat at each moment of the last days, under the candles.

Colour is the intensity per price bucket, of longs below the price and of shorts above
it. The last column is the present map. Nothing is drawn where the map holds nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from composer.charts.candle_marks import WEEK
from composer.charts.heat_colors import STEPS, heat_colors
from composer.charts.heat_key import write_heat_key
from composer.charts.history_keys import write_candle_key, write_sides
from composer.charts.history_plot import (
    LABELS,
    HistoryPlot,
    label_column,
    level_labels,
    write_price_scale,
)
from composer.charts.kind import ChartKind
from composer.charts.page import GAP, MARGIN, Page
from composer.charts.scales import even_ticks, exact
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet
from composer.charts.side_labels import write_side_labels
from composer.charts.texts import LevelsText
from composer.charts.theme import Theme
from composer.charts.time_axis import write_times
from composer.errors import RenderError
from composer.figures.compute import map_tiers_of
from composer.figures.heatmap import Heatmap, estimate_heatmap
from composer.market.records import FloatArray, Side
from composer.text.amounts import AmountFormatter

COLUMNS = 168
BUCKET = 4.0  # pixels of the height of a price bucket, about
BRIGHTEST = 0.995  # of what is shown; the rest has the deepest colour too


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatmapText(LevelsText):
    """Every string the picture prints but its scales, in the reader's language."""

    intensity_label: str
    candle_label: str
    time_axis_label: str


class HeatmapPlot(HistoryPlot):
    """Candles over `heat`; `intensity_ticks` are on the scale of its colours."""

    def __init__(self, scene: Scene, page: Page, theme: Theme) -> None:
        """Draw everything but the words. Raises RenderError if the market lacks its past."""
        super().__init__(scene, page, theme, strip=LABELS)
        self.heat = self._estimate(scene)
        shown = np.maximum(self.heat.long_usd, self.heat.short_usd)
        shown = shown[shown > 0]
        top = float(np.quantile(shown, BRIGHTEST)) if len(shown) else 0.0
        self.intensity_ticks = even_ticks(top)
        self._draw_heat()

    def _estimate(self, scene: Scene) -> Heatmap:
        market, (low, high) = scene.market, self.past.axes.get_ylim()
        if market.open_interest is None:
            msg = f"a market of {market.symbol} without open interest has no heatmap"
            raise RenderError(msg)
        buckets = round(self.past.box.height / BUCKET)
        return estimate_heatmap(
            market.candle_grids,
            market.open_interest,
            edges=np.linspace(low, high, buckets + 1),
            columns=COLUMNS,
            shown=WEEK,
            tiers=map_tiers_of(market),
        )

    def _draw_heat(self) -> None:
        """Draw a pixel for each pixel of the page, so that no edge is smeared."""
        heat, box = self.heat, self.past.box
        (start, present), (low, high) = self.past.axes.get_xlim(), self.past.axes.get_ylim()
        width, height = round(box.width), round(box.height)
        moments = start + (np.arange(width) + 0.5) / width * (present - start)
        column = np.searchsorted(heat.known_ms, moments).clip(max=len(heat.known_ms) - 1)
        bucket = np.arange(height) * len(heat.edges[1:]) // height
        self.past.axes.imshow(
            self._colors()[column[None, :], bucket[:, None]],
            extent=(start, present, low, high),
            origin="lower",
            interpolation="nearest",
            aspect="auto",
            gid="heat",
            zorder=0,
        )

    def _colors(self) -> FloatArray:
        """Return the colour of each column and bucket, transparent where nothing is."""
        heat, top = self.heat, float(self.intensity_ticks[-1])
        colors = np.zeros((*heat.long_usd.shape, 4), np.uint8)
        for side, usd, other in (
            (Side.LONG, heat.long_usd, heat.short_usd),
            (Side.SHORT, heat.short_usd, heat.long_usd),
        ):
            held = (usd > 0) & (usd >= other)
            step = np.ceil(usd[held] / top * STEPS).astype(int).clip(1, STEPS) - 1
            colors[held, :3] = heat_colors(self.theme, side)[step]
            colors[held, 3] = 255
        return colors


def missing(scene: Scene) -> str | None:
    """Return what a market lacks for a heatmap, if anything."""
    market = scene.market
    if market.candles is None:
        return "candles"
    if market.open_interest is None:
        return "open interest"
    return None if market.liquidation_map is None else "past of its published map"


def draw(scene: Scene, page: Page, theme: Theme) -> HeatmapPlot:
    """Return what is the same in every language: heat, candles, the price and both levels."""
    return HeatmapPlot(scene, page, theme)


def write(
    sheet: Sheet,
    plot: HeatmapPlot,
    scene: Scene,
    strings: Mapping[str, str],
    amounts: AmountFormatter,
) -> None:
    """Put the words of one language on the plot, with the scales as its locale writes them.

    Raises RenderError if a string is missing or does not fit, or our fonts cannot write it.
    """
    text, page = HeatmapText.of(strings), sheet.page
    sheet.head(text.title, text.subtitle)
    room = page.width - 2 * MARGIN
    taken = write_candle_key(sheet, text.candle_label, width=room / 3)
    ends = (0.0, float(plot.intensity_ticks[-1]))
    write_heat_key(
        sheet,
        text.intensity_label,
        (amounts.axis_money(exact(ends[0])), amounts.axis_money(exact(ends[1]))),
        width=room - taken - 2 * GAP,
    )
    write_sides(sheet, long=text.long_label, axis=text.time_axis_label, short=text.short_label)
    write_price_scale(sheet, plot, amounts)
    write_times(sheet, plot.past, plot.time_ticks, amounts, page.prices_baseline)
    write_side_labels(
        sheet,
        level_labels(sheet, plot, scene.figures, text),
        label_column(sheet, plot),
    )
    sheet.finish(text, over=plot.past.box)


KIND = ChartKind(draw=draw, write=write, missing=missing)
