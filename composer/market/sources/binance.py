"""Binance USD-M perpetuals, without a key.

Docs: https://developers.binance.com/docs/derivatives/usds-margined-futures
Traps met: the statistics below /futures/data keep about 30 days and answer an older
start with HTTP 400 and code -1130, which is the end of history and no outage; too many
requests get 429, and going on regardless a ban, 418; some locations get 451 on every
address. Open interest is single-sided, in coins now and in USD in the history.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from composer.market.records import to_ms
from composer.market.sources._grids import MAIN_INTERVAL, Bar, Grid, pages_of
from composer.market.sources._http import Ask
from composer.market.sources._live import LiveSource, open_live
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Funding, Provider, Raw, TwoSided, Value
from composer.market.sources._reading import Node

_MOST_BARS = 1_500
_PERIODS = ("5m", "1h")  # of open interest: two days finely, three weeks coarsely
_PAYMENTS = timedelta(days=30)  # of funding; by the hour they are 720
_END_OF_HISTORY = -1130
_USUAL_FUNDING = timedelta(hours=8)  # of a contract that fundingInfo does not name

# Coins too cheap to quote one by one: their contracts count in lots.
_THOUSANDS = (
    "BONK",
    "CAT",
    "CHEEMS",
    "FLOKI",
    "LUNC",
    "PEPE",
    "RATS",
    "SATS",
    "SHIB",
    "WHY",
    "XEC",
)
_LOTS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {coin: (f"1000{coin}", 1_000) for coin in _THOUSANDS} | {"MOG": ("1000000MOG", 1_000_000)}
)


def _market(symbol: str) -> tuple[str, int]:
    """Return the contract of a coin, and how many coins one of its lots holds."""
    base, coins = _LOTS.get(symbol, (symbol, 1))
    return f"{base}USDT", coins


def _asks(symbol: str, grids: Sequence[Grid], now: datetime) -> Iterator[Ask]:
    market = {"symbol": _market(symbol)[0]}
    for grid in grids:
        for page in pages_of(grid, now, most=_MOST_BARS):
            limits = {"interval": grid.name, "limit": str(page.bars)}
            if not page.open_ended:
                limits["endTime"] = str(page.last_ms)
            endpoint = f"klines-{grid.name}{page.suffix}"
            yield Ask(endpoint=endpoint, path="/fapi/v1/klines", params={**market, **limits})
    yield Ask(endpoint="openInterest", path="/fapi/v1/openInterest", params=market)
    yield Ask(endpoint="premiumIndex", path="/fapi/v1/premiumIndex", params=market)
    yield Ask(endpoint="fundingInfo", path="/fapi/v1/fundingInfo")
    payments = {**market, "startTime": str(to_ms(now - _PAYMENTS)), "limit": "1000"}
    yield Ask(endpoint="fundingRate", path="/fapi/v1/fundingRate", params=payments)
    for name, periods, rows in (
        ("openInterestHist", _PERIODS, 500),
        ("globalLongShortAccountRatio", ("5m",), 300),
    ):
        for period in periods:
            limits = {"period": period, "limit": str(rows)}
            path = f"/futures/data/{name}"
            yield Ask(endpoint=f"{name}-{period}", path=path, params={**market, **limits})


def _klines(raw: Raw, interval: str) -> Iterator[Node]:
    """Yield the rows of every page: open time, o, h, l, c, coins, close time, USD, ..., USD bought.

    The answers do not name the market; the address asked for does.
    """
    for endpoint in raw.asked:
        if endpoint.startswith(f"klines-{interval}"):
            yield from raw.json(endpoint).rows()


def _read_bars(raw: Raw, grid: Grid) -> Iterator[Bar]:
    _, coins = _market(raw.symbol)
    for row in _klines(raw, grid.name):
        open_ms = row.cell(0).stamp_ms()
        closes = row.cell(6)
        if closes.stamp_ms() != open_ms + grid.interval_ms - 1:
            closes.refuse(f"the end of a bar of {grid.name}")
        opening, high, low, close = (row.cell(index).positive() / coins for index in range(1, 5))
        yield Bar(open_ms, opening, high, low, close, row.cell(7).amount())


def _read_open_interest(raw: Raw, price: float) -> Value:
    found = raw.json("openInterest")
    _require_market(found, raw)
    lots, (_, coins) = found.field("openInterest").positive(), _market(raw.symbol)
    return Value(found.field("time").stamp_ms(), lots * coins * price)


def _read_open_interest_history(raw: Raw, _price: float) -> Iterator[Value]:
    for period in _PERIODS:
        for row in _statistics(raw, f"openInterestHist-{period}"):
            _require_market(row, raw)
            usd = row.field("sumOpenInterestValue").positive()
            yield Value(row.field("timestamp").stamp_ms(), usd)


def _read_accounts(raw: Raw, _price: float) -> Iterator[Value]:
    for row in _statistics(raw, "globalLongShortAccountRatio-5m"):
        _require_market(row, raw)
        yield Value(row.field("timestamp").stamp_ms(), row.field("longAccount").share())


def _read_funding(raw: Raw) -> Funding:
    found = raw.json("premiumIndex")
    _require_market(found, raw)
    return Funding(
        stamp_ms=found.field("time").stamp_ms(),
        rate=found.field("lastFundingRate").number(),
        mark_price=found.field("markPrice").positive() / _market(raw.symbol)[1],
    )


def _read_funding_interval(raw: Raw) -> timedelta:
    """Return how often funding is paid; the list has only contracts that are not as usual."""
    market, _ = _market(raw.symbol)
    found = raw.json("fundingInfo")
    for row in found.rows() if found.value != [] else ():
        if row.field("symbol").text() == market:
            return row.field("fundingIntervalHours").interval(timedelta(hours=1))
    return _USUAL_FUNDING


def _read_funding_history(raw: Raw) -> Iterator[Value]:
    for row in raw.json("fundingRate").rows():
        _require_market(row, raw)
        yield Value(row.field("fundingTime").stamp_ms(), row.field("fundingRate").number())


def _read_taker(raw: Raw, _price: float) -> Iterator[TwoSided]:
    # The candles hold it in USD already; takerlongshortRatio has it in coins, and less of it.
    for row in _klines(raw, Grid(MAIN_INTERVAL, 1).name):
        traded, bought = row.cell(7).amount(), row.cell(10).amount()
        if bought > traded:
            row.cell(10).refuse(f"at most the turnover of {traded:.15g}")
        yield TwoSided(row.cell(0).stamp_ms(), bought, traded - bought)


def _statistics(raw: Raw, endpoint: str) -> Iterable[Node]:
    said = raw.answer(endpoint).said()
    if isinstance(said, dict) and said.get("code") == _END_OF_HISTORY:
        return ()
    return raw.json(endpoint).rows()


def _require_market(found: Node, raw: Raw) -> None:
    market, (asked, _) = found.field("symbol"), _market(raw.symbol)
    if market.text() != asked:
        market.refuse(asked)


PROVIDER = Provider(
    name="binance",
    title="Binance",
    docs_url="https://developers.binance.com/docs/derivatives/usds-margined-futures",
    terms_url="https://www.binance.com/en/terms",
    rate_limit="2400 weight a minute per address, of which a look takes about 40; "
    "1000 requests of statistics in 5 minutes, of which it takes 3, and 500 of funding, 2",
    base_url="https://fapi.binance.com",
    asks=_asks,
    read_bars=_read_bars,
    read_open_interest=_read_open_interest,
    read_open_interest_history=_read_open_interest_history,
    read_funding=_read_funding,
    read_funding_interval=_read_funding_interval,
    read_funding_history=_read_funding_history,
    read_accounts=_read_accounts,
    read_taker=_read_taker,
)


def open_source(argument: str | None, options: SourceOptions) -> LiveSource:
    """Return Binance as a source. Raises ConfigError for an argument, or a wrong address."""
    return open_live(PROVIDER, argument, options)
