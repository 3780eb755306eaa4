from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.market.margin import BTC_TIERS, liquidation_price
from composer.market.records import FloatArray, Method, Side, to_ms
from composer.market.regimes import Regime
from composer.market.simulator import Simulation, simulate

START = datetime(2026, 10, 1, tzinfo=UTC)
BAR = timedelta(minutes=5)

worlds = given(regime=st.sampled_from(Regime), seed=st.integers(0, 5), bars=st.integers(1, 500))
few = settings(max_examples=6, deadline=None)


@cache
def world(regime: Regime = Regime.MIXED, seed: int = 1, bars: int = 500) -> Simulation:
    return simulate(symbol="BTC", start=START, end=START + bars * BAR, seed=seed, regime=regime)


def columns(simulation: Simulation) -> dict[str, FloatArray]:
    candles, fills = simulation.candles, simulation.liquidations
    assert candles.turnover_usd is not None
    return {
        "open": candles.open,
        "high": candles.high,
        "low": candles.low,
        "close": candles.close,
        "turnover_usd": candles.turnover_usd,
        "open_interest_usd": simulation.open_interest.open_interest_usd,
        "long_usd": fills.long_usd,
        "short_usd": fills.short_usd,
        "long_coins": simulation.long_coins,
    }


@few
@worlds
def test_every_contract_has_a_long_and_a_short(regime: Regime, seed: int, bars: int) -> None:
    simulation = world(regime, seed, bars)
    interest = simulation.open_interest.open_interest_usd
    np.testing.assert_allclose(simulation.long_coins, simulation.short_coins, rtol=1e-12)
    np.testing.assert_allclose(interest, simulation.short_coins * simulation.candles.close)


@few
@worlds
def test_the_live_traders_hold_the_open_interest(regime: Regime, seed: int, bars: int) -> None:
    simulation = world(regime, seed, bars)
    traders, chart = simulation.traders, simulation.true_map()
    interest = simulation.open_interest.open_interest_usd[-1]
    for side, mass in ((Side.LONG, chart.long_usd), (Side.SHORT, chart.short_usd)):
        coins = traders.coins[traders.side == side].sum()
        assert coins == pytest.approx(simulation.long_coins[-1])
        assert mass.sum() == pytest.approx(interest)


@few
@worlds
def test_no_earlier_trader_survives_a_touch(regime: Regime, seed: int, bars: int) -> None:
    simulation = world(regime, seed, bars)
    traders, candles = simulation.traders, simulation.candles
    price = traders.liquidation_price
    # Whoever came at the last close was not there when the bar was played.
    earlier = traders.entry != candles.close[-1]
    long = traders.side == Side.LONG
    assert np.all(price[long & earlier] < candles.low[-1])
    assert np.all(price[~long & earlier] > candles.high[-1])
    assert np.all(price[long] < candles.close[-1])
    assert np.all(price[~long] > candles.close[-1])


@few
@worlds
def test_liquidations_were_touched_by_their_bar(regime: Regime, seed: int, bars: int) -> None:
    # One bar more, and a trader of the bar before is missing although he meant to stay
    # only if the new bar swept his liquidation price; the venue counts what is swept.
    before, after = world(regime, seed, bars), world(regime, seed, bars + 1)
    low, high = after.candles.low[-1], after.candles.high[-1]
    traders = before.traders
    usd = traders.coins * traders.liquidation_price
    swept_long = (traders.side == Side.LONG) & (traders.liquidation_price >= low)
    swept_short = (traders.side == Side.SHORT) & (traders.liquidation_price <= high)
    assert np.all(traders.liquidation_price[swept_long] <= high)
    assert np.all(traders.liquidation_price[swept_short] >= low)
    assert after.liquidations.long_usd[-1] == pytest.approx(usd[swept_long].sum())
    assert after.liquidations.short_usd[-1] == pytest.approx(usd[swept_short].sum())


@few
@given(regime=st.sampled_from(Regime), bars=st.integers(1, 500))
def test_a_later_end_only_adds_bars(regime: Regime, bars: int) -> None:
    longer = columns(world(regime))
    for name, values in columns(world(regime, 1, bars)).items():
        np.testing.assert_array_equal(values, longer[name][:bars], err_msg=name)


def test_the_same_arguments_give_the_same_world() -> None:
    once = world()
    again = simulate(symbol="BTC", start=START, end=START + 500 * BAR, seed=1)
    for name, values in columns(once).items():
        np.testing.assert_array_equal(values, columns(again)[name], err_msg=name)
    np.testing.assert_array_equal(once.traders.entry, again.traders.entry)


