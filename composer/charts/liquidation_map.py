"""The liquidation map: how much leverage sits at which distance from the price.

Bars are the intensity per price bucket, curves its sum from the price outwards; a dot
marks where a curve meets the level the post speaks of, and bars beyond that level are
pale. Both sides reach equally far, so that their areas may be compared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from composer.charts.buckets import Buckets, reach_shown, rebin
from composer.charts.flags import fly
from composer.charts.keys import write_scale_keys, write_side_keys
from composer.charts.plot import GAP, Plot, scale_up_to
from composer.charts.png import encode
from composer.charts.sheet import Sheet
from composer.charts.theme import LIGHT, SIZES, SideColors, Theme
from composer.errors import RenderError
from composer.figures.report import Figures, Level
from composer.market.records import FloatArray, Side
from composer.text.amounts import AmountFormatter

SIZE = (1200, 675)

# Rows of words above and below the drawing: heights, and baselines from where the rows begin.
PRICE_BASELINE = 18.0
HEADROOM = 92.0
SIDES_BASELINE = 52.0
FOOTROOM = 64.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidationMapText:
    """Every string the picture prints, in the reader's language, with its numbers formatted.

    `upper_label` and `lower_label` name the levels; `upper_intensity` and
    `lower_intensity` say what lies between them and the price. `credit` is the
    creator's name, `watermark` a warning such as that the data is simulated.
    """

    title: str
    subtitle: str
    caveat: str
    price_label: str
    upper_label: str
    upper_intensity: str
    lower_label: str
    lower_intensity: str
    long_label: str
    short_label: str
    intensity_axis_label: str
    cumulative_label: str
    price_axis_label: str
    price_tick: Callable[[float], str]
    intensity_tick: Callable[[float], str]
    credit: str | None = None
    watermark: str | None = None


def text_of(strings: Mapping[str, str], amounts: AmountFormatter) -> LiquidationMapText:
    """Return the words of a written chart with the scales of its locale.

    Raises RenderError if the chart's template left a string out.
    """
    known = {item.name for item in fields(LiquidationMapText)}
    given = {key: text for key, text in strings.items() if key in known}
    try:
        return LiquidationMapText(
            **given,
            price_tick=lambda price: amounts.axis_price(Decimal(repr(price))),
            intensity_tick=lambda usd: amounts.axis_money(Decimal(repr(usd))),
        )
    except TypeError as error:
        msg = f"the words of the chart liquidation_map are not complete: {error}"
        raise RenderError(msg) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Half:
    """Everything about one side of the picture."""

    buckets: Buckets
    level: Level
    label: tuple[str, str]
    colors: SideColors
    sign: int


def draw(
    figures: Figures, strings: Mapping[str, str], amounts: AmountFormatter, *, edition: str
) -> bytes:
    """Return the liquidation map of `figures` as a PNG, in the locale of `amounts`.

    `strings` are the chart's words by key. Raises RenderError if one is missing or does
    not fit, or if our fonts cannot write it.
    """
    figure = compose(figures, text_of(strings, amounts), locale=amounts.locale)
    return encode(figure, edition=edition)


def compose(
    figures: Figures,
    text: LiquidationMapText,
    *,
    locale: str,
    theme: Theme = LIGHT,
    size: tuple[int, int] = SIZE,
) -> Figure:
    """Return the liquidation map of `figures` as a figure not yet drawn."""
    sheet = Sheet(size=size, locale=locale, theme=theme)
    top = sheet.head(text.title, text.subtitle) + 2 * GAP
    bottom = sheet.foot(text.caveat, text.credit) - FOOTROOM
    halves = _halves(figures, text, theme)
    plot = Plot(
        sheet,
        top=top,
        bottom=bottom,
        prices=tuple(figures.price + half.sign * half.buckets.edges[-1] for half in halves),
        left_scale=scale_up_to(
            max(half.buckets.intensity_usd.max() for half in halves), text.intensity_tick
        ),
        right_scale=scale_up_to(
            max(half.buckets.cumulative_usd[-1] for half in halves), text.intensity_tick
        ),
        headroom=HEADROOM,
    )
    plot.draw_scales()
    plot.draw_price_axis(text.price_tick)
    for half in halves:
        _draw_bars(plot, half, figures.price)
        _draw_curve(plot, half, figures.price)
        _mark_level(plot, half, figures.price)
    _mark_price(plot, figures.price, text.price_label)
    write_scale_keys(
        plot,
        plot.box.top + PRICE_BASELINE,
        bars=text.intensity_axis_label,
        curves=text.cumulative_label,
    )
    write_side_keys(
        plot,
        plot.box.bottom + SIDES_BASELINE,
        long=text.long_label,
        axis=text.price_axis_label,
        short=text.short_label,
    )
    if text.watermark is not None:
        sheet.watermark(text.watermark, plot.grid)
    return sheet.figure


def _halves(figures: Figures, text: LiquidationMapText, theme: Theme) -> tuple[_Half, _Half]:
    reach = reach_shown(figures)
    return (
        _Half(
            buckets=rebin(figures.liquidation_map, Side.LONG, reach),
            level=figures.lower,
            label=(text.lower_label, text.lower_intensity),
            colors=theme.long,
            sign=-1,
        ),
        _Half(
            buckets=rebin(figures.liquidation_map, Side.SHORT, reach),
            level=figures.upper,
            label=(text.upper_label, text.upper_intensity),
            colors=theme.short,
            sign=1,
        ),
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
    for name, color, clip in (
        ("bars_beyond", half.colors.faint_bar, None),
        ("bars", half.colors.bar, to_level),
    ):
        bars = PolyCollection(
            list(outlines),
            facecolors=color,
            edgecolors=plot.sheet.theme.background,
            linewidths=1,
            gid=f"{half.buckets.side}_{name}",
            zorder=1,
        )
        plot.axes.add_collection(bars, autolim=False)
        if clip is not None:
            bars.set_clip_path(clip)


def _draw_curve(plot: Plot, half: _Half, price: float) -> None:
    halo = withStroke(linewidth=6, foreground=plot.sheet.theme.background)
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


def _mark_level(plot: Plot, half: _Half, price: float) -> None:
    """Draw the line of a level, a dot at its intensity, and its label."""
    ink = half.colors.ink
    pole_top = fly(plot, half.level.level, price, half.label, ink)
    plot.axes.plot(
        [half.level.level] * 2,
        [plot.left_value(pole_top), 0],
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
        markeredgecolor=plot.sheet.theme.background,
        markeredgewidth=2.5,
        clip_on=False,
        transform=plot.right_values,
        gid=f"{half.buckets.side}_level_dot",
        zorder=3,
    )


def _mark_price(plot: Plot, price: float, label: str) -> None:
    """Draw the line of the price up to its label."""
    sheet, ink, y = plot.sheet, plot.sheet.theme.ink, plot.box.top + PRICE_BASELINE
    x, room = plot.x(price), plot.box.width / 3
    sheet.write_within(
        x, y, label, width=room, size=SIZES.label, color=ink, bold=True, align="center"
    )
    plot.axes.plot(
        [price] * 2,
        [0, plot.left_value(y + GAP)],
        color=ink,
        linewidth=2,
        gid="price",
        zorder=3,
    )
