"""OKX v5 perpetual swaps, as its docs' samples and others' recordings show them.

okx.com/docs-v5/en; history-candles gives 100 bars at a time, as was measured, not the 300
of the docs.
"""

from collections.abc import Iterator
from datetime import datetime

from tests.fakes.server import Reply, Request, Route
from tests.fakes.venues.market import (
    MINUTE_MS,
    FakeBar,
    Stamps,
    bars_of,
    funding_rate,
    liquidated_usd,
    long_share,
    open_interest_coins,
    payments,
    price_at,
)
from tests.fakes.venues.venue import HOURS_MS, FakeVenue, Spoilt, query_of

_MINUTES = {"1m": 1, "5m": 5, "30m": 30, "1H": 60}
_KEPT_BARS = 1_440
_COINS = 0.01  # of a contract
_REFUSALS = {
    "limit_50011": (429, "50011", "Too Many Requests"),
    "limit_50011_in_200": (200, "50011", "Too Many Requests"),
    "unknown_51001": (
        200,
        "51001",
        "Instrument ID, Instrument ID code, or Spread ID doesn't exist.",
    ),
    "busy_50013": (503, "50013", "Systems are busy. Please try again later."),
    "gone_400": (400, "50014", "Parameter instId can not be empty"),
}
_STATISTICS = (
    *("open-interest-history-5m", "open-interest-history-1H"),
    *("long-short-account-ratio", "taker-volume"),
)
_OF_A_MARKET = (
    *("instruments", "open-interest", "funding-rate"),
    *("funding-rate-history", "liquidation-orders"),
)


