from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.market.margin import (
    BTC_TIERS,
    liquidation_distance,
    liquidation_price,
    maintenance_margin,
    maintenance_margin_rate,
    max_leverage,
)
from composer.market.records import Side

RATE = 0.004


@pytest.mark.parametrize(
    ("leverage", "side", "distance"),
    [
        # 1 - (1 - 1/100) / (1 - .004) = 1 - .99 / .996 = .0060241
        (100, Side.LONG, 0.0060241),
        # 1 - (1 - 1/10) / (1 - .004) = 1 - .9 / .996 = .0963855
        (10, Side.LONG, 0.0963855),
        # (1 + 1/100) / (1 + .004) - 1 = 1.01 / 1.004 - 1 = .0059761
        (100, Side.SHORT, 0.0059761),
        # (1 + 1/10) / (1 + .004) - 1 = 1.1 / 1.004 - 1 = .0956175
        (10, Side.SHORT, 0.0956175),
        # 1 - (1 - 1/1) / .996: the whole notional is margin, nothing is ever called
        (1, Side.LONG, 1.0),
    ],
)
def test_distance_of_a_leverage(leverage: float, side: Side, distance: float) -> None:
    assert liquidation_distance(leverage, side, RATE) == pytest.approx(distance, abs=5e-8)


def test_price_with_the_tiers_amount() -> None:
    # 400,000 USD at 20x sits in the second tier: rate .005, amount 300 USD,
    # 300 / 400,000 = .00075 of the notional. Entry 90,000:
    # long  90,000 (1 - .05 - .00075) / .995 = 90,000 · .94925 / .995 = 85,861.81
    # short 90,000 (1 + .05 + .00075) / 1.005 = 90,000 · 1.05075 / 1.005 = 94,097.01
    rate = maintenance_margin_rate(400_000.0)
    prices = [
        liquidation_price(
            90_000.0, 20.0, side, maintenance_margin_rate=rate, maintenance_amount_share=0.00075
        )
        for side in Side
    ]
    assert prices == pytest.approx([85_861.81, 94_097.01], abs=0.01)


def test_margin_equals_maintenance_margin_at_the_liquidation_price() -> None:
    # One coin bought at 100 with 25x: margin 4. At price p the margin left is
    # 4 - (100 - p) and the maintenance margin .004 p; both meet at the liquidation price.
    price = liquidation_price(100.0, 25.0, Side.LONG, maintenance_margin_rate=RATE)
    assert 4 - (100 - price) == pytest.approx(RATE * price)


def test_a_long_without_borrowing_has_no_liquidation_price() -> None:
    price = liquidation_price(
        100.0, 1.0, Side.LONG, maintenance_margin_rate=RATE, maintenance_amount_share=0.01
    )
    assert price == 0


@given(
    entry=st.floats(1e-6, 1e6),
    leverage=st.floats(1, BTC_TIERS[0].max_leverage),
)
def test_longs_fall_below_their_entry_and_shorts_rise_above(entry: float, leverage: float) -> None:
    long = liquidation_price(entry, leverage, Side.LONG, maintenance_margin_rate=RATE)
    short = liquidation_price(entry, leverage, Side.SHORT, maintenance_margin_rate=RATE)
    assert 0 <= long < entry < short


@given(st.lists(st.floats(1, 150), min_size=2, max_size=20), st.sampled_from(Side))
def test_more_leverage_is_never_farther_away(leverages: list[float], side: Side) -> None:
    distance = liquidation_distance(np.sort(leverages), side, RATE)
    assert distance.shape == (len(leverages),)
    assert np.all(np.diff(distance) <= 0)


@pytest.mark.parametrize("leverage", [0.0, 0.5, -3.0, 251.0, float("nan")])
@pytest.mark.parametrize("side", Side)
def test_an_impossible_leverage_is_refused(leverage: float, side: Side) -> None:
    # At a rate of .004, 1/251 = .00398 no longer covers the maintenance margin.
    with pytest.raises(ValueError, match="leverage must be at least 1"):
        liquidation_distance(leverage, side, RATE)


def test_a_cap_belongs_to_its_tier() -> None:
    notional = np.array([0.0, 300_000.0, 300_001.0, 1.8e9])
    assert maintenance_margin_rate(notional).tolist() == [0.004, 0.004, 0.005, 0.5]
    assert max_leverage(notional).tolist() == [150, 150, 100, 1]


def test_maintenance_margin_by_hand() -> None:
    # 300,000 · .004 - 0 = 1,200; 1,000,000 · .0065 - 1,500 = 5,000
    assert maintenance_margin(np.array([300e3, 1e6])).tolist() == [1_200.0, 5_000.0]


def test_every_amount_makes_the_margin_continuous_at_the_cap_below() -> None:
    # amount = amount below + cap below · (rate - rate below); first: 300,000 · .001 = 300
    for below, tier in pairwise(BTC_TIERS):
        step = tier.maintenance_margin_rate - below.maintenance_margin_rate
        amount = below.maintenance_amount_usd + below.notional_cap_usd * step
        assert tier.maintenance_amount_usd == pytest.approx(amount)


def test_every_tiers_leverage_covers_its_maintenance_margin() -> None:
    assert all(1 / tier.max_leverage > tier.maintenance_margin_rate for tier in BTC_TIERS)


@pytest.mark.parametrize("notional", [-1.0, 1.9e9, float("nan")])
def test_a_notional_outside_the_tiers_is_refused(notional: float) -> None:
    with pytest.raises(ValueError, match="last tier's cap of 1,800,000,000 USD"):
        maintenance_margin_rate(notional)
