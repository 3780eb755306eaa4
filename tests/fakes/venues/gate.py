"""Gate USDT futures: shapes of gateapi-python's docs, rows as ccxt's comments show them.

https://www.gate.com/docs/developers/apiv4/ · the raw API sends numbers where those
comments have text. Labels of errors are documented, their words partly made up.
"""

from collections.abc import Mapping
from datetime import datetime

from tests.fakes.server import Reply, Request, Route
from tests.fakes.venues.market import (
    MINUTE_MS,
    Stamps,
    bar_at,
    bars_of,
    funding_rate,
    liquidated_usd,
    long_share,
    open_interest_coins,
    payments,
    price_at,
)
from tests.fakes.venues.venue import HOURS_MS, FakeVenue, Spoilt, query_of

MULTIPLIER = 0.0001  # coins a contract
_INTERVALS = {"1m": 1, "5m": 5, "30m": 30, "1h": 60}
_FUNDING_MS = 8 * HOURS_MS
_REFUSALS: dict[str, tuple[int, str, str]] = {
    "limit_429": (429, "TOO_MANY_REQUESTS", "Request Rate limit Exceeded (311)"),
    "forbidden_403": (403, "FORBIDDEN", "Access denied"),
    "unknown_contract": (400, "CONTRACT_NOT_FOUND", "CONTRACT_NOT_FOUND"),
    "limit_with_range": (400, "INVALID_PARAM_VALUE", "limit is conflicted with from and to"),
    "internal_500": (500, "SERVER_ERROR", "Internal server error"),
}


class FakeGate(FakeVenue):
    endpoints = (
        *("candlesticks-1m", "candlesticks-5m", "candlesticks-30m", "contract"),
        "funding_rate",
        *("contract_stats-5m", "contract_stats-1h"),
    )
    own_faults = (
        *((endpoint, "limit_429") for endpoint in endpoints),
        *((endpoint, "forbidden_403") for endpoint in endpoints),
        *((endpoint, "unknown_contract") for endpoint in endpoints),
        *((endpoint, "internal_500") for endpoint in endpoints),
        ("contract", "other_market"),
    )

    # Where the coarse statistics stop, the fine ones go on.
    harmless = frozenset({("contract_stats-1h", Spoilt.FROZEN.value)})

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.markets = {"BTC_USDT"}

    def routes(self) -> tuple[Route, ...]:
        prefix = "/futures/usdt"
        return (
            Route("candlesticks", "GET", f"{prefix}/candlesticks", self._candlesticks),
            Route("contract", "GET", f"{prefix}/contracts/[A-Z0-9_]+", self._contract),
            Route("funding_rate", "GET", f"{prefix}/funding_rate", self._payments),
            Route("contract_stats", "GET", f"{prefix}/contract_stats", self._statistics),
        )

    def name_of(self, endpoint: str, request: Request) -> str:
        interval = query_of(request).get("interval")
        return f"{endpoint}-{interval}" if interval else endpoint

    def _candlesticks(self, request: Request) -> Reply:
        query = query_of(request)
        minutes = _INTERVALS[query["interval"]]
        opens = self._stamps(request, minutes, default=100, most=2_000)
        rows = [
            {
                "t": bar.open_ms // 1_000,
                "v": round(bar.coins / MULTIPLIER),
                "o": f"{self.price_factor * bar.open:.2f}",
                "h": f"{self.price_factor * bar.high:.2f}",
                "c": f"{self.price_factor * bar.close:.2f}",
                "l": f"{self.price_factor * bar.low:.2f}",
                "sum": f"{bar.turnover_usd:.4f}",
            }
            for bar in bars_of(opens, minutes, share=self.size_factor)
        ]
        return self._refusal(request, query) or self.reply(request, rows)

    def _contract(self, request: Request) -> Reply:
        name = request.path.rpartition("/")[2]
        now_ms = self.clock_ms(request)
        price = self.price_factor * price_at(now_ms)
        body = {
            "name": "ETH_USDT" if request.fault == "other_market" else name,
            "type": "direct",
            "quanto_multiplier": f"{MULTIPLIER:.4f}",
            "maintenance_rate": "0.005",
            "last_price": f"{price:.1f}",
            "mark_price": f"{price:.2f}",
            "index_price": f"{price * 1.0001:.2f}",
            "funding_rate_indicative": f"{funding_rate(now_ms):.6f}",
            "in_delisting": False,
            "funding_interval": _FUNDING_MS // 1_000,
            "leverage_max": "100",
            "funding_rate": f"{funding_rate(now_ms):.8f}",
            "funding_next_apply": (now_ms // _FUNDING_MS + 1) * _FUNDING_MS // 1_000,
            "short_users": 977,
            "long_users": 455,
            "trade_size": 28_530_850_594,
            "position_size": self._contracts(now_ms),
        }
        return self._refusal(request, {"contract": name}) or self.reply(request, body)

    def _payments(self, request: Request) -> Reply:
        query = query_of(request)
        limit = min(int(query.get("limit", 100)), 1_000)
        rows = [
            {"t": stamp // 1_000, "r": f"{rate:.8f}"}
            for stamp, rate in payments(self.clock_ms(request), 8, limit)[::-1]
        ]
        return self._refusal(request, query) or self.reply(request, rows)

    def _statistics(self, request: Request) -> Reply:
        query = query_of(request)
        minutes = _INTERVALS[query["interval"]]
        stamps = self._stamps(request, minutes, default=30, most=100)
        rows = [self._statistic(stamp, minutes) for stamp in stamps]
        return self._refusal(request, query) or self.reply(request, rows)

    def _statistic(self, stamp: int, minutes: int) -> Mapping[str, object]:
        price = self.price_factor * price_at(stamp)
        bar = bar_at(stamp, minutes)
        liquidated = zip(("long", "short"), liquidated_usd(stamp, minutes), strict=True)
        return {
            "time": stamp // 1_000,
            "lsr_taker": bar.bought_usd / (bar.turnover_usd - bar.bought_usd),
            "lsr_account": long_share(stamp) / (1 - long_share(stamp)),
            **{
                f"{side}_liq_{unit}": amount
                for side, usd in liquidated
                for unit, amount in (
                    ("size", round(usd / price / MULTIPLIER)),
                    ("amount", usd / price),
                    ("usd", usd),
                )
            },
            "open_interest": self._contracts(stamp),
            "open_interest_usd": self._contracts(stamp) * MULTIPLIER * price,
            "top_lsr_account": 0,
            "top_lsr_size": 0,
            "mark_price": price,
        }

    def _contracts(self, stamp: int) -> int:
        return round(self.size_factor * open_interest_coins(stamp) / MULTIPLIER)

    def _stamps(self, request: Request, minutes: int, *, default: int, most: int) -> list[int]:
        limit = int(query_of(request).get("limit", default))
        now_ms = self.clock_ms(request)
        return Stamps(minutes * MINUTE_MS).select(now_ms, limit=min(limit, most))

    def _refusal(self, request: Request, query: Mapping[str, str]) -> Reply | None:
        fault = request.fault
        if query["contract"] not in self.markets:
            fault = "unknown_contract"
        if "limit" in query and query.keys() & {"from", "to"}:
            fault = "limit_with_range"
        if fault not in _REFUSALS:
            return None
        status, label, message = _REFUSALS[fault]
        return self.reply(request, {"label": label, "message": message}, status=status)


FAKE = FakeGate
