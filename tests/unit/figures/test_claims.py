from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from composer.errors import FiguresError
from composer.figures.claims import claim_ids, claim_of, holds
from composer.figures.facts import Fact, FactKind

NOW = datetime(2026, 1, 10, 8, tzinfo=UTC)


def facts(**values: str) -> Mapping[str, Fact]:
    """Facts by id, `__` standing for the dot."""
    return {
        name.replace("__", "."): Fact(
            id=name.replace("__", "."),
            kind=FactKind.FRACTION,
            value=Decimal(value),
            symbol="BTC",
            as_of=NOW,
            source="Coinglass",
        )
        for name, value in values.items()
    }


def levels(lower: str, upper: str) -> Mapping[str, Fact]:
    return facts(lower__intensity_usd=lower, upper__intensity_usd=upper)


def fuel(down: str, up: str) -> Mapping[str, Fact]:
    return facts(equal_notional__down_usd=down, equal_notional__up_usd=up)


def near(skew: str, *, long_usd: str = "1", short_usd: str = "1") -> Mapping[str, Fact]:
    return facts(skew=skew, totals__long_usd=long_usd, totals__short_usd=short_usd)


CASES: list[tuple[str, Mapping[str, Fact], bool]] = [
    ("short_heavy", facts(skew="0.15"), True),
    ("short_heavy", facts(skew="0.1499"), False),
    ("short_heavy", facts(skew="-0.5"), False),
    ("long_heavy", facts(skew="-0.15"), True),
    ("long_heavy", facts(skew="-0.1499"), False),
    ("long_heavy", facts(skew="0.5"), False),
    ("balanced", near("-0.1499"), True),
    ("balanced", near("0.15"), False),
    ("balanced", near("-0.15"), False),
    ("balanced", near("0", long_usd="0", short_usd="0"), False),
    ("nothing_near", near("0", long_usd="0", short_usd="0"), True),
    ("nothing_near", near("1", long_usd="0"), False),
    ("nothing_near", near("-1", short_usd="0"), False),
    ("no_shorts_to_upper_level", levels("1", "0"), True),
    ("no_shorts_to_upper_level", levels("0", "1"), False),
    ("no_longs_to_lower_level", levels("0", "1"), True),
    ("no_longs_to_lower_level", levels("1", "0"), False),
    ("tilted", facts(skew="-0.15"), True),
    ("tilted", facts(skew="0.3499"), True),
    ("tilted", facts(skew="0.35"), False),
    ("tilted", facts(skew="0.1"), False),
    ("heavily_skewed", facts(skew="0.35"), True),
    ("heavily_skewed", facts(skew="-0.5999"), True),
    ("heavily_skewed", facts(skew="0.6"), False),
    ("lopsided", facts(skew="-0.6"), True),
    ("lopsided", facts(skew="0.5999"), False),
    ("more_short_at_levels", levels("10", "12.01"), True),
    ("more_short_at_levels", levels("10", "12"), False),
    ("more_short_at_levels", levels("0", "1"), True),
    ("more_long_at_levels", levels("12.01", "10"), True),
    ("more_long_at_levels", levels("12", "10"), False),
    ("levels_even", levels("12", "10"), True),
    ("levels_even", levels("10", "12"), True),
    ("levels_even", levels("10", "12.01"), False),
    ("levels_even", levels("12.01", "10"), False),
    ("nearer_fuel_up", fuel("2000", "770"), True),
    ("nearer_fuel_up", fuel("1000", "800"), False),
    ("nearer_fuel_up", fuel("770", "2000"), False),
    ("nearer_fuel_down", fuel("770", "2000"), True),
    ("nearer_fuel_down", fuel("800", "1000"), False),
    ("fuel_even", fuel("800", "1000"), True),
    ("fuel_even", fuel("1000", "800"), True),
    ("fuel_even", fuel("799", "1000"), False),
    ("fuel_even", fuel("1000", "799"), False),
    ("fuel_even", facts(equal_notional__up_usd="770"), False),
    ("shorts_never_meet_notional", facts(equal_notional__notional_usd="1"), True),
    ("shorts_never_meet_notional", facts(equal_notional__notional_usd="0"), False),
    (
        "shorts_never_meet_notional",
        facts(equal_notional__notional_usd="1", equal_notional__up_usd="770"),
        False,
    ),
    ("longs_never_meet_notional", facts(equal_notional__notional_usd="1"), True),
    (
        "longs_never_meet_notional",
        facts(equal_notional__notional_usd="1", equal_notional__down_usd="770"),
        False,
    ),
    ("cluster_beyond_lower_level", facts(next_lower__level="89000"), True),
    ("cluster_beyond_lower_level", facts(next_upper__level="99000"), False),
    ("cluster_beyond_upper_level", facts(next_upper__level="99000"), True),
    ("cluster_beyond_upper_level", facts(next_lower__level="89000"), False),
    ("high_touched_7d", facts(price="99500", range_7d__high="100000"), True),
    ("high_touched_7d", facts(price="99499", range_7d__high="100000"), False),
    ("low_touched_7d", facts(price="100500", range_7d__low="100000"), True),
    ("low_touched_7d", facts(price="100501", range_7d__low="100000"), False),
    ("funding_contradicts_skew", facts(skew="0.15", context__funding_rate="0.0001"), True),
    ("funding_contradicts_skew", facts(skew="0.15", context__funding_rate="0"), False),
    ("funding_contradicts_skew", facts(skew="0.14", context__funding_rate="0.0001"), False),
    ("funding_contradicts_skew", facts(skew="-0.15", context__funding_rate="-0.0001"), True),
    ("funding_contradicts_skew", facts(skew="-0.15", context__funding_rate="0.0001"), False),
]


@pytest.mark.parametrize(("claim_id", "about", "expected"), CASES)
def test_claim(claim_id: str, about: Mapping[str, Fact], *, expected: bool) -> None:
    assert holds(claim_id, about) is expected


def test_every_claim_is_tried_both_ways() -> None:
    for expected in (True, False):
        assert {claim for claim, _, outcome in CASES if outcome is expected} == set(claim_ids())


@pytest.mark.parametrize("claim_id", claim_ids())
def test_missing_fact_makes_a_claim_false(claim_id: str) -> None:
    assert holds(claim_id, {}) is False
    assert claim_of(claim_id).description


def test_unknown_claim_names_the_nearest() -> None:
    with pytest.raises(
        FiguresError, match=r"no claim 'short_heavey'; the nearest is 'short_heavy'"
    ):
        holds("short_heavey", {})
