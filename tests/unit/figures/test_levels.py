from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import ConfigError, FiguresError
from composer.figures.levels import LEVELS_FELL_BACK, LevelPolicy, PolicyName, round_step
from composer.figures.report import Cluster
from composer.market.records import Side


def pair(text: str, price: float, *clusters: Cluster) -> tuple[float, float]:
    chosen = LevelPolicy.parse(text).choose(price, clusters)
    return chosen.lower, chosen.upper


def cluster(side: Side, low: float, high: float, notional_usd: float) -> Cluster:
    return Cluster(
        side=side,
        low=low,
        peak=(low + high) / 2,
        high=high,
        notional_usd=notional_usd,
        distance=0.02,
    )


def test_explicit_levels_are_taken_as_they_are() -> None:
    assert pair("explicit:86137,94681", 90_131.71) == (86_137, 94_681)
    assert pair(" explicit: 0.00001, 0.00002 ", 0.000015) == (0.00001, 0.00002)


@pytest.mark.parametrize("price", [86_137, 94_681, 80_000, 99_000])
def test_explicit_levels_must_enclose_the_price(price: float) -> None:
    with pytest.raises(FiguresError, match=rf"86137 and 94681 do not enclose the price {price}"):
        pair("explicit:86137,94681", price)


def test_range_is_a_fraction_of_price() -> None:
    assert pair("range:0.05", 90_000) == (85_500, 94_500)
    assert pair("range:0.1", 0.3) == (0.27, 0.33)  # floats would say 0.33000000000000002


@pytest.mark.parametrize(
    ("price", "lower", "upper"),
    [
        # step 500 (1 % = 616.5): distances 1,154.3 and 1,345.7 are within 1.17 of each other;
        # 61,000 and 62,500 (654.3 and 845.7) are 1.29 apart
        (61_654.3, 60_500, 63_000),
        # step 1,000 (1 % = 901): 1,131.71 and 1,868.29 are 1.65 apart, and 2,131.71 with
        # 1,868.29 only 1.14
        (90_131.71, 88_000, 92_000),
        (100_000, 99_000, 101_000),  # exactly 1 % counts
        (95_000, 94_000, 96_000),
        # step 0.0000001 (1 % is 0.98 of it): one step either way
        (0.0000098, 0.0000097, 0.0000099),
        (0.3, 0.296, 0.304),  # step 0.002 (1 % = 0.003); one step is less than 1 %
        (2.5, 2.46, 2.54),  # step 0.02 (1 % = 0.025); likewise
    ],
)
def test_round_levels_by_hand(price: float, lower: float, upper: float) -> None:
    assert pair("round", price) == (lower, upper)


@pytest.mark.parametrize(
    ("price", "step"),
    [
        ("90131.71", "1000"),
        ("61654.3", "500"),
        ("14900", "100"),
        ("15100", "200"),
        ("3500", "20"),  # 35 is 15 from 20 and from 50: the finer one
        ("0.0000098", "0.0000001"),
        ("99999", "1000"),
        ("1", "0.01"),
    ],
)
def test_round_step_is_the_nearest_of_1_2_5(price: str, step: str) -> None:
    assert round_step(Decimal(price)) == Decimal(step)


@settings(deadline=None)  # a busy machine is not a finding
@given(st.floats(1e-9, 1e6))
def test_round_levels_enclose_any_price_and_are_multiples_of_the_step(price: float) -> None:
    lower, upper = pair("round", price)
    step = round_step(Decimal(repr(price)))
    for level in (lower, upper):
        assert Decimal(repr(level)) % step == 0
        assert 0.01 * (1 - 1e-9) <= abs(level - price) / price <= 0.04 * (1 + 1e-9)
    assert lower < price < upper


def test_cluster_levels_are_the_outer_edges_of_the_strongest() -> None:
    clusters = (
        cluster(Side.LONG, 96, 98, 5),
        cluster(Side.LONG, 90, 92, 9),
        cluster(Side.SHORT, 101, 103, 7),
        cluster(Side.SHORT, 108, 109, 6),
    )
    assert pair("cluster", 100, *clusters) == (90, 103)


def test_cluster_levels_fall_back_together() -> None:
    chosen = LevelPolicy.parse("cluster").choose(100, (cluster(Side.LONG, 96, 98, 5),))
    assert (chosen.lower, chosen.upper) == (95, 105)
    assert chosen.warnings == {LEVELS_FELL_BACK: "no short cluster; range:0.05 instead"}


def test_round_is_the_default() -> None:
    assert LevelPolicy() == LevelPolicy.parse("round")
    assert LevelPolicy().name is PolicyName.ROUND


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("rond", "did you mean round?"),
        ("Cluster", "did you mean cluster?"),
        ("explict:1,2", "did you mean explicit?"),
        ("explicit", "wrong number of values"),
        ("explicit:1", "wrong number of values"),
        ("explicit:86,137,94,681", "wrong number of values"),
        ("explicit:2,1", "the lower level comes first"),
        ("explicit:0,1", "the lower level comes first"),
        ("explicit:a,b", "plain numbers"),
        ("explicit:1,inf", "finite"),
        ("range", "wrong number of values"),
        ("range:5%", "plain numbers"),
        ("range:5", "a fraction of price"),
        ("range:0", "a fraction of price"),
        ("range:nan", "finite"),
        ("round:2", "wrong number of values"),
        ("cluster:", "plain numbers"),
        ("", "expected explicit"),
    ],
)
def test_bad_text_is_refused_with_what_came(text: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=r"--levels: expected explicit:LOWER,UPPER") as caught:
        LevelPolicy.parse(text)
    assert f"got {text!r}" in str(caught.value)
    assert hint in str(caught.value)


def test_the_farthest_round_level_counts_too() -> None:
    """Of 35,116 in steps of 500: 1,116 down and 884 up are too uneven, 1,384 up is not.

    1,384 / 1,116 = 1.240, within 4 % of price, 1,404.64, and the third step above it.
    """
    assert pair("round", 35_116) == (34_000, 36_500)
