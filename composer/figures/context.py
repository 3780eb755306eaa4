"""What else a snapshot knows of its market, as figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from composer.figures.windows import (
    DAY,
    average_true_range,
    change,
    days_unmatched,
    extremes,
    last,
    mean_per_day,
    rank,
    total,
    volatility,
)
from composer.market.records import Candles, EtfFlows, MarketSnapshot, OpenInterest, from_ms, to_ms

WEEK = 7 * DAY
MONTH = 30 * DAY
_YEAR = timedelta(days=365)
_MS = timedelta(milliseconds=1)
NEWEST_PRICE = timedelta(minutes=30)  # an older close is no price of now


@dataclass(frozen=True, slots=True, kw_only=True)
class FundFlows:
    """What went into the spot funds of the coin; out is negative.

    `day` is the last day with a number, the week is that day and the six before it.
    """

    day: datetime
    day_usd: float
    day_coins: float | None
    week_usd: float | None
    week_coins: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MostPain:
    """Where a provider says most leverage opened in the last 24 h would be liquidated."""

    long_price: float
    long_usd: float
    short_price: float
    short_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What else the snapshot knows of the market; None is what it does not.

    Changes, shares and rates are fractions. `funding_rate` is per funding interval.
    `open_interest_percentile` is the latest value's rank in its own history, of a week at
    least; `..._high_days` is for how many whole days it was not as high, `..._low_days` not
    as low. `price_high_days` says the same of the last day's high. `atr_usd` is the average
    true range of `atr_days` days. `candle_days` is how far back the candles reach.
    """

    open_interest_usd: float | None = None
    open_interest_change_24h: float | None = None
    price_change_24h: float | None = None
    funding_rate: float | None = None
    funding_annualised: float | None = None
    price_change_7d: float | None = None
    last_price: float | None = None
    high_24h: float | None = None
    low_24h: float | None = None
    price_high_days: int | None = None
    price_low_days: int | None = None
    open_interest_change_7d: float | None = None
    open_interest_percentile: float | None = None
    open_interest_high_days: int | None = None
    open_interest_low_days: int | None = None
    long_accounts_share: float | None = None
    long_short_ratio: float | None = None
    taker_buy_24h_share: float | None = None
    long_liquidations_24h_usd: float | None = None
    short_liquidations_24h_usd: float | None = None
    volume_24h_usd: float | None = None
    volume_mean_30d_usd: float | None = None
    volume_ratio_30d: float | None = None
    volatility_7d: float | None = None
    volatility_30d: float | None = None
    atr_usd: float | None = None
    atr_days: int | None = None
    candle_days: int | None = None
    etf: FundFlows | None = None
    max_pain_24h: MostPain | None = None


def context_of(snapshot: MarketSnapshot) -> Context:
    """Return what the snapshot knows beside its liquidation map."""
    grids, interest = _fresh_first(snapshot.candle_grids), snapshot.open_interest
    now_ms = to_ms(snapshot.as_of)
    day = extremes(grids, DAY)
    true_range = average_true_range(grids)
    volume, volume_mean = _volume(grids), mean_per_day(grids, MONTH)
    accounts = snapshot.long_short_accounts
    long_share = None if accounts is None else float(accounts.long_share[-1])
    lost_long, lost_short = _lost(snapshot, now_ms)
    return Context(
        open_interest_usd=None if interest is None else float(interest.open_interest_usd[-1]),
        open_interest_change_24h=_interest_change(interest, DAY),
        price_change_24h=_price_change(grids, DAY),
        funding_rate=None if snapshot.funding_rate is None else float(snapshot.funding_rate),
        funding_annualised=_annualised(snapshot),
        price_change_7d=_price_change(grids, WEEK),
        last_price=_last_price(grids, now_ms),
        high_24h=day and day[0],
        low_24h=day and day[1],
        price_high_days=_unmatched(grids, sign=1),
        price_low_days=_unmatched(grids, sign=-1),
        open_interest_change_7d=_interest_change(interest, WEEK),
        **_interest_history(interest),
        long_accounts_share=long_share,
        long_short_ratio=(
            long_share / (1 - long_share) if long_share is not None and 0 < long_share < 1 else None
        ),
        taker_buy_24h_share=_taker_buy_share(snapshot, now_ms),
        long_liquidations_24h_usd=lost_long,
        short_liquidations_24h_usd=lost_short,
        volume_24h_usd=volume,
        volume_mean_30d_usd=volume_mean,
        volume_ratio_30d=volume / volume_mean if volume is not None and volume_mean else None,
        volatility_7d=volatility(grids, WEEK),
        volatility_30d=volatility(grids, MONTH),
        atr_usd=true_range and true_range[0],
        atr_days=true_range and true_range[1],
        candle_days=_candle_days(grids),
        etf=None if snapshot.etf_flows is None else _fund_flows(snapshot.etf_flows),
        max_pain_24h=_most_pain(snapshot),
    )


