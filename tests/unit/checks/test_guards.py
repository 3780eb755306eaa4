"""Each guard: what trips it, and its edge; all but the warnings hold an edition."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from composer.checks import all_checks
from composer.checks.records import Finding, Severity, Subject
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, FactKind, facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import OpenInterest, to_ms
from tests.markets import AS_OF, SAMPLE_2, figures_of, snapshot_of

FACTS: Mapping[str, Fact] = facts_of(figures_of(SAMPLE_2))
BLOCK, WARN = Severity.BLOCK, Severity.WARN
GUARDS = (
    *("price_outside_levels", "side_empty", "outsized_intensity", "unusual_intensity"),
    *("extreme_ratio", "slipped_scale", "sources_disagree", "thin_data"),
)


def found(check: str, **values: str) -> list[Finding]:
    """Hold the second sample against a guard, some facts being others; `__` is the dot."""
    changed = {
        (fact_id := name.replace("__", ".")): replace(
            FACTS["price"], id=fact_id, kind=FactKind.USD, value=Decimal(value)
        )
        for name, value in values.items()
    }
    subject = Subject(
        locale="en",
        passages=(),
        facts={**FACTS, **changed},
        looked_from=AS_OF,
        max_age=timedelta(hours=2),
    )
    return list(all_checks()[check](subject))


def severities(check: str, **values: str) -> list[Severity]:
    findings = found(check, **values)
    assert all(one.id == check and one.passage is None and one.message for one in findings)
    return [one.severity for one in findings]


@pytest.mark.parametrize("check", GUARDS)
def test_the_sample_passes(check: str) -> None:
    assert found(check) == []


@pytest.mark.parametrize(
    ("price", "severity"),
    [
        ("86137", [BLOCK]),
        ("86137.01", []),
        ("94680.99", []),
        ("94681", [BLOCK]),
        ("100000", [BLOCK]),
    ],
)
def test_price_outside_the_levels(price: str, severity: list[Severity]) -> None:
    assert severities("price_outside_levels", price=price) == severity


@pytest.mark.parametrize("level", ["upper", "lower"])
def test_an_empty_side(level: str) -> None:
    assert severities("side_empty", **{f"{level}__intensity_usd": "0"}) == [BLOCK]
    assert severities("side_empty", **{f"{level}__intensity_usd": "0.01"}) == []


def test_a_map_with_one_side_is_held() -> None:
    one_sided = facts_of(figures_of(SAMPLE_2[1:]))
    subject = Subject(
        locale="en", passages=(), facts=one_sided, looked_from=AS_OF, max_age=timedelta(hours=2)
    )
    (finding,) = all_checks()["side_empty"](subject)
    assert finding.severity is BLOCK
    assert "$2.705 billion of shorts up to $94,681" in finding.message


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize(
    ("share", "severity"),
    [("0.1", []), ("0.101", [WARN]), ("0.13", [WARN]), ("0.25", [WARN]), ("0.251", [BLOCK])],
)
def test_more_than_the_open_interest_allows(
    side: str, share: str, severity: list[Severity]
) -> None:
    about = {f"at_risk__{side}_share": share, "at_risk__open_interest_usd": "1e9"}
    assert severities("outsized_intensity", **about) == severity


@pytest.mark.parametrize(
    ("now", "severity"),
    [("10", []), ("1000", []), ("9.99", [BLOCK]), ("1000.01", [BLOCK]), ("0", [BLOCK])],
)
@pytest.mark.parametrize("side", ["long", "short"])
def test_far_from_its_own_median(side: str, now: str, severity: list[Severity]) -> None:
    about = {f"totals__{side}_usd": now, f"usual__{side}_usd": "100", "usual__editions": "30"}
    assert severities("unusual_intensity", **about) == severity


def test_a_ratio_over_twenty() -> None:
    assert severities("extreme_ratio", ratio="20") == []
    assert severities("extreme_ratio", ratio="20.01") == [BLOCK]


@pytest.mark.parametrize(
    ("interest", "severity"),
    [
        ("1e10", []),
        ("6.6e10", []),
        ("6.7e10", [BLOCK]),
        ("1e11", [BLOCK]),
        ("1.5e11", [BLOCK]),
        ("1.6e11", []),  # no slip between words; other guards speak of it
        ("1e14", [BLOCK]),
        ("1e9", [BLOCK]),
        ("1e6", [BLOCK]),
    ],
)
def test_a_slip_of_scale_beside_the_usual(interest: str, severity: list[Severity]) -> None:
    about = {"context__open_interest_usd": interest, "usual__open_interest_usd": "1e10"}
    assert severities("slipped_scale", **about) == severity


@pytest.mark.parametrize(
    "change",
    [
        *("context__open_interest_change_24h", "context__open_interest_change_7d"),
        *("context__price_change_24h", "context__price_change_7d"),
        *("change__price_change", "change__open_interest_change"),
    ],
)
def test_a_slip_of_scale_beside_what_was(change: str) -> None:
    assert severities("slipped_scale", **{change: "9"}) == [BLOCK]  # ten times
    assert severities("slipped_scale", **{change: "-0.9"}) == [BLOCK]  # a tenth
    assert severities("slipped_scale", **{change: "9999"}) == [BLOCK]
    assert severities("slipped_scale", **{change: "-0.3"}) == []
    assert severities("slipped_scale", **{change: "1"}) == []
    assert severities("slipped_scale", **{change: "-1"}) == []  # nothing left is no slip


def test_prices_that_disagree() -> None:
    assert severities("sources_disagree", price="101", context__last_price="100") == []
    assert severities("sources_disagree", price="101.01", context__last_price="100") == [BLOCK]
    assert severities("sources_disagree", price="98.99", context__last_price="100") == [BLOCK]


def test_open_interests_that_disagree() -> None:
    about = {"venues__0__open_interest_usd": "6", "venues__1__open_interest_usd": "4"}
    assert severities("sources_disagree", **about, context__open_interest_usd="15") == []
    assert severities("sources_disagree", **about, context__open_interest_usd="15.01") == [BLOCK]
    assert severities("sources_disagree", **about, context__open_interest_usd="6.6") == [BLOCK]


@pytest.mark.parametrize(
    ("days", "severity"), [("7", []), ("6", [WARN]), ("1", [WARN]), ("0", [BLOCK])]
)
def test_a_short_history(days: str, severity: list[Severity]) -> None:
    assert severities("thin_data", estimate__candle_days=days) == severity


def test_a_small_market() -> None:
    assert severities("thin_data", context__open_interest_usd="9999999") == [WARN]
    assert severities("thin_data", context__open_interest_usd="10000000") == []


def test_a_map_ten_times_too_large_is_held() -> None:
    """Of the whole chain: an amount in 亿 taken for billions, beside an open interest of 20e9.

    Within 5 % lie 1.563e9 of longs, 7.8 % of it, and 2.68e9 of shorts, 13.4 %, which warns as
    published figures do.
    """
    tenfold = [(low, high, 10 * longs, 10 * shorts) for low, high, longs, shorts in SAMPLE_2]
    for bins, severities in ((SAMPLE_2, [WARN]), (tenfold, [BLOCK, BLOCK])):
        interest = OpenInterest(
            symbol="BTC",
            venues=("Binance",),
            stamp_ms=np.array([to_ms(AS_OF)]),
            open_interest_usd=np.array([20e9]),
        )
        market = replace(snapshot_of(bins), open_interest=interest)
        facts = facts_of(compute_figures(market, levels=LevelPolicy()))
        subject = Subject(
            locale="en", passages=(), facts=facts, looked_from=AS_OF, max_age=timedelta(hours=2)
        )
        findings = all_checks()["outsized_intensity"](subject)
        assert [one.severity for one in findings] == severities
