"""Coinglass v4: a key, a plan, and errors that come with HTTP 200.

docs.coinglass.com; the shapes of the aggregated map, of the exchange lists and the words of
the errors are those that third parties recorded, the rest is documented.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock

from tests.fakes.server import Reply, Request, Route
from tests.fakes.venues.market import (
    MINUTE_MS,
    Stamps,
    bars_of,
    funding_rate,
    liquidated_usd,
    long_share,
    open_interest_coins,
    price_at,
)
from tests.fakes.venues.venue import HOURS_MS, FakeVenue, Spoilt, query_of

KEY = "canary-1f3b5d79"
MAPS = ("aggregated-map", "map", "heatmap")
SHARES = {"Binance": 0.5, "OKX": 0.3, "Bybit": 0.2}  # of the open interest and of the map
LEVELS = range(-12, 13)  # of the map: half a percent apart, none at the price
LEVEL_USD = 1_000_000  # times the number of the level, outward
DAY_MS = 24 * HOURS_MS
_MINUTES = {"5m": 5, "30m": 30, "4h": 240}
_PLANS = {  # finest bars in minutes, requests a minute, maps
    "HOBBYIST": (240, 30, False),
    "STARTUP": (30, 80, False),
    "STANDARD": (1, 300, False),
    "PROFESSIONAL": (1, 1_200, True),
}
ERRORS = {
    "plan": ("401", "Upgrade plan"),
    "old_plan": ("40001", "Upgrade plan"),
    "no_key": ("400", "API key missing."),
    "old_no_key": ("30001", "API key missing."),
    "bad_key": ("400", "Invalid API key provided"),
    "path": ("404", "Endpoint not found. Please refer to the API documentation: https://docs.c"),
    "parameter": ("400", "Required String parameter 'exchange_list' is not present"),
    "method": ("405", "Method Not Allowed"),
    "timeout": ("408", "Request Timeout"),
    "unprocessable": ("422", "Unprocessable Entity"),
    "too_often": ("429", "Too Many Requests"),
    "broken": ("500", "Internal Server Error"),
    "too_deep": ("400", "earliest allowed start_time is 1781000000000"),
    "range": ("400", "Invalid time range"),
}
_MOVED = (Spoilt.FROZEN, Spoilt.FUTURE)
MAP_FAULTS = ("empty_map", "price_outside", "stale_update", "zero_map", "other_price", "other_coin")


def etf_flow(day_ms: int) -> float:
    """Return what went into the funds on a day: three millions out up to three in."""
    return 1_000_000 * (day_ms // DAY_MS % 7 - 3)


def level_price(price: float, number: int) -> int:
    """Return the price of a level: half a percent apart, to the dollar."""
    return round(price * (1 + 0.005 * number))


class FakeCoinglass(FakeVenue):
    """Shows the made-up market; how it is set up is the test's to say.

    plan, expired : what the key stands for
    gives_maps : also on a plan that has none; left_out : endpoints the plan does not include
    shape : of the aggregated map, "live" or "documented"
    funding_hours : how often exchanges pay funding, where that is not every eight hours
    used, limit : requests of this minute before ours, and of a minute if not as the plan has it
    texts : every number is a text · echoes : errors repeat the key
    """

    endpoints = (
        *("subscription", "aggregated-map", "price", "max-pain", "open-interest"),
        *("open-interest-list", "funding", "accounts", "liquidations", "liquidation-list", "etf"),
        *("funding-list", "map", "heatmap", "pair-liquidations"),
    )
    own_faults = (
        *((endpoint, fault) for endpoint in endpoints[:2] for fault in ERRORS),
        *((endpoint, fault) for endpoint in endpoints[2:] for fault in ("plan", "too_often")),
        *(("aggregated-map", fault) for fault in MAP_FAULTS),
        *(("map", fault) for fault in ("empty_map", "zero_map", "price_outside")),
        ("heatmap", "stale_update"),
    )

    # Nothing in these answers tells when they are of.
    unstamped = frozenset(
        {
            *("aggregated-map", "map", "max-pain"),
            *("open-interest-list", "liquidation-list", "funding-list"),
        }
    )

    # When a plan ends is nothing to us, and what it is is in no list; funds count whole days.
    harmless = frozenset(
        {
            *(("subscription", fault.value) for fault in (*_MOVED, Spoilt.EMPTY_LISTS)),
            *(("etf", fault.value) for fault in _MOVED),
        }
    )

    counts = True  # the requests of a minute

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.plan = "PROFESSIONAL"
        self.expired = False
        self.shape = "live"
        self.funding_hours: dict[str, int] = {}
        self.used = 0
        self.texts = False
        self.echoes = False
        self.limit: int | None = None
        self.gives_maps = False
        self.left_out: tuple[str, ...] = ()
        self._counting = Lock()

    def routes(self) -> tuple[Route, ...]:
        futures, losses = "/api/futures", "/api/futures/liquidation"
        places: tuple[tuple[str, str, Callable[[Request], object]], ...] = (
            ("subscription", "/api/user/account/subscription", self._subscription),
            ("aggregated-map", f"{losses}/aggregated-map", self._aggregated_map),
            ("map", f"{losses}/map", self._pair_map),
            ("heatmap", f"{losses}/heatmap/model1", self._heatmap),
            ("max-pain", f"{losses}/max-pain", self._max_pain),
            ("price", f"{futures}/price/history", self._price),
            ("open-interest", f"{futures}/open-interest/aggregated-history", self._interest),
            ("open-interest-list", f"{futures}/open-interest/exchange-list", self._interests),
            ("funding", f"{futures}/funding-rate/oi-weight-history", self._funding),
            (
                "accounts",
                f"{futures}/global-long-short-account-ratio/history",
                self._accounts,
            ),
            ("funding-list", f"{futures}/funding-rate/exchange-list", self._funding_list),
            ("liquidations", f"{losses}/aggregated-history", self._liquidations),
            ("pair-liquidations", f"{losses}/history", self._pair_liquidations),
            ("liquidation-list", f"{losses}/exchange-list", self._liquidation_list),
            ("etf", "/api/etf/(bitcoin|ethereum)/flow-history", self._etf),
        )
        return tuple(
            Route(name, "GET", path, self._handler(name, content)) for name, path, content in places
        )

    def name_of(self, endpoint: str, request: Request) -> str:
        if endpoint != "price" or "end_time" not in query_of(request):
            return endpoint
        # Which page it is, by how far back it ends.
        step = _MINUTES[query_of(request)["interval"]] * MINUTE_MS
        bars_back = (self.now_ms - int(query_of(request)["end_time"])) // step
        return f"price-page{bars_back // 900 + 1}"

    def _handler(self, name: str, content: Callable[[Request], object]) -> Callable[..., Reply]:
        def handle(request: Request) -> Reply:
            with self._counting:
                self.used += 1
                used = self.used
            error = self._error(name, request, used)
            if error is not None:
                code, message = error
                words = f"{message} {request.headers.get('cg-api-key')}" * self.echoes or message
                reply = self.reply(request, {"code": code, "msg": words})
            else:
                body = {"code": "0", "msg": "success", "data": content(request)}
                reply = self.reply(request, _texts(body) if self.texts else body)
            limit = self.limit or _PLANS[self.plan][1]
            counts = {"API-KEY-MAX-LIMIT": str(limit), "API-KEY-USE-LIMIT": str(used)}
            return replace(reply, headers={**reply.headers, **counts})

        return handle

    def _error(self, name: str, request: Request, used: int) -> tuple[str, str] | None:
        finest, limit, maps = _PLANS[self.plan]
        left_out = self.left_out if maps or self.gives_maps else (*MAPS, "max-pain")
        query = query_of(request)
        key = request.headers.get("cg-api-key")
        if request.fault in ERRORS:
            return ERRORS[request.fault]
        if key != KEY:
            return ERRORS["bad_key" if key else "no_key"]
        if used > (self.limit or limit):
            return ERRORS["too_often"]
        too_fine = _MINUTES.get(query.get("interval", "4h"), 0) < finest
        if name in left_out or too_fine:
            return ERRORS["plan"]
        required = {
            **dict.fromkeys(("map", "heatmap", "pair-liquidations"), "exchange"),
            "liquidations": "exchange_list",
        }
        missing = required.get(name, "")
        if missing and missing not in query:
            return "400", f"Required String parameter '{missing}' is not present"
        return None

    def _subscription(self, request: Request) -> object:
        ends = self.clock_ms(request) + 30 * DAY_MS
        return {"level": self.plan, "expire_time": ends, "expired": self.expired}

    def _levels(self, request: Request, share: float) -> dict[str, object]:
        if request.fault == "empty_map" or query_of(request)["symbol"].startswith("NOCOIN"):
            return {}
        price = price_at(self.clock_ms(request))
        if request.fault == "price_outside":
            price *= 1.2
        if request.fault == "zero_map":
            share = 0
        found: dict[str, object] = {}
        for number in LEVELS:
            if number:
                level, usd = level_price(price, number), share * LEVEL_USD * abs(number)
                # In two rows, as several leverages give them.
                found[str(level)] = [[level, usd / 4, None, None], [level, 3 * usd / 4, None, None]]
        return found

    def _aggregated_map(self, request: Request) -> object:
        if self.shape == "documented":
            return {"data": self._levels(request, 1.0)}
        coin = "ETH" if request.fault == "other_coin" else query_of(request)["symbol"]
        price = price_at(self.clock_ms(request))
        if request.fault == "other_price":
            price *= 1.02
        return {
            "data": [
                {
                    "liqMapV2": self._levels(request, share),
                    "instrument": {
                        "instrumentId": f"{coin}USDT",
                        "exName": venue,
                        "baseAsset": coin,
                        "quoteAsset": "USDT",
                    },
                }
                for venue, share in SHARES.items()
            ],
            "last_price": price,
            **self._update(request),
        }

    def _pair_map(self, request: Request) -> object:
        return {"data": self._levels(request, SHARES["Binance"])}

    def _heatmap(self, request: Request) -> object:
        now_ms = self.clock_ms(request)
        opens = Stamps(5 * MINUTE_MS).select(now_ms, limit=288)
        price = price_at(now_ms)
        rows = [level_price(price, number) for number in LEVELS]
        last = len(opens) - 1
        cells = [
            # Nine times as much an hour ago: no sum over time is the present.
            [column, row, SHARES["Binance"] * LEVEL_USD * abs(number) * (9 if column < last else 1)]
            for column in (last - 12, last)
            for row, number in enumerate(LEVELS)
            if number
        ]
        candles = [
            [bar.open_ms // 1_000, *(f"{one:.2f}" for one in bar[1:5]), f"{bar.turnover_usd:.4f}"]
            for bar in bars_of(opens, 5)
        ]
        candles[-1][4] = f"{price:.2f}"
        return {
            "y_axis": rows,
            "liquidation_leverage_data": cells,
            "price_candlesticks": candles,
            "update_time": now_ms,
            **self._update(request),
        }

    def _update(self, request: Request) -> dict[str, object]:
        if request.fault != "stale_update":
            return {}
        return {"update_time": self.now_ms - 2 * HOURS_MS}

    def _max_pain(self, request: Request) -> object:
        price = price_at(self.clock_ms(request))
        return [
            {
                "symbol": coin,
                "price": price,
                "long_max_pain_liq_level": 2_000_000.5,
                "long_max_pain_liq_price": round(price * 0.98, 2),
                "short_max_pain_liq_level": 3_000_000.5,
                "short_max_pain_liq_price": round(price * 1.03, 2),
            }
            for coin in ("ETH", "BTC")
        ]

    def _price(self, request: Request) -> object:
        query = query_of(request)
        minutes = _MINUTES[query["interval"]]
        rows = [
            {
                "time": bar.open_ms,
                **{
                    name: f"{value:.2f}"
                    for name, value in zip(("open", "high", "low", "close"), bar[1:5], strict=True)
                },
                "volume_usd": f"{bar.turnover_usd:.4f}",
            }
            for bar in bars_of(self._opens(request), minutes)
        ]
        return self._forming(request, rows, price_at(self.clock_ms(request)))

    def _interest(self, request: Request) -> object:
        step = _MINUTES[query_of(request)["interval"]] * MINUTE_MS
        rows: list[dict[str, object]] = [
            {
                "time": open_ms,
                **{name: f"{self._interest_usd(open_ms):.0f}" for name in ("open", "high", "low")},
                "close": f"{self._interest_usd(open_ms + step):.0f}",
            }
            for open_ms in self._opens(request)
        ]
        return self._forming(request, rows, self._interest_usd(self.clock_ms(request)))

    def _interests(self, request: Request) -> object:
        now_ms, symbol = self.clock_ms(request), query_of(request)["symbol"]
        return [
            {
                "exchange": venue,
                "symbol": symbol,
                "open_interest_usd": share * self._interest_usd(now_ms),
                "open_interest_quantity": share * open_interest_coins(now_ms),
            }
            for venue, share in {"All": 1.0, **SHARES}.items()
        ]

    def _funding(self, request: Request) -> object:
        return [
            {"time": open_ms, **{name: 100 * funding_rate(open_ms) for name in _OHLC}}
            for open_ms in self._opens(request)
        ]

    def _funding_list(self, request: Request) -> object:
        later = self.clock_ms(request) // (8 * HOURS_MS) * 8 * HOURS_MS + 8 * HOURS_MS
        rates = [
            {
                "exchange": venue,
                "funding_rate_interval": self.funding_hours.get(venue, 8),
                "funding_rate": 0.007343,
                "next_funding_time": later,
            }
            for venue in SHARES
        ]
        symbol = query_of(request)["symbol"]
        return [{"symbol": symbol, "stablecoin_margin_list": rates, "token_margin_list": rates[:1]}]

    def _accounts(self, request: Request) -> object:
        step = _MINUTES[query_of(request)["interval"]] * MINUTE_MS
        return [
            {
                "time": open_ms,
                "global_account_long_percent": round(100 * share, 2),
                "global_account_short_percent": round(100 * (1 - share), 2),
                "global_account_long_short_ratio": round(share / (1 - share), 2),
            }
            for open_ms in self._opens(request)
            for share in [long_share(min(open_ms + step, self.clock_ms(request)))]
        ]

    def _liquidations(self, request: Request) -> object:
        minutes = _MINUTES[query_of(request)["interval"]]
        return [
            {
                "time": open_ms,
                "aggregated_long_liquidation_usd": longs,
                "aggregated_short_liquidation_usd": shorts,
            }
            for open_ms in self._opens(request)
            for longs, shorts in [liquidated_usd(open_ms, minutes)]
        ]

    def _pair_liquidations(self, request: Request) -> object:
        """Give the first exchange's share, as texts."""
        minutes = _MINUTES[query_of(request)["interval"]]
        return [
            {
                "time": open_ms,
                "long_liquidation_usd": f"{SHARES['Binance'] * longs:.5f}",
                "short_liquidation_usd": f"{SHARES['Binance'] * shorts:.5f}",
            }
            for open_ms in self._opens(request)
            for longs, shorts in [liquidated_usd(open_ms, minutes)]
        ]

    def _liquidation_list(self, request: Request) -> object:
        del request
        return [
            {
                "exchange": venue,
                "liquidation_usd": share * 5_000_000,
                "longLiquidation_usd": share * 3_000_000,
                "shortLiquidation_usd": share * 2_000_000,
            }
            for venue, share in {"All": 1.0, **SHARES}.items()
        ]

    def _etf(self, request: Request) -> object:
        today = self.clock_ms(request) // DAY_MS * DAY_MS
        return [
            {
                "timestamp": stamp,
                "flow_usd": 0 if unknown else etf_flow(stamp),
                "price_usd": price_at(stamp),
                "etf_flows": [{"etf_ticker": "IBIT", "flow_usd": None if unknown else 5.0}],
            }
            for stamp in range(today - 10 * DAY_MS, today, DAY_MS)
            for unknown in [stamp == today - DAY_MS]
        ]

    def _interest_usd(self, stamp_ms: int) -> float:
        return self.size_factor * open_interest_coins(stamp_ms) * price_at(stamp_ms)

    def _opens(self, request: Request) -> list[int]:
        """Return the opens of the bars asked for; the parameters' names are in snake_case."""
        query = query_of(request)
        start, end = query.get("start_time"), query.get("end_time")
        return Stamps(_MINUTES[query["interval"]] * MINUTE_MS).select(
            self.clock_ms(request),
            limit=min(int(query.get("limit", 1_000)), 1_000),
            start_ms=None if start is None else int(start),
            end_ms=None if end is None else int(end),
        )

    def _forming(
        self, request: Request, rows: list[dict[str, object]], value: float
    ) -> list[dict[str, object]]:
        """Give the bar that is not over the value of now, as the bare number it comes as."""
        if "end_time" not in query_of(request):
            highest = max(float(str(rows[-1]["high"])), value)
            lowest = min(float(str(rows[-1]["low"])), value)
            rows[-1] |= {"close": value, "high": highest, "low": lowest}
        return rows


_OHLC = ("open", "high", "low", "close")


def _texts(body: object) -> object:
    if isinstance(body, dict):
        return {name: _texts(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_texts(item) for item in body]
    return str(body) if isinstance(body, int | float) and not isinstance(body, bool) else body


FAKE = FakeCoinglass
