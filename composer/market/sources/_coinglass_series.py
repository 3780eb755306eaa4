"""What Coinglass says beside its maps: candles, open interest, funding, who is long, flows.

Traps met: the time of a row is when its bar opened, and its close is known at the end; the
last bar is still forming, and its close is of now; closed bars are text, the last one may be
a number, and closed ones are revised later; rates and shares are in percent; a row "All"
stands among the exchanges; the newest day of a fund without any number is not zero; max pain
does not say which of its two prices is the longs', its price does.
Open interest is of every exchange that Coinglass counts, as it counts them.
"""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from composer.errors import SourceDataError
from composer.market.records import (
    Candles,
    EtfFlows,
    FundingRates,
    Liquidations,
    LongShortAccounts,
    MaxPain,
    OpenInterest,
    VenueLiquidations,
    to_ms,
)
from composer.market.sources._coinglass_api import ENVELOPE, TITLE
from composer.market.sources._coinglass_asks import FUNDS, MAP_VENUES, MOST_ROWS, VENUE
from composer.market.sources._grids import (
    TOLERANCE,
    Bar,
    Grid,
    candles_of,
    pages_of,
    require_fresh,
    require_past,
)
from composer.market.sources._provider import Raw, Value
from composer.market.sources._reading import Node

_ALL = "All"
_DAY = timedelta(days=1)
_OLDEST_FLOW = timedelta(days=6)  # a day is known when it is over, and funds rest on holidays
_APART = 1.5  # factor between two readings of open interest; a slip of unit is more


def read_bars(raw: Raw, grid: Grid) -> list[Bar]:
    """Return the bars of every page, the forming one included, in any order."""
    return [
        Bar(
            row.field("time").stamp_ms(),
            row.field("open").positive(),
            row.field("high").positive(),
            row.field("low").positive(),
            row.field("close").positive(),
            row.field("volume_usd").amount(),
        )
        for page in pages_of(grid, raw.captured_at, most=MOST_ROWS)
        for row in ENVELOPE.open(raw, f"price{page.suffix}").rows()
    ]


def read_candles(raw: Raw, grid: Grid, bars: list[Bar]) -> Candles:
    """Return the closed bars; raise SourceDataError as `candles_of` does."""
    return candles_of(
        bars,
        grid,
        where=raw.where("price"),
        symbol=raw.symbol,
        venue=VENUE,
        now=raw.captured_at,
    )


def price_now(raw: Raw, grid: Grid, bars: list[Bar]) -> float | None:
    """Return the close of the bar that is still forming, None if there is no such bar."""
    now_ms = to_ms(raw.captured_at)
    forming = [bar for bar in bars if bar.open_ms <= now_ms < bar.open_ms + grid.interval_ms]
    return forming[0].close if forming else None


def read_open_interest(raw: Raw, grid: Grid) -> OpenInterest:
    """Return the sum of all exchanges over time, the present value last."""
    values = _values(raw, "open-interest", "close", grid)
    return OpenInterest(
        symbol=raw.symbol,
        venues=(TITLE,),
        stamp_ms=np.array([value.stamp_ms for value in values]),
        open_interest_usd=np.array([value.value for value in values]),
    )


def read_open_interest_by_venue(raw: Raw, interest: OpenInterest | None) -> dict[str, float]:
    """Return the open interest of each exchange in USD.

    Raises SourceDataError unless they add up to `interest`, a slip of unit aside.
    """
    rows = _by_venue(raw, "open-interest-list")
    for row in rows.values():
        if row.field("symbol").value != raw.symbol:
            row.field("symbol").refuse(raw.symbol)
    found = {venue: row.field("open_interest_usd").amount() for venue, row in rows.items()}
    total = sum(found.values())
    latest = total if interest is None else float(interest.open_interest_usd[-1])
    if max(total, latest) > _APART * min(total, latest):
        msg = (
            f"{raw.where('open-interest-list')}: expected exchanges that add up to about "
            f"{latest:.0f} USD, got {total:.0f} USD"
        )
        raise SourceDataError(msg)
    return found


