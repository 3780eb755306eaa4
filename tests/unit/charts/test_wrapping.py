from itertools import pairwise

import pytest

from composer.charts.wrapping import breaks, fit
from composer.errors import RenderError


def ten_pixels_a_character(text: str, size: float) -> float:
    return len(text) * size


def by_letter(text: str, size: float) -> float:
    return size * sum({"i": 0.2, " ": 0.2, "W": 1}[letter] for letter in text)


def parts(text: str) -> list[str]:
    edges = [0, *breaks(text), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def test_latin_breaks_at_spaces_only() -> None:
    assert parts("BTC holds $94,681.50, now") == ["BTC ", "holds ", "$94,681.50, ", "now"]


def test_a_number_stays_with_the_word_it_counts() -> None:
    assert parts("carry 1.73 times as much") == ["carry ", "1.73 times ", "as ", "much"]
    assert parts("within 5% of it") == ["within ", "5% of ", "it"]
    assert "5%以" in parts("上下5%以内")


def test_chinese_breaks_between_characters_but_not_before_a_stop() -> None:
    assert parts("空头多，多头少。") == ["空", "头", "多，", "多", "头", "少。"]


def test_chinese_breaks_neither_after_an_opening_nor_before_a_closing_bracket() -> None:
    assert parts("强度（估算）高") == ["强", "度", "（估", "算）", "高"]


@pytest.mark.parametrize("number", ["94,681", "27.05亿", "27.05 亿", "$2.71B", "US$94,681", "4.7%"])
def test_a_number_stays_whole_with_its_scale(number: str) -> None:
    text = f"强度{number}美元"
    assert any(number in part for part in parts(text))


def test_a_separator_never_begins_a_line() -> None:
    assert parts("Source A · 08:00 UTC") == ["Source ", "A · ", "08:00 UTC"]


def test_a_short_text_stays_on_one_line() -> None:
    assert fit("BTC up", 100, [10], ten_pixels_a_character).lines == ("BTC up",)


def test_two_lines_come_out_even() -> None:
    fitted = fit("aaaa bbbb cccc dddd", 100, [10], ten_pixels_a_character)
    assert fitted.lines == ("aaaa bbbb", "cccc dddd")


@pytest.mark.parametrize(
    "lines", [("iiii iiii iiii", "WWWW"), ("WWWW", "iiii iiii iiii"), ("iiii WW", "WW iiii")]
)
def test_lines_are_even_in_pixels_not_in_letters(lines: tuple[str, str]) -> None:
    assert fit(" ".join(lines), 45, [10], by_letter).lines == lines


def test_many_narrow_letters_stay_on_one_line() -> None:
    text = " ".join(["iiii"] * 8)
    assert fit(text, 80, [10], by_letter).lines == (text,)  # 39 letters, but 78 pixels


def test_chinese_prefers_to_break_after_a_stop() -> None:
    fitted = fit("空头清算强度更高，多头较低", 100, [10], ten_pixels_a_character)
    assert fitted.lines == ("空头清算强度更高，", "多头较低")


def test_japanese_prefers_to_break_after_a_particle() -> None:
    fitted = fit(
        "価格の上下5%以内のレバレッジはショート側に偏る", 160, [10], ten_pixels_a_character
    )
    assert fitted.lines == ("価格の上下5%以内の", "レバレッジはショート側に偏る")


def test_a_text_too_long_for_two_lines_is_set_smaller() -> None:
    fitted = fit("aaaa bbbb cccc dddd", 60, [10, 8, 6], ten_pixels_a_character)
    assert (fitted.size, fitted.lines) == (6, ("aaaa bbbb", "cccc dddd"))


def test_one_line_is_kept_where_two_are_not_allowed() -> None:
    assert fit("aaaa bbbb", 60, [10, 6], ten_pixels_a_character, lines=1).size == 6


def test_a_text_that_never_fits_is_refused() -> None:
    with pytest.raises(RenderError, match="shorten it"):
        fit("a" * 50, 100, [10, 8], ten_pixels_a_character)


def test_an_amount_with_a_direction_of_its_own_stays_whole() -> None:
    amount = "\u20672.7 مليار دولار\u2069"
    assert parts(f"شدة {amount} فوق") == ["شدة ", f"{amount} ", "فوق"]
