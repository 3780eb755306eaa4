"""Leverage tiers: what ships, what is preferred, and what no table may hold."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import SourceDataError
from composer.market.margin import BTC_TIERS, LeverageTier, maintenance_margin
from composer.market.tiers import tiers_of
from composer.market.tiers.table import Bracket, Tables, read_tables, tables_text, tiers_from

COINS = ("BTC", "ETH", "SOL", "BNB", "XRP", "DOGE")


def write(home: Path, name: str, tiers: dict[str, tuple[LeverageTier, ...]]) -> Path:
    file = home / "tiers" / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(tables_text(Tables(source="test", as_of="2026-11-22", tiers=tiers)))
    return file


def test_binances_bitcoin_is_the_table_the_margin_module_holds() -> None:
    assert tiers_of("Binance", "BTC").tiers == BTC_TIERS


@pytest.mark.parametrize("venue", ["binance", "hyperliquid"])
@pytest.mark.parametrize("coin", COINS)
def test_every_coin_of_ours_ships(venue: str, coin: str) -> None:
    found = tiers_of(venue, coin)
    assert (found.notes, found.as_of) == ((), "2026-09")


def test_shipped_values_by_hand() -> None:
    first = tiers_of("Bybit", "BTC").tiers[0]
    assert (first.notional_cap_usd, first.maintenance_margin_rate) == (2e6, 0.005)
    # 2,000,000 x (0.56 % - 0.5 %), then + 2,600,000 x (0.63 % - 0.56 %), as its page has them
    amounts = [tier.maintenance_amount_usd for tier in tiers_of("bybit", "BTC").tiers[:3]]
    assert amounts == pytest.approx([0, 1_200, 3_020])
    assert tiers_of("Gate", "BTC").tiers[0].max_leverage == 125
    # Half of what 40x brings: 1 / 40 / 2; 150,000,000 x (2.5 % - 1.25 %)
    small, large = tiers_of("Hyperliquid", "BTC").tiers
    assert small.maintenance_margin_rate == 0.0125
    assert (large.notional_cap_usd, large.maintenance_amount_usd) == (math.inf, 1_875_000)


def test_what_is_not_known_is_binances_and_says_so() -> None:
    found = tiers_of("OKX", "BTC")
    assert found.tiers == BTC_TIERS
    assert found.notes == (
        "The leverage tiers of BTC on OKX are not known; those of Binance stand in.",
    )


@pytest.mark.parametrize("venue", ["Binance", "Nowhere", "../tiers/binance", ""])
def test_a_coin_nobody_ships_has_one_tier_and_a_note(venue: str) -> None:
    found = tiers_of(venue, "NOCOIN")
    (tier,) = found.tiers
    assert (tier.maintenance_margin_rate, tier.max_leverage) == (0.01, 50)
    assert [note for note in found.notes if "1 % maintenance margin and at most 50x" in note]


def test_the_home_folder_is_preferred_by_coin(tmp_path: Path) -> None:
    mine = tiers_from([Bracket(1e6, 0.02, 20)], where="mine")
    write(tmp_path, "binance", {"BTC": mine})
    assert tiers_of("Binance", "BTC", home=tmp_path).tiers == mine
    assert tiers_of("Binance", "ETH", home=tmp_path).tiers == tiers_of("Binance", "ETH").tiers
    assert tiers_of("OKX", "BTC", home=tmp_path).tiers == mine


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"columns": 1}', "\x00"])
def test_a_broken_file_says_what_to_do(text: str, tmp_path: Path) -> None:
    write(tmp_path, "gate", {}).write_text(text)
    with pytest.raises(SourceDataError, match=r"gate\.json cannot be read .*refresh or remove"):
        tiers_of("Gate", "BTC", home=tmp_path)


@pytest.mark.parametrize(
    "brackets",
    [
        [],
        [Bracket(1e6, 0.01, 50), Bracket(1e6, 0.02, 25)],
        [Bracket(math.inf, 0.01, 50), Bracket(math.inf, 0.02, 25)],
        [Bracket(1e6, 0.02, 25), Bracket(2e6, 0.01, 25)],
        [Bracket(1e6, 0.01, 25), Bracket(2e6, 0.02, 50)],
        [Bracket(1e6, 0.5, 100)],  # a percentage
        [Bracket(1e6, 0.0, 100)],
        [Bracket(1e6, 0.01, 0.5)],
    ],
)
def test_what_no_exchange_can_mean_is_refused(brackets: list[Bracket]) -> None:
    with pytest.raises(SourceDataError, match=r"here.*expected"):
        tiers_from(brackets, where="here")


@given(steps=st.lists(st.tuples(st.floats(1, 1e8), st.floats(1.01, 3)), min_size=1, max_size=6))
def test_margin_is_continuous_in_the_notional(steps: list[tuple[float, float]]) -> None:
    bound, leverage, brackets = 0.0, 125.0, []
    for width, factor in steps:
        bound, leverage = bound + width, max(1.0, leverage / factor)
        brackets.append(Bracket(bound, 1 / leverage / 2, leverage))
    tiers = tiers_from(brackets, where="here")
    for below, above in pairwise(tiers):
        cap = below.notional_cap_usd
        over = cap * above.maintenance_margin_rate - above.maintenance_amount_usd
        assert over == pytest.approx(float(maintenance_margin(cap, tiers)), abs=1e-5)


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    tiers = tiers_of("Hyperliquid", "ETH").tiers
    write(tmp_path, "mine", {"ETH": tiers})
    found = read_tables(tmp_path / "tiers", "mine")
    assert found is not None
    assert (found.source, found.tiers) == ("test", {"ETH": tiers})
