"""Colours of our charts, light and dark.

Longs are blue and shorts vermillion: the pair stays apart in every common form of
colour blindness, and unlike red and green it passes no judgement. Colour is never
alone: each side has its own side of the price, and its own direction of hatching.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from composer.errors import RenderError


@dataclass(frozen=True, slots=True, kw_only=True)
class SideColors:
    """How one side looks: its bars and their hatching, those beyond the level, its clusters, words.

    `hatch` is the pattern of the bars up to the level, in matplotlib's notation. `deep` is
    the colour of the most there is, where amounts are told by colour.
    """

    bar: str
    hatch_ink: str
    hatch: str
    faint_bar: str
    shade: str
    ink: str
    deep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Every colour of a picture; words have a contrast of at least 4.5 to the background."""

    name: str
    background: str
    ink: str
    quiet_ink: str
    grid: str
    watermark: str
    long: SideColors
    short: SideColors

    @property
    def inks(self) -> tuple[str, ...]:
        """The colours words are written in."""
        return (self.ink, self.quiet_ink, self.long.ink, self.short.ink)


LIGHT = Theme(
    name="light",
    background="#ffffff",
    ink="#16202b",
    quiet_ink="#56616d",
    grid="#dfe4e8",
    watermark="#16202b",
    long=SideColors(
        bar="#5a9bd0",
        hatch_ink="#2f73ab",
        hatch="\\\\\\\\",
        faint_bar="#c6dcee",
        shade="#eaf2f9",
        ink="#155a96",
        deep="#0a3a66",
    ),
    short=SideColors(
        bar="#ee8550",
        hatch_ink="#c25a24",
        hatch="////",
        faint_bar="#f9d6c3",
        shade="#fdf0e8",
        ink="#b23c05",
        deep="#6e2400",
    ),
)

DARK = Theme(
    name="dark",
    background="#12181f",
    ink="#f2f5f7",
    quiet_ink="#a3afba",
    grid="#2b3642",
    watermark="#f2f5f7",
    long=SideColors(
        bar="#3d7fb5",
        hatch_ink="#79b4e2",
        hatch="\\\\\\\\",
        faint_bar="#203c53",
        shade="#17242f",
        ink="#7fbcec",
        deep="#d0e9ff",
    ),
    short=SideColors(
        bar="#cf6430",
        hatch_ink="#f79c6c",
        hatch="////",
        faint_bar="#54301f",
        shade="#291f1c",
        ink="#ff9f6e",
        deep="#ffdfcf",
    ),
)

THEMES: Mapping[str, Theme] = MappingProxyType({theme.name: theme for theme in (LIGHT, DARK)})


def require_theme(name: str) -> Theme:
    """Return the theme of a name. Raises RenderError if there is none."""
    if name not in THEMES:
        msg = f"there is no chart theme {name!r}; choose one of {', '.join(THEMES)}"
        raise RenderError(msg)
    return THEMES[name]
