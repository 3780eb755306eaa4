"""Gate USDT-margined perpetuals, without a key.

Docs: https://www.gate.com/docs/developers/apiv4/
Traps met: times are in seconds, and one in milliseconds gets an empty list, no error; sizes
are in contracts of `quanto_multiplier` coins; a contract has no stamp, only the time of its
next funding; `limit` may not go with `from` and `to`. Open interest is single-sided.
Older documents swap the meaning of `lsr_taker` and `lsr_account`; their names are right.
Whether a statistic's time opens or closes its interval is not documented; it is read as
its open, as of a candle.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from composer.market.records import to_ms
from composer.market.sources._grids import MAIN_INTERVAL, TOLERANCE, Bar, Grid
from composer.market.sources._http import Ask
from composer.market.sources._live import LiveSource, open_live
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Funding, Provider, Raw, TwoSided, Value
from composer.market.sources._reading import Node

_MOST_BARS = 2_000  # of every interval: all grids are one page
_MOST_STATISTICS = 100
_FINE = "5m"
_PAYMENTS = "720"  # of funding: a month by the hour
_PERIODS = (_FINE, "1h")  # of open interest: eight hours finely, four days coarsely
_SECOND_MS = 1_000
_TOLERANCE_MS = round(TOLERANCE.total_seconds() * _SECOND_MS)


def _asks(symbol: str, grids: Sequence[Grid], _now: datetime) -> Iterator[Ask]:
    contract = f"{symbol}_USDT"
    for grid in grids:
        yield Ask(
            endpoint=f"candlesticks-{grid.name}",
            path="/futures/usdt/candlesticks",
            params={
                "contract": contract,
                "interval": grid.name,
                "limit": str(min(grid.bars, _MOST_BARS)),
            },
        )
    yield Ask(endpoint="contract", path=f"/futures/usdt/contracts/{contract}")
    payments = {"contract": contract, "limit": _PAYMENTS}
    yield Ask(endpoint="funding_rate", path="/futures/usdt/funding_rate", params=payments)
    for period in _PERIODS:
        yield Ask(
            endpoint=f"contract_stats-{period}",
            path="/futures/usdt/contract_stats",
            params={"contract": contract, "interval": period, "limit": str(_MOST_STATISTICS)},
        )


def _read_bars(raw: Raw, grid: Grid) -> Iterator[Bar]:
    for row in raw.json(f"candlesticks-{grid.name}").rows():
        opening, high, low, close = (row.field(name).positive() for name in "ohlc")
        # `sum` is in USDT; `v` counts contracts.
        yield Bar(_stamp_ms(row.field("t")), opening, high, low, close, row.field("sum").amount())


def _read_open_interest(raw: Raw, price: float) -> Value:
    contract = _contract(raw)
    contracts = contract.field("position_size").positive()
    coins = contracts * contract.field("quanto_multiplier").positive()
    return Value(to_ms(raw.captured_at), coins * price)


def _read_open_interest_history(raw: Raw, _price: float) -> Iterator[Value]:
    for period in _PERIODS:
        for row in _statistics(raw, period):
            usd = row.field("open_interest_usd").positive()
            yield Value(_stamp_ms(row.field("time")), usd)


def _read_accounts(raw: Raw, _price: float) -> Iterator[Value]:
    for row in _statistics(raw, _FINE):
        yield Value(_stamp_ms(row.field("time")), _share_of(row.field("lsr_account")))


def _read_funding(raw: Raw) -> Funding:
    contract = _contract(raw)
    return Funding(
        stamp_ms=to_ms(raw.captured_at),
        rate=contract.field("funding_rate").number(),
        mark_price=contract.field("mark_price").positive(),
        interval=contract.field("funding_interval").interval(timedelta(seconds=1)),
    )


def _read_funding_history(raw: Raw) -> Iterator[Value]:
    """Read time and rate; the rows do not name the market, the address asked for does."""
    for row in raw.json("funding_rate").rows():
        yield Value(_stamp_ms(row.field("t")), row.field("r").number())


def _read_taker(raw: Raw, _price: float) -> Iterator[TwoSided]:
    """Yield the turnover of each candle, split by the ratio of what takers bought and sold."""
    grid = Grid(MAIN_INTERVAL, _MOST_BARS)
    turnover = {bar.open_ms: bar.turnover_usd or 0.0 for bar in _read_bars(raw, grid)}
    for row in _statistics(raw, _FINE):
        open_ms, bought = _stamp_ms(row.field("time")), _share_of(row.field("lsr_taker"))
        if open_ms in turnover:
            traded = turnover[open_ms]
            yield TwoSided(open_ms, bought * traded, (1 - bought) * traded)


def _read_liquidations(raw: Raw, _price: float) -> Iterator[TwoSided]:
    for row in _statistics(raw, _FINE):
        longs, shorts = (row.field(f"{side}_liq_usd").amount() for side in ("long", "short"))
        yield TwoSided(_stamp_ms(row.field("time")), longs, shorts)


def _contract(raw: Raw) -> Node:
    """Return the contract, once it is certain that it is of this market and of now.

    Its next funding tells the latter, to one funding interval; the price closer.
    """
    found = raw.json("contract")
    market = found.field("name")
    if market.text() != f"{raw.symbol}_USDT":
        market.refuse(f"{raw.symbol}_USDT")
    applies = found.field("funding_next_apply")
    ahead_ms = _stamp_ms(applies) - to_ms(raw.captured_at)
    interval_ms = found.field("funding_interval").positive() * _SECOND_MS
    if not -_TOLERANCE_MS <= ahead_ms <= interval_ms + _TOLERANCE_MS:
        applies.refuse(f"the next funding after {raw.captured_at.isoformat()}, in epoch s")
    return found


def _statistics(raw: Raw, period: str) -> Iterable[Node]:
    return raw.json(f"contract_stats-{period}").rows()


def _stamp_ms(node: Node) -> int:
    return node.stamp_ms(unit_ms=_SECOND_MS)


def _share_of(node: Node) -> float:
    """Return first / (first + second) of a ratio first / second."""
    ratio = node.amount()
    return ratio / (1 + ratio)


PROVIDER = Provider(
    name="gate",
    title="Gate",
    docs_url="https://www.gate.com/docs/developers/apiv4/",
    terms_url="https://www.gate.com/legal/user-agreement",
    rate_limit="200 requests in 10 seconds per endpoint and address, of which a look takes 7",
    base_url="https://api.gateio.ws/api/v4",
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
    """Return Gate as a source. Raises ConfigError for an argument, or a wrong address."""
    return open_live(PROVIDER, argument, options)
