"""Several exchanges as one market: the sums by hand, and whom nobody believes."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import ConfigError, SourceDataError
from composer.market.merge import PRICE_APART, merge
from composer.market.records import Confidence, FundingRates
from tests.unit.market.exchanges import GRID_MS, STEP_MS, exchange

BINANCE = exchange("Binance", interest=(8e9, 8.1e9, 8.2e9))
OKX = exchange("OKX", price=90_010.0, interest=(3e9, 3.1e9, 3.3e9), funding_rate=0.0003)
BYBIT = exchange("Bybit", price=89_990.0, interest=(5e9, 5.1e9, 5.4e9))


def test_open_interest_adds_up_where_all_have_it() -> None:
    market = merge([OKX, BINANCE, BYBIT])
    interest = market.open_interest
    assert interest is not None
    assert interest.stamp_ms.tolist() == [GRID_MS - STEP_MS, GRID_MS, GRID_MS + 120_000]
    # 8 + 3 + 5, 8.1 + 3.1 + 5.1 and 8.2 + 3.3 + 5.4
    assert interest.open_interest_usd == pytest.approx([16e9, 16.3e9, 16.9e9])
    assert interest.venues == ("Binance", "Bybit", "OKX")
    assert dict(market.open_interest_by_venue) == {"Binance": 8.2e9, "Bybit": 5.4e9, "OKX": 3.3e9}


def test_what_cannot_be_added_is_the_largest_exchanges() -> None:
    market = merge([OKX, BINANCE, BYBIT])
    assert (market.price, market.funding_rate) == (90_000.0, 0.0001)
    assert market.candles is BINANCE.candles
    assert market.source == "Binance + Bybit + OKX"
    assert market.venues == ("Binance", "Bybit", "OKX")
    assert market.confidence is Confidence.HIGH
    assert market.origins["candles"].source == "Binance"
    assert market.origins["open_interest"].source == "Binance + Bybit + OKX"
    assert market.origins["open_interest.OKX"].source == "OKX"
    assert set(market.notes) == {f"{title} was asked." for title in market.venues}


def test_candles_with_turnover_come_before_a_larger_exchange_without() -> None:
    bare = exchange("Binance", interest=(8e9, 8.1e9, 8.2e9), turnover=False)
    market = merge([bare, OKX, BYBIT])
    assert market.candles is BYBIT.candles
    assert market.source == "Binance + Bybit + OKX"


def test_what_the_largest_does_not_publish_is_the_next_ones() -> None:
    hourly, eight = timedelta(hours=1), timedelta(hours=8)
    rates = FundingRates(symbol="BTC", stamp_ms=np.array([1, 2]), rate=np.array([0.0002, 0.0003]))
    unpaid = replace(BINANCE, funding_rate=None, funding_interval=eight)
    paid = replace(OKX, funding_interval=hourly, funding_rates=rates)
    market = merge([unpaid, replace(BYBIT, funding_rate=None), paid])
    assert (market.funding_rate, market.funding_interval) == (0.0003, hourly)
    assert market.funding_rates is rates


def test_funding_and_its_history_are_of_one_exchange() -> None:
    rates = FundingRates(symbol="BTC", stamp_ms=np.array([1, 2]), rate=np.array([0.0002, 0.0003]))
    names = ("candles", "open_interest", "funding_rate", "funding_rates")
    okx = replace(OKX, funding_rates=rates, origins=dict.fromkeys(names, OKX.origins["candles"]))
    binance = replace(BINANCE, origins=dict.fromkeys(names[:3], BINANCE.origins["candles"]))
    market = merge([binance, okx, BYBIT])
    assert (market.funding_rate, market.funding_rates) == (0.0003, rates)
    assert {market.origins[name].source for name in names[2:]} == {"OKX"}
    assert market.origins["candles"].source == "Binance"


def test_stamps_that_one_lacks_are_left_out_of_the_sum() -> None:
    gap = exchange("Bybit", interest=(5e9, 5.4e9), stamps=(GRID_MS, GRID_MS + 90_000))
    interest = merge([BINANCE, gap]).open_interest
    assert interest is not None
    assert interest.stamp_ms.tolist() == [GRID_MS, GRID_MS + 120_000]
    assert interest.open_interest_usd == pytest.approx([13.1e9, 13.6e9])  # 8.1 + 5, 8.2 + 5.4


def test_without_a_common_moment_there_is_no_history_and_less_confidence() -> None:
    present = exchange("Bybit", interest=(5e9,), stamps=(GRID_MS + 90_000,))
    market = merge([BINANCE, present])
    assert market.open_interest is not None
    assert market.open_interest.open_interest_usd.tolist() == [13.2e9]
    assert market.confidence is Confidence.MEDIUM
    assert any("no history of their sum" in note for note in market.notes)


def test_an_exchange_with_another_price_is_left_out_by_name() -> None:
    far = exchange("Bybit", price=90_000 * 1.02, interest=(5e9, 5.1e9, 5.4e9))
    market = merge([BINANCE, OKX, far])
    assert market.venues == ("Binance", "OKX")
    assert any("Bybit is left out: its price" in note for note in market.notes)
    assert market.open_interest is not None
    assert market.open_interest.open_interest_usd[-1] == pytest.approx(11.5e9)


def test_open_interest_in_another_unit_is_left_out_by_name() -> None:
    contracts = exchange("OKX", interest=(3e11, 3.1e11, 3.3e11))
    market = merge([BINANCE, BYBIT, contracts])
    assert market.venues == ("Binance", "Bybit")
    assert any("OKX is left out: its open interest" in note for note in market.notes)


@pytest.mark.parametrize(
    "others",
    [
        [exchange("OKX", price=92_000.0)],
        [exchange("OKX", price=92_000.0), exchange("Bybit", price=88_000.0)],
        [exchange("OKX", interest=(3e11,), stamps=(GRID_MS,))],
    ],
    ids=["two prices", "three prices", "two sizes"],
)
def test_where_no_majority_agrees_nothing_is_said(others: list[object]) -> None:
    with pytest.raises(SourceDataError, match=r"disagree about the (price|open interest) of BTC"):
        merge([BINANCE, *others])  # type: ignore[list-item] # snapshots, parametrized


def test_one_alone_is_itself() -> None:
    assert merge([OKX]).open_interest is OKX.open_interest
    assert merge([OKX]).source == "OKX"


def test_two_symbols_are_not_one_market() -> None:
    with pytest.raises(ConfigError, match="BTC and ETH are several markets"):
        merge([BINANCE, exchange("OKX", symbol="ETH")])


def test_a_simulated_market_is_not_added_to_real_ones() -> None:
    with pytest.raises(ConfigError, match="simulated market cannot be added"):
        merge([BINANCE, exchange("simulated market", simulated=True)])


@given(
    prices=st.lists(st.floats(80_000, 100_000), min_size=1, max_size=6),
    sizes=st.lists(st.floats(1e8, 1e11), min_size=6, max_size=6),
)
def test_a_merged_market_is_of_exchanges_that_agree(
    prices: list[float], sizes: list[float]
) -> None:
    snapshots = [
        exchange(f"E{number}", price=price, interest=(size,), stamps=(GRID_MS,))
        for number, (price, size) in enumerate(zip(prices, sizes, strict=False))
    ]
    try:
        market = merge(snapshots)
    except SourceDataError:
        return
    used = [one for one in snapshots if one.source in market.venues]
    assert 2 * len(used) > len(snapshots) / 2  # a majority, of which a majority
    assert max(one.price for one in used) <= min(one.price for one in used) * (
        1 + 2.5 * PRICE_APART
    )
    assert market.open_interest is not None
    assert market.open_interest.open_interest_usd[-1] == pytest.approx(
        sum(market.open_interest_by_venue.values())
    )
