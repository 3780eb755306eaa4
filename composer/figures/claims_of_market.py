"""Claims about the market around the map: price, open interest, funding, crowds, flows."""

from decimal import Decimal

from composer.figures.predicates import (
    Predicate,
    above,
    at_least,
    at_most,
    below,
    less,
    more,
    near,
)
from composer.figures.thresholds import (
    BUSY,
    CALMER,
    FELL_BACK,
    FUNDING_HIGH,
    HALVED,
    HIGH_PERCENTILE,
    INTEREST_MOVED_24H,
    LOW_PERCENTILE,
    MILD,
    MOSTLY,
    MOVED_24H,
    MUCH_MORE,
    RECORD_DAYS,
    THIN_DAYS,
    THIN_INTEREST_USD,
    TOUCHED,
    WILDER,
)

_SHORT_HEAVY, _LONG_HEAVY = at_least("skew", MILD), at_most("skew", -MILD)
_PRICE, _INTEREST = "context.price_change_24h", "context.open_interest_change_24h"
_RISES, _FALLS = at_least(_PRICE, MOVED_24H), at_most(_PRICE, -MOVED_24H)
_INTEREST_RISES = at_least(_INTEREST, INTEREST_MOVED_24H)
_INTEREST_FALLS = at_most(_INTEREST, -INTEREST_MOVED_24H)
_LONGS_PAY, _SHORTS_PAY = above("context.funding_rate", 0), below("context.funding_rate", 0)
_MOSTLY_LONG = at_least("context.long_accounts_share", MOSTLY)
_MOSTLY_SHORT = at_most("context.long_accounts_share", 1 - MOSTLY)
_LONGS_LOST, _SHORTS_LOST = (
    "context.long_liquidations_24h_usd",
    "context.short_liquidations_24h_usd",
)
_MORE_LONGS_LOST = more(_LONGS_LOST, _SHORTS_LOST, MUCH_MORE)
_MORE_SHORTS_LOST = more(_SHORTS_LOST, _LONGS_LOST, MUCH_MORE)
_DAY_FLOW, _WEEK_FLOW = "context.etf.day_usd", "context.etf.week_usd"
_CALM, _LIVELY = "context.volatility_7d", "context.volatility_30d"

