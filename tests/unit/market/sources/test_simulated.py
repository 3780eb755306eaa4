from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from composer.errors import ConfigError
from composer.market.records import MarketSnapshot, Query, to_ms
from composer.market.regimes import Regime
from composer.market.sources.simulated import SimulatedSource, open_source

# Early in a month, so that the world is little longer than what is handed out.
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 9, 32, 40, tzinfo=UTC)


@cache
def snapshot(symbol: str | None = None, now: datetime = NOW) -> MarketSnapshot:
    return open_source(None).snapshot(Query(now=now, symbol=symbol))


@cache
def past() -> MarketSnapshot:
    return open_source(None).snapshot(Query(now=NOW, as_of=NOW - timedelta(hours=3)))


def test_the_snapshot_ends_with_the_last_full_bar() -> None:
    market = snapshot()
    assert market.candles is not None
    assert market.open_interest is not None
    assert market.as_of == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    assert market.fetched_at == NOW
    assert market.candles.known_ms[-1] == market.open_interest.stamp_ms[-1] == to_ms(market.as_of)
    assert market.price == market.candles.close[-1]


def test_thirty_days_are_handed_out() -> None:
    market = snapshot()
    assert market.candles is not None
    assert market.candles.turnover_usd is not None
    assert market.open_interest is not None
    assert market.liquidations is not None
    assert len(market.candles) == 30 * 288
    assert len(market.open_interest.stamp_ms) == len(market.liquidations.open_ms) == 30 * 288


def test_it_says_that_no_market_produced_it() -> None:
    market = snapshot()
    assert market.simulated
    assert market.symbol == "BTC"
    assert market.source == "simulated market"
    assert market.venues == ("Simulated",)
    assert any("No market produced these numbers" in note for note in market.notes)


def test_as_of_looks_from_the_past_and_keeps_the_clock() -> None:
    market = past()
    assert market.as_of == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert market.fetched_at == NOW


def test_a_later_run_of_the_day_sees_the_same_past() -> None:
    earlier, later = past().candles, snapshot().candles
    assert earlier is not None
    assert later is not None
    np.testing.assert_array_equal(later.open_ms[:-36], earlier.open_ms[36:])  # 3 h are 36 bars
    np.testing.assert_array_equal(later.close[:-36], earlier.close[36:])


def test_the_first_moment_of_a_year_is_no_edge() -> None:
    market = snapshot("DOGE", NEW_YEAR)
    assert market.as_of == NEW_YEAR
    assert market.candles is not None
    assert len(market.candles) == 30 * 288


def test_symbols_have_markets_of_their_own() -> None:
    market = snapshot("DOGE", NEW_YEAR)
    assert market.symbol == "DOGE"
    assert 0.05 < market.price < 0.5


def test_an_unknown_symbol_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'SHIB'.*BTC, ETH, SOL, BNB, XRP, DOGE"):
        open_source(None).snapshot(Query(now=NOW, symbol="SHIB"))


def test_the_argument_names_a_regime() -> None:
    assert open_source("crash") == SimulatedSource(regime=Regime.CRASH)
    assert open_source(None).regime is Regime.MIXED
    assert open_source(None).name == "simulated"


def test_an_unknown_regime_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"'crush'.*squeeze.*did you mean 'crash'"):
        open_source("crush")


def test_a_regime_like_no_other_gets_no_guess() -> None:
    with pytest.raises(ConfigError, match=r"known: mixed, trend, range, crash, squeeze$"):
        open_source("xyz")
