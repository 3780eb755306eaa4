"""Estimate where leverage would be liquidated, from candles and open interest.

The book model: every bar opens positions on both sides at prices within the bar, at
several leverages; price sweeps away those it has reached since, others close with
time, and what is left of each side is scaled to the open interest of today. Sizes
are therefore relative weights in USD, never the dollars that will be liquidated.
Its numbers were chosen by how well they rank realised BTC liquidations.
"""

import math
from datetime import datetime

import numpy as np

from composer.errors import FiguresError
from composer.market.margin import liquidation_distance
from composer.market.records import Candles, FloatArray, LiquidationMap, Method, Side

LEVERAGES = (3, 5, 10, 20, 25, 50, 75, 100, 125)
MAINTENANCE_MARGIN_RATE = 0.004

CLOSE_SHARE = 0.225
HIGH_SHARE = LOW_SHARE = 0.1375
MIDPOINTS = 5
MIDPOINT_SHARE = 0.1

HALF_LIFE_HOURS = 48.0  # of a position whose liquidation is 1 % away
HALF_LIFE_EXPONENT = 0.75
MEMORY_HALF_LIVES = 14  # 2**-14 of a bar is left by then: below anything a reader sees

BACKGROUND = 0.25
BUCKET_WIDTH = 0.001  # in ln(price): 0.1 % of price

_MS_PER_HOUR = 3_600_000


def estimate_map(
    candles: Candles,
    open_interest_usd: float,
    *,
    as_of: datetime,
    source: str,
    method: Method,
) -> LiquidationMap:
    """Return the liquidation map that the candles and the open interest suggest.

    candles : all of them count as memory; the price is the last close
    open_interest_usd : single-sided, USD, > 0
    as_of, source, method : what the map says of itself

    The buckets are even in ln(price) and start at the price on either side, out to
    where the lowest leverage at the candles' extremes would be liquidated. Each side
    sums to the open interest, plus a background of `BACKGROUND` x open interest per
    unit of ln(price) for cross margin and topped-up margin, whose liquidation prices
    nobody outside can see; price does not sweep it. A side that was swept whole keeps
    the background alone. The background is 0.25, where the ranking of realised
    liquidations was best (BTC, 2024 to 2026): that can be measured, whereas the value
    that resembles a certain provider's sizes (1.0) follows a convention.
    Raises FiguresError if the open interest is not a positive number.
    """
    if not (math.isfinite(open_interest_usd) and open_interest_usd > 0):
        msg = f"open interest must be a positive number of USD, got {open_interest_usd}"
        raise FiguresError(msg)
    price = float(candles.close[-1])
    longs = _side_of_book(candles, Side.LONG) * open_interest_usd
    shorts = _side_of_book(candles, Side.SHORT) * open_interest_usd
    below = price * np.exp(-BUCKET_WIDTH * np.arange(len(longs), -1, -1))
    above = price * np.exp(BUCKET_WIDTH * np.arange(len(shorts) + 1))
    return LiquidationMap(
        symbol=candles.symbol,
        price=price,
        as_of=as_of,
        source=source,
        method=method,
        low=np.concatenate([below[:-1], above[:-1]]),
        high=np.concatenate([below[1:], above[1:]]),
        long_usd=np.concatenate([longs[::-1], np.zeros_like(shorts)]),
        short_usd=np.concatenate([np.zeros_like(longs), shorts]),
    )


def _side_of_book(candles: Candles, side: Side) -> FloatArray:
    """Return the mass per bucket outward from price, in units of open interest."""
    price = float(candles.close[-1])
    sign = -1.0 if side is Side.LONG else 1.0
    distances = liquidation_distance(np.array(LEVERAGES), side, MAINTENANCE_MARGIN_RATE)
    extreme = float(candles.low.min() if side is Side.LONG else candles.high.max())
    farthest = abs(math.log(extreme * (1 + sign * float(distances.max())) / price))
    buckets = int(farthest / BUCKET_WIDTH) + 2  # one to spare for rounding

    barrier = _barrier(candles, side)
    flow = _flow(candles)
    age_hours = (candles.known_ms[-1] - candles.known_ms) / _MS_PER_HOUR
    book = np.zeros(buckets)
    for distance, weight in zip(distances, _tier_weights(distances), strict=True):
        half_life = HALF_LIFE_HOURS * (distance * 100) ** HALF_LIFE_EXPONENT
        kept = slice(int(np.argmax(age_hours <= MEMORY_HALF_LIVES * half_life)), None)
        opened = weight * flow[kept] * np.exp2(-age_hours[kept] / half_life)
        for entry, share in _entries(candles):
            level = entry[kept] * (1 + sign * distance)
            alive = sign * level > sign * barrier[kept]
            steps = np.abs(np.log(level[alive] / price)) / BUCKET_WIDTH
            book += np.bincount(steps.astype(np.int64), share * opened[alive], minlength=buckets)
    live = book.sum()
    return (book / live if live > 0 else book) + BACKGROUND * BUCKET_WIDTH


def _barrier(candles: Candles, side: Side) -> FloatArray:
    """Return the price beyond which a bar's positions are still alive.

    That is the furthest price reached after the bar, or the bar's own close: where
    the bar has closed beyond a level, it has been there after opening the position.
    """
    if side is Side.LONG:
        later = np.append(np.minimum.accumulate(candles.low[::-1])[::-1][1:], np.inf)
        return np.asarray(np.minimum(later, candles.close))
    later = np.append(np.maximum.accumulate(candles.high[::-1])[::-1][1:], -np.inf)
    return np.asarray(np.maximum(later, candles.close))


def _flow(candles: Candles) -> FloatArray:
    """Return what each bar opened, in any unit: only relative sizes matter.

    Where turnover is not published, a bar's relative range stands in for it (the
    logarithms of the two go together in BTC with R² 0.9, hour and weekday given).
    """
    flow = candles.turnover_usd
    if flow is None:
        flow = (candles.high - candles.low) / candles.close
    return flow / flow.sum() if flow.sum() > 0 else np.ones(len(candles))


def _entries(candles: Candles) -> list[tuple[FloatArray, float]]:
    """Return the prices at which a bar's positions were opened, with their shares."""
    span = candles.high - candles.low
    midpoints = [candles.low + span * ((i + 0.5) / MIDPOINTS) for i in range(MIDPOINTS)]
    return [
        (candles.close, CLOSE_SHARE),
        (candles.high, HIGH_SHARE),
        (candles.low, LOW_SHARE),
        *((midpoint, MIDPOINT_SHARE) for midpoint in midpoints),
    ]


def _tier_weights(distances: FloatArray) -> FloatArray:
    """Return each leverage's share: equal weight per log step of distance.

    An inner tier stands for half the way to either neighbour, an end tier for its
    one gap; so a finer or coarser list of leverages keeps the shape of the book.
    """
    steps = np.abs(np.gradient(np.log(distances)))
    return np.asarray(steps / steps.sum())
