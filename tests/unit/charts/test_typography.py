from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont

from composer.charts.typography import families, require_glyphs
from composer.errors import RenderError

FONTS = files("composer.charts") / "fonts"
WEIGHTS = {"Regular": 400, "Bold": 700}


@pytest.mark.parametrize("style", WEIGHTS)
@pytest.mark.parametrize(
    ("family", "stem", "suffix"),
    [
        ("Squaredesk Sans", "SquaredeskSans", ".ttf"),
        ("Squaredesk Sans SC", "SquaredeskSansSC", ".otf"),
    ],
)
def test_a_font_says_its_own_name_and_weight(
    family: str, stem: str, suffix: str, style: str
) -> None:
    with (FONTS / f"{stem}-{style}{suffix}").open("rb") as file:
        font = TTFont(file)
        names = [font["name"].getDebugName(name_id) for name_id in (1, 2, 4, 6)]
        assert names == [family, style, f"{family} {style}", f"{stem}-{style}"]
        assert font["OS/2"].usWeightClass == WEIGHTS[style]
        assert "fvar" not in font


def test_the_licence_lies_beside_the_fonts_with_both_copyrights() -> None:
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "The Noto Project Authors" in licence
    assert "Reserved Font Name 'Source'" in licence


def test_latin_comes_first_and_symbols_last() -> None:
    assert families("en") == ("Squaredesk Sans", "DejaVu Sans")
    assert families("zh_Hans") == ("Squaredesk Sans", "Squaredesk Sans SC", "DejaVu Sans")


@pytest.mark.parametrize("bold", [False, True])
def test_every_character_of_gb2312_can_be_written(*, bold: bool) -> None:
    rows = (*range(1, 2), *range(16, 88))
    cells = [bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95)]
    require_glyphs("".join(cell.decode("gb2312", "ignore") for cell in cells), "zh_Hans", bold=bold)


@pytest.mark.parametrize(
    "text", ["Đòn bẩy bán khống", "Плечо шортов", "Ισχύς", "▲ ≈ ≥ →", "\u200f$5"]
)
def test_latin_cyrillic_greek_vietnamese_and_signs_can_be_written(text: str) -> None:
    require_glyphs(text, "en")


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(RenderError, match=r"U\+7A7A"):
        require_glyphs("空", "en")
