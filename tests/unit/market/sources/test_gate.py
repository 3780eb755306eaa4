"""Gate's answers, a few rows written by hand to the documented shapes, and their sums.

docs: https://www.gate.com/docs/developers/apiv4/
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from composer.errors import SourceDataError, SourceRefusedError
from composer.market.records import Confidence, MarketSnapshot, Query, to_ms
from composer.market.sources import SourceOptions, open_source
from composer.market.sources._grids import Grid
from composer.market.sources._http import Answer
from composer.market.sources._live import read_raw
from composer.market.sources._provider import Raw
from composer.market.sources.gate import PROVIDER
from tests.fakes.venues.gate import FakeGate
from tests.unit.market.sources.payments import BEFORE_MS, PAID_MS, assert_paid

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
BAR_S = to_ms(datetime(2026, 6, 10, 7, 55, tzinfo=UTC)) // 1_000
STEP_S = 300
GRIDS = (Grid(timedelta(minutes=5), 2),)


def candle(open_s: int, **changed: object) -> dict[str, object]:
    prices = {"o": "90000", "h": "90500", "l": "89500", "c": "90200"}
    return {"t": open_s, "v": 99_000, **prices, "sum": "900000", **changed}


def statistic(stamp_s: int, **changed: object) -> dict[str, object]:
    return {
        "time": stamp_s,
        "lsr_taker": 0.8,
        "lsr_account": 1.5,
        "long_liq_size": 30,
        "long_liq_amount": 0.003,
        "long_liq_usd": 270.6,
        "short_liq_size": 0,
        "short_liq_amount": 0,
        "short_liq_usd": 0,
        "open_interest": 800_000_000,
        "open_interest_usd": 7_216_000_000.0,
        "mark_price": 90_200.0,
        **changed,
    }


CONTRACT: Mapping[str, object] = {
    "name": "BTC_USDT",
    "quanto_multiplier": "0.0001",
    "mark_price": "90210.5",
    "funding_rate": "-0.000045",
    "funding_interval": 28_800,
    "funding_next_apply": to_ms(datetime(2026, 6, 10, 16, 0, tzinfo=UTC)) // 1_000,
    "position_size": 800_000_001,
    "short_users": 977,
    "long_users": 455,
}
BODIES: Mapping[str, object] = {
    "candlesticks-5m": [candle(BAR_S), candle(BAR_S + STEP_S)],  # the second one is forming
    "contract": CONTRACT,
    "funding_rate": [
        {"t": PAID_MS // 1_000 + 2, "r": "-0.0002"},
        {"t": BEFORE_MS // 1_000, "r": "0.0001"},
    ],
    "contract_stats-5m": [statistic(BAR_S), statistic(BAR_S + STEP_S, open_interest_usd=7.2e9)],
    "contract_stats-1h": [statistic(BAR_S - 55 * 60, open_interest_usd=7.1e9)],
}


def read(**changed: object) -> MarketSnapshot:
    """Read the answers; `changed` replaces bodies by endpoint, `__` standing for the dash."""
    bodies = {**BODIES, **{name.replace("__", "-"): body for name, body in changed.items()}}
    raw = Raw(
        source="gate",
        symbol="BTC",
        captured_at=NOW,
        asked={one.endpoint: one for one in PROVIDER.asks("BTC", GRIDS, NOW)},
        answers={name: Answer(status=200, body=json.dumps(body)) for name, body in bodies.items()},
    )
    return read_raw(PROVIDER, raw, GRIDS)


def test_the_numbers_by_hand() -> None:
    found = read()
    assert found.candles is not None
    assert found.open_interest is not None
    assert (found.price, found.as_of) == (90_200.0, NOW.replace(minute=0, second=0))
    assert found.candles.turnover_usd is not None
    assert found.candles.turnover_usd.tolist() == [900_000.0]
    # 800,000,001 contracts x 0.0001 coins = 80,000.0001 coins; x 90,200 USD
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx(
        [7_100_000_000.0, 7_216_000_000.0, 7_200_000_000.0, 7_216_000_009.02]
    )
    assert found.open_interest.stamp_ms[-1] == to_ms(NOW)
    assert found.funding_rate == -0.000045
    assert found.funding_interval == timedelta(hours=8)  # 28,800 s
    assert_paid(found, now=NOW, rates=[0.0001, -0.0002, -0.000045])
    assert found.long_short_accounts is not None
    # 1.5 long accounts to one short: 1.5 / 2.5
    assert found.long_short_accounts.long_share.tolist() == [0.6, 0.6]
    assert found.taker_flow is not None
    # 0.8 bought to 1 sold: 900,000 x 0.8 / 1.8, and the rest
    assert found.taker_flow.buy_usd.tolist() == pytest.approx([400_000.0])
    assert found.taker_flow.sell_usd.tolist() == pytest.approx([500_000.0])
    assert found.liquidations is not None
    assert found.liquidations.long_usd.tolist() == [270.6]  # the forming bar is not known yet
    assert found.liquidations.short_usd.tolist() == [0.0]
    assert found.confidence is Confidence.MEDIUM
    assert (found.source, found.venues) == ("Gate", ("Gate",))


def test_open_interest_in_usd_is_contracts_by_multiplier_by_mark_price() -> None:
    """Both ways to the same number: a row that ccxt's authors published, of BTC in July 2023."""
    row = statistic(BAR_S, open_interest_usd=459_832_595.07552, mark_price=30_551.93)
    prices = dict.fromkeys("ohlc", "30551.93")
    contract = {**CONTRACT, "position_size": 150_508_526, "mark_price": "30551.93"}
    found = read(
        candlesticks__5m=[candle(BAR_S, **prices)],
        contract=contract,
        contract_stats__5m=[row],
        contract_stats__1h=[row],
    )
    assert found.open_interest is not None
    history, present = found.open_interest.open_interest_usd
    assert history == pytest.approx(present, rel=1e-9)