def _fresh_first(grids: Sequence[Candles]) -> tuple[Candles, ...]:
    """Return the grids, the one that ends last first, of equals the finest."""
    return tuple(sorted(grids, key=lambda grid: (-int(grid.known_ms[-1]), grid.interval)))


def _price_change(grids: Sequence[Candles], span: timedelta) -> float | None:
    return change([(grid.known_ms, grid.close) for grid in grids], span)


def _interest_change(interest: OpenInterest | None, span: timedelta) -> float | None:
    if interest is None:
        return None
    return change([(interest.stamp_ms, interest.open_interest_usd)], span)


def _interest_history(interest: OpenInterest | None) -> dict[str, Any]:
    """Return where the latest open interest stands in a history of a week or more."""
    if interest is None or int(interest.stamp_ms[-1] - interest.stamp_ms[0]) < WEEK // _MS:
        return {}
    stamps, values = interest.stamp_ms, interest.open_interest_usd
    return {
        "open_interest_percentile": rank(values),
        "open_interest_high_days": days_unmatched(stamps, values),
        "open_interest_low_days": days_unmatched(stamps, -values),
    }


def _last_price(grids: Sequence[Candles], now_ms: int) -> float | None:
    if not grids or now_ms - int(grids[0].known_ms[-1]) > NEWEST_PRICE // _MS:
        return None
    return float(grids[0].close[-1])


def _unmatched(grids: Sequence[Candles], *, sign: int) -> int | None:
    """Return for how many days price was not as high as on the last one; as low with sign -1."""
    if not grids:
        return None
    longest = min(grids, key=lambda grid: int(grid.open_ms[0]))
    today = last(longest.open_ms, longest.interval, DAY)
    if today is None:
        return None
    values = longest.high if sign > 0 else -longest.low
    stamps = np.append(longest.known_ms[~today], longest.known_ms[-1])
    return days_unmatched(stamps, np.append(values[~today], values[today].max()))


def _candle_days(grids: Sequence[Candles]) -> int | None:
    if not grids:
        return None
    reach_ms = int(grids[0].known_ms[-1]) - min(int(grid.open_ms[0]) for grid in grids)
    return reach_ms // (DAY // _MS)


def _lost(snapshot: MarketSnapshot, now_ms: int) -> tuple[float | None, float | None]:
    """Return the realised liquidations of longs and of shorts in the last 24 h, in USD."""
    fills = snapshot.liquidations
    if fills is None:
        return None, None
    long_usd, short_usd = (
        total(fills.open_ms, fills.interval, side, DAY, end_ms=now_ms)
        for side in (fills.long_usd, fills.short_usd)
    )
    return long_usd, short_usd


def _taker_buy_share(snapshot: MarketSnapshot, now_ms: int) -> float | None:
    """Return which share of what takers traded in the last 24 h they bought."""
    flow = snapshot.taker_flow
    if flow is None:
        return None
    bought, sold = (
        total(flow.open_ms, flow.interval, side, DAY, end_ms=now_ms)
        for side in (flow.buy_usd, flow.sell_usd)
    )
    return bought / (bought + sold) if bought is not None and sold else None


def _volume(grids: Sequence[Candles]) -> float | None:
    for grid in grids:
        inside = last(grid.open_ms, grid.interval, DAY)
        if inside is not None and grid.turnover_usd is not None:
            return float(grid.turnover_usd[inside].sum())
    return None


def _annualised(snapshot: MarketSnapshot) -> float | None:
    """Return the funding of a year of 365 days at the present rate, without compounding."""
    rate, interval = snapshot.funding_rate, snapshot.funding_interval
    return None if rate is None or interval is None else float(rate) * (_YEAR / interval)


def _fund_flows(flows: EtfFlows) -> FundFlows:
    week = flows.day_ms > flows.day_ms[-1] - WEEK // _MS
    whole = int(flows.day_ms[0]) <= int(flows.day_ms[-1]) - WEEK // _MS
    coins = flows.flow_coins
    return FundFlows(
        day=from_ms(int(flows.day_ms[-1])),
        day_usd=float(flows.flow_usd[-1]),
        day_coins=None if coins is None else float(coins[-1]),
        week_usd=float(flows.flow_usd[week].sum()) if whole else None,
        week_coins=float(coins[week].sum()) if whole and coins is not None else None,
    )


def _most_pain(snapshot: MarketSnapshot) -> MostPain | None:
    pain = snapshot.max_pain
    if pain is None or pain.over != DAY:
        return None
    return MostPain(
        long_price=pain.long_price,
        long_usd=pain.long_usd,
        short_price=pain.short_price,
        short_usd=pain.short_usd,
    )
