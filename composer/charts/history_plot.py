"""The drawing of a chart over time: candles, prices upwards, and what lies ahead at the side.

Time runs to the right, so the present is at the right edge of what has been; the strip
beyond it is for the labels of prices that matter now. The scale of prices stands where
lines begin.
"""

from composer.charts.buckets import reach_shown
from composer.charts.candle_marks import draw_candles, recent_candles
from composer.charts.canvas import Area, Canvas
from composer.charts.page import GAP, MARGIN, Box, Page
from composer.charts.scales import exact, price_ticks
from composer.charts.scene import Scene
from composer.charts.sheet import Sheet, Style
from composer.charts.side_labels import SideLabel
from composer.charts.texts import LevelsText
from composer.charts.theme import Theme
from composer.charts.time_axis import TimeTicks
from composer.errors import RenderError
from composer.figures.report import Figures, Level
from composer.market.records import Candles, Side
from composer.text.amounts import AmountFormatter

TICK = 6.0
LABELS = 224.0  # pixels that the strip has for labels


class HistoryPlot(Canvas):
    """Candles of the last days on `past`, and a strip of `strip` pixels for what lies ahead."""

    def __init__(
        self, scene: Scene, page: Page, theme: Theme, *, strip: float, lines_to: float = 0
    ) -> None:
        """Draw the grid, the candles, the price and both levels.

        The lines of price and levels go on for `lines_to` pixels of the strip.
        Raises RenderError if the market has no candles.
        """
        super().__init__(page, theme)
        plot = page.plot
        box = Box(
            left=plot.left,
            top=page.keys_baseline + 1.4 * page.type.tick,
            right=plot.right - strip,
            bottom=plot.bottom,
        )
        candles = recent_candles(scene.market, box.width)
        if candles is None:
            msg = f"a market of {scene.market.symbol} without candles has no history to draw"
            raise RenderError(msg)
        self.candles = candles
        self.lines_end = box.right + lines_to
        start_ms = float(candles.open_ms[0])
        self.past = Area(
            self, box, x=(start_ms, float(candles.known_ms[-1])), y=prices_shown(scene, candles)
        )
        low, high = self.past.axes.get_ylim()
        self.price_ticks = price_ticks(low, high)
        self.time_ticks = TimeTicks.between(start_ms, float(candles.known_ms[-1]))
        self._draw_grid()
        draw_candles(self.past, candles, theme)
        self._draw_price(scene.figures.price)
        for level in (scene.figures.lower, scene.figures.upper):
            self._draw_level(level, scene.figures.price)

    @property
    def strip(self) -> Box:
        """The strip beside the past."""
        box = self.past.box
        return Box(left=box.right, top=box.top, right=self.page.plot.right, bottom=box.bottom)

    def _draw_grid(self) -> None:
        """Draw a line at each price, and a tick below each moment."""
        axes, past, theme = self.past.axes, self.past, self.theme
        start, present = axes.get_xlim()
        low, high = axes.get_ylim()
        axes.hlines(self.price_ticks, start, present, color=theme.grid, linewidth=1, zorder=-1)
        axes.hlines(
            [low], start, present, color=theme.quiet_ink, linewidth=1.5, clip_on=False, zorder=4
        )
        axes.vlines([present], low, high, color=theme.grid, linewidth=1.5, clip_on=False, zorder=4)
        axes.vlines(
            self.time_ticks.stamp_ms,
            past.up(past.box.bottom + TICK),
            low,
            color=theme.quiet_ink,
            linewidth=1.5,
            clip_on=False,
            gid="time_ticks",
        )

    def _from_start_to_labels(self) -> tuple[float, float]:
        return self.past.axes.get_xlim()[0], self.past.across(self.lines_end)

    def _draw_price(self, price: float) -> None:
        self.past.axes.hlines(
            [price],
            *self._from_start_to_labels(),
            clip_on=False,
            color=self.theme.ink,
            linewidth=1,
            linestyle=(0, (1, 2)),
            gid="price",
            zorder=2.4,
        )

    def _draw_level(self, level: Level, price: float) -> None:
        """Draw a dashed line that is seen over whatever it crosses."""
        below = level.level < price
        for color, width, dashes in (
            (self.theme.background, 4, "solid"),
            ((self.theme.long if below else self.theme.short).ink, 2, (0, (4, 2))),
        ):
            self.past.axes.hlines(
                [level.level],
                *self._from_start_to_labels(),
                clip_on=False,
                color=color,
                linewidth=width,
                linestyle=dashes,
                gid="lower_level" if below else "upper_level",
                zorder=2.5,
            )


