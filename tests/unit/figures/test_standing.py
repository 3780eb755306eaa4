"""Where today stands among editions: what is said of editions is said of those made."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal

import pytest

from composer.figures import claims
from composer.figures.comparison import Place, Standing
from composer.figures.compute import compare, compute_figures
from composer.figures.facts import FactKind, facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.newsworthiness import CANDIDATES, newsworthiness
from composer.figures.past import PastFigures
from composer.figures.rewind import backfill
from composer.figures.standing import NAMES, standing_of
from tests.markets import trading_snapshot
from tests.unit.figures.test_newsworthiness import edition, past_of

LEVELS = LevelPolicy()


def standing(
    today: Mapping[str, float], past: Sequence[PastFigures], replayed: Sequence[PastFigures] = ()
) -> Standing:
    found = standing_of(edition(0, today).facts, past, replayed)
    assert found is not None
    return found


def place(value: float, before: Sequence[float], fact_id: str = "ratio") -> Place:
    found = getattr(standing({fact_id: value}, past_of(fact_id, before)), NAMES[fact_id])
    assert isinstance(found, Place)
    return found


def test_every_candidate_has_a_name_of_its_own() -> None:
    places = {item.name for item in fields(Standing)} - {
        *("short_heavy_editions", "long_heavy_editions", "balanced_editions")
    }
    assert NAMES.keys() == CANDIDATES.keys()
    assert sorted(NAMES.values()) == sorted(places)


@pytest.mark.parametrize(("editions", "record"), [(29, None), (30, 30), (90, 90)])
def test_a_record_says_over_how_many_editions(editions: int, record: int | None) -> None:
    history = ([1, 2] * 45)[:editions]
    highest, lowest = place(3, history), place(0, history)
    assert (highest.high_editions, highest.low_editions) == (record, None)
    assert (lowest.high_editions, lowest.low_editions) == (None, record)
    assert highest.editions == lowest.editions == editions


@pytest.mark.parametrize(("before", "streak"), [([2, 1, 2, 3], 3), ([3, 2, 3], None)])
def test_a_streak_says_of_how_many_editions(before: list[float], streak: int | None) -> None:
    history = [9, 8] * 5
    rising = place(4, [*history, *before])
    falling = place(-4, [-one for one in (*history, *before)])
    assert (rising.rising_editions, rising.falling_editions) == (streak, None)
    assert (falling.rising_editions, falling.falling_editions) == (None, streak)


def test_only_what_has_a_sign_turns() -> None:
    assert place(0.2, [0.2, -0.2] * 6, "skew").turned == 1
    assert place(-0.2, [0.2, -0.2] * 6, "skew").turned == 0
    assert place(0.2, [0.2, -0.2] * 6, "ratio").turned is None


def test_replayed_days_count_for_the_score_alone() -> None:
    history = past_of("skew", [0.01 * step for step in range(40)])
    replayed, made = history[:-9], history[-9:]
    found = standing({"skew": 0.5}, made, replayed).skew
    assert found is not None
    (judged,) = newsworthiness(edition(0, {"skew": 0.5}).facts, history)
    assert found == Place(score=judged.score, editions=9, replayed_editions=31)
    # From ten editions on they speak for themselves.
    found = standing({"skew": 0.5}, history[-10:], history[:-10]).skew
    assert found is not None
    assert (found.rising_editions, found.high_editions, found.turned) == (10, None, 0)
    assert (found.editions, found.replayed_editions) == (10, 30)


@pytest.mark.parametrize(
    ("skews", "expected"),
    [
        ([0.15, 0.9], ("short_heavy_editions", 3)),
        ([-0.2, 0.15], ("short_heavy_editions", 2)),
        ([0.2, 0.1499], ("short_heavy_editions", 1)),
    ],
)
def test_a_lean_is_counted_with_today(skews: list[float], expected: tuple[str, int]) -> None:
    for sign, name in ((1, expected[0]), (-1, "long_heavy_editions")):
        past = past_of("skew", [sign * skew for skew in skews])
        found = standing({"skew": sign * 0.3}, past)
        assert found == Standing(**{name: expected[1]})  # type: ignore[arg-type]


def test_a_balance_is_a_lean_of_its_own() -> None:
    found = standing({"skew": -0.1}, past_of("skew", [0.2, 0.14, -0.14]))
    assert found == Standing(balanced_editions=3)


def test_without_a_past_nothing_stands_anywhere() -> None:
    assert standing_of(edition(0, {"skew": 0.3, "ratio": 2}).facts, ()) is None
    # Replays are no editions in a row.
    replayed = past_of("skew", [0.3] * 9)
    assert standing_of(edition(0, {"skew": 0.3}).facts, (), replayed) is None


def test_editions_of_another_source_do_not_count() -> None:
    past = [edition(ago, {"skew": 0.3}, source="OKX") for ago in range(1, 20)]
    assert standing_of(edition(0, {"skew": 0.3}).facts, past) is None


def test_on_day_one_the_candles_say_what_is_unusual() -> None:
    market = trading_snapshot(days=31)
    bare = compute_figures(market, levels=LEVELS)
    found = compare(bare, market, (), backfill(market, (), LEVELS))
    assert bare.standing is None
    assert found.standing is not None
    assert found.standing.skew is not None
    assert (found.standing.skew.editions, found.standing.skew.replayed_editions) == (0, 24)
    facts = facts_of(found)
    assert facts["standing.skew.score"].kind is FactKind.FRACTION
    assert facts["standing.skew.editions"].kind is FactKind.COUNT
    assert "standing.funding.score" not in facts  # what it was is not known
    # Open interest has risen all the time, but no edition said so.
    assert facts["standing.open_interest.score"].value > Decimal("0.3")  # type: ignore[operator]
    assert not claims.holds("open_interest_rising", facts)
    assert (found.change, found.usual) == (None, None)  # they speak of editions


def test_what_stood_somewhere_then_is_no_history() -> None:
    market = trading_snapshot(days=31)
    replayed = backfill(market, (), LEVELS)
    once = compare(compute_figures(market, levels=LEVELS), market, replayed)
    assert once.standing is not None
    # The same past, each with a standing of its own, gives the same figures.
    stood = {key: fact for key, fact in facts_of(once).items() if key.startswith("standing.")}
    stored = [PastFigures(as_of=one.as_of, facts={**one.facts, **stood}) for one in replayed]
    assert compare(once, market, stored).tree() == once.tree()
    assert compare(once, market, stored[::-1]).tree() == once.tree()
