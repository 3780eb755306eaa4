"""Binance's answers, a few rows written by hand to the documented shapes, and their sums.

docs: https://developers.binance.com/docs/derivatives/usds-margined-futures
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from composer.errors import SourceDataError, SourceRefusedError, SourceUnavailableError
from composer.market.records import Confidence, MarketSnapshot, to_ms
from composer.market.sources._grids import Grid
from composer.market.sources._http import Answer
from composer.market.sources._live import read_raw
from composer.market.sources._provider import Raw
from composer.market.sources.binance import PROVIDER
from tests.unit.market.sources.payments import BEFORE_MS, HOUR_MS, PAID_MS, assert_paid

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
BAR_MS = to_ms(datetime(2026, 6, 10, 7, 55, tzinfo=UTC))
STEP_MS = 300_000
GRIDS = (Grid(timedelta(minutes=5), 2),)
END_OF_HISTORY = (400, {"code": -1130, "msg": "parameter 'startTime' is invalid."})


def kline(open_ms: int, close: str, *, traded: str, bought: str) -> list[object]:
    """Return open 90000, high 90500, low 89500 and this close."""
    prices = ["90000.00", "90500.00", "89500.00", close]
    return [open_ms, *prices, "10.0", open_ms + STEP_MS - 1, traded, 99, "4.0", bought, "0"]


PREMIUM: Mapping[str, object] = {
    "symbol": "BTCUSDT",
    "markPrice": "90210.50",
    "lastFundingRate": "-0.00004500",
    "time": to_ms(NOW),
}
BODIES: Mapping[str, object] = {
    "klines-5m": [
        kline(BAR_MS, "90200.00", traded="900000.00", bought="350000.00"),
        kline(BAR_MS + STEP_MS, "90300.00", traded="70000.00", bought="9000.00"),  # forming
    ],
    "openInterest": {"openInterest": "80000.000", "symbol": "BTCUSDT", "time": to_ms(NOW)},
    "premiumIndex": PREMIUM,
    "fundingInfo": [
        {"symbol": "BLZUSDT", "fundingIntervalHours": 1},
        {"symbol": "BTCUSDT", "fundingIntervalHours": 4},
    ],
    "fundingRate": [
        {
            "symbol": "BTCUSDT",
            "fundingTime": BEFORE_MS + 4,
            "fundingRate": "0.00010000",
            "markPrice": "90210.50",
        },
        {"symbol": "BTCUSDT", "fundingTime": PAID_MS + 1, "fundingRate": "-0.00020000"},
    ],
    "openInterestHist-5m": [
        {"symbol": "BTCUSDT", "sumOpenInterestValue": "7150000000.5", "timestamp": BAR_MS},
        # The stamp as text, as older documents have it.
        {
            "symbol": "BTCUSDT",
            "sumOpenInterestValue": "7200000000.5",
            "timestamp": str(BAR_MS + STEP_MS),
        },
    ],
    "openInterestHist-1h": [
        {
            "symbol": "BTCUSDT",
            "sumOpenInterestValue": "7100000000.0",
            "timestamp": BAR_MS - 55 * 60_000,
        }
    ],
    "globalLongShortAccountRatio-5m": [
        {"symbol": "BTCUSDT", "longAccount": "0.6125", "timestamp": BAR_MS + STEP_MS}
    ],
}


def raw(symbol: str = "BTC", **changed: object) -> Raw:
    """Return the answers; `changed` replaces bodies, or status and body, None takes one away."""
    bodies = {**BODIES, **{name.replace("__", "-"): body for name, body in changed.items()}}
    pairs = {
        name: body if isinstance(body, tuple) else (200, body)
        for name, body in bodies.items()
        if body is not None
    }
    return Raw(
        source="binance",
        symbol=symbol,
        captured_at=NOW,
        asked={one.endpoint: one for one in PROVIDER.asks(symbol, GRIDS, NOW)},
        answers={
            name: Answer(status=status, body=json.dumps(body))
            for name, (status, body) in pairs.items()
        },
    )


def read(symbol: str = "BTC", **changed: object) -> MarketSnapshot:
    return read_raw(PROVIDER, raw(symbol, **changed), GRIDS)


def test_the_numbers_by_hand() -> None:
    found = read()
    assert found.candles is not None
    assert found.open_interest is not None
    assert (found.price, found.as_of) == (90_200.0, NOW.replace(minute=0, second=0))
    assert found.candles.turnover_usd is not None
    assert found.candles.turnover_usd.tolist() == [900_000.0]  # the forming bar is not known yet
    # 80,000 coins x 90,200 USD
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx(
        [7_100_000_000.0, 7_150_000_000.5, 7_200_000_000.5, 7_216_000_000.0]
    )
    assert found.funding_rate == -0.000045
    assert found.funding_interval == timedelta(hours=4)
    assert_paid(found, now=NOW, rates=[0.0001, -0.0002, -0.000045])
    assert found.taker_flow is not None
    assert found.taker_flow.buy_usd.tolist() == [350_000.0]
    assert found.taker_flow.sell_usd.tolist() == [550_000.0]  # 900,000 - 350,000
    assert found.long_short_accounts is not None
    assert found.long_short_accounts.long_share.tolist() == [0.6125]
    assert found.confidence is Confidence.MEDIUM
    assert (found.source, found.venues) == ("Binance", ("Binance",))


def test_funding_of_another_interval_is_no_history_of_this_one() -> None:
    """Eight hours apart, then four: what was paid by the eight hours does not compare."""
    hours = (-28, -20, -12, -8, -4, 0)
    paid = [
        {"symbol": "BTCUSDT", "fundingTime": PAID_MS + hour * HOUR_MS, "fundingRate": "0.0001"}
        for hour in hours
    ]
    found = read(fundingRate=paid).funding_rates
    assert found is not None
    kept = [PAID_MS + hour * HOUR_MS for hour in hours[2:]]
    assert found.stamp_ms.tolist() == [*kept, to_ms(NOW)]


def test_a_payment_of_this_very_moment_stays_beside_the_rate_to_come() -> None:
    found = read(premiumIndex={**PREMIUM, "time": PAID_MS}).funding_rates
    assert found is not None
    assert found.stamp_ms.tolist()[-2:] == [PAID_MS, PAID_MS + 1]
    assert found.rate.tolist()[-2:] == [-0.0002, -0.000045]


def test_a_contract_of_a_thousand_coins_is_read_per_coin() -> None:
    """1000PEPE at 12 USD is 0.012 USD per PEPE; USD stay what they are."""
    bar = [BAR_MS, "12", "12.5", "11.5", "12", "100", BAR_MS + STEP_MS - 1, "1200", 9, "40", "480"]
    held = {"symbol": "1000PEPEUSDT", "openInterest": "5000", "time": to_ms(NOW)}
    mark = {"symbol": "1000PEPEUSDT", "markPrice": "12.1", "lastFundingRate": "0.0001"}
    found = read(
        "PEPE",
        klines__5m=[[*bar, "0"]],
        openInterest=held,
        premiumIndex={**mark, "time": to_ms(NOW)},
        openInterestHist__5m=END_OF_HISTORY,
        openInterestHist__1h=END_OF_HISTORY,
        globalLongShortAccountRatio__5m=END_OF_HISTORY,
    )
    assert (found.symbol, found.price) == ("PEPE", 0.012)
    assert found.candles is not None
    assert found.candles.turnover_usd is not None
    assert found.candles.turnover_usd.tolist() == [1_200.0]
    assert found.open_interest is not None
    # 5,000 lots x 1,000 coins x 0.012 USD
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx([60_000.0])
    assert found.funding_rate == 0.0001


@pytest.mark.parametrize("listed", [[], [{"symbol": "BLZUSDT", "fundingIntervalHours": 4}]])
def test_a_contract_that_is_as_usual_pays_every_eight_hours(listed: list[object]) -> None:
    assert read(fundingInfo=listed).funding_interval == timedelta(hours=8)


@pytest.mark.parametrize("hours", [None, 0, -8, 25, 1e17, "eight"])
def test_without_a_sound_interval_the_rate_stands_alone(hours: object) -> None:
    listed = None if hours is None else [{"symbol": "BTCUSDT", "fundingIntervalHours": hours}]
    found = read(fundingInfo=listed)
    assert (found.funding_rate, found.funding_interval) == (-0.000045, None)
    assert any("gave no funding interval" in note for note in found.notes)


def test_the_end_of_history_is_no_outage() -> None:
    found = read(openInterestHist__1h=END_OF_HISTORY)
    assert found.open_interest is not None
    assert len(found.open_interest.stamp_ms) == 3
    assert not [note for note in found.notes if "open interest" in note]


def test_without_history_the_estimate_says_so_and_loses_confidence() -> None:
    found = read(openInterestHist__1h=END_OF_HISTORY, openInterestHist__5m=END_OF_HISTORY)
    assert found.open_interest is not None
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx([7_216_000_000.0])
    assert found.confidence is Confidence.LOW
    assert any("no history of open interest" in note for note in found.notes)


def test_without_the_present_value_the_latest_of_the_history_stands() -> None:
    found = read(openInterest=None)
    assert found.open_interest is not None
    assert found.open_interest.open_interest_usd[-1] == 7_200_000_000.5
    assert any("binance openInterest: was not asked" in note for note in found.notes)


def test_without_any_open_interest_there_is_no_market() -> None:
    with pytest.raises(SourceUnavailableError, match="openInterest"):
        read(openInterest=None, openInterestHist__5m=None, openInterestHist__1h=None)


def test_what_is_not_needed_becomes_a_note_when_it_is_refused() -> None:
    found = read(premiumIndex=(403, {"code": 0, "msg": "no"}), globalLongShortAccountRatio__5m=[])
    assert found.funding_rate is None
    assert found.long_short_accounts is None
    assert any("gave no funding rate (binance premiumIndex: HTTP 403" in n for n in found.notes)
    assert any("gave no long/short ratio" in note for note in found.notes)


def changed_kline(index: int, value: object) -> list[object]:
    row = kline(BAR_MS, "90200.00", traded="900000.00", bought="350000.00")
    return [*row[:index], value, *row[index + 1 :]]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([changed_kline(4, "abc")], r"klines-5m, row 1, cell 5: expected a number, got 'abc'"),
        ([changed_kline(4, "0")], r"cell 5: expected a number above zero"),
        ([changed_kline(4, "91000")], r"low <= open, close <= high"),
        ([changed_kline(6, BAR_MS + 59_999)], r"cell 7: expected the end of a bar of 5m"),
        ([[BAR_MS, "1"]], r"row 1: expected a row with"),
        ([], r"klines-5m: expected a list with at least one item"),
        ({"code": 0}, r"klines-5m: expected a list"),
    ],
)
def test_candles_that_cannot_be_are_refused_by_row_and_cell(rows: object, words: str) -> None:
    with pytest.raises(SourceDataError, match=words):
        read(klines__5m=rows)


def test_an_unknown_symbol_is_told_in_its_own_words() -> None:
    refusal = (400, {"code": -1121, "msg": "Invalid symbol."})
    with pytest.raises(SourceRefusedError, match=r"HTTP 400: .*Invalid symbol.*check the symbol"):
        read(klines__5m=refusal)


def test_open_interest_that_is_twice_its_own_history_is_refused() -> None:
    """Counting both sides of each contract is the slip to find here."""
    doubled = {"openInterest": "160000.000", "symbol": "BTCUSDT", "time": to_ms(NOW)}
    with pytest.raises(SourceDataError, match="near the latest of its history"):
        read(openInterest=doubled)


def test_more_bought_than_traded_is_no_flow() -> None:
    found = read(klines__5m=[kline(BAR_MS, "90200.00", traded="900.00", bought="901.00")])
    assert found.taker_flow is None
    assert any("at most the turnover" in note for note in found.notes)


def test_another_market_is_not_taken_for_this_one() -> None:
    other = {"openInterest": "1.0", "symbol": "ETHUSDT", "time": to_ms(NOW)}
    found = read(openInterest=other)
    assert found.open_interest is not None
    assert found.open_interest.open_interest_usd[-1] == 7_200_000_000.5
    assert any("expected BTCUSDT, got 'ETHUSDT'" in note for note in found.notes)


def test_a_mark_price_of_another_market_is_no_funding() -> None:
    body = BODIES["premiumIndex"]
    assert isinstance(body, dict)
    found = read(premiumIndex={**body, "markPrice": "3100.5"})
    assert found.funding_rate is None
    assert any("a mark price near the last close" in note for note in found.notes)


def test_no_answer_at_all_keeps_the_reason() -> None:
    lost = replace(
        raw(klines__5m=None), failures={"klines-5m": "binance klines-5m: not reached (X)"}
    )
    with pytest.raises(SourceUnavailableError, match=r"klines-5m: not reached \(X\)"):
        read_raw(PROVIDER, lost, GRIDS)