class FakeOkx(FakeVenue):
    endpoints = ("candles-1m", "candles-5m", "candles-30m", *_OF_A_MARKET, *_STATISTICS)
    own_faults = (
        *((endpoint, "limit_50011_in_200") for endpoint in endpoints),
        *((endpoint, "unknown_51001") for endpoint in endpoints),
        *((endpoint, "other_market") for endpoint in _OF_A_MARKET),
        *(("candles-5m", "limit_50011"), ("candles-5m", "busy_50013")),
        ("liquidation-orders", "gone_400"),
    )

    # Where one period of open interest stops, the other one goes on. What a contract is
    # does not age.
    harmless = frozenset(
        {
            *((endpoint, Spoilt.FROZEN.value) for endpoint in _STATISTICS[:2]),
            *(("instruments", fault.value) for fault in (Spoilt.FROZEN, Spoilt.FUTURE)),
        }
    )

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.markets = {"BTC-USDT-SWAP"}

    def routes(self) -> tuple[Route, ...]:
        public, statistics = "/api/v5/public/", "/api/v5/rubik/stat/"
        return (
            Route("candles", "GET", "/api/v5/market/(history-)?candles", self._candles),
            Route("instruments", "GET", f"{public}instruments", self._instruments),
            Route("open-interest", "GET", f"{public}open-interest", self._interest),
            Route("funding-rate", "GET", f"{public}funding-rate", self._funding),
            Route("funding-rate-history", "GET", f"{public}funding-rate-history", self._payments),
            Route("liquidation-orders", "GET", f"{public}liquidation-orders", self._liquidations),
            Route(
                "open-interest-history",
                "GET",
                f"{statistics}contracts/open-interest-history",
                self._history,
            ),
            Route(
                "long-short-account-ratio",
                "GET",
                f"{statistics}contracts/long-short-account-ratio-contract",
                self._accounts,
            ),
            Route("taker-volume", "GET", f"{statistics}taker-volume-contract", self._taker),
        )

    def name_of(self, endpoint: str, request: Request) -> str:
        query = query_of(request)
        if endpoint == "candles":
            return f"candles-{query['bar']}{'-page2' if 'after' in query else ''}"
        return (
            f"{endpoint}-{query['period']}" if endpoint.endswith("interest-history") else endpoint
        )

    def _candles(self, request: Request) -> Reply:
        query = query_of(request)
        step_ms = _MINUTES[query["bar"]] * MINUTE_MS
        now_ms, older = self.clock_ms(request), "history" in request.path
        ends_ms = int(query.get("after", now_ms + 1)) - 1
        opens = Stamps(step_ms).select(
            now_ms, limit=min(int(query.get("limit", 100)), 100 if older else 300), end_ms=ends_ms
        )
        if not older:
            opens = [open_ms for open_ms in opens if open_ms > now_ms - _KEPT_BARS * step_ms]
        rows = [
            [
                str(bar.open_ms),
                *(f"{self.price_factor * price:.2f}" for price in bar[1:5]),
                f"{bar.coins / _COINS:.2f}",
                f"{bar.coins:.4f}",
                f"{bar.turnover_usd:.5f}",
                "1" if bar.open_ms + step_ms <= now_ms else "0",
            ]
            for bar in self._bars(opens, step_ms)
        ]
        return self._answer(request, [row for row in rows[::-1] if not older or row[8] == "1"])

    def _instruments(self, request: Request) -> Reply:
        item = {"instType": "SWAP", "instId": self._named(request), "uly": "BTC-USDT"}
        sizes = {"ctVal": str(_COINS), "ctMult": "1", "ctValCcy": "BTC", "ctType": "linear"}
        return self._answer(request, [{**item, **sizes, "settleCcy": "USDT", "state": "live"}])

    def _interest(self, request: Request) -> Reply:
        now_ms = self.clock_ms(request)
        contracts, coins, usd = self._sizes(now_ms)
        item = {"instType": "SWAP", "instId": self._named(request), "ts": str(now_ms)}
        return self._answer(request, [{**item, "oi": contracts, "oiCcy": coins, "oiUsd": usd}])

    def _funding(self, request: Request) -> Reply:
        now_ms = self.clock_ms(request)
        settled = now_ms // (8 * HOURS_MS) * 8 * HOURS_MS
        item = {
            "instType": "SWAP",
            "instId": self._named(request),
            "method": "current_period",
            "fundingRate": f"{funding_rate(now_ms):.16f}",
            "fundingTime": str(settled + 8 * HOURS_MS),
            "nextFundingRate": "",
            "nextFundingTime": str(settled + 16 * HOURS_MS),
            "settState": "settled",
            "ts": str(now_ms),
        }
        return self._answer(request, [item])

    def _payments(self, request: Request) -> Reply:
        limit = min(int(query_of(request).get("limit", 400)), 400)
        rows = [
            {
                "formulaType": "withRate",
                "fundingRate": f"{1.1 * rate:.16f}",
                "fundingTime": str(stamp),
                "instId": self._named(request),
                "instType": "SWAP",
                "method": "current_period",
                "realizedRate": f"{rate:.16f}",
            }
            for stamp, rate in payments(self.clock_ms(request), 8, limit)[::-1]
        ]
        return self._answer(request, rows)

    def _liquidations(self, request: Request) -> Reply:
        """Give two orders in the middle of each minute, the hundred newest."""
        now_ms = self.clock_ms(request)
        minutes = Stamps(MINUTE_MS).select(now_ms - MINUTE_MS // 2, limit=50)
        details = [
            {
                "bkLoss": "0",
                "bkPx": f"{self.price_factor * price_at(minute):.1f}",
                "ccy": "",
                "posSide": position,
                "side": side,
                "sz": f"{self._liquidated(minute)[index] / price_at(minute) / _COINS:.4f}",
                "ts": str(minute + MINUTE_MS // 2),
            }
            for minute in minutes[::-1]
            for index, (position, side) in enumerate((("long", "sell"), ("short", "buy")))
        ]
        item = {"details": details, "instFamily": "BTC-USDT", "instId": self._named(request)}
        return self._answer(request, [{**item, "instType": "SWAP", "uly": "BTC-USDT"}])

    def _history(self, request: Request) -> Reply:
        rows = [[str(stamp), *self._sizes(stamp)] for stamp in self._statistics(request)]
        return self._answer(request, rows)

    def _accounts(self, request: Request) -> Reply:
        rows = [
            [str(stamp), f"{share / (1 - share):.16f}"]
            for stamp in self._statistics(request)
            for share in [long_share(stamp)]
        ]
        return self._answer(request, rows)

    def _taker(self, request: Request) -> Reply:
        unit = query_of(request).get("unit", "1")
        assert unit == "2", "contracts and coins are not played"
        opens = self._statistics(request)
        rows = [
            [str(bar.open_ms), f"{bar.turnover_usd - bar.bought_usd:.4f}", f"{bar.bought_usd:.4f}"]
            for bar in self._bars(opens, 5 * MINUTE_MS)
        ]
        return self._answer(request, rows)

    def _bars(self, opens: list[int], step_ms: int) -> Iterator[FakeBar]:
        return bars_of(opens, step_ms // MINUTE_MS, share=self.size_factor)

    def _sizes(self, stamp: int) -> tuple[str, str, str]:
        """Return open interest in contracts, coins and USD."""
        coins = self.size_factor * open_interest_coins(stamp)
        usd = coins * self.price_factor * price_at(stamp)
        return f"{coins / _COINS:.8f}", f"{coins:.10f}", f"{usd:.10f}"

    def _liquidated(self, minute: int) -> tuple[float, float]:
        bar_ms = minute // (5 * MINUTE_MS) * 5 * MINUTE_MS
        longs, shorts = liquidated_usd(bar_ms, 5)
        return longs / 5, shorts / 5

    def _statistics(self, request: Request) -> list[int]:
        """Return times, newest first."""
        query = query_of(request)
        step_ms = _MINUTES[query["period"]] * MINUTE_MS
        limit = min(int(query.get("limit", 100)), 100)
        return Stamps(step_ms).select(self.clock_ms(request), limit=limit)[::-1]

    def _named(self, request: Request) -> str:
        query = query_of(request)
        asked = query.get("instId") or f"{query['instFamily']}-SWAP"
        return "ETH-USDT-SWAP" if request.fault == "other_market" else asked

    def _answer(self, request: Request, data: object) -> Reply:
        fault = request.fault
        if fault != "other_market" and self._named(request) not in self.markets:
            fault = "unknown_51001"
        status, code, words = _REFUSALS.get(fault, (200, "0", ""))
        body = {"code": code, "msg": words, "data": data if code == "0" else []}
        return self.reply(request, body, status=status)


FAKE = FakeOkx
