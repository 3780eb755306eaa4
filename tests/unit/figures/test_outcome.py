"""What became of two levels: touched by later bars only, in the order it happened."""

from datetime import timedelta

import pytest

from composer.figures.calls import call_of
from composer.figures.facts import facts_of
from composer.figures.outcome import Outcome, follow
from composer.figures.past import PastFigures
from composer.figures.report import Strength
from composer.market.records import Side
from tests.markets import SAMPLE_2, figures_of
from tests.unit.figures.aftermaths import HOUR, START, aftermath_of, call, flat

DAY = timedelta(hours=24)
UP, DOWN = (102.0, 100.0, 101.0), (100.0, 98.0, 99.0)


def followed(rows: list[tuple[float, float, float]]) -> Outcome:
    outcome = follow(call(), aftermath_of(rows), DAY)
    assert outcome is not None
    return outcome


def test_the_level_touched_first_is_named_with_its_time() -> None:
    found = followed([*flat(2), UP, *flat(3), DOWN, *flat(17)])
    assert found.first is Side.SHORT
    # The third hour ends three hours after the call, the seventh seven.
    assert found.touched_at == {Side.SHORT: START + 3 * HOUR, Side.LONG: START + 7 * HOUR}
    assert (found.up, found.down) == pytest.approx((0.02, 0.02))


def test_a_level_counts_when_price_is_just_there() -> None:
    assert not followed([(101.9999, 100, 100), *flat(23)]).reached(Side.SHORT)
    assert followed([(102, 100, 100), *flat(23)]).reached(Side.SHORT)
    assert not followed([(100, 98.0001, 100), *flat(23)]).reached(Side.LONG)
    assert followed([(100, 98, 100), *flat(23)]).reached(Side.LONG)


def test_both_within_one_bar_leave_open_which_was_first() -> None:
    found = followed([(103.0, 97.0, 100.0), *flat(23)])
    assert found.first is None
    assert found.reached(Side.SHORT)
    assert found.reached(Side.LONG)


def test_a_touch_after_the_horizon_does_not_count() -> None:
    assert not followed([*flat(24), UP]).reached(Side.SHORT)
    assert followed([*flat(23), UP]).reached(Side.SHORT)


def test_a_bar_that_opened_before_the_call_does_not_count() -> None:
    # The call comes half an hour into the second bar, which was at the level.
    aftermath = aftermath_of([*flat(1), UP, *flat(24)])
    late = follow(call(START + 1.5 * HOUR), aftermath, DAY)
    assert late is not None
    assert late.first is None


def test_price_that_never_rose_went_nowhere_up() -> None:
    found = followed(flat(24, price=99.0))
    assert (found.up, found.down) == pytest.approx((0.0, 0.01))


def test_what_is_not_covered_is_not_known() -> None:
    # 95 % of 24 hours are 22.8: 23 bars are enough, 22 are not.
    assert follow(call(), aftermath_of(flat(23)), DAY) is not None
    assert follow(call(), aftermath_of(flat(22)), DAY) is None
    assert follow(call(START - DAY), aftermath_of(flat(40)), DAY) is None


def test_liquidations_are_set_against_the_usual_before_the_call() -> None:
    # Eight days of hours before the call: 48 sums of four hours, 40 USD long and 8 short each.
    # The upper level is touched in the second hour after it: 10 + 20 + 2 + 2 = 34 USD short.
    before, after = 8 * 24, 24
    rows = [*flat(before), *flat(1), UP, *flat(22)]
    short = [2.0] * before + [2.0, 10.0, 20.0] + [2.0] * (after - 3)
    aftermath = aftermath_of(
        rows, start=START - before * HOUR, long_usd=[10.0] * len(rows), short_usd=short
    )
    found = follow(call(), aftermath, DAY)
    assert found is not None
    assert found.liquidated == pytest.approx(34 / 8)


@pytest.mark.parametrize("days", [0, 6])
def test_without_a_week_of_liquidations_no_usual_is_known(days: int) -> None:
    before = days * 24
    rows = [*flat(before), UP, *flat(23)]
    usd = [5.0] * len(rows)
    aftermath = aftermath_of(rows, start=START - before * HOUR, long_usd=usd, short_usd=usd)
    found = follow(call(), aftermath, DAY)
    assert found is not None
    assert found.liquidated is None


def test_bars_before_the_call_make_no_difference() -> None:
    rows = [*flat(30), UP, *flat(23)]
    aftermath = aftermath_of(rows, start=START - 30 * HOUR)
    wild = aftermath_of([(200.0, 50.0, 100.0)] * 30 + rows[30:], start=START - 30 * HOUR)
    assert follow(call(), aftermath, DAY) == follow(call(), wild, DAY)


def test_the_call_of_an_edition_is_read_from_its_facts() -> None:
    figures = figures_of(SAMPLE_2)
    read = call_of(PastFigures(as_of=figures.as_of, facts=facts_of(figures)))
    assert (read.price, read.lower, read.upper) == (90_131.71, 86_137, 94_681)
    assert read.skew == figures.skew
    # About (2.705 - 1.563) / (2.705 + 1.563) = .268: the levels are near the ends of the window.
    assert (read.side, read.strength) == (Side.SHORT, Strength.MILD)
    # 94,681 / 90,131.71 - 1 = 4,549.29 / 90,131.71
    assert read.distance(Side.SHORT) == pytest.approx(0.0504738)


def test_a_mild_lean_to_longs_has_the_lower_level() -> None:
    assert call(skew=-0.15).side is Side.LONG
    assert call(skew=-0.1499).side is None
