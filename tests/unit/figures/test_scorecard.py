"""Rates, base rates and facts against values worked out by hand, and their laws."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import FiguresError
from composer.figures.aftermath import Aftermath
from composer.figures.base_rate import BaseRate
from composer.figures.calls import Call
from composer.figures.facts import FactKind, facts_of, provenance
from composer.figures.report import Direction
from composer.figures.scorecard import HORIZONS, Row, keep_score, scorecard_facts
from composer.figures.thresholds import CITED_FROM
from composer.market.records import Side
from tests.markets import SAMPLE_2, figures_of
from tests.unit.figures.aftermaths import HOUR, START, aftermath_of, call, flat

DAY = timedelta(days=1)

# 73 hours at 100, one before the first call and three days after it, but for the hour that
# begins 30 hours after it: it reaches 102, the upper level of every call.
SPIKE = aftermath_of([*flat(31), (102.0, 100.0, 100.0), *flat(41)], start=START - HOUR)
THREE = [call(START + number * DAY) for number in range(3)]


def rows_of(horizon: str, calls: list[Call], aftermath: Aftermath) -> dict[str, Row]:
    rows = keep_score(calls, aftermath).rows
    return {row.strength: row for row in rows if row.horizon == horizon}


def test_three_calls_and_one_hit() -> None:
    rows = rows_of("24h", THREE, SPIKE)
    assert list(rows) == ["any", "strong"]
    assert rows["any"] == replace(rows["strong"], strength="any")
    reached = rows["strong"].reached
    # Of days 0-24, 24-48 and 48-72 the hour 30 lies in the second.
    assert (reached.hits, reached.n, reached.apart) == (1, 3, 3)
    assert reached.share == pytest.approx(1 / 3)
    # Wilson of 1 in 3: z²/n = 1.280486; (1/3 + .640243 ± sqrt(1.280486 · (2/9 + .320122)))
    # / 2.280486 = (.973576 ± .833345) / 2.280486.
    assert reached.interval == pytest.approx((0.061492, 0.792340), abs=1e-5)


def test_the_base_rate_is_that_of_every_moment() -> None:
    # From hours 0 to 48 there are 49 moments. The hour 30 to 31 is in the day after a moment
    # from hour 7 (it ends with hour 31) to hour 30: 24 of them.
    row = rows_of("24h", THREE, SPIKE)["any"]
    assert row.base == pytest.approx(24 / 49)
    assert row.mirrored == 0
    assert (row.toward, row.away) == pytest.approx((0.0, 0.0))  # medians of 0, 2 % and 0


def test_a_call_without_a_whole_horizon_does_not_count() -> None:
    # Only the first call has three days of bars after it. So have the moments of hours 0 to 3,
    # with 95 % of them; from each the level is reached.
    row = rows_of("72h", THREE, SPIKE)["any"]
    assert (row.reached.hits, row.reached.n) == (1, 1)
    assert row.base == 1
    assert rows_of("7d", THREE, SPIKE) == {}


def test_the_other_side_is_the_same_distance_away() -> None:
    # Shorts are heavier, the level is 2 % above; price went 2 % down, and never up.
    aftermath = aftermath_of([*flat(5), (100.0, 98.0, 100.0), *flat(30)], start=START - HOUR)
    row = rows_of("24h", [call(lower=90.0)], aftermath)["any"]
    assert (row.reached.hits, row.mirrored) == (0, 1)
    assert (row.toward, row.away) == pytest.approx((0.0, 0.02))


def test_the_base_rate_is_of_the_same_side() -> None:
    base = BaseRate.of(SPIKE, START, START + 2 * DAY, DAY)
    assert base.chance([(Side.SHORT, 0.02)]) == pytest.approx(24 / 49)
    assert base.chance([(Side.SHORT, 0.0201)]) == 0
    assert base.chance([(Side.LONG, 0.02)]) == 0
    assert base.chance([(Side.SHORT, 0.02), (Side.LONG, 0.02)]) == pytest.approx(12 / 49)


def test_where_no_moment_is_known_there_is_no_base_rate() -> None:
    # The bars begin with the call: what the price was just before it is not known.
    assert rows_of("24h", [call()], aftermath_of(flat(24)))["any"].base is None


def test_overlapping_horizons_are_no_trials_of_their_own() -> None:
    # Daily calls over ten days: of their 3-day horizons those of days 0, 3 and 6 lie apart,
    # and day 8 is the last that is covered.
    aftermath = aftermath_of(flat(11 * 24 + 1), start=START - HOUR)
    calls = [call(START + number * DAY) for number in range(10)]
    assert rows_of("24h", calls, aftermath)["any"].reached.apart == 10
    reached = rows_of("72h", calls, aftermath)["any"].reached
    assert (reached.n, reached.apart) == (9, 3)
    # 0 of 3, not of 9: the upper bound is z²/n / (1 + z²/n) = 1.280486 / 2.280486.
    assert reached.interval == pytest.approx((0.0, 0.561497), abs=1e-5)


def test_first_touches_are_counted_by_where_the_leverage_sat() -> None:
    calls = [call(), call(START + DAY, skew=-0.2), call(START + 2 * DAY, skew=0.0)]
    rows = [*flat(1), (102, 100, 100), *flat(23), (103, 97, 100), *flat(23), (100, 98, 100)]
    card = keep_score(calls, aftermath_of([*rows, *flat(23)], start=START - HOUR))
    found = {one.direction: one for one in card.firsts if one.horizon == "24h"}
    counts = {key: (one.n, one.upper, one.lower, one.both) for key, one in found.items()}
    assert counts == {
        Direction.SHORT_SQUEEZE: (1, 1, 0, 0),
        Direction.LONG_CASCADE: (1, 0, 0, 1),
        Direction.BALANCED: (1, 0, 1, 0),
    }
    assert found[Direction.BALANCED].liquidated[Side.LONG].multiple is None
    assert [row.reached.n for row in card.rows if row.horizon == "24h"] == [2, 1, 1]


def test_liquidations_after_a_touch_are_counted_against_the_usual() -> None:
    # A week of 1 USD an hour; then the first touch sees 4, the second 8 of the usual 4.
    before = 7 * 24
    rows = [*flat(before), (102, 100, 100), *flat(23), (102, 100, 100), *flat(23)]
    short = [1.0] * (before + 24) + [5.0] + [1.0] * 23
    aftermath = aftermath_of(
        rows, start=START - before * HOUR, long_usd=[1.0] * len(rows), short_usd=short
    )
    (found,) = (
        one
        for one in keep_score([call(), call(START + DAY)], aftermath).firsts
        if one.horizon == "24h"
    )
    liquidated = found.liquidated[Side.SHORT]
    assert (liquidated.known, liquidated.above, liquidated.multiple) == (2, 1, 1.5)


def test_without_calls_there_is_no_record() -> None:
    with pytest.raises(FiguresError, match="no past calls"):
        keep_score([], SPIKE)


def test_of_two_calls_of_one_moment_one_counts() -> None:
    assert keep_score([*THREE, *THREE], SPIKE).rows == keep_score(THREE, SPIKE).rows


def test_a_rate_of_too_few_horizons_is_not_offered() -> None:
    market = provenance(facts_of(figures_of(SAMPLE_2)))
    calls = [call(START + number * DAY) for number in range(int(CITED_FROM))]
    aftermath = aftermath_of(flat(int(CITED_FROM) * 24 + 1), start=START - HOUR)
    few = keep_score(calls[1:], aftermath)
    assert scorecard_facts(few, market) == {}
    facts = scorecard_facts(keep_score(calls, aftermath), market)
    names = ("hits", "n", "apart", "low", "high", "base_rate")
    assert list(facts) == [
        f"scorecard.24h.{strength}.{name}" for strength in ("any", "strong") for name in names
    ]


def test_facts_of_a_record_stand_beside_the_figures_of_a_market() -> None:
    figures = facts_of(figures_of(SAMPLE_2))
    calls = [call(START + number * DAY) for number in range(30)]
    # Touched within every third day: 10 of 30.
    days = [*flat(23), (102.0, 100.0, 100.0), *flat(48)] * 10
    card = keep_score(calls, aftermath_of([*flat(1), *days], start=START - HOUR))
    facts = scorecard_facts(card, provenance(figures))
    assert provenance({**figures, **facts}) == provenance(figures)
    assert facts["scorecard.24h.strong.hits"].value == 10
    assert facts["scorecard.24h.strong.n"].value == 30
    assert facts["scorecard.24h.strong.n"].kind is FactKind.COUNT
    # Wilson of 10 in 30: z²/n = .128049; (.333333 + .064024 ± sqrt(.128049 · (.222222
    # + .032012))) / 1.128049 = (.397358 ± .180428) / 1.128049.
    low, high = (facts[f"scorecard.24h.strong.{name}"].value for name in ("low", "high"))
    assert isinstance(low, Decimal)
    assert isinstance(high, Decimal)
    assert (float(low), float(high)) == pytest.approx((0.192304, 0.512202), abs=1e-5)


# Hourly steps of a tenth of a per cent, and calls at some of the hours.
WALKS = st.lists(st.integers(-5, 5), min_size=200, max_size=260)
CALLS = st.lists(
    st.tuples(st.integers(0, 150), st.sampled_from([-0.7, -0.2, 0.0, 0.2, 0.7])),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[0],
)


def walked(steps: list[int], scale: float) -> Aftermath:
    close = scale * (1000.0 + np.cumsum(steps))
    rows = list(zip(close + scale, close - scale, close, strict=True))
    return aftermath_of(rows, start=START - HOUR)


def called(calls: list[tuple[int, float]], steps: list[int], scale: float) -> list[Call]:
    prices = 1000.0 + np.cumsum(steps)
    return [
        call(
            START + hour * HOUR,
            skew=skew,
            price=scale * prices[hour],
            lower=scale * (prices[hour] - 10),
            upper=scale * (prices[hour] + 10),
        )
        for hour, skew in calls
    ]


@settings(max_examples=20)
@given(WALKS, CALLS, st.sampled_from([2.0**-9, 2.0**5, 2.0**14]))
def test_the_record_does_not_depend_on_the_size_of_prices(
    steps: list[int], calls: list[tuple[int, float]], scale: float
) -> None:
    plain = keep_score(called(calls, steps, 1.0), walked(steps, 1.0))
    scaled = keep_score(called(calls, steps, scale), walked(steps, scale))
    assert scaled.rows == plain.rows
    assert scaled.firsts == plain.firsts


@settings(max_examples=20)
@given(WALKS, CALLS, st.randoms(use_true_random=False))
def test_the_order_of_calls_makes_no_difference(
    steps: list[int],
    calls: list[tuple[int, float]],
    random: st.DataObject,
) -> None:
    listed = called(calls, steps, 1.0)
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a Random
    aftermath = walked(steps, 1.0)
    assert keep_score(shuffled, aftermath) == keep_score(listed, aftermath)


@settings(max_examples=20)
@given(WALKS, CALLS)
def test_counts_add_up_and_grow_with_the_horizon(
    steps: list[int], calls: list[tuple[int, float]]
) -> None:
    card = keep_score(called(calls, steps, 1.0), walked(steps, 1.0))
    for row in card.rows:
        assert 0 <= row.reached.hits <= row.reached.n
        assert 1 <= row.reached.apart <= row.reached.n
        assert row.base is None or 0 <= row.base <= 1
    for one in card.firsts:
        assert one.upper + one.lower + one.both <= one.n
    reached = {
        horizon: {o.call.as_of for o in outcomes if o.reached(Side.SHORT)}
        for horizon, outcomes in card.outcomes.items()
    }
    known_longer = {outcome.call.as_of for outcome in card.outcomes["72h"]}
    assert reached["24h"] & known_longer <= reached["72h"]
    assert set(card.outcomes) == set(HORIZONS)
