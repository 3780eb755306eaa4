"""Bybit USDT perpetuals, without a key.

Docs: https://bybit-exchange.github.io/docs/v5/intro
Traps met: `openInterest` counts both sides of each contract; the single* fields, here
since June 2026, count one. Its history is in coins, so a candle of the same moment gives
the price. Errors come with HTTP 200 and a retCode, except that too many requests from an
address get HTTP 403, as does a location that is not served. Lists are newest first.
"""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from types import MappingProxyType

from composer.errors import SourceUnavailableError
from composer.market.sources._envelope import Envelope
from composer.market.sources._grids import MAIN_INTERVAL, Bar, Grid, pages_of
from composer.market.sources._http import Ask
from composer.market.sources._live import LiveSource, open_live
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Funding, Provider, Raw, Value
from composer.market.sources._reading import Node

_MOST_BARS = 1_000
_PAYMENTS = "200"  # of funding, as many as there are: 66 days at most, 8 by the hour
_PERIODS = ("5min", "1h")  # of open interest: 17 hours finely, what candles can price coarsely

# Contracts of many coins at once: how Bybit calls each, and how many coins it holds.
_LOTS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "BABYDOGE": ("1000000BABYDOGE", 1_000_000),
        "BONK": ("1000BONK", 1_000),
        "BTT": ("1000BTT", 1_000),
        "CAT": ("1000CAT", 1_000),
        "CHEEMS": ("1000000CHEEMS", 1_000_000),
        "FLOKI": ("1000FLOKI", 1_000),
        "LUNC": ("1000LUNC", 1_000),
        "MOG": ("1000000MOG", 1_000_000),
        "PEPE": ("1000PEPE", 1_000),
        "QUBIC": ("10000QUBIC", 10_000),
        "RATS": ("1000RATS", 1_000),
        "SATS": ("10000SATS", 10_000),
        "SHIB": ("SHIB1000", 1_000),
        "TOSHI": ("1000TOSHI", 1_000),
        "TURBO": ("1000TURBO", 1_000),
        "XEC": ("1000XEC", 1_000),
    }
)

ENVELOPE = Envelope(
    code="retCode",
    message="retMsg",
    content="result",
    fine="0",
    later=frozenset({"10000", "10006", "10016", "10018", "10429"}),
)


def _market(symbol: str) -> tuple[str, int]:
    """Return the contract of a coin, and how many coins its price is of."""
    base, coins = _LOTS.get(symbol, (symbol, 1))
    return f"{base}USDT", coins


def _asks(symbol: str, grids: Sequence[Grid], now: datetime) -> Iterator[Ask]:
    market = {"category": "linear", "symbol": _market(symbol)[0]}
    for grid in grids:
        for page in pages_of(grid, now, most=_MOST_BARS):
            limits = {"interval": grid.name.removesuffix("m"), "limit": str(page.bars)}
            if not page.open_ended:
                limits |= {"start": str(page.first_ms), "end": str(page.last_ms)}
            endpoint = f"kline-{grid.name}{page.suffix}"
            yield Ask(endpoint=endpoint, path="/v5/market/kline", params={**market, **limits})
    yield Ask(endpoint="tickers", path="/v5/market/tickers", params=market)
    for period in _PERIODS:
        yield Ask(
            endpoint=f"open-interest-{period}",
            path="/v5/market/open-interest",
            params={**market, "intervalTime": period, "limit": "200"},
        )
    limits = {"period": "5min", "limit": "300"}
    path = "/v5/market/account-ratio"
    yield Ask(endpoint="account-ratio", path=path, params={**market, **limits})
    path, limits = "/v5/market/funding/history", {"limit": _PAYMENTS}
    yield Ask(endpoint="funding-history", path=path, params={**market, **limits})


def _result(raw: Raw, endpoint: str) -> Node:
    answer = raw.answer(endpoint)
    if answer.status == HTTPStatus.FORBIDDEN and "too frequent" in answer.body.lower():
        msg = f"{raw.where(endpoint)}: HTTP 403: it was asked too often; try later than 10 minutes"
        raise SourceUnavailableError(msg)
    return ENVELOPE.open(raw, endpoint)


