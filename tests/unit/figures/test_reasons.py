from dataclasses import replace

import pytest

from composer.figures.claims import claim_of
from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.reasons import contradictions_in, reasons_for
from composer.figures.report import Direction, Figures
from tests.markets import SAMPLE_2, even_bins, figures_of, snapshot_of, trading_snapshot


def named(found: Figures) -> tuple[list[str], list[str]]:
    return [one.claim for one in found.reasons], [one.claim for one in found.contradictions]


def test_reasons_of_a_short_heavy_market() -> None:
    """Equal notional, 1.563e9: 2,628.6 up of 4,549.29, and 3,994.71 down, 0.658 of the way."""
    found = figures_of(SAMPLE_2)
    assert found.outlook.direction is Direction.SHORT_SQUEEZE
    reasons, against = named(found)
    assert reasons == [
        "short_heavy",
        "more_short_at_levels",
        "nearer_fuel_up",
        "heavier_steps_above",
    ]
    assert against == []
    assert found.reasons[0].facts == ("skew",)
    assert found.reasons[1].facts == ("upper.intensity_usd", "lower.intensity_usd")


def test_heavy_shorts_with_positive_funding_contradict() -> None:
    market = replace(snapshot_of(SAMPLE_2), funding_rate=0.0001)
    found = compute_figures(market, levels=LevelPolicy.parse("explicit:86137,94681"))
    assert named(found)[1] == ["funding_contradicts_skew"]
    agreed = compute_figures(
        replace(market, funding_rate=-0.0001), levels=LevelPolicy.parse("explicit:86137,94681")
    )
    assert "funding_agrees_with_skew" in named(agreed)[0]
    assert named(agreed)[1] == []


def test_uneven_levels_contradict_the_lean() -> None:
    found = figures_of(even_bins(2e9, 3e9), price=90_000, levels="explicit:82000,90500")
    assert "levels_contradict_skew" in named(found)[1]


def test_nothing_contradicts_a_balance() -> None:
    found = figures_of(even_bins(2e9, 2e9), price=90_000, levels="explicit:82000,90500")
    reasons, against = named(found)
    assert found.outlook.direction is Direction.BALANCED
    assert (reasons, against) == (["balanced", "fuel_even"], [])


@pytest.mark.parametrize("direction", Direction)
def test_every_reason_is_a_claim_about_facts(direction: Direction) -> None:
    """All reasons and contradictions there may be name claims; without facts none holds."""
    assert reasons_for(direction, {}) == contradictions_in({}) == ()


def test_reasons_name_facts_that_are_there() -> None:
    found = compute_figures(trading_snapshot(), levels=LevelPolicy())
    facts = facts_of(found)
    for reason in (*found.reasons, *found.contradictions):
        assert claim_of(reason.claim).holds(facts)
        assert set(reason.facts) <= set(facts)
