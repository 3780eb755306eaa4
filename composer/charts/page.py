"""The pages charts are laid out on: what stands where, whatever the language.

No place depends on the words, so that one plot serves every language. Positions are
pixels from the top left corner. The plot stands in the middle of its page: seen in a
mirror, for languages written from the right, it is where it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from composer.errors import RenderError

MARGIN = 40.0
GAP = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide the box is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high the box is."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Where the box is halved from left to right."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSizes:
    """Sizes of type, in pixels; what does not fit is set smaller by up to a third."""

    title: float
    subtitle: float
    label: float
    tick: float
    caveat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One size of picture: its type, and the heights of its rows.

    `head_lines` are how many title and subtitle may take together. `plot_top` and
    `plot_bottom` bound the plot; its upper `headroom` is for labels.
    `scale_room` is the width of the labels of a scale.
    """

    width: int
    height: int
    type: TypeSizes
    head_lines: int
    plot_top: float
    plot_bottom: float
    headroom: float
    scale_room: float

    @property
    def name(self) -> str:
        """What people call this size: 1200x675."""
        return f"{self.width}x{self.height}"

    @property
    def plot(self) -> Box:
        """The area of the plot, without what is written on its sides."""
        aside = MARGIN + self.scale_room + GAP
        return Box(left=aside, top=self.plot_top, right=self.width - aside, bottom=self.plot_bottom)

    @property
    def grid(self) -> Box:
        """The part of the plot that values reach: all but the headroom."""
        plot = self.plot
        return Box(
            left=plot.left, top=plot.top + self.headroom, right=plot.right, bottom=plot.bottom
        )

    @property
    def keys_baseline(self) -> float:
        """Where the last line of the keys of both scales stands, on top of the headroom."""
        return self.plot_top + 2.25 * self.type.tick

    @property
    def flag_baselines(self) -> tuple[float, float]:
        """Where the two lines of the labels of prices stand, below the keys."""
        first = self.keys_baseline + 0.75 * self.type.tick + 0.9 * self.type.label
        return first, first + 1.24 * self.type.label

    @property
    def pole_top(self) -> float:
        """Where the line of a level ends, below its label."""
        return self.flag_baselines[1] + GAP

    @property
    def prices_baseline(self) -> float:
        """Where the prices stand, below the plot."""
        return self.plot_bottom + 1.5 * self.type.tick

    @property
    def sides_baseline(self) -> float:
        """Where the names of both sides stand, below the prices."""
        return self.plot_bottom + 3.25 * self.type.tick


WIDE = Page(
    width=1200,
    height=675,
    type=TypeSizes(title=38, subtitle=19, label=19, tick=16, caveat=15),
    head_lines=3,
    plot_top=166,
    plot_bottom=546,
    headroom=112,
    scale_room=84,
)

SQUARE = Page(
    width=1080,
    height=1080,
    type=TypeSizes(title=46, subtitle=23, label=23, tick=19, caveat=18),
    head_lines=4,
    plot_top=238,
    plot_bottom=930,
    headroom=138,
    scale_room=96,
)

PAGES: Mapping[str, Page] = MappingProxyType({page.name: page for page in (WIDE, SQUARE)})


def require_page(name: str) -> Page:
    """Return the page of a size such as 1200x675. Raises RenderError if there is none."""
    if name not in PAGES:
        msg = f"there is no chart size {name!r}; choose one of {', '.join(PAGES)}"
        raise RenderError(msg)
    return PAGES[name]