def test_seed_regime_and_symbol_each_make_another_world() -> None:
    end = START + 10 * BAR
    closes = {
        simulate(symbol=symbol, start=START, end=end, seed=seed, regime=regime)
        .candles.close[-1]
        .item()
        for symbol, seed, regime in (
            ("BTC", 1, Regime.MIXED),
            ("BTC", 2, Regime.MIXED),
            ("BTC", 1, Regime.CRASH),
            ("PEPE", 1, Regime.MIXED),
        )
    }
    assert len(closes) == 4


@pytest.mark.parametrize("side", Side)
def test_traders_are_liquidated_where_the_first_tier_says(side: Side) -> None:
    traders = world().traders
    own = traders.side == side
    expected = liquidation_price(
        traders.entry[own],
        traders.leverage[own],
        side,
        maintenance_margin_rate=BTC_TIERS[0].maintenance_margin_rate,
    )
    np.testing.assert_allclose(traders.liquidation_price[own], expected)
    assert own.sum() > 1_000


def test_bars_follow_each_other_and_are_stamped_when_known() -> None:
    simulation = world()
    candles = simulation.candles
    np.testing.assert_allclose(candles.open[1:], candles.close[:-1])
    assert candles.open_ms[0] == to_ms(START)
    assert simulation.open_interest.stamp_ms.tolist() == candles.known_ms.tolist()
    assert simulation.liquidations.open_ms.tolist() == candles.open_ms.tolist()


def test_an_unfinished_bar_is_not_known() -> None:
    simulation = simulate(symbol="BTC", start=START, end=START + 3 * BAR - BAR / 5, seed=1)
    assert len(simulation.candles) == 2


@pytest.mark.parametrize("seed", [1, 2])
def test_sizes_are_those_of_a_large_market(seed: int) -> None:
    simulation = world(Regime.MIXED, seed, 1440)  # five days
    turnover = simulation.candles.turnover_usd
    assert turnover is not None
    interest = simulation.open_interest.open_interest_usd
    assert 45_000 < simulation.candles.low.min() < simulation.candles.high.max() < 180_000
    assert 7e9 < np.median(interest) < 14e9
    assert 0.4 < turnover.sum() / 5 / interest.mean() < 2


@pytest.mark.parametrize(
    ("regime", "sign", "side"),
    [(Regime.CRASH, -1, Side.LONG), (Regime.SQUEEZE, 1, Side.SHORT)],
)
def test_a_break_hits_the_crowded_side(regime: Regime, sign: int, side: Side) -> None:
    simulation = world(regime, 1, 3456)  # 12 days hold at least one build-up and its break
    close = simulation.candles.close
    half_day = np.log(close[144:] / close[:-144]) * sign
    end = int(half_day.argmax()) + 144
    fills = simulation.liquidations
    hit = {
        Side.LONG: fills.long_usd[end - 144 : end].sum(),
        Side.SHORT: fills.short_usd[end - 144 : end].sum(),
    }
    assert half_day.max() > 0.04
    assert hit[side] > 3 * (sum(hit.values()) - hit[side])


def test_the_map_keeps_longs_below_price_and_shorts_above() -> None:
    chart = world().true_map(bins=50)
    assert chart.method is Method.SIMULATED
    assert len(chart.low) == 100
    assert chart.high[49] == chart.low[50] == chart.price
    assert not chart.long_usd[50:].any()
    assert not chart.short_usd[:50].any()


def test_the_arrays_are_read_only() -> None:
    simulation = world()
    with pytest.raises(ValueError, match="read-only"):
        simulation.traders.coins[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        simulation.long_coins[0] = 0


@pytest.mark.parametrize("interval", [BAR, -BAR, timedelta(0)])
def test_a_span_without_a_bar_is_refused(interval: timedelta) -> None:
    with pytest.raises(ValueError, match="no bar of"):
        simulate(symbol="BTC", start=START, end=START + BAR / 2, seed=1, interval=interval)


def test_hourly_bars_are_possible() -> None:
    simulation = simulate(
        symbol="SOL",
        start=START,
        end=START + timedelta(days=5),
        seed=1,
        interval=timedelta(hours=1),
    )
    assert len(simulation.candles) == 120
    np.testing.assert_allclose(simulation.long_coins, simulation.short_coins)
