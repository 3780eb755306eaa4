"""The drawing of equal distances, without a word: two arms, and the sums they are measured on."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Polygon
from matplotlib.patheffects import withStroke

from composer.charts.canvas import Area, Canvas
from composer.charts.page import GAP, MARGIN, Box, Page
from composer.charts.scales import even_ticks, price_ticks
from composer.charts.theme import SideColors, Theme
from composer.figures.profile import SideProfile
from composer.figures.report import Figures
from composer.market.records import FloatArray, Side

# Of the page, from its margin: the words of the arms.
WORDS = 0.335
ARM = 18.0
HEAD = 22.0
BETWEEN = 30.0  # from the arms to the sums

LEAST_REACH = 0.01
FARTHEST = 0.3
POINTS = 240


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Half:
    """One side: the sums met within distances from the price, and where the amount is met."""

    side: Side
    distances: FloatArray
    cumulative_usd: FloatArray
    met_at: float | None
    colors: SideColors
    sign: int


class EqualDistancePlot(Canvas):
    """The drawing: `sums` is measured in USD met across, and in prices upwards."""

    sums: Area

    def __init__(self, figures: Figures, page: Page, theme: Theme) -> None:
        """Draw everything but the words."""
        super().__init__(page, theme)
        self.price = figures.price
        self.notional_usd = figures.equal_notional.notional_usd
        reach = _reach(figures)
        self.halves = halves = (
            _half(figures, Side.SHORT, reach, theme),
            _half(figures, Side.LONG, reach, theme),
        )
        widest = _widest(halves, self.notional_usd)
        self.usd_ticks = even_ticks(widest)
        # A scale of nothing would be of whatever one likes.
        self.usd_labels = self.usd_ticks if widest > 0 else self.usd_ticks[:1]
        low, high = self.price * (1 - reach), self.price * (1 + reach)
        self.price_ticks = price_ticks(low, high)
        self.sums = Area(self, sums_box(page), x=(0, float(self.usd_ticks[-1])), y=(low, high))
        self._draw_grid()
        for half in halves:
            self._draw_sums(half)
        if self.notional_usd > 0:
            self._draw_amount()
        for half in halves:
            self._draw_arm(half)
        self._draw_price()

    @property
    def arms_x(self) -> float:
        """Where the arms stand."""
        return self.sums.box.left - BETWEEN - ARM / 2

    def _draw_grid(self) -> None:
        axes, theme, box = self.sums.axes, self.theme, self.sums.box
        axes.hlines(
            self.price_ticks,
            0,
            float(self.usd_ticks[-1]),
            color=theme.grid,
            linewidth=1,
            zorder=0.5,
        )
        bottom, top = self.sums.up(box.bottom), self.sums.up(box.top)
        axes.vlines(self.usd_ticks[1:], bottom, top, color=theme.grid, linewidth=1, zorder=0.5)
        axes.vlines([0], bottom, top, color=theme.quiet_ink, linewidth=1.5, clip_on=False, zorder=4)

    def _draw_sums(self, half: Half) -> None:
        axes, prices = self.sums.axes, self.price + half.sign * half.distances
        met = half.met_at if half.met_at is not None else np.inf
        for name, shown, color, hatch in (
            ("sum", half.distances <= met, half.colors.bar, half.colors.hatch),
            ("sum_beyond", half.distances >= met, half.colors.faint_bar, None),
        ):
            if shown.sum() > 1:
                axes.fill_betweenx(
                    prices[shown],
                    half.cumulative_usd[shown],
                    facecolor=color,
                    hatch=hatch,
                    hatchcolor=half.colors.hatch_ink,
                    edgecolor=color,
                    linewidth=0,
                    gid=f"{half.side}_{name}",
                    zorder=1,
                )
        axes.plot(
            half.cumulative_usd,
            prices,
            color=half.colors.ink,
            linewidth=3,
            solid_capstyle="butt",
            path_effects=[withStroke(linewidth=6, foreground=self.theme.background)],
            gid=f"{half.side}_cumulative",
            zorder=2,
        )

    def _draw_amount(self) -> None:
        """Draw the line of the amount, up to its label."""
        sums = self.sums
        sums.axes.plot(
            [self.notional_usd] * 2,
            [sums.up(sums.box.bottom), sums.up(sums.box.top - GAP / 2)],
            color=self.theme.ink,
            linewidth=2,
            dashes=(4, 3),
            clip_on=False,
            gid="amount",
            zorder=2.5,
        )

    def _draw_arm(self, half: Half) -> None:
        """Draw an arm from the price to where the amount is met, and a line on to its sum."""
        if half.met_at is None:
            return
        sums, ink = self.sums, half.colors.ink
        tip = self.price + half.sign * half.met_at
        sums.axes.plot(
            [sums.across(self.arms_x), self.notional_usd],
            [tip, tip],
            color=ink,
            linewidth=1.5,
            dashes=(4, 3),
            clip_on=False,
            gid=f"{half.side}_reached",
            zorder=2.5,
        )
        sums.axes.plot(
            [self.notional_usd],
            [tip],
            marker="o",
            markersize=13,
            color=ink,
            markeredgecolor=self.theme.background,
            markeredgewidth=2.5,
            clip_on=False,
            gid=f"{half.side}_reached_dot",
            zorder=3,
        )
        sums.axes.add_patch(
            Polygon(
                self._arm(half.sign, tip),
                closed=True,
                facecolor=half.colors.bar,
                edgecolor=ink,
                hatch=half.colors.hatch,
                hatchcolor=half.colors.hatch_ink,
                linewidth=1.5,
                clip_on=False,
                gid=f"{half.side}_arm",
                zorder=3,
            )
        )

    def _arm(self, sign: int, tip: float) -> list[tuple[float, float]]:
        """Return the corners of an arrow from the price to `tip`."""
        sums, x = self.sums, self.arms_x
        length = abs(sums.y(tip) - sums.y(self.price))
        neck = sums.up(sums.y(tip) + sign * min(HEAD, 0.6 * length))
        corners = (
            (-ARM / 2, self.price),
            (-ARM / 2, neck),
            (-ARM, neck),
            (0.0, tip),
            (ARM, neck),
            (ARM / 2, neck),
            (ARM / 2, self.price),
        )
        return [(sums.across(x + aside), price) for aside, price in corners]

    def _draw_price(self) -> None:
        sums = self.sums
        sums.axes.plot(
            [sums.across(self.arms_x - ARM - GAP), float(self.usd_ticks[-1])],
            [self.price] * 2,
            color=self.theme.ink,
            linewidth=2.5,
            clip_on=False,
            gid="price",
            zorder=4,
        )


def sums_box(page: Page) -> Box:
    """Return where the sums are drawn."""
    return Box(
        left=MARGIN + WORDS * page.width + 2 * ARM + BETWEEN,
        top=page.flag_baselines[0] + GAP,
        right=page.plot.right,
        bottom=page.plot.bottom,
    )


def _reach(figures: Figures) -> float:
    """Return how far the picture reaches either way, as a fraction of price.

    A bit beyond both arms; where a side never meets the amount, over all that it holds.
    """
    equal, price = figures.equal_notional, figures.price
    far = [LEAST_REACH * price]
    for side, distance in ((Side.SHORT, equal.up_usd), (Side.LONG, equal.down_usd)):
        if distance is not None:
            far.append(1.2 * distance)
        else:
            profile = SideProfile.of(figures.liquidation_map, side)
            far.extend(1.05 * profile.far[profile.mass > 0][-1:])
    longest = max(
        1.2 * distance for distance in (equal.up_usd, equal.down_usd, 0) if distance is not None
    )
    return min(max(far), max(FARTHEST * price, longest), 0.99 * price) / price


def _half(figures: Figures, side: Side, reach: float, theme: Theme) -> Half:
    equal = figures.equal_notional
    met_at = equal.up_usd if side is Side.SHORT else equal.down_usd
    distances = np.linspace(0, reach * figures.price, POINTS + 1)
    if met_at is not None:
        distances = np.union1d(distances, [met_at])
    return Half(
        side=side,
        distances=distances,
        cumulative_usd=SideProfile.of(figures.liquidation_map, side).cumulative(distances),
        met_at=met_at,
        colors=theme.short if side is Side.SHORT else theme.long,
        sign=1 if side is Side.SHORT else -1,
    )


def _widest(halves: tuple[Half, Half], notional_usd: float) -> float:
    """Return the sum the scale must show: the amount with room beyond it, not all of a side."""
    most = max(float(half.cumulative_usd[-1]) for half in halves)
    return max(min(most, 1.9 * notional_usd), 1.15 * notional_usd) if notional_usd > 0 else most
