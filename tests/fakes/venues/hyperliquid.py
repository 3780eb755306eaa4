"""Hyperliquid's info endpoint, as its docs and ccxt's comments show it.

https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint · refused
requests get plain words; that an unknown coin's candles are a 500 with `null` is inferred.
"""

from collections.abc import Mapping
from datetime import datetime

from tests.fakes.server import Reply, Request, Route
from tests.fakes.venues.market import (
    MINUTE_MS,
    Stamps,
    bars_of,
    funding_rate,
    open_interest_coins,
    payments,
    price_at,
)
from tests.fakes.venues.venue import FakeVenue, Spoilt

_INTERVALS = {"1m": 1, "5m": 5, "30m": 30}
_MOST_BARS = 5_000
_MOST_PAYMENTS = 500
_CONTEXTS = "metaAndAssetCtxs"
_FUNDING = "fundingHistory"


class FakeHyperliquid(FakeVenue):
    endpoints = (
        "candleSnapshot-1m",
        "candleSnapshot-5m",
        "candleSnapshot-30m",
        _CONTEXTS,
        _FUNDING,
    )
    own_faults = (
        *((endpoint, "words_429") for endpoint in endpoints),
        *((endpoint, "words_422") for endpoint in endpoints),
        *((endpoint, "other_coin") for endpoint in (*endpoints[:3], _FUNDING)),
        *((endpoint, "other_interval") for endpoint in endpoints[:3]),
        (_CONTEXTS, "unlisted"),
        (_CONTEXTS, "delisted"),
        (_CONTEXTS, "one_context_less"),
    )

    # Contexts have no stamp: a clock that runs ahead changes nothing about them.
    harmless = frozenset({(_CONTEXTS, Spoilt.FUTURE.value)})

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.markets = {"BTC"}

    def routes(self) -> tuple[Route, ...]:
        return (Route("info", "POST", "/info", self._info),)

    def name_of(self, endpoint: str, request: Request) -> str:  # noqa: ARG002 - one path only
        asked = request.json()
        interval = asked.get("req", {}).get("interval")
        return f"{asked['type']}-{interval}" if interval else asked["type"]

    def _info(self, request: Request) -> Reply:
        if request.fault == "words_429":
            return Reply(status=429, body=b"Too Many Requests")
        asked = request.json()
        answers = {
            "candleSnapshot": self._candles,
            _CONTEXTS: self._contexts,
            _FUNDING: self._payments,
        }
        if request.fault == "words_422" or asked.get("type") not in answers:
            words = b"Failed to deserialize the JSON body into the target type"
            return Reply(status=422, body=words)
        return answers[asked["type"]](request)

    def _candles(self, request: Request) -> Reply:
        wanted: Mapping[str, object] = request.json()["req"]
        if wanted["coin"] not in self.markets:
            return Reply(status=500, body=b"null")
        interval = str(wanted["interval"])
        minutes = _INTERVALS[interval]
        opens = Stamps(minutes * MINUTE_MS).select(
            self.clock_ms(request),
            limit=_MOST_BARS,
            start_ms=int(str(wanted["startTime"])),
            end_ms=int(str(wanted["endTime"])),
        )
        rows = [
            {
                "t": bar.open_ms,
                "T": bar.open_ms + minutes * MINUTE_MS - 1,
                "s": "ETH" if request.fault == "other_coin" else wanted["coin"],
                "i": "15m" if request.fault == "other_interval" else interval,
                "o": f"{self.price_factor * bar.open:.2f}",
                "c": f"{self.price_factor * bar.close:.2f}",
                "h": f"{self.price_factor * bar.high:.2f}",
                "l": f"{self.price_factor * bar.low:.2f}",
                "v": f"{bar.coins:.5f}",
                "n": 46,
            }
            for bar in bars_of(opens, minutes, share=self.size_factor)
        ]
        return self.reply(request, rows)

    def _payments(self, request: Request) -> Reply:
        asked = request.json()
        if asked["coin"] not in self.markets:
            return Reply(status=500, body=b"null")
        rows = [
            {
                "coin": "ETH" if request.fault == "other_coin" else asked["coin"],
                "fundingRate": f"{rate:.10f}",
                "premium": "-0.0005",
                "time": stamp,
            }
            for stamp, rate in payments(self.clock_ms(request), 1, 24 * 40)
            if stamp >= asked["startTime"]
        ]
        return self.reply(request, rows[:_MOST_PAYMENTS])

    def _contexts(self, request: Request) -> Reply:
        now_ms = min(self.clock_ms(request), self.now_ms)
        price = self.price_factor * price_at(now_ms)
        listed = [] if request.fault == "unlisted" else sorted(self.markets)
        delisted = {"isDelisted": True} if request.fault == "delisted" else {}
        universe = [
            {"szDecimals": 4, "name": "ETH", "maxLeverage": 25, "marginTableId": 55},
            *(
                {"szDecimals": 5, "name": name, "maxLeverage": 40, "marginTableId": 56, **delisted}
                for name in listed
            ),
        ]
        context = {
            "funding": f"{funding_rate(now_ms):.10f}",
            "openInterest": f"{self.size_factor * open_interest_coins(now_ms):.5f}",
            "prevDayPx": f"{price:.1f}",
            "dayNtlVlm": "1516669192.1953897476",
            "premium": "-0.0005927453",
            "oraclePx": f"{price:.1f}",
            "markPx": f"{price:.1f}",
            "midPx": f"{price:.1f}",
            "impactPxs": [f"{price - 1:.1f}", f"{price + 1:.1f}"],
            "dayBaseVlm": "19707.77457",
        }
        ether = {**context, "openInterest": "701234.5", "markPx": "3100.5", "midPx": "3100.6"}
        contexts = [ether, *(context for _ in listed)]
        less = request.fault == "one_context_less"
        return self.reply(request, [{"universe": universe}, contexts[:-1] if less else contexts])


FAKE = FakeHyperliquid
