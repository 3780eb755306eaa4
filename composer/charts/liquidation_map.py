"""The liquidation map: how much leverage sits at which distance from the price.

Bars are the intensity per price bucket, curves its sum from the price outwards; a dot
marks where a curve meets the level the post speaks of, and bars beyond that level are
pale and plain. Clusters are shaded from their low to their high. Both sides reach
equally far, so that their areas may be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from composer.charts.buckets import Buckets, reach_shown, rebin
from composer.charts.flags import fly, hoist_price
from composer.charts.keys import write_prices, write_scale_keys, write_side_keys, write_ticks
from composer.charts.kind import ChartKind
from composer.charts.page import GAP, Page
from composer.charts.plot import Plot
from composer.charts.scales import even_ticks, exact
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet
from composer.charts.texts import LevelsText
from composer.charts.theme import SideColors, Theme
from composer.figures.report import Cluster, Figures, Level
from composer.market.records import FloatArray, Side
from composer.text.amounts import AmountFormatter

CLUSTER_BAND = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationMapText(LevelsText):
    """Every string the picture prints but its scales, in the reader's language."""

    intensity_axis_label: str
    cumulative_label: str
    cluster_label: str
    price_axis_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Half:
    """Everything about one side of the picture."""

    buckets: Buckets
    level: Level
    colors: SideColors
    sign: int


def draw(scene: Scene, page: Page, theme: Theme) -> Plot:
    """Return what is the same in every language: grid, bars, curves, clusters, lines of prices."""
    figures = scene.figures
    reach, map_ = reach_shown(figures), figures.liquidation_map
    halves = (
        _Half(
            buckets=rebin(map_, Side.LONG, reach),
            level=figures.lower,
            colors=theme.long,
            sign=-1,
        ),
        _Half(
            buckets=rebin(map_, Side.SHORT, reach),
            level=figures.upper,
            colors=theme.short,
            sign=1,
        ),
    )
    low, high = (figures.price + half.sign * float(half.buckets.edges[-1]) for half in halves)
    plot = Plot(
        page,
        theme,
        prices=(low, high),
        left_ticks=even_ticks(max(float(half.buckets.intensity_usd.max()) for half in halves)),
        right_ticks=even_ticks(max(float(half.buckets.cumulative_usd[-1]) for half in halves)),
    )
    for cluster in _shown_clusters(figures, plot):
        _shade(plot, cluster)
    for half in halves:
        _draw_bars(plot, half, figures.price)
        _draw_curve(plot, half, figures.price)
        _mark_level(plot, half)
    _mark_price(plot, figures.price)
    return plot


def write(
    sheet: Sheet,
    plot: Plot,
    scene: Scene,
    strings: Mapping[str, str],
    amounts: AmountFormatter,
) -> None:
    """Put the words of one language on the plot, with the scales as its locale writes them.

    Raises RenderError if a string is missing or does not fit, or our fonts cannot write it.
    """
    figures, text = scene.figures, LiquidationMapText.of(strings)
    sheet.head(text.title, text.subtitle)
    write_scale_keys(
        sheet,
        bars=text.intensity_axis_label,
        curves=text.cumulative_label,
        clusters=text.cluster_label if _shown_clusters(figures, plot) else None,
    )
    free = hoist_price(sheet, plot, figures.price, text.price_label)
    lower, upper = (
        (text.lower_label, text.lower_intensity),
        (text.upper_label, text.upper_intensity),
    )
    fly(sheet, plot, figures.lower.level, figures.price, lower, free)
    fly(sheet, plot, figures.upper.level, figures.price, upper, free)
    write_ticks(
        sheet,
        plot,
        bars=[amounts.axis_money(exact(usd)) for usd in plot.left_ticks],
        curves=[amounts.axis_money(exact(usd)) for usd in plot.right_ticks],
    )
    write_prices(sheet, plot, [amounts.axis_price(exact(price)) for price in plot.price_ticks])
    write_side_keys(sheet, long=text.long_label, axis=text.price_axis_label, short=text.short_label)
    sheet.finish(text, over=plot.page.grid)


