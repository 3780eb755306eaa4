"""Hyperliquid perpetuals, without a key; every request is a POST to one address.

Docs: https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint
Traps met: funding is per hour; the contexts of assets stand in the order of the universe
and carry no time, so their mark price is held against the candles of now; a refused
request gets words and no JSON. There is no history of open interest. The open interest of
now is in coins; whether it counts both sides is not documented, and those who publish it
(DefiLlama, for one) take it as single-sided, as we do. Coins of small price trade in
thousands: kPEPE.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches

from composer.errors import SourceRefusedError
from composer.market.records import to_ms
from composer.market.sources._grids import MAIN_INTERVAL, Bar, Grid
from composer.market.sources._http import Ask
from composer.market.sources._live import LiveSource, open_live
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Funding, Provider, Raw, Value
from composer.market.sources._reading import Node

_IN_THOUSANDS = frozenset({"BONK", "DOGS", "FLOKI", "LUNC", "NEIRO", "PEPE", "SHIB"})
_CONTEXTS = "metaAndAssetCtxs"
_FUNDING = "fundingHistory"
_PAYMENTS = timedelta(days=20)  # one an hour, and 500 at most are given, the oldest first
_AHEAD = timedelta(days=1)  # asked for, so that a clock that runs ahead shows
_MARK_APART = 0.005  # beyond the range of the last two bars
_FUNDING_INTERVAL = timedelta(hours=1)


def _asks(symbol: str, grids: Sequence[Grid], now: datetime) -> Iterator[Ask]:
    coin, _ = _coin_of(symbol)
    for grid in grids:  # of up to 5,000 bars each, so every grid is one page
        first_ms = to_ms(now) // grid.interval_ms * grid.interval_ms
        wanted = {
            "coin": coin,
            "interval": grid.name,
            "startTime": first_ms - (grid.bars - 1) * grid.interval_ms,
            "endTime": to_ms(now + _AHEAD),
        }
        content = {"type": "candleSnapshot", "req": wanted}
        yield Ask(endpoint=f"candleSnapshot-{grid.name}", path="/info", content=content)
    yield Ask(endpoint=_CONTEXTS, path="/info", content={"type": _CONTEXTS})
    since = {"coin": coin, "startTime": to_ms(now - _PAYMENTS)}
    yield Ask(endpoint=_FUNDING, path="/info", content={"type": _FUNDING, **since})


def _read_bars(raw: Raw, grid: Grid) -> Iterator[Bar]:
    _context(raw)  # says what an unknown coin is; the candles of one are a fault of the server
    coin, multiple = _coin_of(raw.symbol)
    for row in raw.json(f"candleSnapshot-{grid.name}").rows():
        for name, expected in (("s", coin), ("i", grid.name)):
            if row.field(name).text() != expected:
                row.field(name).refuse(expected)
        open_ms = row.field("t").stamp_ms()
        if row.field("T").stamp_ms() != open_ms + grid.interval_ms - 1:
            row.field("T").refuse(f"the end of a bar of {grid.name}")
        prices = [row.field(name).positive() for name in "ohlc"]
        # Only coins are published; the bar's mean price is within its range of the truth.
        turnover = row.field("v").amount() * sum(prices) / len(prices)
        opening, high, low, close = (price / multiple for price in prices)
        yield Bar(open_ms, opening, high, low, close, turnover)


def _read_open_interest(raw: Raw, price: float) -> Value:
    _, multiple = _coin_of(raw.symbol)
    context = _context_of_now(raw)
    coins = context.field("openInterest").positive() * multiple
    return Value(to_ms(raw.captured_at), coins * price)


def _read_funding(raw: Raw) -> Funding:
    _, multiple = _coin_of(raw.symbol)
    context = _context_of_now(raw)
    return Funding(
        stamp_ms=to_ms(raw.captured_at),
        rate=context.field("funding").number(),
        mark_price=context.field("markPx").positive() / multiple,
        interval=_FUNDING_INTERVAL,
    )


def _read_funding_history(raw: Raw) -> Iterator[Value]:
    coin, _ = _coin_of(raw.symbol)
    for row in raw.json(_FUNDING).rows():
        if row.field("coin").text() != coin:
            row.field("coin").refuse(coin)
        yield Value(row.field("time").stamp_ms(), row.field("fundingRate").number())


def _coin_of(symbol: str) -> tuple[str, int]:
    """Return what the exchange calls a contract, and how many coins its price is of."""
    return (f"k{symbol}", 1_000) if symbol in _IN_THOUSANDS else (symbol, 1)


def _context(raw: Raw) -> Node:
    """Return what is known of the coin now. Raises SourceRefusedError if it does not trade."""
    coin, _ = _coin_of(raw.symbol)
    found = raw.json(_CONTEXTS)
    universe, contexts = found.cell(0).field("universe"), found.cell(1)
    assets = list(universe.rows())
    if len(list(contexts.rows())) != len(assets):
        contexts.refuse(f"as many contexts as there are assets, {len(assets)}")
    traded = {
        asset.field("name").text(): number
        for number, asset in enumerate(assets)
        if not ("isDelisted" in asset and asset.field("isDelisted").value)
    }
    if coin not in traded:
        near = get_close_matches(coin, traded, n=3)
        hint = f"; near it are {', '.join(near)}" if near else ""
        msg = f"{found.where}: {coin} is not traded there{hint}; check the symbol"
        raise SourceRefusedError(msg)
    return contexts.cell(traded[coin])


def _context_of_now(raw: Raw) -> Node:
    """Return the coin's context if its mark price is one of the last minutes."""
    _, multiple = _coin_of(raw.symbol)
    context = _context(raw)
    latest = sorted(_read_bars(raw, Grid(MAIN_INTERVAL, 2)))[-2:]
    least = min(bar.low for bar in latest) * (1 - _MARK_APART)
    most = max(bar.high for bar in latest) * (1 + _MARK_APART)
    mark = context.field("markPx")
    if not least <= mark.positive() / multiple <= most:
        mark.refuse(f"a price of the last minutes, {least * multiple:.6g} to {most * multiple:.6g}")
    return context


PROVIDER = Provider(
    name="hyperliquid",
    title="Hyperliquid",
    docs_url="https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint",
    terms_url="https://app.hyperliquid.xyz/terms",
    rate_limit="1200 weight a minute per address, of which a look takes about 205",
    base_url="https://api.hyperliquid.xyz",
    asks=_asks,
    read_bars=_read_bars,
    read_open_interest=_read_open_interest,
    read_funding=_read_funding,
    read_funding_history=_read_funding_history,
)


def open_source(argument: str | None, options: SourceOptions) -> LiveSource:
    """Return Hyperliquid as a source. Raises ConfigError for an argument, or a wrong address."""
    return open_live(PROVIDER, argument, options)