def prices_shown(scene: Scene, candles: Candles) -> tuple[float, float]:
    """Return the prices a picture reaches to: those of its candles, and what a text speaks of.

    That is as far as a liquidation map reaches, and out to the clusters that have a name:
    the largest of each side and the next ones; but not into prices near zero.
    """
    figures = scene.figures
    reach = reach_shown(figures)
    named = _named_prices(figures)
    low = min(float(candles.low.min()), *named)
    high = max(float(candles.high.max()), figures.price * (1 + reach), *named)
    low = min(low, max(figures.price * (1 - reach), 0.8 * low))
    spare = 0.02 * (high - low)
    return max(low - spare, 0.5 * low), high + spare


def _named_prices(figures: Figures) -> list[float]:
    following = (figures.next_lower, figures.next_upper)
    prices = [level.level for level in (figures.lower, figures.upper, *following) if level]
    for side in Side:
        own = [cluster for cluster in figures.clusters if cluster.side is side]
        if own:
            largest = max(own, key=lambda cluster: cluster.notional_usd)
            prices += [largest.low, largest.high]
    return prices


def write_price_scale(sheet: Sheet, plot: HistoryPlot, amounts: AmountFormatter) -> None:
    """Write a price beside each line of the grid, where lines of text begin.

    Where that is beyond the strip the lines go on to it.
    """
    page, strip = sheet.page, plot.strip
    style = Style(size=page.type.tick, color=sheet.theme.quiet_ink)
    x = page.plot.right + GAP if sheet.mirrored else page.plot.left - GAP
    for price in plot.price_ticks:
        y = plot.past.y(float(price))
        if sheet.mirrored:
            sheet.stroke((strip.left, y), (strip.right, y), sheet.theme.grid, width=1)
        sheet.write_within(
            x,
            # Digits are centred on the line: they rise about 0.7 of their size.
            y + 0.35 * style.size,
            amounts.axis_price(exact(float(price))),
            style,
            width=page.scale_room,
            align="left" if sheet.mirrored else "right",
        )


def label_column(sheet: Sheet, plot: HistoryPlot) -> Box:
    """Return where labels go: to the margin, or to the scale of prices where that is there."""
    right = plot.strip.right - GAP if sheet.mirrored else sheet.page.width - MARGIN
    strip = plot.strip
    return Box(left=plot.lines_end, top=strip.top - GAP, right=right, bottom=strip.bottom)


def level_labels(
    sheet: Sheet, plot: HistoryPlot, figures: Figures, text: LevelsText
) -> list[SideLabel]:
    """Return the labels of both levels, and of the price between them."""
    theme, size = sheet.theme, sheet.page.type.label
    price = Style(size=size, color=theme.ink, bold=True)
    levels = (
        (figures.upper, text.upper_label, text.upper_intensity, theme.short.ink),
        (figures.lower, text.lower_label, text.lower_intensity, theme.long.ink),
    )
    return [
        SideLabel(y=plot.past.y(figures.price), rows=((text.price_label, price),)),
        *(
            SideLabel(
                y=plot.past.y(level.level),
                rows=(
                    (label, Style(size=size, color=ink, bold=True)),
                    (intensity, Style(size=0.84 * size, color=ink)),
                ),
            )
            for level, label, intensity, ink in levels
        ),
    ]
