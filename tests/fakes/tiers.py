"""Leverage tiers of four exchanges behind one address, in the documented shape of each."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from tests.fakes.server import FakeServer, Reply, Request, Route

REFUSED = "refused"  # in the exchange's own words, with HTTP 200 where it does so


def _reply(body: object, *, status: int = 200) -> Reply:
    return Reply(
        status=status,
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )


def _query(request: Request) -> Mapping[str, str]:
    return dict(parse_qsl(request.query))


class FakeTiers(FakeServer):
    """Two tiers of each coin: 100x at 0.5 % up to 2,000,000, then 50x at 1 % up to 10,000,000.

    Of OKX in contracts of 0.01 coins at 50,000 USD: 4,000 and 20,000; Hyperliquid has 40x
    and, from 150,000,000 on, 20x, and one tier of 10x for DOGE.
    """

    def __init__(self) -> None:
        super().__init__()
        self.percent = False  # of Bybit's rates

    def all_routes(self) -> tuple[Route, ...]:
        return (
            Route("bybit", "GET", "/v5/market/risk-limit", self._bybit),
            Route("okx", "GET", "/api/v5/public/position-tiers", self._okx_tiers),
            Route("okx-instruments", "GET", "/api/v5/public/instruments", self._okx_instruments),
            Route("okx-ticker", "GET", "/api/v5/market/ticker", self._okx_ticker),
            Route("gate", "GET", "/futures/usdt/risk_limit_tiers", self._gate),
            Route("hyperliquid", "POST", "/info", self._hyperliquid),
        )

    def _bybit(self, request: Request) -> Reply:
        if request.fault == REFUSED:
            return _reply({"retCode": 10001, "retMsg": "params error", "result": {}})
        rates = ("0.5", "1") if self.percent else ("0.005", "0.01")
        rows = [
            {
                "id": number,
                "symbol": _query(request)["symbol"],
                "riskLimitValue": bound,
                "maintenanceMargin": rate,
                "isLowestRisk": int(number == 1),
                "maxLeverage": leverage,
                "mmDeduction": "" if number == 1 else "10000",
            }
            for number, bound, rate, leverage in (
                (1, "2000000", rates[0], "100.00"),
                (2, "10000000", rates[1], "50.00"),
            )
        ]
        result = {"category": "linear", "list": rows, "nextPageCursor": ""}
        return _reply({"retCode": 0, "retMsg": "OK", "result": result, "time": 1672025956592})

    def _okx_tiers(self, request: Request) -> Reply:
        if request.fault == REFUSED:
            return _reply({"code": "51000", "msg": "Parameter instFamily error", "data": []})
        rows = [
            {
                "instFamily": _query(request)["instFamily"],
                "instId": "",
                "minSz": least,
                "maxSz": most,
                "mmr": rate,
                "imr": "0.01",
                "maxLever": leverage,
                "tier": tier,
            }
            for tier, least, most, rate, leverage in (
                ("1", "0", "4000", "0.005", "100"),
                ("2", "4001", "20000", "0.01", "50"),
            )
        ]
        return _reply({"code": "0", "msg": "", "data": rows})

    def _okx_instruments(self, request: Request) -> Reply:
        swap = _query(request)["instId"]
        coin = "USD" if request.fault == REFUSED else swap.partition("-")[0]
        row = {"instType": "SWAP", "instId": swap, "ctVal": "0.01", "ctValCcy": coin}
        return _reply({"code": "0", "msg": "", "data": [row]})

    def _okx_ticker(self, request: Request) -> Reply:
        swap = "ETH-USDT" if request.fault == REFUSED else _query(request)["instId"]
        row = {"instType": "SWAP", "instId": swap, "last": "50000", "ts": "1747094040000"}
        return _reply({"code": "0", "msg": "", "data": [row]})

    def _gate(self, request: Request) -> Reply:
        if request.fault == REFUSED:
            return _reply({"label": "CONTRACT_NOT_FOUND", "message": "no such"}, status=400)
        rows = [
            {
                "tier": tier,
                "risk_limit": bound,
                "initial_rate": "0.01",
                "maintenance_rate": rate,
                "leverage_max": leverage,
            }
            for tier, bound, rate, leverage in (
                (1, "2000000", "0.005", "100"),
                (2, "10000000", "0.01", "50"),
            )
        ]
        return _reply(rows)

    def _hyperliquid(self, request: Request) -> Reply:
        assert request.json() == {"type": "meta"}
        coins = ("BTC",) if request.fault == REFUSED else ("BTC", "ETH", "SOL", "BNB", "XRP")
        universe = [{"name": coin, "maxLeverage": 40, "marginTableId": 56} for coin in coins]
        universe.append({"name": "DOGE", "maxLeverage": 10, "marginTableId": 10})
        steps = [
            {"lowerBound": "0.0", "maxLeverage": 40},
            {"lowerBound": "150000000.0", "maxLeverage": 20},
        ]
        tables = [[56, {"description": "tiered 40x", "marginTiers": steps}]]
        return _reply({"universe": universe, "marginTables": tables})
