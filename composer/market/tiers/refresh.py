"""Ask exchanges for their leverage tiers: those that answer without a key.

Docs: https://bybit-exchange.github.io/docs/v5/market/risk-limit ·
https://www.okx.com/docs-v5/en/ (position tiers) ·
https://www.gate.com/docs/developers/apiv4/ (risk_limit_tiers) ·
https://hyperliquid.gitbook.io/hyperliquid-docs/trading/margin-tiers
Traps met: Binance wants a signature, and is not asked; Bybit gives rates as fractions or as
percent; OKX counts bounds in contracts, so they are worth what the coin is; Hyperliquid
names the lower bound of a tier, half of whose least margin is what must stay, and a table
numbered below 50 is one tier of that leverage.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from types import MappingProxyType

from composer.errors import SourceError, SourceRefusedError
from composer.market.side_by_side import side_by_side
from composer.market.sources import SourceOptions, providers
from composer.market.sources._http import Ask, open_client
from composer.market.sources._live import ASKING, ask_all
from composer.market.sources._provider import Raw
from composer.market.sources._reading import Node
from composer.market.sources.bybit import ENVELOPE as BYBIT
from composer.market.sources.okx import ENVELOPE as OKX
from composer.market.tiers.table import Bracket, Tables, tables_text, tiers_from

SYMBOLS = ("BTC", "ETH", "SOL", "BNB", "XRP", "DOGE")
_PAUSE_S = 0.3
_AT_ONCE = 4
_FLAT_BELOW = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Venue:
    """How an exchange is asked for the tiers of a symbol, and how its answers are read."""

    asks: Callable[[str], Sequence[Ask]]
    read: Callable[[Raw], Iterator[Bracket]]


def refresh(options: SourceOptions, now: datetime) -> dict[str, str | SourceError]:
    """Return the tiers of each exchange as the text of its file, or why there are none.

    All symbols of an exchange, or none of them: what is there already stays then.
    """
    calls = {name: partial(_refreshed, name, options, now) for name in _VENUES}
    return side_by_side(calls, deadline_s=options.deadline_s, at_once=len(calls))


def _refreshed(name: str, options: SourceOptions, now: datetime) -> str:
    venue = _VENUES[name]
    asks = {one.endpoint: one for symbol in SYMBOLS for one in venue.asks(symbol)}
    client = open_client(options.base_url(name, providers()[name].base_url), {})
    try:
        answers, failures = ask_all(
            client,
            asks,
            source=name,
            ends=time.monotonic() + ASKING * options.deadline_s,
            pause_s=_PAUSE_S,
            at_once=_AT_ONCE,
        )
    finally:
        client.close()
    tiers = {}
    for symbol in SYMBOLS:
        raw = Raw(
            source=name,
            symbol=symbol,
            captured_at=now,
            asked=asks,
            answers=answers,
            failures=failures,
        )
        tiers[symbol] = tiers_from(venue.read(raw), where=f"{name} tiers of {symbol}")
    source = f"{name}: {', '.join(sorted({one.path for one in asks.values()}))}"
    return tables_text(Tables(source=source, as_of=now.date().isoformat(), tiers=tiers))


def _bybit_asks(symbol: str) -> Sequence[Ask]:
    params = {"category": "linear", "symbol": f"{symbol}USDT"}
    return [Ask(endpoint=f"risk-limit-{symbol}", path="/v5/market/risk-limit", params=params)]


def _read_bybit(raw: Raw) -> Iterator[Bracket]:
    found = BYBIT.open(raw, f"risk-limit-{raw.symbol}")
    for row in sorted(found.field("list").rows(), key=lambda row: _positive(row, "riskLimitValue")):
        if row.field("symbol").text() != f"{raw.symbol}USDT":
            row.field("symbol").refuse(f"{raw.symbol}USDT")
        leverage, rate = _positive(row, "maxLeverage"), _positive(row, "maintenanceMargin")
        # What must stay is less than what is brought; so a rate above that is in percent.
        fraction = rate / 100 if rate > 1 / leverage else rate
        yield Bracket(_positive(row, "riskLimitValue"), fraction, leverage)


def _okx_asks(symbol: str) -> Sequence[Ask]:
    swap = f"{symbol}-USDT-SWAP"
    family = {"instType": "SWAP", "tdMode": "isolated", "instFamily": f"{symbol}-USDT"}
    return [
        Ask(
            endpoint=f"position-tiers-{symbol}",
            path="/api/v5/public/position-tiers",
            params=family,
        ),
        Ask(
            endpoint=f"instruments-{symbol}",
            path="/api/v5/public/instruments",
            params={"instType": "SWAP", "instId": swap},
        ),
        Ask(endpoint=f"ticker-{symbol}", path="/api/v5/market/ticker", params={"instId": swap}),
    ]


def _read_okx(raw: Raw) -> Iterator[Bracket]:
    symbol = raw.symbol
    instrument = next(OKX.open(raw, f"instruments-{symbol}").rows())
    ticker = next(OKX.open(raw, f"ticker-{symbol}").rows())
    for one in (instrument, ticker):
        if one.field("instId").text() != f"{symbol}-USDT-SWAP":
            one.field("instId").refuse(f"{symbol}-USDT-SWAP")
    if instrument.field("ctValCcy").text() != symbol:
        instrument.field("ctValCcy").refuse(symbol)
    contract_usd = _positive(instrument, "ctVal") * _positive(ticker, "last")
    rows = OKX.open(raw, f"position-tiers-{symbol}").rows()
    for row in sorted(rows, key=lambda row: _positive(row, "maxSz")):
        bound = _positive(row, "maxSz") * contract_usd
        yield Bracket(bound, _positive(row, "mmr"), _positive(row, "maxLever"))


def _gate_asks(symbol: str) -> Sequence[Ask]:
    path = "/futures/usdt/risk_limit_tiers"
    params = {"contract": f"{symbol}_USDT"}
    return [Ask(endpoint=f"risk_limit_tiers-{symbol}", path=path, params=params)]


def _read_gate(raw: Raw) -> Iterator[Bracket]:
    rows = raw.json(f"risk_limit_tiers-{raw.symbol}").rows()
    for row in sorted(rows, key=lambda row: _positive(row, "risk_limit")):
        rate, leverage = _positive(row, "maintenance_rate"), _positive(row, "leverage_max")
        yield Bracket(_positive(row, "risk_limit"), rate, leverage)


def _hyperliquid_asks(_symbol: str) -> Sequence[Ask]:
    return [Ask(endpoint="meta", path="/info", content={"type": "meta"})]


def _read_hyperliquid(raw: Raw) -> Iterator[Bracket]:
    meta = raw.json("meta")
    assets = {row.field("name").text(): row for row in meta.field("universe").rows()}
    if raw.symbol not in assets:
        msg = f"{raw.where('meta')}: {raw.symbol} is not traded there"
        raise SourceRefusedError(msg)
    number = assets[raw.symbol].field("marginTableId")
    if number.positive() < _FLAT_BELOW:
        steps = [(0.0, number.positive())]
    else:
        tables = {row.cell(0).number(): row.cell(1) for row in meta.field("marginTables").rows()}
        if number.number() not in tables:
            number.refuse("the number of one of the margin tables")
        rows = tables[number.number()].field("marginTiers").rows()
        steps = [(row.field("lowerBound").amount(), _positive(row, "maxLeverage")) for row in rows]
    for (_, leverage), (bound, _) in pairwise([*steps, (math.inf, 0.0)]):
        yield Bracket(bound, 1 / leverage / 2, leverage)


def _positive(row: Node, name: str) -> float:
    return row.field(name).positive()


_VENUES: Mapping[str, _Venue] = MappingProxyType(
    {
        "bybit": _Venue(asks=_bybit_asks, read=_read_bybit),
        "okx": _Venue(asks=_okx_asks, read=_read_okx),
        "gate": _Venue(asks=_gate_asks, read=_read_gate),
        "hyperliquid": _Venue(asks=_hyperliquid_asks, read=_read_hyperliquid),
    }
)
