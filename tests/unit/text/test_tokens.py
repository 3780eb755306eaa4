from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.figures.facts import Fact, FactKind
from composer.text.amounts import AmountFormatter
from composer.text.tokens import (
    blank_tokens,
    find_tokens,
    render_tokens,
    stray_brackets,
    write_token,
)

AS_OF = datetime(2026, 6, 10, 8, tzinfo=UTC)
EN = AmountFormatter("en")
ZH = AmountFormatter("zh_Hans")


def fact(fact_id: str, kind: FactKind, value: str | datetime) -> Fact:
    return Fact(
        id=fact_id,
        kind=kind,
        value=value if isinstance(value, datetime) else Decimal(value),
        symbol="BTC",
        as_of=AS_OF,
        source="Coinglass",
    )


FACTS: Mapping[str, Fact] = {
    one.id: one
    for one in (
        fact("price", FactKind.PRICE, "90131.71"),
        fact("upper.intensity_usd", FactKind.USD, "2705000000.0"),
        fact("ratio", FactKind.RATIO, "1.7306461932"),
        fact("clusters.0.distance", FactKind.FRACTION, "0.0504"),
        fact("as_of", FactKind.TIME, AS_OF),
    )
}

STYLES: Mapping[str, tuple[str, ...]] = {
    "price": ("",),
    "upper.intensity_usd": ("", "short", "price"),
    "ratio": ("", "prose"),
    "clusters.0.distance": ("", "plain", "signed"),
    "as_of": ("", "clock"),
}


def test_tokens_are_found_in_order_with_where_they_stand() -> None:
    text = "Up: [[upper.intensity_usd|short]], at [[price]]."
    first, second = find_tokens(text)
    assert (first.fact_id, first.style) == ("upper.intensity_usd", "short")
    assert (second.fact_id, second.style) == ("price", "")
    assert text[first.start : first.end] == "[[upper.intensity_usd|short]]"
    assert text[second.start : second.end] == "[[price]]"


def test_a_token_is_written_as_it_is_read() -> None:
    assert write_token("price") == "[[price]]"
    assert write_token("ratio", "prose") == "[[ratio|prose]]"
    (token,) = find_tokens(write_token("clusters.0.distance", "plain"))
    assert (token.fact_id, token.style) == ("clusters.0.distance", "plain")


@pytest.mark.parametrize(
    "text",
    [
        "[price]",
        "[[]]",
        "[[ price ]]",
        "[[Price]]",
        "[[price|]]",
        "[[price|Short]]",
        "[[price|short|short]]",
        "[[.price]]",
        "[[price.]]",
        "[[upper..level]]",
        "[[preço]]",
        "[[price\n]]",
        "[[price]",
        "[[\N{FULLWIDTH DIGIT FOUR}]]",
    ],
)
def test_what_is_almost_a_token_is_none(text: str) -> None:
    assert list(find_tokens(text)) == []
    assert render_tokens(text, FACTS, EN).text == text


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("[[price]]", []),
        ("[price]", []),
        ("[[price]", [0]),
        ("price]]", [5]),
        ("a [[ price ]] b", [2, 11]),
        ("[[[[price]]]]", [0, 11]),
        ("[[price]] and [[ratio", [14]),
        # Three brackets: the inner pair is the token, a single one is left over.
        ("[[[price]]]", []),
    ],
)
def test_stray_brackets(text: str, places: list[int]) -> None:
    assert list(stray_brackets(text)) == places


def test_blanking_keeps_every_other_character_where_it_is() -> None:
    assert blank_tokens("a [[price]] b") == "a           b"
    assert blank_tokens("[[ price ]]") == "[[ price ]]"


def test_figures_are_written_for_the_locale_and_traced() -> None:
    text = "[[price]] · [[upper.intensity_usd|short]] · [[as_of|clock]]"
    english = render_tokens(text, FACTS, EN)
    assert english.text == "$90,132 · $2.71 billion · 08:00 UTC"
    assert [(span.fact_id, english.text[span.start : span.end]) for span in english.spans] == [
        ("price", "$90,132"),
        ("upper.intensity_usd", "$2.71 billion"),
        ("as_of", "08:00 UTC"),
    ]
    assert render_tokens(text, FACTS, ZH).text == "90,132 美元 · 27.1 亿美元 · 08:00 UTC"


@pytest.mark.parametrize("token", ["[[prise]]", "[[price|short]]", "[[ratio|plain]]"])
def test_a_token_that_cannot_be_written_stays_for_all_to_see(token: str) -> None:
    rendered = render_tokens(f"At {token}, then [[price]].", FACTS, EN)
    assert rendered.text == f"At {token}, then $90,132."
    (span,) = rendered.spans
    assert rendered.text[span.start : span.end] == "$90,132"


def test_a_text_without_tokens_is_left_alone() -> None:
    rendered = render_tokens("Nothing to say.", FACTS, EN)
    assert (rendered.text, rendered.spans) == ("Nothing to say.", ())
    assert render_tokens("", FACTS, EN).text == ""


_GOOD = st.sampled_from(
    [write_token(fact_id, style) for fact_id, styles in STYLES.items() for style in styles]
)
_BAD = st.sampled_from(["[[prise]]", "[[price|short]]", "[[", "]]", "[[ratio", "[", "]"])
_WORDS = st.text(max_size=12)
_TEXTS = st.lists(st.one_of(_WORDS, _GOOD, _BAD), max_size=8).map("".join)


@given(_TEXTS, st.sampled_from([EN, ZH]))
@settings(max_examples=60)
def test_a_span_is_the_figure_and_the_rest_is_the_source(
    source_text: str, amounts: AmountFormatter
) -> None:
    rendered = render_tokens(source_text, FACTS, amounts)
    written = [
        token
        for token in find_tokens(source_text)
        if token.fact_id in FACTS and amounts.knows(FACTS[token.fact_id].kind, token.style)
    ]
    assert [span.fact_id for span in rendered.spans] == [token.fact_id for token in written]
    in_source = in_text = 0
    for token, span in zip(written, rendered.spans, strict=True):
        assert rendered.text[in_text : span.start] == source_text[in_source : token.start]
        figure = amounts.format(FACTS[token.fact_id], token.style)
        assert rendered.text[span.start : span.end] == figure
        in_source, in_text = token.end, span.end
    assert rendered.text[in_text:] == source_text[in_source:]


@given(_TEXTS)
@settings(max_examples=60)
def test_every_double_bracket_is_part_of_a_token_or_stray(source_text: str) -> None:
    """Nothing that looks like a token slips past both: what readers see has no brackets."""
    blanked = blank_tokens(source_text)
    assert len(blanked) == len(source_text)
    stray = list(stray_brackets(source_text))
    assert all(source_text[place : place + 2] in {"[[", "]]"} for place in stray)
    assert bool(stray) == ("[[" in blanked or "]]" in blanked)