def read_funding(raw: Raw, grid: Grid) -> FundingRates:
    """Return the rates over time, weighted by open interest, as fractions; that of now last."""
    values = _values(raw, "funding", "close", grid)
    return FundingRates(
        symbol=raw.symbol,
        stamp_ms=np.array([value.stamp_ms for value in values]),
        rate=np.array([value.value / 100 for value in values]),
    )


def read_funding_interval(raw: Raw) -> timedelta | None:
    """Return how often funding is paid, or None if that differs between exchanges."""
    rows = [row for row in _rows(raw, "funding-list") if row.field("symbol").value == raw.symbol]
    if not rows:
        msg = f"{raw.where('funding-list')}: expected a row of {raw.symbol}, got none"
        raise SourceDataError(msg)
    found = {
        venue.field("funding_rate_interval").interval(timedelta(hours=1))
        for margin in ("stablecoin_margin_list", "token_margin_list")
        if margin in rows[0]
        for venue in rows[0].field(margin).rows()
        if "funding_rate_interval" in venue
    }
    return found.pop() if len(found) == 1 else None


def read_accounts(raw: Raw, grid: Grid) -> LongShortAccounts:
    """Return the share of accounts that are long on one exchange."""
    values = _values(raw, "accounts", "global_account_long_percent", grid)
    return LongShortAccounts(
        symbol=raw.symbol,
        venues=(VENUE,),
        stamp_ms=np.array([value.stamp_ms for value in values]),
        long_share=np.array([value.value / 100 for value in values]),
    )


def read_liquidations(raw: Raw, grid: Grid) -> Liquidations:
    """Return what was liquidated in the closed bars on the exchanges of the aggregated map."""
    return _liquidations(raw, grid, "liquidations", "aggregated_{}_liquidation_usd", MAP_VENUES)


def read_pair_liquidations(raw: Raw, grid: Grid) -> Liquidations:
    """Return what was liquidated in the closed bars on the exchange of the other maps."""
    return _liquidations(raw, grid, "pair-liquidations", "{}_liquidation_usd", (VENUE,))


def _liquidations(
    raw: Raw, grid: Grid, endpoint: str, name: str, venues: tuple[str, ...]
) -> Liquidations:
    where, now_ms = raw.where(endpoint), to_ms(raw.captured_at)
    rows = {row.field("time").stamp_ms(): row for row in _rows(raw, endpoint)}
    for open_ms in rows:
        require_past(open_ms, where=where, now=raw.captured_at)
    closed = [open_ms for open_ms in sorted(rows) if open_ms + grid.interval_ms <= now_ms]
    if not closed:
        msg = f"{where}: expected at least one closed bar, got none"
        raise SourceDataError(msg)
    last_ms = closed[-1] + grid.interval_ms
    require_fresh(last_ms, 2 * grid.interval + TOLERANCE, where=where, now=raw.captured_at)
    return Liquidations(
        symbol=raw.symbol,
        venues=venues,
        interval=grid.interval,
        open_ms=np.array(closed),
        **{
            f"{side}_usd": np.array([rows[one].field(name.format(side)).amount() for one in closed])
            for side in ("long", "short")
        },
    )


def read_liquidations_by_venue(raw: Raw) -> dict[str, VenueLiquidations]:
    """Return what was liquidated in the last 24 hours on each exchange."""
    return {
        venue: VenueLiquidations(
            over=_DAY,
            long_usd=_either(row, "longLiquidation_usd", "long_liquidation_usd").amount(),
            short_usd=_either(row, "shortLiquidation_usd", "short_liquidation_usd").amount(),
        )
        for venue, row in _by_venue(raw, "liquidation-list").items()
    }


