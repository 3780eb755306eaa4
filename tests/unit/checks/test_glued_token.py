"""A figure that readers see is the one its token prints, whatever is typed beside it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer import resources
from composer.checks import glued_token
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import facts_of
from composer.text.languages import language_of
from composer.text.passages import Passage
from composer.text.templates import post_formats
from composer.text.tokens import find_tokens
from composer.text.writing import write_post
from tests.markets import AS_OF, SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))
LOCALES = resources.shipped_locales()
PASSAGES = {
    locale: [
        passage
        for post_format in post_formats()
        for passage in write_post(post_format, locale=locale, facts=FACTS).passages
        if any(find_tokens(passage.text))
    ]
    for locale in LOCALES
}
BEFORE = (
    *("-", "−", "–", "+", "±", "×", "~", "%", "‰", "$", "€", "x", "E", "н", "4", "1e"),
    *("\N{FULLWIDTH PLUS SIGN}", "\N{NON-BREAKING HYPHEN}", "-**", "-\u200b"),
)
AFTER = (
    *("k", "M", "bn", "x", "к", "%", "‰", "×", "e1", "5", ".24h", "24h", "$", "€", "**k"),
    *("\u200bk", "\N{FULLWIDTH LATIN SMALL LETTER K}", "\N{FULLWIDTH PERCENT SIGN}"),
    *(" k", " M", "\N{NO-BREAK SPACE}bn", " %", *"千万亿兆億萬", " 万", "[[price]]"),
)


def found(text: str, locale: str = "en") -> list[Finding]:
    subject = Subject(
        locale=locale,
        passages=(Passage(key="lead", text=text),),
        facts=FACTS,
        looked_from=AS_OF,
        max_age=timedelta(hours=2),
    )
    return list(glued_token.find(subject))


def marked(text: str, locale: str = "en") -> list[str]:
    findings = found(text, locale)
    assert all((one.id, one.severity) == ("altered_figure", Severity.BLOCK) for one in findings)
    return [text[slice(*one.span)] for one in findings if one.span is not None]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("At [[price]]k.", ["k"]),
        ("At -[[price]].", ["-"]),
        ("[[price]]万", ["万"]),
        ("[[ratio]]%", ["%"]),
        ("[[ratio]]e[[ratio]]", ["e", "e"]),
        ("[[upper.intensity_usd|short]] billion of it", [" billion"]),
        ("[[upper.intensity_usd|short]] Billion", [" Billion"]),
        ("**[[price]]**k", ["**k"]),
        ("[[price]][[ratio]]", ["[[ratio]]"]),
    ],
)
def test_what_alters_a_figure_is_found_where_it_stands(text: str, typed: list[str]) -> None:
    assert marked(text)[: len(typed)] == typed


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "- [[price]], up [[ratio]]; ([[price]])."),
        ("en", "a [[price]]-high and [[price]]/[[ratio]]"),
        ("en", "[[price]] doubles, [[price]] millionaires"),
        ("en", "[[price]] by now, [[price]] to [[price]]"),
        ("en", "above [[price]]\n\nHalf of it"),
        ("en", "down from [[price]]: **[[price]]** — _[[ratio]]_"),
        ("ar", "و[[price]] ب[[price]] ل[[price]]"),
        ("ja", "価格は[[price]]まで、[[ratio]]です"),
        ("zh_Hans", "价格[[price]]附近，一半：[[price]]"),
        ("zh_Hans", "[[price]] BTC"),
        ("ru", "от [[price]] к [[ratio]] по 24 ч"),
        ("tlh", "[[price]] tera"),  # not shipped
        ("en", "no token k%"),
    ],
)
def test_what_alters_no_figure_is_let_be(locale: str, text: str) -> None:
    assert marked(text, locale) == []


@pytest.mark.parametrize(
    ("locale", "word"),
    [
        *(("en", "Million"), ("es", "mil millones"), ("es", "mil"), ("ru", "млрд"), ("ru", "млн")),
        *(
            ("ar", "مليون"),
            ("ar", "ملايين"),
            ("ja", "億"),
            ("zh_Hans", "万亿"),
            ("zh_Hans", "两倍"),
        ),
        ("de", "Mrd."),
    ],
)
def test_scales_of_the_language_are_found_with_and_without_a_space(locale: str, word: str) -> None:
    assert marked(f"x [[price]] {word}, y", locale)
    assert marked(f"x [[price]]{word}, y", locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_posts_that_ship_pass(locale: str) -> None:
    assert PASSAGES[locale]
    for passage in PASSAGES[locale]:
        assert found(passage.text, locale) == []


@given(st.data())
@settings(max_examples=150)
def test_whatever_is_typed_beside_a_token_of_a_post_is_found(data: st.DataObject) -> None:
    locale = data.draw(st.sampled_from(LOCALES))
    passage = data.draw(st.sampled_from(PASSAGES[locale]))
    token = data.draw(st.sampled_from(list(find_tokens(passage.text))))
    if data.draw(st.booleans()):
        place, typed = token.start, data.draw(st.sampled_from(BEFORE))
    else:
        spoken = language_of(locale).number_words
        said = st.sampled_from(spoken).flatmap(lambda word: st.sampled_from([word, f" {word}"]))
        place, typed = token.end, data.draw(st.one_of(st.sampled_from(AFTER), said))
    text = passage.text[:place] + typed + passage.text[place:]
    findings = found(replace(passage, text=text).text, locale)
    assert findings
    assert any(
        one.span is not None and one.span[0] < place + len(typed) and one.span[1] > place
        for one in findings
    )


@pytest.mark.parametrize("word", ["más", "bórrase", "múltiple"])
def test_a_word_with_accents_is_no_scale(word: str) -> None:
    assert glued_token._scaling("es").match(f" {word} arriba") is None
    assert glued_token._scaling("es").match(" m arriba") is not None