KIND = ChartKind(draw=draw, write=write)


def _shown_clusters(figures: Figures, plot: Plot) -> list[Cluster]:
    return [one for one in figures.clusters if one.high > plot.low and one.low < plot.high]


def _shade(plot: Plot, cluster: Cluster) -> None:
    """Shade a cluster over the whole height, with a bar at its foot: the bar is no colour."""
    colors = plot.theme.long if cluster.side is Side.LONG else plot.theme.short
    band = plot.left_value(plot.page.grid.bottom - CLUSTER_BAND)
    for height, color, zorder in (
        (float(plot.left_ticks[-1]), colors.shade, 0),
        (band, colors.ink, 2.5),
    ):
        plot.axes.add_patch(
            Rectangle(
                (cluster.low, 0),
                cluster.high - cluster.low,
                height,
                facecolor=color,
                linewidth=0,
                zorder=zorder,
                gid=f"{cluster.side}_cluster" if zorder == 0 else f"{cluster.side}_cluster_foot",
            )
        )


def _bar_outlines(prices: FloatArray, heights: FloatArray) -> FloatArray:
    """Return the four corners of each bar, shape (n, 4, 2)."""
    near, far, floor = prices[:-1], prices[1:], np.zeros_like(heights)
    x = np.stack([near, near, far, far], axis=1)
    y = np.stack([floor, heights, heights, floor], axis=1)
    return np.stack([x, y], axis=2)


def _draw_bars(plot: Plot, half: _Half, price: float) -> None:
    outlines = _bar_outlines(price + half.sign * half.buckets.edges, half.buckets.intensity_usd)
    # The full colour ends exactly at the level, within a bar if need be.
    to_level = Rectangle(
        (price, 0),
        half.level.level - price,
        plot.axes.get_ylim()[1],
        transform=plot.axes.transData,
    )
    for name, color, hatch, clip in (
        ("bars_beyond", half.colors.faint_bar, None, None),
        ("bars", half.colors.bar, half.colors.hatch, to_level),
    ):
        bars = PolyCollection(
            list(outlines),
            facecolors=color,
            edgecolors=plot.theme.background,
            linewidths=1,
            hatch=hatch,
            hatchcolors=half.colors.hatch_ink,
            gid=f"{half.buckets.side}_{name}",
            zorder=1,
        )
        plot.axes.add_collection(bars, autolim=False)
        if clip is not None:
            bars.set_clip_path(clip)


def _draw_curve(plot: Plot, half: _Half, price: float) -> None:
    halo = withStroke(linewidth=6, foreground=plot.theme.background)
    plot.axes.plot(
        price + half.sign * half.buckets.edges,
        half.buckets.cumulative_usd,
        color=half.colors.ink,
        linewidth=3,
        solid_capstyle="round",
        path_effects=[halo],
        transform=plot.right_values,
        gid=f"{half.buckets.side}_cumulative",
        zorder=2,
    )


def _mark_level(plot: Plot, half: _Half) -> None:
    """Draw the line of a level up to its label, and a dot at its intensity."""
    ink = half.colors.ink
    plot.axes.plot(
        [half.level.level] * 2,
        [plot.left_value(plot.page.pole_top), 0],
        color=ink,
        linewidth=1.5,
        dashes=(4, 3),
        gid=f"{half.buckets.side}_level",
        zorder=3,
    )
    plot.axes.plot(
        [half.level.level],
        [half.level.intensity_usd],
        marker="o",
        markersize=13,
        color=ink,
        markeredgecolor=plot.theme.background,
        markeredgewidth=2.5,
        clip_on=False,
        transform=plot.right_values,
        gid=f"{half.buckets.side}_level_dot",
        zorder=3,
    )


def _mark_price(plot: Plot, price: float) -> None:
    """Draw the line of the price up to its label."""
    top = plot.page.flag_baselines[0] + GAP
    plot.axes.plot(
        [price] * 2,
        [0, plot.left_value(top)],
        color=plot.theme.ink,
        linewidth=2,
        gid="price",
        zorder=3,
    )
