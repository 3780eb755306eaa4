"""Price levels: the candles of the last days, and what the map holds beside them.

Bars at the side are the intensity per price bucket; those of a cluster have the full
colour, a band back through the days, and their sum in words. The two levels go on
across them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from composer.charts.buckets import Buckets, rebin
from composer.charts.canvas import Area
from composer.charts.history_keys import write_candle_key, write_sides
from composer.charts.history_plot import (
    LABELS,
    HistoryPlot,
    label_column,
    level_labels,
    write_price_scale,
)
from composer.charts.keys import BESIDE, KEY
from composer.charts.kind import ChartKind
from composer.charts.page import GAP, MARGIN, Box, Page
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet, Style
from composer.charts.side_labels import SideLabel, write_side_labels
from composer.charts.texts import LevelsText
from composer.charts.theme import SideColors, Theme
from composer.charts.time_axis import write_times
from composer.errors import RenderError
from composer.figures.report import Cluster, Figures
from composer.market.records import FloatArray, Side
from composer.text.amounts import AmountFormatter

BARS = 110.0  # pixels of the longest bar
STRIP = LABELS + GAP + BARS
LEAST_HEIGHT = 4.0  # pixels of a cluster
NAMED = 2  # clusters of a side, the largest


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLevelsText(LevelsText):
    """Every string the picture prints but its scales and the sums of clusters."""

    intensity_label: str
    candle_label: str
    time_axis_label: str


class PriceLevelsPlot(HistoryPlot):
    """Candles, and the map on `bars`: USD per bucket across, the same prices upwards."""

    def __init__(self, scene: Scene, page: Page, theme: Theme) -> None:
        """Draw everything but the words. Raises RenderError if the market has no candles."""
        super().__init__(scene, page, theme, strip=STRIP, lines_to=GAP + BARS)
        figures, (low, high) = scene.figures, self.past.axes.get_ylim()
        self.clusters = [one for one in figures.clusters if low < one.peak < high]
        reach = max(high / figures.price - 1, 1 - low / figures.price)
        halves = [rebin(figures.liquidation_map, side, reach) for side in Side]
        most = max(float(half.intensity_usd.max()) for half in halves)
        strip = self.strip
        box = Box(left=strip.left + GAP, top=strip.top, right=self.lines_end, bottom=strip.bottom)
        self.bars = Area(self, box, x=(0, most or 1.0), y=(low, high))
        self.bars.axes.set_zorder(-1)
        for half in halves:
            sign = -1 if half.side is Side.LONG else 1
            self._draw_bars(half.side, figures.price + sign * half.edges, half.intensity_usd)
            for cluster in self.clusters:
                if cluster.side is half.side:
                    self._draw_band(cluster)
                    self._draw_guide(cluster, half, figures.price)

    def _draw_bars(self, side: Side, prices: FloatArray, lengths: FloatArray) -> None:
        """Draw the bars of a side, and those of its clusters over them, cut at their prices."""
        colors, floor = _colors_of(self.theme, side), np.zeros_like(lengths)
        near, far = prices[:-1], prices[1:]
        x = np.stack([floor, lengths, lengths, floor], axis=1)
        outlines = list(np.stack([x, np.stack([near, near, far, far], axis=1)], axis=2))
        bars, edge = self.bars.axes, self.theme.background
        faint = PolyCollection(
            outlines,
            facecolors=colors.faint_bar,
            edgecolors=edge,
            linewidths=0.5,
            gid=f"{side}_bars",
            zorder=1,
        )
        bars.add_collection(faint, autolim=False)
        own = [self._prices_of(one) for one in self.clusters if one.side is side]
        if own:
            full = PolyCollection(
                outlines,
                facecolors=colors.bar,
                edgecolors=edge,
                linewidths=0.5,
                hatch=colors.hatch,
                hatchcolors=colors.hatch_ink,
                gid=f"{side}_cluster_bars",
                zorder=2,
            )
            bars.add_collection(full, autolim=False)
            full.set_clip_path(
                Path.make_compound_path(*(_across(bottom, top) for bottom, top in own)),
                bars.get_yaxis_transform(),
            )

    def _draw_band(self, cluster: Cluster) -> None:
        (start, present), (bottom, top) = self.past.axes.get_xlim(), self._prices_of(cluster)
        self.past.axes.add_patch(
            Rectangle(
                (start, bottom),
                present - start,
                top - bottom,
                facecolor=_colors_of(self.theme, cluster.side).shade,
                linewidth=0,
                gid=f"{cluster.side}_band",
                zorder=-2,
            )
        )

    def _draw_guide(self, cluster: Cluster, half: Buckets, price: float) -> None:
        """Draw a thin line from the bars of a cluster to where its label may be."""
        middle = (cluster.low + cluster.high) / 2
        bucket = int(np.searchsorted(half.edges, abs(middle - price))) - 1
        self.bars.axes.hlines(
            [middle],
            float(half.intensity_usd[min(bucket, len(half.intensity_usd) - 1)]),
            self.bars.axes.get_xlim()[1],
            color=_colors_of(self.theme, cluster.side).faint_bar,
            linewidth=1,
            zorder=0.5,
        )

    def _prices_of(self, cluster: Cluster) -> tuple[float, float]:
        """Return the prices of a cluster, a bit farther apart if it is too low to be seen."""
        low, high = self.past.y(cluster.low), self.past.y(cluster.high)
        spare = max(LEAST_HEIGHT - (low - high), 0) / 2
        return self.past.up(low + spare), self.past.up(high - spare)


def draw(scene: Scene, page: Page, theme: Theme) -> PriceLevelsPlot:
    """Return what is the same in every language: candles, the price, levels and clusters."""
    return PriceLevelsPlot(scene, page, theme)


def missing(scene: Scene) -> str | None:
    """Return what a market lacks for this chart, if anything."""
    return None if scene.market.candle_grids else "candles"


def write(
    sheet: Sheet,
    plot: PriceLevelsPlot,
    scene: Scene,
    strings: Mapping[str, str],
    amounts: AmountFormatter,
) -> None:
    """Put the words of one language on the plot, with the scales as its locale writes them.

    Raises RenderError if a string is missing or does not fit, or our fonts cannot write it.
    """
    text, page = PriceLevelsText.of(strings), sheet.page
    sheet.head(text.title, text.subtitle)
    room = page.width - 2 * MARGIN
    taken = write_candle_key(sheet, text.candle_label, width=room / 2)
    _write_bars_key(sheet, text.intensity_label, room - taken - 3 * GAP)
    write_sides(sheet, long=text.long_label, axis=text.time_axis_label, short=text.short_label)
    write_price_scale(sheet, plot, amounts)
    write_times(sheet, plot.past, plot.time_ticks, amounts, page.prices_baseline)
    write_side_labels(
        sheet,
        [
            *level_labels(sheet, plot, scene.figures, text),
            *_cluster_labels(sheet, plot, scene.figures, strings),
        ],
        label_column(sheet, plot),
    )
    sheet.finish(text, over=plot.past.box)


KIND = ChartKind(draw=draw, write=write, missing=missing)


def _colors_of(theme: Theme, side: Side) -> SideColors:
    return theme.long if side is Side.LONG else theme.short


def _across(bottom: float, top: float) -> Path:
    """Return the outline of all that lies between two prices, across the whole area."""
    return Path([(0, bottom), (1, bottom), (1, top), (0, top), (0, bottom)], closed=True)


def _write_bars_key(sheet: Sheet, words: str, width: float) -> None:
    """Write what the bars at the side are where lines begin, beside one of each side."""
    y, x, forward = sheet.page.keys_baseline, sheet.across(MARGIN), sheet.forward
    for colors, length, top in (
        (sheet.theme.short, KEY, y - KEY),
        (sheet.theme.long, 0.7 * KEY, y - KEY / 2 + 1),
    ):
        left, right = sorted((x, x + forward * length))
        sheet.swatch(Box(left=left, top=top, right=right, bottom=top + KEY / 2 - 1), colors)
    sheet.write_within(
        x + forward * (KEY + BESIDE),
        y,
        words,
        Style(size=sheet.page.type.tick, color=sheet.theme.quiet_ink),
        width=width - KEY - BESIDE,
        align=sheet.leading,
        lines=2,
    )


def _cluster_labels(
    sheet: Sheet, plot: PriceLevelsPlot, figures: Figures, strings: Mapping[str, str]
) -> list[SideLabel]:
    """Return the sums of the largest clusters of each side, and of those next to the levels."""
    labels = []
    for side, following, key in (
        (Side.LONG, figures.next_lower, "next_lower"),
        (Side.SHORT, figures.next_upper, "next_upper"),
    ):
        own = [one for one in plot.clusters if one.side is side]
        own.sort(key=lambda one: -one.notional_usd)
        for rank, cluster in enumerate(own, 1):
            is_next = following is not None and cluster.peak == following.level
            if is_next or rank <= NAMED:
                name = key if is_next else f"cluster_{figures.clusters.index(cluster)}"
                ink = _colors_of(sheet.theme, side).ink
                style = Style(size=sheet.page.type.tick, color=ink, bold=is_next)
                labels.append(
                    SideLabel(
                        y=plot.past.y((cluster.low + cluster.high) / 2),
                        rows=((_words(strings, name), style),),
                        rank=rank,
                    )
                )
    return labels


def _words(strings: Mapping[str, str], key: str) -> str:
    if key not in strings:
        msg = f"the words of the chart price_levels are not complete: {key} is missing"
        raise RenderError(msg)
    return strings[key]