def test_contracts_taken_for_coins_are_refused_by_the_history() -> None:
    with pytest.raises(SourceDataError, match="near the latest of its history"):
        read(contract={**CONTRACT, "quanto_multiplier": "1"})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "ETH_USDT"}, "expected BTC_USDT, got 'ETH_USDT'"),
        ({"funding_next_apply": BAR_S - 3_600}, "expected the next funding after"),
        ({"funding_next_apply": BAR_S + 9 * 3_600}, "expected the next funding after"),
        ({"funding_next_apply": 1_000 * BAR_S}, "expected a time in epoch s"),
        ({"mark_price": "3100.5"}, "a mark price near the last close"),
    ],
)
def test_a_contract_of_another_time_or_market_is_not_used(
    changed: dict[str, object], words: str
) -> None:
    found = read(contract={**CONTRACT, **changed})
    assert found.funding_rate is None
    assert any(words in note for note in found.notes)


def test_a_contract_just_funded_may_still_name_that_moment() -> None:
    applied = to_ms(NOW) // 1_000 - 60
    assert read(contract={**CONTRACT, "funding_next_apply": applied}).funding_rate == -0.000045


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (candle(BAR_S, c="abc"), r"candlesticks-5m, row 1: c: expected a number, got 'abc'"),
        (candle(BAR_S, c="91000"), r"low <= open, close <= high"),
        (candle(1_000 * BAR_S), r"row 1: t: expected a time in epoch s"),
        (candle(BAR_S, sum="-1"), r"sum: expected a number of zero or more"),
    ],
)
def test_candles_that_cannot_be_are_refused_by_row_and_field(row: object, words: str) -> None:
    with pytest.raises(SourceDataError, match=words):
        read(candlesticks__5m=[row])


def test_statistics_without_a_candle_give_no_flow() -> None:
    found = read(contract_stats__5m=[statistic(BAR_S - STEP_S)])
    assert found.taker_flow is None
    assert any("gave no taker flow" in note for note in found.notes)


def test_an_unknown_contract_is_told_in_its_own_words() -> None:
    with FakeGate(NOW).running() as url:
        source = open_source("gate", SourceOptions(base_urls={"gate": url}))
        with pytest.raises(SourceRefusedError, match=r"HTTP 400: .*CONTRACT_NOT_FOUND"):
            source.snapshot(Query(now=NOW, symbol="NOCOIN"))
