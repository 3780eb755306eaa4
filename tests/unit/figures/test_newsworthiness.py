"""What is news: records, reversals and unusual figures, judged by their own history alone."""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.figures.facts import Fact, FactKind, kind_of
from composer.figures.newsworthiness import CANDIDATES, Newsworthy, newsworthiness
from composer.figures.past import PastFigures
from composer.figures.report import Figures
from tests.markets import AS_OF

DAY = timedelta(days=1)
TOTAL = 11  # the four weights: 3 + 3 + 1 + 4


def edition(ago: int, values: Mapping[str, float], *, source: str = "Binance") -> PastFigures:
    """Return the facts of an edition of some days ago."""
    as_of = AS_OF - ago * DAY
    moment = Fact(
        id="as_of",
        kind=FactKind.TIME,
        value=as_of,
        symbol="BTC",
        as_of=as_of,
        source=source,
        note="estimated",
    )
    numbers = [
        replace(moment, id=name, kind=FactKind.RATIO, value=Decimal(str(value)))
        for name, value in values.items()
    ]
    return PastFigures(as_of=as_of, facts={fact.id: fact for fact in (moment, *numbers)})


def past_of(fact_id: str, values: Sequence[float]) -> list[PastFigures]:
    """Return daily editions with these values, oldest first, the last one yesterday."""
    return [edition(len(values) - i, {fact_id: value}) for i, value in enumerate(values)]


def judged(fact_id: str, value: float, before: Sequence[float]) -> Newsworthy:
    (found,) = newsworthiness(edition(0, {fact_id: value}).facts, past_of(fact_id, before))
    return found


def test_a_value_in_the_middle_of_its_history_is_no_news() -> None:
    # Below are ten of twenty, above ten; the last change is a first fall.
    found = judged("ratio", 1.5, [1, 2] * 10)
    assert (found.score, found.unusual, found.editions) == (0, 0, 20)


def test_rank_decides_how_unusual_a_value_is() -> None:
    # 17 of 20 are below and 2 above, one is the same: (17 - 2) / 20 in both windows.
    found = judged("ratio", 17, [*range(1, 20), 0.5])
    assert found.unusual == pytest.approx(15 / 20)
    assert found.score == pytest.approx(3 * 15 / 20 / TOTAL)


def test_a_month_and_a_season_count_the_same() -> None:
    # Above all of the last 30, in the middle of the last 90: 45 below, 45 above.
    found = judged("ratio", 5, [9] * 45 + [1] * 45)
    assert found.unusual == pytest.approx((1 + 0) / 2)
    # Beyond the latest 45: a record over half of 90.
    assert found.record_over == 45
    assert found.score == pytest.approx((3 * 0.5 + 3 * 45 / 90) / TOTAL)


@pytest.mark.parametrize(("editions", "over"), [(29, 0), (30, 30), (90, 90), (120, 90)])
def test_a_record_needs_thirty_editions(editions: int, over: int) -> None:
    for value, sign in ((5, 1), (-5, -1)):
        found = judged("ratio", value, ([1, 2] * 60)[:editions])
        assert found.record_over == sign * over
        assert found.unusual == 1


@pytest.mark.parametrize(
    ("before", "value", "streak"),
    [([2, 1, 2], 3, 0), ([1, 2, 3], 4, 3), ([4, 3, 2, 1], 0, -4), ([1, 2, 3, 3], 4, 0)],
    ids=["two rises", "three rises", "four falls", "a pause"],
)
def test_a_streak_is_three_changes_one_way(before: list[float], value: float, streak: int) -> None:
    found = judged("ratio", value, [*[9, -9] * 5, before[0], *before])
    assert found.streak == streak


@pytest.mark.parametrize(
    ("before", "now", "turned"),
    [(-0.15, 0.15, True), (0.4, -0.2, True), (-0.1499, 0.4, False), (-0.4, 0.1, False)],
)
def test_a_reversal_is_a_change_of_a_clear_sign(before: float, now: float, *, turned: bool) -> None:
    found = judged("skew", now, [0.2, -0.2] * 6 + [before])
    assert found.reversed is turned


