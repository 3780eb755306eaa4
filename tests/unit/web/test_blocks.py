"""Texts in blocks: what is marked as a heading or a list reads as one."""

from hypothesis import given
from hypothesis import strategies as st

from web.blocks import blocks
from web.texts import Piece

TEXT = [
    Piece(text="## Up to "),
    Piece(text="$94,681", fact_id="upper.level"),
    Piece(text="\nOne line.\nAnother.\n\n- "),
    Piece(text="5%", fact_id="skew"),
    Piece(text=" more\n- less\n\nThe end - not a bullet, #no heading."),
]


def test_headings_lists_and_paragraphs() -> None:
    found = [
        (block.kind.value, ["".join(piece.text for piece in line) for line in block.lines])
        for block in blocks(TEXT)
    ]
    assert found == [
        ("heading", ["Up to $94,681"]),
        ("paragraph", ["One line.", "Another."]),
        ("list", ["5% more", "less"]),
        ("paragraph", ["The end - not a bullet, #no heading."]),
    ]


def test_figures_stay_figures() -> None:
    figures = [
        (piece.text, piece.fact_id)
        for block in blocks(TEXT)
        for line in block.lines
        for piece in line
        if piece.fact_id
    ]
    assert figures == [("$94,681", "upper.level"), ("5%", "skew")]


@given(st.lists(st.text(alphabet="ab#- \n")))
def test_no_word_is_lost(texts: list[str]) -> None:
    shown = [Piece(text=text) for text in texts]
    said = "".join(piece.text for block in blocks(shown) for line in block.lines for piece in line)
    letters = [one for one in "".join(texts) if one in "ab"]
    assert [one for one in said if one in "ab"] == letters
