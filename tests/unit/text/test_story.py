"""What leads, what else is told: by claims and by how unusual the figures are."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from composer.figures import claims
from composer.figures.facts import Fact, kind_of
from composer.text.story import _LEADS, _TOPICS, Story

AS_OF = datetime(2026, 6, 10, 8, tzinfo=UTC)
SHORT_HEAVY = {
    "skew": "0.3",
    "upper.intensity_usd": "3e9",
    "lower.intensity_usd": "1e9",
    "equal_notional.up_usd": "500",
    "equal_notional.down_usd": "2000",
    "totals.long_usd": "1e9",
    "totals.short_usd": "2e9",
}


def facts_with(**values: str) -> Mapping[str, Fact]:
    """Return facts by id; `__` stands for the dot."""
    named = {**SHORT_HEAVY, **{key.replace("__", "."): value for key, value in values.items()}}
    return {
        fact_id: Fact(
            id=fact_id,
            kind=kind,
            value=Decimal(value),
            symbol="BTC",
            as_of=AS_OF,
            source="Coinglass",
        )
        for fact_id, value in named.items()
        if (kind := kind_of(fact_id)) is not None
    }


def leads(facts: Mapping[str, Fact], days: int = 60) -> set[str]:
    return {Story(facts, f"day {day} headline").lead for day in range(days)}


def test_every_claim_and_figure_of_the_tables_exists() -> None:
    for subject in (*_LEADS, *_TOPICS):
        for group in subject.claims:
            for claim in group:
                claims.claim_of(claim)
        assert 0 < subject.weight <= 2
        for fact in subject.facts:
            assert kind_of(fact) is not None


def test_levels_and_distance_take_turns_while_nothing_is_unusual() -> None:
    assert leads(facts_with()) == {"levels", "distance"}


def test_what_is_unusual_leads() -> None:
    assert leads(facts_with(standing__ratio__score="0.9")) == {"levels"}
    assert leads(facts_with(standing__equal_notional__score="0.9")) == {"distance"}


@pytest.mark.parametrize(
    ("values", "lead"),
    [
        ({"totals__long_usd": "0", "totals__short_usd": "0", "skew": "0"}, "nothing"),
        ({"change__skew_was": "-0.3"}, "reversal"),
        ({"change__skew_was": "-0.3", "skew": "0.05"}, "faded"),
        ({"skew": "0.05"}, "balanced"),
        ({"context__open_interest_high_days": "30"}, "record"),
        ({"upper__intensity_usd": "1e9", "equal_notional__up_usd": "2000"}, "lean"),
    ],
)
def test_a_turn_of_events_leads_over_the_routine(values: dict[str, str], lead: str) -> None:
    assert leads(facts_with(**values)) == {lead}


def test_topics_come_by_how_unusual_they_are() -> None:
    market = {
        "context__open_interest_usd": "1e10",
        "context__funding_rate": "0.0001",
        "context__price_change_24h": "0.001",
    }
    told = Story(facts_with(**market, standing__price_24h__score="0.95"), "seed").topics(2)
    assert told[0] == "price"
    assert set(told[1:]) <= {"open_interest", "funding"}
    assert Story(facts_with(), "seed").topics(9) == []


def test_the_same_seed_decides_alike_and_outlines_take_turns() -> None:
    names = ["a", "b", "c"]
    chosen = [Story(facts_with(), f"day {day}").outline(names) for day in range(60)]
    assert set(chosen) == set(names)
    assert Story(facts_with(), "day 7").outline(names) == chosen[7]
