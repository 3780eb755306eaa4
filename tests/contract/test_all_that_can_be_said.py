"""Markets made up at random: whatever the facts are, every language says the same, and holds.

The facts are those that templates and claims know, with random values, some missing; so every
turn of every template is taken, also those that a plausible market hardly takes.
"""

import random
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from composer import resources
from composer.checks import glued_token
from composer.checks.records import Subject
from composer.figures.claims import claim_ids, claim_of
from composer.figures.facts import Fact, FactKind, kind_of
from composer.text.amounts import AmountFormatter
from composer.text.languages import language_of
from composer.text.passages import Passage
from composer.text.story import _LEADS, _TOPICS, Story
from composer.text.templates import find_template, post_formats, render
from composer.text.tokens import find_tokens, render_tokens
from composer.text.writing import Writer
from tools import catalogs

AS_OF = datetime(2026, 6, 10, 8, tzinfo=UTC)
DRAWS, MANY_DRAWS = 80, 3300
# What every market has.
ALWAYS = (
    *("price", "as_of", "skew", "totals.within", "totals.long_usd", "totals.short_usd"),
    *("upper.level", "upper.intensity_usd", "upper.distance", "upper.distance_usd"),
    *("lower.level", "lower.intensity_usd", "lower.distance", "lower.distance_usd"),
    "equal_notional.notional_usd",
)
# Facts that a market offers together or not at all, by how their ids begin.
TOGETHER = (
    *("at_risk.", "cluster_sums.", "map_span.", "range_7d.", "usual."),
    *("next_upper.", "next_lower.", "shape.", "context.open_interest_"),
)
# What is now and then the same.
ALIKE = (
    ("context.high_24h", "range_7d.high"),
    ("context.low_24h", "range_7d.low"),
    ("price", "range_7d.high"),
    ("price", "range_7d.low"),
    ("usual.long_usd", "totals.long_usd"),
    ("usual.short_usd", "totals.short_usd"),
    ("shape.heaviest_long_usd", "shape.heaviest_short_usd"),
    ("shape.heaviest_long_share", "shape.heaviest_short_share"),
    ("cluster_sums.largest_long_usd", "cluster_sums.largest_short_usd"),
    ("change.high", "price"),
    ("change.low", "price"),
)
# Fractions that are often large; others are now and then.
WIDE = ("skew", "skew_was", "lean_change", "share", "percentile", "position")
SCALES = (Decimal(1), Decimal("0.1"), Decimal("0.01"), Decimal(0))
IN_TEMPLATES = re.compile(r'(?:fact|known)\("([a-z0-9_.]+)"')


@cache
def fact_ids() -> tuple[str, ...]:
    """Return the ids of all facts that templates print or claims compare, sorted."""
    texts = [
        file.read_text(encoding="utf-8") for file in resources.templates_folder().rglob("*.j2")
    ]
    printed = {found for text in texts for found in IN_TEMPLATES.findall(text)}
    compared = {fact for claim in claim_ids() for fact in claim_of(claim).predicate.reads}
    judged = {f"standing.{name}.score" for one in (*_LEADS, *_TOPICS) for name in one.standing}
    named = {*ALWAYS, *printed, *compared, *judged}
    return tuple(sorted(fact_id for fact_id in named if not fact_id.endswith(".")))


def market(number: int) -> Mapping[str, Fact]:
    """Return one made-up market; the same number gives the same one."""
    draw = random.Random(number)  # noqa: S311 - no secret
    full = draw.random()  # some markets offer nearly everything, some next to nothing
    # Whatever is known at all, there often was an edition before.
    least = {True: 0.6, False: 0.0}
    there = {
        company(fact_id): draw.random() < max(full, least[fact_id.startswith("change.")])
        for fact_id in fact_ids()
    }
    there["context.open_interest_usd"] |= there["context.open_interest_"]
    for side in ("upper", "lower"):
        there[f"change.{side}_cluster"] &= there[f"change.{side}_cluster was"]
    facts = {
        fact_id: fact(fact_id, draw)
        for fact_id in fact_ids()
        if fact_id in ALWAYS
        or (there[company(fact_id)] and (there["change"] or not fact_id.startswith("change.")))
    }
    for fact_id, other in ALIKE:
        if fact_id in facts and other in facts and draw.random() < 0.3:
            facts[fact_id] = made(fact_id, facts[other].value)
    if draw.random() < 0.1:
        for side in ("totals.long_usd", "totals.short_usd"):
            facts[side] = made(side, Decimal(0))
    return facts


def company(fact_id: str) -> str:
    """Return what a fact comes with."""
    if fact_id == "context.open_interest_usd":
        return fact_id
    for beginning in TOGETHER:
        if fact_id.startswith(beginning):
            return beginning
    group, _, name = fact_id.rpartition(".")
    if group.endswith("_cluster"):  # what a cluster was is known, also where it is gone
        return f"{group} was" if name.endswith("_was") else group
    return group if group.startswith(("change", "scorecard.", "standing.")) else fact_id