def _read_bars(raw: Raw, grid: Grid) -> Iterator[Bar]:
    """Read open time, o, h, l, c, contracts, USD."""
    _, coins = _market(raw.symbol)
    for endpoint in raw.asked:
        if endpoint.startswith(f"kline-{grid.name}"):
            for row in _rows_of_market(raw, endpoint):
                opening, high, low, close = (
                    row.cell(index).positive() / coins for index in range(1, 5)
                )
                yield Bar(row.cell(0).stamp_ms(), opening, high, low, close, row.cell(6).amount())


def _rows_of_market(raw: Raw, endpoint: str) -> Iterator[Node]:
    """Return the rows of a list that names its market once."""
    result = _result(raw, endpoint)
    _require_market(result, raw)
    return result.field("list").rows()


def _ticker(raw: Raw) -> tuple[int, Node]:
    """Return the ticker and its time, which stands on the envelope."""
    found = next(_result(raw, "tickers").field("list").rows())
    _require_market(found, raw)
    return raw.json("tickers").field("time").stamp_ms(), found


def _read_open_interest(raw: Raw, _price: float) -> Value:
    stamp_ms, found = _ticker(raw)
    return Value(stamp_ms, _single_sided(found, "OpenInterestValue"))


def _read_open_interest_history(raw: Raw, _price: float) -> Iterator[Value]:
    bars = sorted(_read_bars(raw, Grid(MAIN_INTERVAL, 1)))
    opens_ms, (_, coins) = [bar.open_ms for bar in bars], _market(raw.symbol)
    for period in _PERIODS:
        for row in _rows_of_market(raw, f"open-interest-{period}"):
            stamp_ms = row.field("timestamp").stamp_ms()
            lots = _single_sided(row, "OpenInterest")
            reached = bisect(opens_ms, stamp_ms)
            if reached:  # else older than the candles
                yield Value(stamp_ms, lots * coins * bars[reached - 1].open)


def _single_sided(found: Node, what: str) -> float:
    if f"single{what}" in found:
        return found.field(f"single{what}").positive()
    return found.field(f"{what[0].lower()}{what[1:]}").positive() / 2


def _read_funding(raw: Raw) -> Funding:
    stamp_ms, found = _ticker(raw)
    return Funding(
        stamp_ms=stamp_ms,
        rate=found.field("fundingRate").number(),
        mark_price=found.field("markPrice").positive() / _market(raw.symbol)[1],
        interval=_funding_interval(found),
    )


def _funding_interval(found: Node) -> timedelta | None:
    """Return how often funding is paid; older answers do not say it."""
    name = "fundingIntervalHour"
    return found.field(name).interval(timedelta(hours=1)) if name in found else None


def _read_funding_history(raw: Raw) -> Iterator[Value]:
    for row in _result(raw, "funding-history").field("list").rows():
        _require_market(row, raw)
        stamp_ms = row.field("fundingRateTimestamp").stamp_ms()
        yield Value(stamp_ms, row.field("fundingRate").number())


def _read_accounts(raw: Raw, _price: float) -> Iterator[Value]:
    for row in _result(raw, "account-ratio").field("list").rows():
        _require_market(row, raw)
        yield Value(row.field("timestamp").stamp_ms(), row.field("buyRatio").share())


def _require_market(found: Node, raw: Raw) -> None:
    asked, _ = _market(raw.symbol)
    market = found.field("symbol")
    if market.text() != asked:
        market.refuse(asked)


PROVIDER = Provider(
    name="bybit",
    title="Bybit",
    docs_url="https://bybit-exchange.github.io/docs/v5/intro",
    terms_url="https://www.bybit.com/en/legal/terms-of-service",
    rate_limit="600 requests in 5 seconds per address, of which a look takes 12; "
    "beyond, HTTP 403 for 10 minutes",
    base_url="https://api.bybit.com",
    asks=_asks,
    read_bars=_read_bars,
    read_open_interest=_read_open_interest,
    read_open_interest_history=_read_open_interest_history,
    read_funding=_read_funding,
    read_funding_history=_read_funding_history,
    read_accounts=_read_accounts,
)


def open_source(argument: str | None, options: SourceOptions) -> LiveSource:
    """Return Bybit as a source. Raises ConfigError for an argument, or a wrong address."""
    return open_live(PROVIDER, argument, options)
