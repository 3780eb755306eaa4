"""The letters of a picture: our own fonts, chosen by locale, with nothing left to chance.

A system's fonts are never asked: the same picture comes out everywhere. The last
family is the DejaVu Sans inside matplotlib; it has the arrows and signs Noto lacks.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import get_ident
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags

from composer import resources
from composer.errors import RenderError

LATIN = "Squaredesk Sans"
SYMBOLS = "DejaVu Sans"

# The family of a script our Latin one does not cover, by the locale that is written in it.
_SCRIPT_FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "Squaredesk Sans Arabic",
        "hi": "Squaredesk Sans Devanagari",
        "ja": "Squaredesk Sans JP",
        "ko": "Squaredesk Sans KR",
        "th": "Squaredesk Sans Thai",
        "zh_Hans": "Squaredesk Sans SC",
        "zh_Hant": "Squaredesk Sans TC",
    }
)
_RIGHT_TO_LEFT = frozenset({"ar"})
# Marks stacked above one line would meet those hung below another.
_LINES = 1.24
_TALL_LINES: Mapping[str, float] = MappingProxyType({"ar": 1.3, "th": 1.38})
_RIGHT_TO_LEFT_MARK = "\u200f"

# At 72 dots an inch a point of type is a pixel, so one unit serves everything.
DPI = 72

_FIRST_EMOJI = "\U0001f000"
_EMOJI_STYLE = "\ufe0f"
_LINKS = ("://", "www.")


def families(locale: str) -> tuple[str, ...]:
    """Return the font families of a locale, in the order they are asked for a character."""
    script = _SCRIPT_FAMILIES.get(locale)
    return (LATIN, SYMBOLS) if script is None else (LATIN, script, SYMBOLS)


def is_right_to_left(locale: str) -> bool:
    """Tell whether a locale is written from right to left."""
    return locale in _RIGHT_TO_LEFT


def line_height(locale: str) -> float:
    """Return how far apart lines stand in a locale, in sizes of their type."""
    return _TALL_LINES.get(locale, _LINES)


def directed(text: str, locale: str) -> str:
    """Return a line that runs as its locale does, whatever letter it begins with."""
    return f"{_RIGHT_TO_LEFT_MARK}{text}" if is_right_to_left(locale) else text


@cache
def register_fonts() -> None:
    """Make our fonts known to matplotlib, once in a process."""
    for file in sorted(resources.fonts_folder().iterdir()):
        if file.suffix in {".ttf", ".otf"}:
            fontManager.addfont(file)


@cache
def _files(locale: str, weight: str) -> tuple[str, ...]:
    """Return the files of a locale's fonts, in the order they are asked for a character."""
    register_fonts()
    return tuple(
        fontManager.findfont(
            FontProperties(family=[name], weight=weight), fallback_to_default=False
        )
        for name in families(locale)
    )


@cache
def _content(file: str) -> bytes:
    return Path(file).read_bytes()


@lru_cache(maxsize=64)
def _font(locale: str, weight: str, _thread: int) -> FT2Font:
    """Return the fonts of a locale as one that asks them in order; no two threads share it.

    From memory: matplotlib's own `get_font` has FreeType read each glyph of each line through
    a Python file, which takes longer than all else about a line together.
    """
    first, *others = (BytesIO(_content(file)) for file in _files(locale, weight))
    return FT2Font(first, _fallback_list=[FT2Font(other) for other in others])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Letters:
    """A line of text as it covers pixels, shape (height, width), from 0 to 255.

    Its top left pixel lies `left` and `top` pixels from where the line begins on its
    baseline. `width` is how far the line reaches, and grows with the size of the type.
    """

    cover: npt.NDArray[np.uint8]
    left: int
    top: int
    width: float


def letters_of(
    text: str, locale: str, size: float, *, bold: bool = False, angle: float = 0
) -> Letters:
    """Return a line of text as pixels, turned counter-clockwise by `angle` degrees.

    Raises RenderError if our fonts cannot write it.
    """
    require_printable(text, locale, bold=bold)
    letters = _font(locale, "bold" if bold else "normal", get_ident())
    letters.set_size(size, DPI)
    # Without hinting, letters keep their own widths, whatever their size.
    letters.set_text(directed(text, locale), angle, flags=LoadFlags.NO_HINTING)
    letters.draw_glyphs_to_bitmap(antialiased=True)
    width, height = letters.get_width_height()
    above = height - letters.get_descent()
    start, _ = letters.get_bitmap_offset()
    return Letters(
        cover=np.array(letters.get_image()),
        left=start // 64,
        top=-(above // 64) - 1,  # the bitmap has a pixel of room around the letters
        width=width / 64,
    )


@cache
def _covered(locale: str, weight: str) -> frozenset[str]:
    charmaps = (FT2Font(file).get_charmap() for file in _files(locale, weight))
    return frozenset(map(chr, frozenset[int]().union(*charmaps)))


def _is_drawn(character: str) -> bool:
    """Tell whether a character needs a glyph; spaces, joiners and direction marks do not."""
    return not character.isspace() and unicodedata.category(character) != "Cf"


def is_printable(text: str, locale: str) -> bool:
    """Tell whether a picture of a locale can carry a text."""
    try:
        require_printable(text, locale)
    except RenderError:
        return False
    return True


def require_printable(text: str, locale: str, *, bold: bool = False) -> None:
    """Refuse a text our fonts cannot write, before it comes out as boxes; emoji and links too.

    Raises RenderError naming every character without a glyph, or the link.
    """
    covered = _covered(locale, "bold" if bold else "normal")
    missing = sorted(filter(_is_drawn, set(text) - covered))
    if missing:
        named = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in missing)
        msg = (
            f"the fonts of {locale} have no glyph for {named} in {text!r}; "
            "reword the text, or add the characters to tools/build_fonts.py"
        )
        raise RenderError(msg)
    if _EMOJI_STYLE in text or any(
        unicodedata.category(c) == "So" for c in set(text) if c >= _FIRST_EMOJI
    ):
        msg = f"charts carry no emoji, but {text!r} does; leave it out"
        raise RenderError(msg)
    if any(link in text for link in _LINKS):
        msg = f"charts carry no links, but {text!r} looks like one; write a plain name"
        raise RenderError(msg)