def kind_for(fact_id: str) -> FactKind:
    """Return the kind of a fact; the scorecard gives its own, whatever their names."""
    if fact_id.startswith("scorecard."):
        counted = fact_id.endswith((".n", ".hits", ".apart"))
        return FactKind.COUNT if counted else FactKind.FRACTION
    kind = kind_of(fact_id)
    assert kind is not None, fact_id
    return kind


def fact(fact_id: str, draw: random.Random) -> Fact:
    kind = kind_for(fact_id)
    if fact_id == "totals.within":
        return made(fact_id, Decimal("0.05"))
    if fact_id == "as_of":
        return made(fact_id, AS_OF)
    if kind in {FactKind.TIME, FactKind.DATE}:
        return made(fact_id, AS_OF - timedelta(hours=draw.randint(0, 60)))
    spread = Decimal(str(round(draw.uniform(-1, 1), 6)))
    sign = draw.choice([-1, 1]) if fact_id.startswith("context.etf.") else 1
    value = {
        FactKind.PRICE: 90_000 * (1 + spread / 5),
        FactKind.USD: sign * Decimal(10) ** draw.randint(6, 10) * (1 + spread / 2),
        FactKind.COIN: Decimal(1000) * (2 + spread),
        FactKind.RATIO: Decimal("1.1") + spread,
        FactKind.FRACTION: spread if fact_id.endswith(WIDE) else spread * draw.choice(SCALES),
        FactKind.COUNT: Decimal(draw.choice([0, 0, 1, 2, 3, 5, 14, 30, 41, 120])),
    }[kind]
    if fact_id.endswith("intensity_usd") and draw.random() < 0.1:
        value = Decimal(0)
    return made(fact_id, value)


def made(fact_id: str, value: Decimal | datetime) -> Fact:
    return Fact(
        id=fact_id,
        kind=kind_for(fact_id),
        value=value,
        symbol="BTC",
        as_of=AS_OF,
        source="Binance, OKX and Bybit",
        note="estimated",
    )


def said(passages: tuple[Passage, ...]) -> list[tuple[str, tuple[str, ...], frozenset[str]]]:
    return [
        (one.key, one.claims, frozenset(token.fact_id for token in find_tokens(one.text)))
        for one in passages
    ]


def posts(number: int) -> Iterator[tuple[str, str, Mapping[str, Fact], tuple[Passage, ...]]]:
    """Yield format, locale, facts and passages of every post about a made-up market."""
    facts = market(number)
    writer = Writer(facts, f"market {number}")
    for post_format in post_formats():
        for locale in resources.shipped_locales():
            post = writer.post(post_format, locale)
            assert post.gaps == ()
            yield post_format, locale, facts, post.passages


@pytest.mark.parametrize("start", range(0, DRAWS, 20))
def test_all_languages_say_the_same_and_every_figure_is_traced(start: int) -> None:
    amounts = {locale: AmountFormatter(locale) for locale in resources.shipped_locales()}
    for number in range(start, start + 20):
        first: dict[str, object] = {}
        for post_format, locale, facts, passages in posts(number):
            told = said(passages)
            assert told == first.setdefault(post_format, told), (number, post_format, locale)
            keys = [passage.key for passage in passages]
            assert len(keys) == len(set(keys)), (number, post_format)
            about = Subject(
                locale=locale,
                passages=passages,
                facts=facts,
                looked_from=AS_OF,
                max_age=timedelta(hours=2),
            )
            assert list(glued_token.find(about)) == [], (number, post_format, locale)
            for passage in passages:
                rendered = render_tokens(passage.text, facts, amounts[locale])
                rest = rendered.text
                for span in reversed(rendered.spans):
                    rest = rest[: span.start] + " " + rest[span.end :]
                for literal in language_of(locale).literals:
                    rest = rest.replace(literal, " ")
                assert not re.search(r"\d|\[\[|\{|\}", rest), (number, locale, rest)


def test_the_record_of_a_lean_stands_on_a_lean() -> None:
    records = 0
    for number in range(DRAWS):
        for passage in Writer(market(number), f"market {number}").post("analysis", "en").passages:
            if passage.key == "record":
                records += 1
                assert {"short_heavy", "long_heavy"} & set(passage.claims), number
    assert records


def test_every_sentence_is_said_in_some_market(tmp_path: Path) -> None:
    """A sentence that no market brings up is dead wood in six languages."""
    (tmp_path / "topics.j2").write_text(
        '{% from "statements/context.j2" import context with context %}'
        "{% for topic in topics(99) %}{{ context(topic) }}{% endfor %}"
    )
    silent = {entry.msgid for entry in catalogs.extract()} - catalogs.in_one_wording()
    every_topic = find_template("topics", "en", tmp_path)
    for number in range(MANY_DRAWS):
        if not silent:
            break
        facts, seed = market(number), f"market {number}"
        story = Story(facts, seed)
        pieces = [render(every_topic, facts, {"symbol": "BTC", "topics": story.topics})]
        if number % 3 == 0:
            writer = Writer(facts, seed)
            for post_format in post_formats():
                writer.post(post_format, "en")
            pieces += writer._pieces.values()
        silent -= {sentence.message for piece in pieces for sentence in piece.sentences}
    assert sorted(silent) == []
