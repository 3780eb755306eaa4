"""The letters of a picture: our own fonts, chosen by locale, with nothing left to chance.

A system's fonts are never asked: the same picture comes out everywhere. The last
family is the DejaVu Sans inside matplotlib; it has the arrows and signs Noto lacks.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font

from composer import resources
from composer.errors import RenderError

LATIN = "Squaredesk Sans"
SYMBOLS = "DejaVu Sans"

# A script our Latin family does not cover, by the locale that is written in it.
_SCRIPT_FAMILIES: Mapping[str, str] = MappingProxyType({"zh_Hans": "Squaredesk Sans SC"})


def families(locale: str) -> tuple[str, ...]:
    """Return the font families of a locale, in the order they are asked for a character."""
    script = _SCRIPT_FAMILIES.get(locale)
    return (LATIN, SYMBOLS) if script is None else (LATIN, script, SYMBOLS)


@cache
def register_fonts() -> None:
    """Make our fonts known to matplotlib, once in a process."""
    for file in sorted(resources.fonts_folder().iterdir()):
        if file.suffix in {".ttf", ".otf"}:
            fontManager.addfont(file)


def font(locale: str, *, size: float, bold: bool = False) -> FontProperties:
    """Return the font of a locale at a size in pixels."""
    register_fonts()
    return FontProperties(family=families(locale), size=size, weight="bold" if bold else "normal")


def _characters_of(family: str, weight: str) -> frozenset[int]:
    register_fonts()
    path = fontManager.findfont(
        FontProperties(family=[family], weight=weight), fallback_to_default=False
    )
    return frozenset(FT2Font(path).get_charmap())


@cache
def _covered(locale: str, weight: str) -> frozenset[int]:
    return frozenset[int]().union(*(_characters_of(name, weight) for name in families(locale)))


def _is_drawn(character: str) -> bool:
    """Tell whether a character needs a glyph; spaces, joiners and direction marks do not."""
    return not character.isspace() and unicodedata.category(character) != "Cf"


def require_glyphs(text: str, locale: str, *, bold: bool = False) -> None:
    """Refuse a text our fonts cannot write, before it comes out as boxes.

    Raises RenderError naming every character without a glyph.
    """
    covered = _covered(locale, "bold" if bold else "normal")
    missing = sorted({c for c in text if _is_drawn(c) and ord(c) not in covered})
    if missing:
        named = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in missing)
        msg = (
            f"the fonts of {locale} have no glyph for {named} in {text!r}; "
            "reword the text, or add the characters to tools/build_fonts.py"
        )
        raise RenderError(msg)
