"""How lines become a text, and sentences their words."""

from composer.text.sentences import PARAGRAPH, Sentences, compose


def test_sentences_of_a_paragraph_stand_in_a_row() -> None:
    assert compose(["One.", "Two."], " ") == "One. Two."
    assert compose(["一。", "二。"], "") == "一。二。"


def test_a_heading_and_every_bullet_has_a_line_of_its_own() -> None:
    lines = ["## Above", "One.", "Two.", "- first.", "- second.", "More."]
    assert compose(lines, " ") == "## Above\nOne. Two.\n- first.\n- second. More."
    assert compose(["一。", "- 二", "- 三"], "") == "一。\n- 二\n- 三"


def test_paragraphs_are_parted_by_an_empty_line() -> None:
    assert compose(["One.", PARAGRAPH, "Two.", PARAGRAPH, "- three"], " ") == (
        "One.\n\nTwo.\n\n- three"
    )
    assert compose(["## Above", PARAGRAPH, "One."], " ") == "## Above\n\nOne."


def test_a_sentence_may_fill_the_place_of_another() -> None:
    sentences = Sentences()
    inner = sentences.add("inner {price}", price="[[price]]")
    line = sentences.add_in_context("use", "outer: {rest}", rest=inner)
    spoken = sentences.speak(
        f"- {line}", lambda sentence: sentence.message.format(**sentence.values).upper()
    )
    assert spoken == "- OUTER: INNER [[PRICE]]"
