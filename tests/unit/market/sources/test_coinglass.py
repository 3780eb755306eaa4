"""Coinglass's answers, a few rows written by hand to the shapes that came, and their sums.

docs: https://docs.coinglass.com; the shapes of the aggregated map and of the lists are those
that third parties recorded.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from composer.errors import SourceDataError, SourceRefusedError, SourceUnavailableError
from composer.market.records import MarketSnapshot, MaxPain, VenueLiquidations, to_ms
from composer.market.sources._coinglass_api import MinuteBudget
from composer.market.sources._coinglass_asks import PLAN, series_asks
from composer.market.sources._coinglass_look import read_answers
from composer.market.sources._coinglass_map import MAPS
from composer.market.sources._grids import Grid
from composer.market.sources._http import Answer
from composer.market.sources._provider import Raw

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
NOW_MS = to_ms(NOW)
BAR_MS = to_ms(datetime(2026, 6, 10, 4, tzinfo=UTC))  # closed at 8
GRID_MS = 4 * 3_600_000
FORMING_MS = BAR_MS + GRID_MS
DAY_MS = to_ms(datetime(2026, 6, 8, tzinfo=UTC))
REFUSED = {"code": "401", "msg": "Upgrade plan"}


def fine(data: object) -> object:
    return {"code": "0", "msg": "success", "data": data}


def levels(**usd_by_price: float) -> dict[str, object]:
    return {name[1:]: [[int(name[1:]), usd, None, None]] for name, usd in usd_by_price.items()}


AGGREGATED = {
    "data": [
        {
            "liqMapV2": {
                # Two rows at one price.
                "70000": [[70_000, 5_000_000, None, None], [70_000, 250_000, None, None]],
                "80000": [[80_000, "2000000", None, None]],
            },
            "instrument": {"exName": "Binance", "instrumentId": "BTCUSDT"},
        },
        {
            "liqMapV2": levels(p70000=1_500_000, p75000=3_000_000),
            "instrument": {"exName": "OKX", "instrumentId": "BTC-USDT-SWAP"},
        },
    ],
    "last_price": 74_000,
}
HEATMAP = {
    "y_axis": [73_000, 74_500, 76_000],
    "liquidation_leverage_data": [[0, 0, 900.0], [0, 2, 900.0], [1, 0, 7.5], [1, 2, "12.5"]],
    "price_candlesticks": [
        [(NOW_MS - 433_000) // 1_000, "73900", "74100", "73800", "74000", "63753192.1"],
        [(NOW_MS - 133_000) // 1_000, "74000", "74100", "73900", "74010", "42311820.8"],
    ],
    "update_time": NOW_MS - 60_000,
}
BODIES: Mapping[str, object] = {
    "subscription": fine({"level": "HOBBYIST", "expire_time": NOW_MS, "expired": False}),
    "aggregated-map": fine(AGGREGATED),
    "price": fine(
        [
            bar
            for open_ms, close in ((BAR_MS, "73500"), (FORMING_MS, 74_020.5))
            for bar in [
                {
                    "time": open_ms,
                    "open": "73000",
                    "high": "75000",
                    "low": "72000",
                    "close": close,
                    "volume_usd": "1166471854.3026",
                }
            ]
        ]
    ),
    # The longs' price is the upper one in the documents, and the lower one in what comes.
    "max-pain": fine(
        [
            {
                "symbol": "BTC",
                "price": 74_000,
                "long_max_pain_liq_level": 80.5,
                "long_max_pain_liq_price": 75_500,
                "short_max_pain_liq_level": 90.5,
                "short_max_pain_liq_price": 73_500,
            }
        ]
    ),
    "open-interest": fine(
        [
            {"time": BAR_MS, "close": "67511888514"},
            {"time": FORMING_MS, "close": 67_130_599_066.2341},
        ]
    ),
    "open-interest-list": fine(
        [
            {"exchange": "All", "symbol": "BTC", "open_interest_usd": 67_130_599_066.2},
            {"exchange": "CME", "symbol": "BTC", "open_interest_usd": 54_620_599_066.2},
            {"exchange": "Binance", "symbol": "BTC", "open_interest_usd": 12_510_000_000.0},
        ]
    ),
    "funding": fine(
        [{"time": FORMING_MS - GRID_MS, "close": -0.0021}, {"time": FORMING_MS, "close": 0.004327}]
    ),
    "accounts": fine([{"time": BAR_MS, "global_account_long_percent": 73.88}]),
    "liquidations": fine(
        [
            {
                "time": open_ms,
                "aggregated_long_liquidation_usd": 5_916_885.5,
                "aggregated_short_liquidation_usd": "12969583.5",
            }
            for open_ms in (BAR_MS, FORMING_MS)
        ]
    ),
    "liquidation-list": fine(
        [
            {"exchange": "All", "longLiquidation_usd": 9, "shortLiquidation_usd": 9},
            {"exchange": "Bybit", "longLiquidation_usd": 25.5, "shortLiquidation_usd": 4.5},
            {"exchange": "OKX", "long_liquidation_usd": 3.5, "short_liquidation_usd": 2.5},
        ]
    ),
    "etf": fine(
        [
            {
                "timestamp": DAY_MS,
                "flow_usd": -95_100_000,
                "price_usd": 95_100,
                "etf_flows": [{"etf_ticker": "GBTC", "flow_usd": -95_100_000}],
            },
            # Over, and not yet told by any fund.
            {
                "timestamp": DAY_MS + 86_400_000,
                "flow_usd": 0.0,
                "etf_flows": [{"etf_ticker": "IBIT", "flow_usd": None}],
            },
        ]
    ),
}


def read(**changed: object) -> MarketSnapshot:
    """Return the snapshot; `changed` replaces bodies, None takes one away."""
    bodies = {**BODIES, **{name.replace("_", "-"): body for name, body in changed.items()}}
    asks = (PLAN, *(one.ask("BTC") for one in MAPS), *series_asks("BTC", Grid(_H4, 48), NOW))
    return read_answers(
        Raw(
            source="coinglass",
            symbol="BTC",
            captured_at=NOW,
            asked={one.endpoint: one for one in asks},
            answers={
                name: Answer(status=200, body=json.dumps(body))
                for name, body in bodies.items()
                if body is not None
            },
        )
    )


_H4 = timedelta(hours=4)


def shown(found: MarketSnapshot) -> list[tuple[float, float, float]]:
    book = found.liquidation_map
    assert book is not None
    assert book.low.tolist() == book.high.tolist()
    return list(
        zip(book.low.tolist(), book.long_usd.tolist(), book.short_usd.tolist(), strict=True)
    )


def test_the_numbers_by_hand() -> None:
    found = read()
    assert shown(found) == [
        (70_000.0, 6_750_000.0, 0.0),  # 5,000,000 + 250,000 + 1,500,000
        (75_000.0, 0.0, 3_000_000.0),
        (80_000.0, 0.0, 2_000_000.0),
    ]
    assert (found.price, found.as_of, found.venues) == (74_000.0, NOW, ("Binance", "OKX"))
    assert found.candles is not None
    assert found.candles.close.tolist() == [73_500.0]  # the forming bar is not known yet
    assert found.open_interest is not None
    assert found.open_interest.stamp_ms.tolist() == [FORMING_MS, NOW_MS]  # closes, at the end
    assert found.open_interest.open_interest_usd.tolist() == [67_511_888_514.0, 67_130_599_066.2341]
    assert found.open_interest_by_venue == {"CME": 54_620_599_066.2, "Binance": 12_510_000_000.0}
    assert found.funding_rate == pytest.approx(0.00004327)  # 0.004327 %
    assert found.funding_rates is not None
    assert found.funding_rates.rate.tolist() == pytest.approx([-0.000021, 0.00004327])
    # What closed is of its end, what is forming of now.
    assert found.funding_rates.stamp_ms.tolist() == [FORMING_MS, to_ms(NOW)]
    assert found.long_short_accounts is not None
    assert found.long_short_accounts.long_share.tolist() == [pytest.approx(0.7388)]
    assert found.liquidations is not None
    assert found.liquidations.long_usd.tolist() == [5_916_885.5]
    assert found.liquidations.short_usd.tolist() == [12_969_583.5]
    day = timedelta(days=1)
    assert found.liquidations_by_venue == {
        "Bybit": VenueLiquidations(over=day, long_usd=25.5, short_usd=4.5),
        "OKX": VenueLiquidations(over=day, long_usd=3.5, short_usd=2.5),
    }
    assert found.etf_flows is not None
    assert found.etf_flows.day_ms.tolist() == [DAY_MS]
    assert found.etf_flows.flow_usd.tolist() == [-95_100_000.0]
    assert found.etf_flows.flow_coins is not None
    assert found.etf_flows.flow_coins.tolist() == [-1_000.0]  # -95,100,000 / 95,100
    assert found.max_pain == MaxPain(
        symbol="BTC",
        over=day,
        long_price=73_500.0,
        long_usd=90.5,
        short_price=75_500.0,
        short_usd=80.5,
    )


def test_the_documented_shape_takes_the_price_of_the_forming_bar() -> None:
    found = read(aggregated_map=fine({"data": levels(p70000=1.5, p80000=2.5)}))
    assert shown(found) == [(70_000.0, 1.5, 0.0), (80_000.0, 0.0, 2.5)]
    assert found.price == 74_020.5


def test_a_level_at_the_price_is_neither_sides() -> None:
    data = {**AGGREGATED, "last_price": 75_000}
    found = read(aggregated_map=fine(data), price=None, max_pain=None)
    assert shown(found)[1] == (75_000.0, 0.0, 0.0)


def test_a_heatmap_is_its_last_column() -> None:
    found = read(aggregated_map=REFUSED, map=REFUSED, heatmap=fine(HEATMAP))
    assert shown(found) == [(73_000.0, 7.5, 0.0), (76_000.0, 0.0, 12.5)]
    assert (found.price, found.as_of) == (74_010.0, NOW - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"update_time": NOW_MS - 3_600_000}, "data of the last 30 minutes"),
        ({"update_time": NOW_MS + 3_600_000}, "times up to the clock"),
        ({"liquidation_leverage_data": [[2, 0, 1.0]]}, "a whole number below 2"),
        ({"liquidation_leverage_data": [[1, 3, 1.0]]}, "a whole number below 3"),
        ({"liquidation_leverage_data": [[0.5, 0, 1.0]]}, "a whole number below 2"),
        ({"liquidation_leverage_data": [[1, 0, -1.0]]}, "a number of zero or more"),
        ({"price_candlesticks": HEATMAP["price_candlesticks"] * 2}, "up to the last of 4 columns"),  # type: ignore[operator] # a list
    ],
)
def test_a_heatmap_that_cannot_be_is_none(changed: dict[str, object], told: str) -> None:
    with pytest.raises(SourceDataError, match=told):
        read(aggregated_map=REFUSED, map=REFUSED, heatmap=fine({**HEATMAP, **changed}))


def with_last(price: object) -> object:
    return fine({**AGGREGATED, "last_price": price})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (fine({"data": {}}), "at least one field"),
        (fine({"data": []}), "at least one item"),
        (fine({"data": levels(p75000=1.0, p80000=1.0)}), "levels on both sides of the price"),
        (fine({"data": levels(p70000=0.0, p80000=0.0)}), "something in it"),
        (fine({"data": {"70000": [[80_000, 1.0, None, None]]}}), "a price near 70000"),
        (fine({"data": {"about 7": [[80_000, 1.0, None, None]]}}), "a number"),
        (with_last(76_000), "a price near the market's, 74020.5"),
        (with_last(-1), "a number above zero"),
        (with_last("about 7"), "a number"),
        (fine({**AGGREGATED, "update_time": NOW_MS - 3_600_000}), "the last 30 minutes"),
        (fine({**AGGREGATED, "data": [AGGREGATED["data"][0]] * 2}), "one map of Binance"),  # type: ignore[index] # a list
    ],
)
def test_a_map_that_cannot_be_is_none(body: object, told: str) -> None:
    with pytest.raises(SourceDataError, match=told):
        read(aggregated_map=body)


def test_a_map_of_another_coin_is_none() -> None:
    instrument = {"exName": "Binance", "instrumentId": "ETHUSDT", "baseAsset": "ETH"}
    other = [{"liqMapV2": levels(p70000=1.0), "instrument": instrument}]
    with pytest.raises(SourceDataError, match="a market of BTC"):
        read(aggregated_map=fine({**AGGREGATED, "data": other}))


@pytest.mark.parametrize("code", ["408", "429", "500"])
def test_an_outage_is_no_reason_for_another_map(code: str) -> None:
    with pytest.raises(SourceUnavailableError, match=f"error {code}"):
        read(aggregated_map={"code": code, "msg": "no"}, map=fine({"data": levels(p7=1.0)}))


def test_an_exchange_that_does_not_add_up_is_left_out_with_the_list() -> None:
    row = {"exchange": "Binance", "symbol": "BTC", "open_interest_usd": 12_510.0}
    found = read(open_interest_list=fine([row]))
    assert found.open_interest_by_venue == {}
    assert any("exchanges that add up to about 67130599066 USD" in note for note in found.notes)


def test_max_pain_on_one_side_of_the_price_is_left_out() -> None:
    row = {
        "symbol": "BTC",
        "price": 74_000,
        **{f"{side}_max_pain_liq_level": 1.0 for side in ("long", "short")},
        "long_max_pain_liq_price": 75_000,
        "short_max_pain_liq_price": 76_000,
    }
    found = read(max_pain=fine([row]))
    assert found.max_pain is None
    assert any("gave no max pain" in note for note in found.notes)


@pytest.mark.parametrize("body", [None, fine({"tier": 7})], ids=["none", "another shape"])
def test_without_the_plan_nothing_is_lost_but_a_note_says_so(body: object) -> None:
    found = read(subscription=body)
    assert shown(found) == shown(read())
    assert any("gave no word on its plan" in note for note in found.notes)


def test_no_map_is_refused_in_words_that_help() -> None:
    with pytest.raises(SourceRefusedError, match=r"Upgrade plan.*name exchanges as the source"):
        read(aggregated_map=REFUSED, map=REFUSED, heatmap=REFUSED)


class TestMinuteBudget:
    REQUEST = httpx.Request("GET", "https://example.com/api")

    def answer(self, limit: str, used: str, status: int = 200) -> httpx.Response:
        headers = {"API-KEY-MAX-LIMIT": limit, "API-KEY-USE-LIMIT": used}
        return httpx.Response(status, headers=headers, request=self.REQUEST)

    def test_what_is_on_its_way_counts(self) -> None:
        budget = MinuteBudget()
        for _ in range(3):
            budget.spend(self.REQUEST)
        budget.count(self.answer("30", "27"))  # 30 - 27, less two that are on their way: 1
        budget.spend(self.REQUEST)
        with pytest.raises(SourceUnavailableError, match="used up"):
            budget.spend(self.REQUEST)

    def test_a_429_ends_it(self) -> None:
        budget = MinuteBudget()
        budget.spend(self.REQUEST)
        budget.count(self.answer("30", "3", status=429))
        with pytest.raises(SourceUnavailableError, match="used up"):
            budget.spend(self.REQUEST)

    @pytest.mark.parametrize(("limit", "used"), [("", ""), ("x", "1"), ("30", "-1")])
    def test_headers_that_say_nothing_limit_nothing(self, limit: str, used: str) -> None:
        budget = MinuteBudget()
        for _ in range(40):
            budget.spend(self.REQUEST)
            budget.count(self.answer(limit, used))
