"""OKX USDT perpetual swaps, without a key.

Docs: https://www.okx.com/docs-v5/en/
Traps met: sizes are contracts of `ctVal` coins, beside which most endpoints give coins and
USD; `after` is exclusive and means older; candles go back 1,440 bars, what is older is asked
of history-candles, which gives 100 bars at a time whatever it promises. Errors come as a
code that is a text, with HTTP 200 or another status. Lists are newest first. The list of
liquidations is a short, rolling one, and some say that it is gone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from composer.market.records import from_ms
from composer.market.sources._envelope import Envelope
from composer.market.sources._grids import MAIN_INTERVAL, Bar, Grid, pages_of
from composer.market.sources._http import Ask
from composer.market.sources._live import LiveSource, open_live
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Funding, Provider, Raw, TwoSided, Value
from composer.market.sources._reading import Node

_MOST_BARS = 300
_KEPT_BARS = 1_430  # of 1,440: a bar may close while we ask
_MOST_OLDER_BARS = 100
_PAYMENTS = "400"  # of funding, as many as there are: 133 days at most, 16 by the hour
_PERIODS = ("5m", "1H")  # of open interest: eight hours finely, four days coarsely
_STEP_MS = Grid(MAIN_INTERVAL, 1).interval_ms
_DAY_MS = 288 * _STEP_MS
_COMPLETE = "1"

# Longs 0 and shorts 1, by the side of a position and that of the order which closes it.
_SIDES: Mapping[tuple[str, str], int] = MappingProxyType(
    {("long", "sell"): 0, ("net", "sell"): 0, ("short", "buy"): 1, ("net", "buy"): 1}
)

ENVELOPE = Envelope(
    code="code",
    message="msg",
    content="data",
    fine="0",
    later=frozenset({"50001", "50004", "50011", "50013", "50026", "50040", "50061"}),
)


def _asks(symbol: str, grids: Sequence[Grid], now: datetime) -> Iterator[Ask]:
    market = {"instId": f"{symbol}-USDT-SWAP"}
    family = {"instType": "SWAP", "instFamily": f"{symbol}-USDT", "state": "filled"}
    statistics = {**market, "period": "5m", "limit": "100"}
    for grid in grids:
        yield from _candle_asks(market, grid, now)
    for endpoint, path, params in (
        ("instruments", "public/instruments", {**market, "instType": "SWAP"}),
        ("open-interest", "public/open-interest", {**market, "instType": "SWAP"}),
        ("funding-rate", "public/funding-rate", market),
        ("funding-rate-history", "public/funding-rate-history", {**market, "limit": _PAYMENTS}),
        *(
            (
                f"open-interest-history-{period}",
                "rubik/stat/contracts/open-interest-history",
                {**statistics, "period": period},
            )
            for period in _PERIODS
        ),
        (
            "long-short-account-ratio",
            "rubik/stat/contracts/long-short-account-ratio-contract",
            statistics,
        ),
        ("taker-volume", "rubik/stat/taker-volume-contract", {**statistics, "unit": "2"}),
        ("liquidation-orders", "public/liquidation-orders", {**family, "limit": "100"}),
    ):
        yield Ask(endpoint=endpoint, path=f"/api/v5/{path}", params=params)


def _candle_asks(market: Mapping[str, str], grid: Grid, now: datetime) -> Iterator[Ask]:
    """Yield the requests of a grid; the older endpoint goes on where the other one ends."""
    recent = Grid(grid.interval, min(grid.bars, _KEPT_BARS))
    pages = [("candles", page.suffix, page) for page in pages_of(recent, now, most=_MOST_BARS)]
    if grid.bars > _KEPT_BARS:
        older = Grid(grid.interval, grid.bars - _KEPT_BARS + 2)  # two bars in both
        ends = from_ms(pages[-1][2].first_ms + grid.interval_ms)
        pages += [
            ("history-candles", f"-older{page.number}", page)
            for page in pages_of(older, ends, most=_MOST_OLDER_BARS)
        ]
    for path, suffix, page in pages:
        limits = {"bar": grid.name, "limit": str(page.bars)}
        if suffix:
            limits["after"] = str(page.last_ms + grid.interval_ms)
        yield Ask(
            endpoint=f"candles-{grid.name}{suffix}",
            path=f"/api/v5/market/{path}",
            params={**market, **limits},
        )


def _rows(raw: Raw, endpoint: str) -> Iterator[Node]:
    return ENVELOPE.open(raw, endpoint).rows()


def _row_of_market(raw: Raw, endpoint: str) -> Node:
    found = next(_rows(raw, endpoint))
    _require_market(found, raw)
    return found


def _read_bars(raw: Raw, grid: Grid) -> Iterator[Bar]:
    """Read open time, o, h, l, c, contracts, coins, USD, and whether the bar is complete."""
    for endpoint in raw.asked:
        if endpoint.startswith(f"candles-{grid.name}"):
            for row in _rows(raw, endpoint):
                opening, high, low, close = (row.cell(index).positive() for index in range(1, 5))
                bar = Bar(row.cell(0).stamp_ms(), opening, high, low, close, row.cell(7).amount())
                if row.cell(8).text() == _COMPLETE:
                    yield bar


def _read_open_interest(raw: Raw, _price: float) -> Value:
    found = _row_of_market(raw, "open-interest")
    return Value(found.field("ts").stamp_ms(), found.field("oiUsd").positive())


def _read_open_interest_history(raw: Raw, _price: float) -> Iterator[Value]:
    """Read time, contracts, coins, USD."""
    for period in _PERIODS:
        for row in _rows(raw, f"open-interest-history-{period}"):
            yield Value(row.cell(0).stamp_ms(), row.cell(3).positive())


def _read_funding(raw: Raw) -> Funding:
    found = _row_of_market(raw, "funding-rate")
    return Funding(
        stamp_ms=found.field("ts").stamp_ms(),
        rate=found.field("fundingRate").number(),
        mark_price=None,
        interval=_funding_interval(found),
    )


def _funding_interval(found: Node) -> timedelta | None:
    """Return how far the next two fundings are apart; the later one may be blank, or missing."""
    name = "nextFundingTime"
    if name not in found or found.field(name).value == "":
        return None
    later = found.field(name)
    apart = timedelta(milliseconds=later.stamp_ms() - found.field("fundingTime").stamp_ms())
    if not timedelta(0) < apart <= timedelta(days=1):
        later.refuse("a time up to a day after fundingTime")
    return apart


def _read_funding_history(raw: Raw) -> Iterator[Value]:
    for row in _rows(raw, "funding-rate-history"):
        _require_market(row, raw)
        yield Value(row.field("fundingTime").stamp_ms(), row.field("realizedRate").number())


def _read_accounts(raw: Raw, _price: float) -> Iterator[Value]:
    """Read time and longs per short."""
    for row in _rows(raw, "long-short-account-ratio"):
        ratio = row.cell(1).amount()
        yield Value(row.cell(0).stamp_ms(), ratio / (1 + ratio))


def _read_taker(raw: Raw, _price: float) -> Iterator[TwoSided]:
    """Read time, sold, bought: in USD, for that is the unit asked for."""
    for row in _rows(raw, "taker-volume"):
        yield TwoSided(row.cell(0).stamp_ms(), row.cell(2).amount(), row.cell(1).amount())


def _read_liquidations(raw: Raw, _price: float) -> Iterator[TwoSided]:
    """Add up liquidated contracts at the price of bankruptcy, from the first whole bar on."""
    coins = _coins_per_contract(raw)
    bars: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for orders in _rows(raw, "liquidation-orders"):
        _require_market(orders, raw)
        for order in orders.field("details").rows():
            sides = order.field("posSide"), order.field("side")
            index = _SIDES.get((sides[0].text(), sides[1].text()))
            if index is None:
                sides[1].refuse(f"the side that closes a {sides[0].value} position")
            usd = order.field("sz").amount() * coins * order.field("bkPx").positive()
            bars[order.field("ts").stamp_ms() // _STEP_MS * _STEP_MS][index] += usd
    first_ms, last_ms = min(bars) + _STEP_MS, max(bars)
    for open_ms in range(max(first_ms, last_ms - _DAY_MS), last_ms + 1, _STEP_MS):
        longs, shorts = bars[open_ms]
        yield TwoSided(open_ms, longs, shorts)


def _coins_per_contract(raw: Raw) -> float:
    found = _row_of_market(raw, "instruments")
    if found.field("ctValCcy").text() != raw.symbol:
        found.field("ctValCcy").refuse(raw.symbol)
    return found.field("ctVal").positive() * found.field("ctMult").positive()


def _require_market(found: Node, raw: Raw) -> None:
    market = found.field("instId")
    if market.text() != f"{raw.symbol}-USDT-SWAP":
        market.refuse(f"{raw.symbol}-USDT-SWAP")


PROVIDER = Provider(
    name="okx",
    title="OKX",
    docs_url="https://www.okx.com/docs-v5/en/",
    terms_url="https://www.okx.com/help/terms-of-service",
    rate_limit="per address and endpoint in 2 seconds, of which a look takes: candles 40, 15; "
    "older candles 20, 8; history of open interest 10, 2; others 5 and more, 1",
    base_url="https://www.okx.com",
    asks=_asks,
    read_bars=_read_bars,
    read_open_interest=_read_open_interest,
    read_open_interest_history=_read_open_interest_history,
    read_funding=_read_funding,
    read_funding_history=_read_funding_history,
    read_accounts=_read_accounts,
    read_taker=_read_taker,
    read_liquidations=_read_liquidations,
)


def open_source(argument: str | None, options: SourceOptions) -> LiveSource:
    """Return OKX as a source. Raises ConfigError for an argument, or a wrong address."""
    return open_live(PROVIDER, argument, options)