def read_max_pain(raw: Raw) -> tuple[MaxPain, float]:
    """Return max pain, and the price it was read at."""
    rows = [row for row in _rows(raw, "max-pain") if row.field("symbol").value == raw.symbol]
    if len(rows) != 1:
        msg = f"{raw.where('max-pain')}: expected one row of {raw.symbol}, got {len(rows)}"
        raise SourceDataError(msg)
    (row,) = rows
    price = row.field("price").positive()
    lower, upper = sorted(
        (
            row.field(f"{side}_max_pain_liq_price").positive(),
            row.field(f"{side}_max_pain_liq_level").amount(),
        )
        for side in ("long", "short")
    )
    if not lower[0] < price < upper[0]:
        row.refuse(f"prices on both sides of {price:.15g}, not {lower[0]:.15g}, {upper[0]:.15g}")
    found = MaxPain(
        symbol=raw.symbol,
        over=_DAY,
        long_price=lower[0],
        long_usd=lower[1],
        short_price=upper[0],
        short_usd=upper[1],
    )
    return found, price


def read_etf_flows(raw: Raw) -> EtfFlows | None:
    """Return the flows of the days that are over and known, or None if the coin has no funds."""
    if raw.symbol not in FUNDS:
        return None
    where, day_ms = raw.where("etf"), _DAY // timedelta(milliseconds=1)
    flows: dict[int, tuple[float, float | None]] = {}
    for row in _rows(raw, "etf"):
        stamp = row.field("timestamp").stamp_ms()
        require_past(stamp, where=where, now=raw.captured_at)
        funds = row.field("etf_flows").rows()
        told = any("flow_usd" in fund for fund in funds)
        if told and stamp + day_ms <= to_ms(raw.captured_at):
            flow_usd = row.field("flow_usd").number()
            priced = "price_usd" in row
            coins = flow_usd / row.field("price_usd").positive() if priced else None
            flows[stamp] = flow_usd, coins
    if not flows:
        msg = f"{where}: expected at least one day that is over, got none"
        raise SourceDataError(msg)
    require_fresh(max(flows) + day_ms, _OLDEST_FLOW, where=where, now=raw.captured_at)
    by_day = [flows[stamp][1] for stamp in sorted(flows)]
    in_coins = [one for one in by_day if one is not None]
    return EtfFlows(
        symbol=raw.symbol,
        day_ms=np.array(sorted(flows)),
        flow_usd=np.array([flows[stamp][0] for stamp in sorted(flows)]),
        flow_coins=np.array(in_coins) if len(in_coins) == len(flows) else None,
    )


def _rows(raw: Raw, endpoint: str) -> Iterator[Node]:
    return ENVELOPE.open(raw, endpoint).rows()


def _values(raw: Raw, endpoint: str, name: str, grid: Grid) -> list[Value]:
    """Return a column by when it was known, oldest first; of the forming bar, that is now."""
    where, now_ms = raw.where(endpoint), to_ms(raw.captured_at)
    found: dict[int, float] = {}
    for row in _rows(raw, endpoint):
        open_ms = row.field("time").stamp_ms()
        require_past(open_ms, where=where, now=raw.captured_at)
        found[min(open_ms + grid.interval_ms, now_ms)] = row.field(name).number()
    require_fresh(max(found), 2 * grid.interval + TOLERANCE, where=where, now=raw.captured_at)
    return [Value(stamp, found[stamp]) for stamp in sorted(found)]


def _by_venue(raw: Raw, endpoint: str) -> dict[str, Node]:
    """Return the rows by exchange, without the one that is their sum."""
    rows = {row.field("exchange").text(): row for row in _rows(raw, endpoint)}
    rows.pop(_ALL, None)
    if not rows:
        msg = f"{raw.where(endpoint)}: expected at least one exchange, got none"
        raise SourceDataError(msg)
    return rows


def _either(row: Node, delivered: str, documented: str) -> Node:
    return row.field(delivered if delivered in row else documented)
