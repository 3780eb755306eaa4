"""How passages become one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.text.passages import Passage, join_passages, without_heading_marks


def joined(*texts: str) -> str:
    return join_passages(Passage(key=str(key), text=text) for key, text in enumerate(texts))


def test_bullets_that_follow_each_other_form_a_list() -> None:
    assert (
        joined("One.", "- a", "- b", "## Two\n- c", "- d") == "One.\n\n- a\n- b\n\n## Two\n- c\n- d"
    )


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("## Words\nand more", "Words\nand more"),
        ("One.\n\n# A\n\n###### B", "One.\n\nA\n\nB"),
        ("$BTC #BTC", "$BTC #BTC"),
        ("#BTC", "#BTC"),
        ("#1 of 2 ## no heading", "#1 of 2 ## no heading"),
        ("- ## no heading", "- ## no heading"),
        ("####### no heading", "####### no heading"),
    ],
)
def test_headings_become_plain_lines(text: str, plain: str) -> None:
    assert without_heading_marks(text) == plain


@given(st.lists(st.sampled_from(["# ", "## ", "- ", "**", "word", "\n", "#tag", " "])))
def test_nothing_but_marks_of_headings_goes(parts: list[str]) -> None:
    text = "".join(parts)
    lines = zip(text.split("\n"), without_heading_marks(text).split("\n"), strict=True)
    assert all(
        line.endswith(plain) and not line.removesuffix(plain).strip("# ") for line, plain in lines
    )