TABLE: tuple[tuple[str, str, Predicate], ...] = (
    (
        "high_touched_7d",
        f"price within {TOUCHED} of the 7-day high",
        near("price", "range_7d.high", TOUCHED),
    ),
    (
        "low_touched_7d",
        f"price within {TOUCHED} of the 7-day low",
        near("price", "range_7d.low", TOUCHED),
    ),
    (
        "high_set_today_7d",
        "the high of the last 24 h is the 7-day high",
        near("context.high_24h", "range_7d.high", Decimal(0)),
    ),
    (
        "low_set_today_7d",
        "the low of the last 24 h is the 7-day low",
        near("context.low_24h", "range_7d.low", Decimal(0)),
    ),
    (
        "fell_back_from_7d_high",
        f"price {FELL_BACK} or more below the 7-day high",
        ~more("price", "range_7d.high", 1 - FELL_BACK),
    ),
    (
        "came_back_from_7d_low",
        f"price {FELL_BACK} or more above the 7-day low",
        ~less("price", "range_7d.low", 1 + FELL_BACK),
    ),
    (
        "price_record_n_days",
        f"the last 24 h reached a high of {RECORD_DAYS} days or more",
        at_least("context.price_high_days", RECORD_DAYS),
    ),
    (
        "price_low_n_days",
        f"the last 24 h reached a low of {RECORD_DAYS} days or more",
        at_least("context.price_low_days", RECORD_DAYS),
    ),
    ("price_rose_24h", f"price up by {MOVED_24H} or more in 24 h", _RISES),
    ("price_fell_24h", f"price down by {MOVED_24H} or more in 24 h", _FALLS),
    ("oi_rose_24h", f"open interest up by {INTEREST_MOVED_24H} or more in 24 h", _INTEREST_RISES),
    ("oi_fell_24h", f"open interest down by {INTEREST_MOVED_24H} or more in 24 h", _INTEREST_FALLS),
    (
        "price_rose_oi_fell",
        "price rose while open interest fell: positions were closed, not opened",
        _RISES & _INTEREST_FALLS,
    ),
    (
        "price_fell_oi_rose",
        "price fell while open interest rose: positions were opened on the way",
        _FALLS & _INTEREST_RISES,
    ),
    (
        "oi_high_in_history",
        f"open interest above {HIGH_PERCENTILE} of its own history",
        at_least("context.open_interest_percentile", HIGH_PERCENTILE),
    ),
    (
        "oi_low_in_history",
        f"open interest below all but {LOW_PERCENTILE} of its own history",
        at_most("context.open_interest_percentile", LOW_PERCENTILE),
    ),
    (
        "oi_record_n_days",
        f"open interest has not been as high for {RECORD_DAYS} days or more",
        at_least("context.open_interest_high_days", RECORD_DAYS),
    ),
    (
        "oi_low_n_days",
        f"open interest has not been as low for {RECORD_DAYS} days or more",
        at_least("context.open_interest_low_days", RECORD_DAYS),
    ),
    ("longs_pay_funding", "funding above zero", _LONGS_PAY),
    ("shorts_pay_funding", "funding below zero", _SHORTS_PAY),
    (
        "funding_high",
        f"funding of {FUNDING_HIGH} a year or more, longs paying",
        at_least("context.funding_annualised", FUNDING_HIGH),
    ),
    (
        "funding_deeply_negative",
        f"funding of -{FUNDING_HIGH} a year or less, shorts paying",
        at_most("context.funding_annualised", -FUNDING_HIGH),
    ),
    (
        "funding_agrees_with_skew",
        "funding is paid by the side that the skew is heavy on",
        (_SHORT_HEAVY & _SHORTS_PAY) | (_LONG_HEAVY & _LONGS_PAY),
    ),
    (
        "funding_contradicts_skew",
        "funding is paid by the side that the skew is not heavy on",
        (_SHORT_HEAVY & _LONGS_PAY) | (_LONG_HEAVY & _SHORTS_PAY),
    ),
    ("accounts_mostly_long", f"{MOSTLY} of accounts or more are long", _MOSTLY_LONG),
    ("accounts_mostly_short", f"{MOSTLY} of accounts or more are short", _MOSTLY_SHORT),
    (
        "accounts_agree_with_skew",
        "most accounts are on the side that the skew is heavy on",
        (_SHORT_HEAVY & _MOSTLY_SHORT) | (_LONG_HEAVY & _MOSTLY_LONG),
    ),
    (
        "accounts_contradict_skew",
        "most accounts are on the side that the skew is not heavy on",
        (_SHORT_HEAVY & _MOSTLY_LONG) | (_LONG_HEAVY & _MOSTLY_SHORT),
    ),
    (
        "more_longs_liquidated_24h",
        f"more than {MUCH_MORE} times as much of longs was liquidated in 24 h as of shorts",
        _MORE_LONGS_LOST,
    ),
    (
        "more_shorts_liquidated_24h",
        f"more than {MUCH_MORE} times as much of shorts was liquidated in 24 h as of longs",
        _MORE_SHORTS_LOST,
    ),
    (
        "heavy_side_liquidated_24h",
        "the side that the skew is heavy on is also the one that was liquidated most",
        (_SHORT_HEAVY & _MORE_SHORTS_LOST) | (_LONG_HEAVY & _MORE_LONGS_LOST),
    ),
    (
        "volume_halved",
        f"volume of 24 h at {HALVED} of its 30-day mean or less",
        at_most("context.volume_ratio_30d", HALVED),
    ),
    (
        "volume_high",
        f"volume of 24 h at {BUSY} times its 30-day mean or more",
        at_least("context.volume_ratio_30d", BUSY),
    ),
    (
        "volatility_low",
        f"volatility of 7 days under {CALMER} of that of 30",
        less(_CALM, _LIVELY, CALMER),
    ),
    (
        "volatility_high",
        f"volatility of 7 days over {WILDER} times that of 30",
        more(_CALM, _LIVELY, WILDER),
    ),
    ("etf_inflow_week", "more went into the funds in 7 days than out", above(_WEEK_FLOW, 0)),
    ("etf_outflow_week", "more went out of the funds in 7 days than in", below(_WEEK_FLOW, 0)),
    (
        "etf_flow_turned",
        "the last day of the funds went against their week",
        (above(_WEEK_FLOW, 0) & below(_DAY_FLOW, 0)) | (below(_WEEK_FLOW, 0) & above(_DAY_FLOW, 0)),
    ),
    (
        "thin_history",
        f"the map is estimated from under {THIN_DAYS} days of candles",
        below("estimate.candle_days", THIN_DAYS),
    ),
    (
        "thin_market",
        f"open interest under {THIN_INTEREST_USD} USD",
        below("context.open_interest_usd", THIN_INTEREST_USD),
    ),
)
