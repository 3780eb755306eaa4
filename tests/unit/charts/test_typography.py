from collections.abc import Iterable
from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont

from composer.charts.typography import families, letters_of, require_printable
from composer.errors import RenderError

FONTS = files("composer.charts") / "fonts"
WEIGHTS = {"Regular": 400, "Bold": 700}


@pytest.mark.parametrize("style", WEIGHTS)
@pytest.mark.parametrize(
    ("family", "stem", "suffix"),
    [
        ("Squaredesk Sans", "SquaredeskSans", ".ttf"),
        ("Squaredesk Sans Arabic", "SquaredeskSansArabic", ".ttf"),
        ("Squaredesk Sans Devanagari", "SquaredeskSansDevanagari", ".ttf"),
        ("Squaredesk Sans Thai", "SquaredeskSansThai", ".ttf"),
        ("Squaredesk Sans JP", "SquaredeskSansJP", ".otf"),
        ("Squaredesk Sans KR", "SquaredeskSansKR", ".otf"),
        ("Squaredesk Sans SC", "SquaredeskSansSC", ".otf"),
        ("Squaredesk Sans TC", "SquaredeskSansTC", ".otf"),
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


def test_all_fonts_together_are_small() -> None:
    sizes = [len(file.read_bytes()) for file in FONTS.iterdir()]
    assert len(sizes) == 17
    assert sum(sizes) <= 10_000_000


def test_the_licence_lies_beside_the_fonts_with_both_copyrights() -> None:
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "The Noto Project Authors" in licence
    assert "Reserved Font Name 'Source'" in licence


def test_latin_comes_first_and_symbols_last() -> None:
    assert families("en") == ("Squaredesk Sans", "DejaVu Sans")
    assert families("zh_Hans") == ("Squaredesk Sans", "Squaredesk Sans SC", "DejaVu Sans")


def cells(charset: str, rows: Iterable[int]) -> str:
    pairs = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    return "".join(pair.decode(charset, "ignore") for pair in pairs)


def big5(leads: Iterable[int]) -> str:
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    return "".join(pair.decode("big5", "ignore") for pair in pairs)


REPERTOIRES = {
    "zh_Hans": cells("gb2312", (1, *range(16, 88))),
    "zh_Hant": big5(range(0xA4, 0xC7)),
    "ja": cells("euc_jp", (1, 4, 5, *range(16, 48))) + "乖離率が逼迫、踏み上げで急騰",
    "ko": cells("euc_kr", range(16, 41)),
    "ar": "ابةتثجحخدذرزسشصضطظعغفقكلمنهويىئءآأؤإ،؛؟ًٌٍَُِّْ٪",
    "hi": "अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहक़ख़ग़ज़ड़ढ़फ़ािीुूृेैोौ्ंःँ।₹",
    "th": "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืุูเแโใไๅๆ็่้๊๋์฿",
}


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("locale", REPERTOIRES)
def test_every_character_of_a_script_can_be_written(locale: str, *, bold: bool) -> None:
    require_printable(REPERTOIRES[locale], locale, bold=bold)


@pytest.mark.parametrize(
    "text", ["Đòn bẩy bán khống", "Плечо шортов", "Ισχύς", "▲ ≈ ≥ →", "\u200f$5"]
)
def test_latin_cyrillic_greek_vietnamese_and_signs_can_be_written(text: str) -> None:
    require_printable(text, "en")


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(RenderError, match=r"U\+7A7A"):
        require_printable("空", "en")


@pytest.mark.parametrize("text", ["BTC \U0001f680", "up \U0001f600"])
def test_emoji_are_refused(text: str) -> None:
    with pytest.raises(RenderError, match=r"emoji|no glyph"):
        require_printable(text, "en")


@pytest.mark.parametrize("text", ["https://example.com", "www.example.com"])
def test_links_are_refused(text: str) -> None:
    with pytest.raises(RenderError, match="links"):
        require_printable(text, "en")


def test_two_dollars_are_no_formula() -> None:
    one, two = (letters_of(text, "en", 20).width for text in ("$94,681", "$94,681 $94,681"))
    assert two > 2 * one


def test_arabic_letters_join() -> None:
    apart = sum(letters_of(letter, "ar", 40).width for letter in "تصفية")
    assert letters_of("تصفية", "ar", 40).width < 0.9 * apart


def test_devanagari_forms_conjuncts_and_thai_marks_stand_on_their_letters() -> None:
    assert letters_of("क्ष", "hi", 40).width < letters_of("कष", "hi", 40).width
    assert letters_of("ที่", "th", 40).width == pytest.approx(letters_of("ท", "th", 40).width, abs=1)


def test_arabic_runs_leftward_whatever_it_begins_with() -> None:
    """What follows the Latin letters stands to their left, where the line begins on the page."""
    mixed, alone = (
        letters_of(text, "ar", 40).cover.sum(axis=0)[:20].tolist() for text in ("BTC سعر", "سعر")
    )
    assert mixed == alone
