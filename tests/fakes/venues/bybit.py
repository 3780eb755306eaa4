"""Bybit v5 linear perpetuals, as its docs' samples show them.

bybit-exchange.github.io/docs/v5; the bodies of errors are real ones that others quote.
"""

from datetime import datetime

from tests.fakes.server import Reply, Request, Route
from tests.fakes.venues.market import (
    MINUTE_MS,
    Stamps,
    bars_of,
    funding_rate,
    long_share,
    open_interest_coins,
    payments,
    price_at,
)
from tests.fakes.venues.venue import HOURS_MS, FakeVenue, Spoilt, query_of

_MINUTES = {"1": 1, "5": 5, "30": 30, "5min": 5, "1h": 60}
_REFUSALS = {
    "visits_10006": (10006, "Too many visits!"),
    "unknown_10001": (10001, "params error: Symbol Invalid"),
}


class FakeBybit(FakeVenue):
    endpoints = (
        *("kline-1m", "kline-5m", "kline-30m", "tickers"),
        *("open-interest-5min", "open-interest-1h", "account-ratio", "funding-history"),
    )
    own_faults = (
        *((endpoint, fault) for endpoint in endpoints for fault in _REFUSALS),
        *((endpoint, "frequent_403") for endpoint in endpoints),
        *((endpoint, "other_market") for endpoint in endpoints),
        *((endpoint, "both_sides") for endpoint in endpoints[3:6]),
    )

    # Where one period of open interest stops, the other one goes on; before June 2026
    # there were both sides only.
    harmless = frozenset(
        {
            ("open-interest-5min", Spoilt.FROZEN.value),
            ("open-interest-1h", Spoilt.FROZEN.value),
            *((endpoint, "both_sides") for endpoint in endpoints[3:6]),
        }
    )

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.markets = {"BTCUSDT"}

    def routes(self) -> tuple[Route, ...]:
        return (
            Route("kline", "GET", "/v5/market/kline", self._klines),
            Route("tickers", "GET", "/v5/market/tickers", self._tickers),
            Route("open-interest", "GET", "/v5/market/open-interest", self._interest),
            Route("funding-history", "GET", "/v5/market/funding/history", self._payments),
            Route("account-ratio", "GET", "/v5/market/account-ratio", self._accounts),
        )

    def name_of(self, endpoint: str, request: Request) -> str:
        query = query_of(request)
        if endpoint == "kline":
            return f"kline-{query['interval']}m{'-page2' if 'end' in query else ''}"
        return f"{endpoint}-{query['intervalTime']}" if "intervalTime" in query else endpoint

    def _klines(self, request: Request) -> Reply:
        minutes = _MINUTES[query_of(request)["interval"]]
        opens = self._stamps(request, minutes, usual=200, most=1_000)
        rows = [
            [
                str(bar.open_ms),
                *(f"{self.price_factor * price:.2f}" for price in bar[1:5]),
                f"{bar.coins:.3f}",
                f"{bar.turnover_usd:.4f}",
            ]
            for bar in bars_of(opens, minutes, share=self.size_factor)
        ]
        return self._answer(request, {**self._named(request), "list": rows[::-1]})

    def _tickers(self, request: Request) -> Reply:
        now_ms = self.clock_ms(request)
        price = self.price_factor * price_at(now_ms)
        interest = self._sides(request, now_ms)
        item = {
            "symbol": self._named(request)["symbol"],
            "lastPrice": f"{price:.2f}",
            "indexPrice": f"{price * 1.0001:.2f}",
            "markPrice": f"{price:.2f}",
            **interest,
            **{f"{name}Value": f"{float(coins) * price:.2f}" for name, coins in interest.items()},
            "fundingRate": f"{funding_rate(now_ms):.8f}",
            "nextFundingTime": str(now_ms // (8 * HOURS_MS) * 8 * HOURS_MS + 8 * HOURS_MS),
            "fundingIntervalHour": "8",
        }
        return self._answer(request, {"category": "linear", "list": [item]})

    def _interest(self, request: Request) -> Reply:
        minutes = _MINUTES[query_of(request)["intervalTime"]]
        stamps = self._stamps(request, minutes, usual=50, most=200)
        rows = [{**self._sides(request, stamp), "timestamp": str(stamp)} for stamp in stamps[::-1]]
        cursor = f"lastid%3D0%26lasttime%3D{stamps[0] // 1_000}"
        result = {**self._named(request), "list": rows, "nextPageCursor": cursor}
        return self._answer(request, result)

    def _accounts(self, request: Request) -> Reply:
        minutes = _MINUTES[query_of(request)["period"]]
        stamps = self._stamps(request, minutes, usual=50, most=500)
        rows = [
            {
                "symbol": self._named(request)["symbol"],
                "buyRatio": f"{long_share(stamp):.4f}",
                "sellRatio": f"{1 - long_share(stamp):.4f}",
                "timestamp": str(stamp),
            }
            for stamp in stamps[::-1]
        ]
        return self._answer(request, {"list": rows, "nextPageCursor": ""})

    def _payments(self, request: Request) -> Reply:
        limit = min(int(query_of(request).get("limit", 200)), 200)
        rows = [
            {
                "symbol": self._named(request)["symbol"],
                "fundingRate": f"{rate:.8f}",
                "fundingRateTimestamp": str(stamp),
            }
            for stamp, rate in payments(self.clock_ms(request), 8, limit)[::-1]
        ]
        return self._answer(request, {"category": "linear", "list": rows})

    def _sides(self, request: Request, stamp: int) -> dict[str, str]:
        coins = self.size_factor * open_interest_coins(stamp)
        both = {"openInterest": f"{2 * coins:.8f}"}
        return both if request.fault == "both_sides" else {**both, "singleOpenInterest": f"{coins}"}

    def _stamps(self, request: Request, minutes: int, *, usual: int, most: int) -> list[int]:
        query = query_of(request)
        start, end = query.get("start"), query.get("end")
        return Stamps(minutes * MINUTE_MS).select(
            self.clock_ms(request),
            limit=min(int(query.get("limit", usual)), most),
            start_ms=None if start is None else int(start),
            end_ms=None if end is None else int(end),
        )

    def _named(self, request: Request) -> dict[str, object]:
        asked = query_of(request)["symbol"]
        named = "ETHUSDT" if request.fault == "other_market" else asked
        return {"category": "linear", "symbol": named}

    def _answer(self, request: Request, result: object) -> Reply:
        query, fault = query_of(request), request.fault
        if fault == "frequent_403":
            return Reply(status=403, body=b"access too frequent")
        if query["category"] != "linear" or query["symbol"] not in self.markets:
            fault = "unknown_10001"
        code, words = _REFUSALS.get(fault, (0, "OK"))
        body = {
            "retCode": code,
            "retMsg": words,
            "result": {} if code else result,
            "retExtInfo": {},
            "time": self.clock_ms(request),
        }
        return self.reply(request, body)


FAKE = FakeBybit
