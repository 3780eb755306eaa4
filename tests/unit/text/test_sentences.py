"""How lines become a text, and sentences their words."""

import pytest

from composer.errors import RenderError
from composer.text.sentences import PARAGRAPH, Sentence, Sentences, compose


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


def fill(sentence: Sentence) -> str:
    return sentence.message.format(**sentence.values)


def test_sentences_stand_eight_deep_in_sentences_and_no_deeper() -> None:
    sentences = Sentences()
    line = "calm"
    for _ in range(8):
        line = sentences.add("({x})", x=line)
    assert sentences.speak(line, fill) == "(" * 8 + "calm" + ")" * 8
    with pytest.raises(RenderError, match="more than 8 deep"):
        sentences.speak(sentences.add("({x})", x=line), fill)


def test_a_line_that_grows_in_words_is_stopped() -> None:
    sentences = Sentences()
    line = "calm"
    for _ in range(4):
        line = sentences.add("{x}" * 20, x=line)
    with pytest.raises(RenderError, match="more than 20,000 characters"):
        sentences.speak(line, fill)
    assert sentences.speak("calm", fill, most=4) == "calm"
    with pytest.raises(RenderError, match="more than 20,000 characters"):
        sentences.speak("calm", fill, most=3)


@pytest.mark.parametrize(
    "line",
    ["a \ue000", "\ue001 a", "\ue0001\ue001", "\ue000x\ue001", "\ue000\u0660\ue001"],
    ids=["begun", "ended", "not said", "no number", "a digit of another script"],
)
def test_a_mark_that_stands_for_nothing_is_refused(line: str) -> None:
    sentences = Sentences()
    sentences.require_true_marks([sentences.add("calm")])
    with pytest.raises(RenderError, match=r"U\+E000"):
        sentences.require_true_marks([line])


@pytest.mark.parametrize(("message", "value"), [("{x}", "\ue0000\ue001"), ("\ue0000\ue001", "")])
def test_no_sentence_holds_itself(message: str, value: str) -> None:
    said = Sentence(message=message, context=None, values={"x": value})
    with pytest.raises(RenderError, match=r"U\+E000"):
        Sentences([said]).require_true_marks([])
