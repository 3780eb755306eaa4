"""Colours and sizes of our charts.

Longs are blue and shorts vermillion: the pair stays apart in every common form of
colour blindness, and unlike red and green it passes no judgement. Sizes are in
pixels of a picture 1200 wide; the smallest is still read on a phone.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SideColors:
    """The colours of one side: its bars, those beyond the level, its lines and words."""

    bar: str
    faint_bar: str
    ink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Every colour of a picture; words have a contrast of at least 4.5 to the background."""

    background: str
    ink: str
    quiet_ink: str
    grid: str
    watermark: str
    long: SideColors
    short: SideColors


LIGHT = Theme(
    background="#ffffff",
    ink="#16202b",
    quiet_ink="#56616d",
    grid="#dfe4e8",
    watermark="#16202b",
    long=SideColors(bar="#5a9bd0", faint_bar="#c6dcee", ink="#155a96"),
    short=SideColors(bar="#ee8550", faint_bar="#f9d6c3", ink="#b23c05"),
)

DARK = Theme(
    background="#12181f",
    ink="#f2f5f7",
    quiet_ink="#a3afba",
    grid="#2b3642",
    watermark="#f2f5f7",
    long=SideColors(bar="#3d7fb5", faint_bar="#203c53", ink="#7fbcec"),
    short=SideColors(bar="#cf6430", faint_bar="#54301f", ink="#ff9f6e"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Type sizes, in pixels."""

    title: float = 38
    subtitle: float = 19
    label: float = 19
    tick: float = 16
    caveat: float = 15


SIZES = Sizes()