def test_amounts_do_not_turn() -> None:
    assert not judged("ratio", 3, [-3, 3] * 5 + [-3]).reversed


def test_a_reversal_beats_an_unusual_value_and_a_record_beats_both() -> None:
    calm = [0.2, 0.3] * 45
    values: dict[str, list[float]] = {
        "skew": [*calm[:-1], -0.25],
        "ratio": [*([1.0] * 44), *([9.0] * 46)],
        "totals.long_usd": calm,
    }
    past = [
        edition(90 - i, {name: history[i] for name, history in values.items()}) for i in range(90)
    ]
    today = edition(0, {"skew": 0.25, "ratio": 5.0, "totals.long_usd": 7.0})
    found = newsworthiness(today.facts, past)
    assert [one.fact_id for one in found] == ["totals.long_usd", "skew", "ratio"]


def test_what_has_no_history_is_not_offered() -> None:
    today = edition(0, {"ratio": 2, "skew": 0.1, "context.funding_rate": 0.001})
    past = [
        edition(ago, {"ratio": 1, **({"skew": 0.1} if ago > 1 else {})}) for ago in range(1, 11)
    ]
    # Ten editions had the ratio, nine the skew, none the funding.
    assert [one.fact_id for one in newsworthiness(today.facts, past)] == ["ratio"]


def test_only_what_a_text_may_lead_with_is_judged() -> None:
    names = ["context.volatility_7d", "context.candle_days", "upper.level", "price"]
    today = edition(0, dict.fromkeys(names, 2.0))
    past = [edition(ago, dict.fromkeys(names, 1.0)) for ago in range(1, 12)]
    assert [one.fact_id for one in newsworthiness(today.facts, past)] == ["context.volatility_7d"]


@pytest.mark.parametrize("fact_id", CANDIDATES)
def test_every_candidate_is_a_figure(fact_id: str) -> None:
    kind: Any = Figures
    for name in fact_id.split("."):
        fields = get_type_hints(kind)
        assert name in fields
        kind = next(filter(is_dataclass, get_args(fields[name])), fields[name])
    assert kind_of(fact_id) is not None


def test_another_source_and_the_future_are_no_history() -> None:
    past = [
        *(edition(ago, {"ratio": 1.0}, source="Coinglass") for ago in range(1, 20)),
        *(edition(-ago, {"ratio": 1.0}) for ago in range(20)),
    ]
    assert newsworthiness(edition(0, {"ratio": 2.0}).facts, past) == ()


NAMES = ("skew", "ratio", "context.funding_rate")
HISTORIES = st.lists(
    st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(-9, 9).map(lambda n: n / 10))),
    min_size=11,
    max_size=100,
)


@settings(max_examples=40)
@given(HISTORIES, st.integers(0, 2**32))
def test_the_order_of_what_comes_makes_no_difference(
    history: list[dict[str, float]], seed: int
) -> None:
    past = [edition(ago, values) for ago, values in enumerate(history)]
    # Two editions of one moment, with other values, as well.
    past.append(edition(3, history[0]))
    today, *past = past
    expected = newsworthiness(today.facts, past)
    random = Random(seed)  # noqa: S311 - shuffles a test
    facts = list(today.facts.items())
    random.shuffle(past)
    random.shuffle(facts)
    assert newsworthiness(dict(facts), past) == expected
    assert all(0 <= one.score <= 1 for one in expected)
    assert [one.score for one in expected] == sorted((one.score for one in expected), reverse=True)


@given(HISTORIES)
def test_only_ranks_and_signs_count(history: list[dict[str, float]]) -> None:
    """Twice the amounts with twice the history are the same news."""
    past = [edition(ago, {"ratio": values["ratio"]}) for ago, values in enumerate(history)]
    double = [edition(ago, {"ratio": values["ratio"] * 2}) for ago, values in enumerate(history)]
    assert newsworthiness(past[0].facts, past[1:]) == newsworthiness(double[0].facts, double[1:])
