"""Binance USD-M futures, as its connector's tests and others' recordings show it.

developers.binance.com/docs/derivatives/usds-margined-futures; error bodies are real ones
that third parties quote, with another address in them.
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

_INTERVALS = {"1m": 1, "5m": 5, "30m": 30, "1h": 60}
_MONTH_MS = 30 * 24 * HOURS_MS
_REFUSALS: dict[str, tuple[int, int, str]] = {
    "banned_418": (418, -1003, "Way too many requests; IP(192.0.2.1) banned until 1787071659262."),
    "limit_429": (429, -1003, "Too many requests; current limit of IP(192.0.2.1) is 2400."),
    "location_451": (451, 0, "Service unavailable from a restricted location according to 'b.'"),
    "unknown_symbol": (400, -1121, "Invalid symbol."),
    "start_1130": (400, -1130, "parameter 'startTime' is invalid."),
}


class FakeBinance(FakeVenue):
    endpoints = (
        *("klines-1m", "klines-5m", "klines-30m", "openInterest", "premiumIndex"),
        *("openInterestHist-5m", "openInterestHist-1h", "globalLongShortAccountRatio-5m"),
        *("fundingInfo", "fundingRate"),
    )
    own_faults = (
        *((endpoint, "location_451") for endpoint in endpoints),
        *((endpoint, "banned_418") for endpoint in endpoints),
        *((endpoint, "limit_429") for endpoint in endpoints),
        *((endpoint, "unknown_symbol") for endpoint in (*endpoints[:8], "fundingRate")),
        *((endpoint, "start_1130") for endpoint in endpoints[5:8]),
        *((endpoint, "other_market") for endpoint in (*endpoints[3:8], "fundingRate")),
    )

    # Where one period of open interest stops or has no more, the other one goes on; the list
    # of what is not as usual has no times, and may hold nothing.
    harmless = frozenset(
        {
            *(
                (endpoint, fault)
                for endpoint in ("openInterestHist-5m", "openInterestHist-1h")
                for fault in ("start_1130", Spoilt.FROZEN.value)
            ),
            *(("fundingInfo", fault.value) for fault in (Spoilt.FROZEN, Spoilt.FUTURE)),
        }
    )

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.markets = {"BTCUSDT"}

    def routes(self) -> tuple[Route, ...]:
        return (
            Route("klines", "GET", "/fapi/v1/klines", self._klines),
            Route("openInterest", "GET", "/fapi/v1/openInterest", self._interest),
            Route("premiumIndex", "GET", "/fapi/v1/premiumIndex", self._premium),
            Route("fundingInfo", "GET", "/fapi/v1/fundingInfo", self._funding_info),
            Route("fundingRate", "GET", "/fapi/v1/fundingRate", self._payments),
            Route("openInterestHist", "GET", "/futures/data/openInterestHist", self._history),
            Route(
                "globalLongShortAccountRatio",
                "GET",
                "/futures/data/globalLongShortAccountRatio",
                self._accounts,
            ),
        )

    def name_of(self, endpoint: str, request: Request) -> str:
        query = query_of(request)
        period = query.get("interval") or query.get("period")
        page = "-page2" if "endTime" in query else ""
        return f"{endpoint}-{period}{page}" if period else endpoint

    def _klines(self, request: Request) -> Reply:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        query = query_of(request)
        minutes = _INTERVALS[query["interval"]]
        opens = self._stamps(request, minutes * MINUTE_MS, most=1_500)
        rows = [
            [
                bar.open_ms,
                *(f"{self.price_factor * price:.2f}" for price in bar[1:5]),
                f"{bar.coins:.3f}",
                bar.open_ms + minutes * MINUTE_MS - 1,
                f"{bar.turnover_usd:.8f}",
                1_000,
                f"{bar.coins * bar.bought_usd / bar.turnover_usd:.3f}",
                f"{bar.bought_usd:.8f}",
                "0",
            ]
            for bar in bars_of(opens, minutes, share=self.size_factor)
        ]
        return self.reply(request, rows)

    def _interest(self, request: Request) -> Reply:
        now_ms = self.clock_ms(request)
        coins = f"{self.size_factor * open_interest_coins(now_ms):.3f}"
        body = {"openInterest": coins, "symbol": self._symbol(request), "time": now_ms}
        return self._refusal(request) or self.reply(request, body)

    def _premium(self, request: Request) -> Reply:
        now_ms = self.clock_ms(request)
        price = self.price_factor * price_at(now_ms)
        body = {
            "symbol": self._symbol(request),
            "markPrice": f"{price:.8f}",
            "indexPrice": f"{price * 1.0001:.8f}",
            "estimatedSettlePrice": f"{price:.8f}",
            "lastFundingRate": f"{funding_rate(now_ms):.8f}",
            "interestRate": "0.00010000",
            "nextFundingTime": now_ms // (8 * HOURS_MS) * 8 * HOURS_MS + 8 * HOURS_MS,
            "time": now_ms,
        }
        return self._refusal(request) or self.reply(request, body)

    def _funding_info(self, request: Request) -> Reply:
        """Give only what is not as usual, among them this market."""
        bounds = {"adjustedFundingRateCap": "0.02500000", "adjustedFundingRateFloor": "-0.02500000"}
        rows = [
            {"symbol": symbol, **bounds, "fundingIntervalHours": hours, "disclaimer": False}
            for symbol, hours in (("BLZUSDT", 4), ("BTCUSDT", 8))
        ]
        return self._refusal(request) or self.reply(request, rows)

    def _payments(self, request: Request) -> Reply:
        query = query_of(request)
        limit, since_ms = min(int(query.get("limit", 100)), 1_000), int(query["startTime"])
        rows = [
            {
                "symbol": self._symbol(request),
                "fundingTime": stamp,
                "fundingRate": f"{rate:.8f}",
                "markPrice": f"{self.price_factor * price_at(stamp):.8f}",
            }
            for stamp, rate in payments(self.clock_ms(request), 8, limit)
            if stamp >= since_ms
        ]
        return self._refusal(request) or self.reply(request, rows)

    def _history(self, request: Request) -> Reply:
        rows = [
            {
                "symbol": self._symbol(request),
                "sumOpenInterest": f"{self.size_factor * open_interest_coins(stamp):.8f}",
                "sumOpenInterestValue": f"{self._interest_usd(stamp):.8f}",
                "CMCCirculatingSupply": "19900000.000",
                "timestamp": stamp,
            }
            for stamp in self._statistics(request)
        ]
        return self._refusal(request) or self.reply(request, rows)

    def _accounts(self, request: Request) -> Reply:
        rows = [
            {
                "symbol": self._symbol(request),
                "longAccount": f"{share:.4f}",
                "longShortRatio": f"{share / (1 - share):.4f}",
                "shortAccount": f"{1 - share:.4f}",
                "timestamp": stamp,
            }
            for stamp in self._statistics(request)
            for share in [long_share(stamp)]
        ]
        return self._refusal(request) or self.reply(request, rows)

    def _interest_usd(self, stamp: int) -> float:
        return self.size_factor * self.price_factor * open_interest_coins(stamp) * price_at(stamp)

    def _statistics(self, request: Request) -> list[int]:
        minutes = _INTERVALS[query_of(request)["period"]]
        return self._stamps(request, minutes * MINUTE_MS, most=500)

    def _stamps(self, request: Request, step_ms: int, *, most: int) -> list[int]:
        query = query_of(request)
        start, end = query.get("startTime"), query.get("endTime")
        limit = int(query.get("limit", 30 if most == 500 else 500))
        return Stamps(step_ms).select(
            self.clock_ms(request),
            limit=min(limit, most),
            start_ms=None if start is None else int(start),
            end_ms=None if end is None else int(end),
        )

    def _symbol(self, request: Request) -> str:
        return "ETHUSDT" if request.fault == "other_market" else query_of(request)["symbol"]

    def _refusal(self, request: Request) -> Reply | None:
        query = query_of(request)
        fault = request.fault
        if query.get("symbol", "BTCUSDT") not in self.markets:
            fault = "unknown_symbol"
        start = int(query.get("startTime", self.now_ms))
        if request.path.startswith("/futures/data/") and start < self.now_ms - _MONTH_MS:
            fault = "start_1130"
        if fault not in _REFUSALS:
            return None
        status, code, message = _REFUSALS[fault]
        return self.reply(request, {"code": code, "msg": message}, status=status)


FAKE = FakeBinance
