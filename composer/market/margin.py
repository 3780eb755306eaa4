"""Margin of linear perpetuals: tiers, maintenance margin, isolated liquidation price.

A position of notional N opened at leverage L brings N/L of margin. It is liquidated
where that margin, after the loss, has shrunk to the maintenance margin: a share of
the notional (the rate) less a constant of the tier (the amount), which keeps the
maintenance margin continuous where one tier meets the next.

Cross margin is left out: a wallet adds margin that nobody outside can see.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from composer.market.records import FloatArray, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverageTier:
    """Terms of positions up to `notional_cap_usd`, the cap included.

    maintenance_margin_rate : fraction of the notional that must stay as margin
    maintenance_amount_usd : what the tier takes off that margin, USD, >= 0
    """

    notional_cap_usd: float
    maintenance_margin_rate: float
    max_leverage: float
    maintenance_amount_usd: float


# BTCUSDT perpetual on Binance USD-M futures, state of September 2026, from
# GET /fapi/v1/leverageBracket as packaged by freqtrade 2026.9. The endpoint wants a
# signature, hence a table: cap USD, rate, highest leverage, maintenance amount USD.
BTC_TIERS: tuple[LeverageTier, ...] = tuple(
    LeverageTier(
        notional_cap_usd=cap,
        maintenance_margin_rate=rate,
        max_leverage=leverage,
        maintenance_amount_usd=amount,
    )
    for cap, rate, leverage, amount in (
        (300e3, 0.004, 150, 0.0),
        (800e3, 0.005, 100, 300.0),
        (3e6, 0.0065, 75, 1_500.0),
        (12e6, 0.01, 50, 12_000.0),
        (70e6, 0.02, 25, 132_000.0),
        (100e6, 0.025, 20, 482_000.0),
        (230e6, 0.05, 10, 2_982_000.0),
        (480e6, 0.10, 5, 14_482_000.0),
        (600e6, 0.125, 4, 26_482_000.0),
        (800e6, 0.15, 3, 41_482_000.0),
        (1.2e9, 0.25, 2, 121_482_000.0),
        (1.8e9, 0.50, 1, 421_482_000.0),
    )
)


def _tier_column(
    notional_usd: FloatArray | float, tiers: Sequence[LeverageTier], name: str
) -> FloatArray:
    notional = np.asarray(notional_usd, dtype=np.float64)
    caps = np.array([tier.notional_cap_usd for tier in tiers])
    if not np.all((notional >= 0) & (notional <= caps[-1])):
        msg = f"a notional must lie between 0 and the last tier's cap of {caps[-1]:,.0f} USD"
        raise ValueError(msg)
    column = np.array([getattr(tier, name) for tier in tiers], dtype=np.float64)
    return np.asarray(column[np.searchsorted(caps, notional)])


def maintenance_margin_rate(
    notional_usd: FloatArray | float, tiers: Sequence[LeverageTier] = BTC_TIERS
) -> FloatArray:
    """Return the maintenance margin rate of each notional, as a fraction.

    notional_usd : any shape, USD, >= 0; the result has the same shape
    Raises ValueError if a notional is negative or above the last tier's cap.
    """
    return _tier_column(notional_usd, tiers, "maintenance_margin_rate")


def maintenance_margin(
    notional_usd: FloatArray | float, tiers: Sequence[LeverageTier] = BTC_TIERS
) -> FloatArray:
    """Return the margin in USD below which each notional is liquidated.

    notional_usd : any shape, USD, >= 0; the result has the same shape
    Raises ValueError if a notional is negative or above the last tier's cap.
    """
    rate = maintenance_margin_rate(notional_usd, tiers)
    return np.asarray(
        notional_usd * rate - _tier_column(notional_usd, tiers, "maintenance_amount_usd")
    )


def max_leverage(
    notional_usd: FloatArray | float, tiers: Sequence[LeverageTier] = BTC_TIERS
) -> FloatArray:
    """Return the highest leverage at which each notional may be held.

    notional_usd : any shape, USD, >= 0; the result has the same shape
    Raises ValueError if a notional is negative or above the last tier's cap.
    """
    return _tier_column(notional_usd, tiers, "max_leverage")


def liquidation_price(
    entry: FloatArray | float,
    leverage: FloatArray | float,
    side: Side,
    *,
    maintenance_margin_rate: FloatArray | float,
    maintenance_amount_share: FloatArray | float = 0.0,
) -> FloatArray:
    """Return the price at which an isolated position is liquidated, in USD per coin.

    entry, leverage : shapes that broadcast; USD per coin > 0, and times >= 1
    maintenance_margin_rate : fraction in [0, 1) of the notional at the liquidation price
    maintenance_amount_share : the tier's amount as a fraction of the entry notional

    A long that brings its whole notional cannot be liquidated: its price is 0.
    Raises ValueError if a leverage is below 1, or so high that the margin at entry
    does not cover the maintenance margin.
    """
    times = np.asarray(leverage, dtype=np.float64)
    rate = np.asarray(maintenance_margin_rate, dtype=np.float64)
    cushion = 1 / np.maximum(times, 1) + maintenance_amount_share
    if not np.all((times >= 1) & (rate >= 0) & (rate < 1) & (cushion >= rate)):
        msg = (
            "leverage must be at least 1 and leave an initial margin (1 / leverage) of at "
            "least the maintenance margin rate, itself in [0, 1)"
        )
        raise ValueError(msg)
    if side is Side.LONG:
        return np.asarray(entry * np.maximum(1 - cushion, 0) / (1 - rate))
    return np.asarray(entry * (1 + cushion) / (1 + rate))


def liquidation_distance(
    leverage: FloatArray | float, side: Side, maintenance_margin_rate: FloatArray | float
) -> FloatArray:
    """Return how far price must move against a position, as a fraction >= 0 of its entry.

    leverage : any shape, times >= 1; the result has the same shape
    maintenance_margin_rate : fraction in [0, 1)
    Raises ValueError on the terms of `liquidation_price`.
    """
    price = liquidation_price(1.0, leverage, side, maintenance_margin_rate=maintenance_margin_rate)
    return np.asarray(1 - price if side is Side.LONG else price - 1)
