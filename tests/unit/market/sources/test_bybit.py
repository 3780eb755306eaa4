"""Bybit's answers, a few rows written by hand to the documented shapes, and their sums.

docs: https://bybit-exchange.github.io/docs/v5/intro
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from composer.errors import SourceDataError, SourceRefusedError, SourceUnavailableError
from composer.market.records import Confidence, MarketSnapshot, to_ms
from composer.market.sources._grids import GRIDS, Grid
from composer.market.sources._http import Answer
from composer.market.sources._live import read_raw
from composer.market.sources._provider import Raw
from composer.market.sources.bybit import PROVIDER
from tests.unit.market.sources.payments import BEFORE_MS, PAID_MS, assert_paid

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
BAR_MS = to_ms(datetime(2026, 6, 10, 7, 50, tzinfo=UTC))
STEP_MS = 300_000
TWO_BARS = (Grid(timedelta(minutes=5), 2),)

TICKER: Mapping[str, object] = {
    "symbol": "BTCUSDT",
    "markPrice": "90210.50",
    "openInterest": "80000.000",
    "openInterestValue": "7216840000.00",
    "singleOpenInterest": "40000.000",
    "singleOpenInterestValue": "3608420000.00",
    "fundingRate": "-0.000045",
}
# Newest first, and the first of them forming.
KLINES = (
    [str(BAR_MS + 2 * STEP_MS), "90200", "90300", "90100", "90250", "1", "90200"],
    [str(BAR_MS + STEP_MS), "90000", "90500", "89500", "90200", "10", "900000.5"],
    [str(BAR_MS), "89000", "90100", "88900", "90000", "20", "1790000"],
)
RESULTS: Mapping[str, Mapping[str, object]] = {
    "kline-5m": {"symbol": "BTCUSDT", "category": "linear", "list": KLINES},
    "tickers": {"category": "linear", "list": [TICKER]},
    "open-interest-5min": {
        "symbol": "BTCUSDT",
        "list": [
            {
                "openInterest": "79800",
                "singleOpenInterest": "39900",
                "timestamp": str(BAR_MS + 2 * STEP_MS),
            },
            {
                "openInterest": "79600",
                "singleOpenInterest": "39800",
                "timestamp": str(BAR_MS + STEP_MS),
            },
        ],
    },
    "open-interest-1h": {
        "symbol": "BTCUSDT",
        "list": [
            {"openInterest": "70000", "singleOpenInterest": "35000", "timestamp": str(BAR_MS)},
            # Older than the candles: there is no price for it.
            {"openInterest": "1", "singleOpenInterest": "1", "timestamp": str(BAR_MS - STEP_MS)},
        ],
    },
    "funding-history": {
        "category": "linear",
        "list": [
            {
                "symbol": "BTCUSDT",
                "fundingRate": "-0.0002",
                "fundingRateTimestamp": str(PAID_MS + 3),
            },
            {
                "symbol": "BTCUSDT",
                "fundingRate": "0.0001",
                "fundingRateTimestamp": str(BEFORE_MS),
            },
        ],
    },
    "account-ratio": {
        "list": [
            {
                "symbol": "BTCUSDT",
                "buyRatio": "0.6125",
                "sellRatio": "0.3875",
                "timestamp": str(BAR_MS + 2 * STEP_MS),
            }
        ]
    },
}


def body(result: object, *, code: int = 0, words: str = "OK") -> str:
    told = {"retCode": code, "retMsg": words, "result": result, "retExtInfo": {}}
    return json.dumps({**told, "time": to_ms(NOW)})


def read(symbol: str = "BTC", /, **changed: object) -> MarketSnapshot:
    """Read the answers; `changed` replaces results, or whole answers."""
    results = {**RESULTS, **{name.replace("__", "-"): value for name, value in changed.items()}}
    raw = Raw(
        source="bybit",
        symbol=symbol,
        captured_at=NOW,
        asked={one.endpoint: one for one in PROVIDER.asks(symbol, TWO_BARS, NOW)},
        answers={
            name: result if isinstance(result, Answer) else Answer(status=200, body=body(result))
            for name, result in results.items()
        },
    )
    return read_raw(PROVIDER, raw, TWO_BARS)


def test_the_numbers_by_hand() -> None:
    found = read()
    assert found.candles is not None
    assert found.candles.turnover_usd is not None
    assert found.open_interest is not None
    assert found.price == 90_200.0
    assert found.candles.turnover_usd.tolist() == [1_790_000.0, 900_000.5]
    # One side of each: 35,000 x 89,000 and 39,800 x 90,000, and 39,900 x 90,200 at the opens of
    # their bars; now as the ticker has it
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx(
        [3_115_000_000.0, 3_582_000_000.0, 3_598_980_000.0, 3_608_420_000.0]
    )
    assert found.funding_rate == -0.000045
    assert found.funding_interval is None  # this answer does not say it
    assert_paid(found, now=NOW, rates=[0.0001, -0.0002, -0.000045])
    assert found.long_short_accounts is not None
    assert found.long_short_accounts.long_share.tolist() == [0.6125]
    assert (found.taker_flow, found.liquidations) == (None, None)  # only streams have them
    assert found.confidence is Confidence.MEDIUM
    assert (found.source, found.venues) == ("Bybit", ("Bybit",))


def without_single(item: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in item.items() if not name.startswith("single")}


def test_where_only_both_sides_are_given_half_of_them_counts() -> None:
    history: dict[str, object] = {
        name.replace("-", "__"): {
            "symbol": "BTCUSDT",
            "list": [
                {"openInterest": "79600", "timestamp": str(BAR_MS + STEP_MS)},
            ],
        }
        for name in ("open-interest-5min", "open-interest-1h")
    }
    found = read(tickers={"list": [without_single(TICKER)]}, **history)
    assert found.open_interest is not None
    # 79,600 / 2 x 90,000 and 7,216,840,000 / 2
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx(
        [3_582_000_000.0, 3_608_420_000.0]
    )


def test_a_present_value_of_both_sides_beside_a_history_of_one_is_refused() -> None:
    doubled = {**TICKER, "singleOpenInterestValue": TICKER["openInterestValue"]}
    with pytest.raises(SourceDataError, match="near the latest of its history"):
        read(tickers={"list": [doubled]})


def test_a_contract_of_a_thousand_coins_is_read_per_coin() -> None:
    """1000PEPE at 12 USD is 0.012 USD per PEPE; USD stay what they are."""
    row = [str(BAR_MS + STEP_MS), "12", "12.5", "11.5", "12", "100", "1200"]
    ticker = {"symbol": "1000PEPEUSDT", "markPrice": "12.1", "fundingRate": "0.0001"}
    held = {"singleOpenInterest": "5000", "timestamp": str(BAR_MS + STEP_MS)}
    history = {"symbol": "1000PEPEUSDT", "list": [held]}
    found = read(
        "PEPE",
        kline__5m={"symbol": "1000PEPEUSDT", "list": [row]},
        tickers={"list": [{**ticker, "singleOpenInterestValue": "60500"}]},
        open__interest__5min=history,
        open__interest__1h=history,
    )
    assert found.symbol == "PEPE"
    assert found.price == 0.012
    assert found.candles is not None
    assert found.candles.turnover_usd is not None
    assert found.candles.turnover_usd.tolist() == [1_200.0]
    assert found.open_interest is not None
    # 5,000 contracts x 12 USD, and 60,500 USD now
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx([60_000.0, 60_500.0])
    assert found.funding_rate == 0.0001


def test_a_grid_is_asked_for_in_pages_of_a_thousand_bars() -> None:
    asked = [one for one in PROVIDER.asks("ETH", GRIDS, NOW) if one.endpoint.startswith("kline")]
    assert [one.endpoint for one in asked if "-5m" in one.endpoint] == [
        *("kline-5m", "kline-5m-page2", "kline-5m-page3"),
    ]
    assert {one.params["symbol"] for one in asked} == {"ETHUSDT"}
    assert {one.params["category"] for one in asked} == {"linear"}
    assert max(int(one.params["limit"]) for one in asked) == 1_000


@pytest.mark.parametrize(
    ("code", "words", "error", "told"),
    [
        (10001, "params error: Symbol Invalid", SourceRefusedError, "check the symbol"),
        (10006, "Too many visits!", SourceUnavailableError, "try later"),
    ],
)
def test_an_error_in_an_answer_of_200_is_told_in_its_own_words(
    code: int, words: str, error: type[Exception], told: str
) -> None:
    refused = Answer(status=200, body=body({}, code=code, words=words))
    with pytest.raises(error, match=rf"bybit kline-5m: error {code}, '{words}'; .*{told}"):
        read(kline__5m=refused)


def test_a_403_says_which_of_its_two_reasons_it_has() -> None:
    often = Answer(status=403, body="access too frequent")
    with pytest.raises(SourceUnavailableError, match="later than 10 minutes"):
        read(kline__5m=often)
    location = Answer(status=403, body="<html>The Amazon CloudFront distribution is ...</html>")
    with pytest.raises(SourceRefusedError, match="refuses this key, address or location"):
        read(kline__5m=location)


def test_candles_of_another_market_are_refused() -> None:
    other = {"symbol": "ETHUSDT", "list": KLINES}
    with pytest.raises(SourceDataError, match="expected BTCUSDT, got 'ETHUSDT'"):
        read(kline__5m=other)
