"""Compute every figure of one market snapshot."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import numpy as np

from composer.errors import FiguresError
from composer.figures.book import BOOK, BookModel
from composer.figures.clusters import find_clusters, next_cluster
from composer.figures.imbalance import WINDOW, equal_notional, intensity_to, ratio, skew, totals
from composer.figures.levels import LevelPolicy
from composer.figures.liquidation_map import estimate_map
from composer.figures.outlook import heavier_side, levels_disagree, outlook_of
from composer.figures.report import Context, Figures, Level, PriceRange
from composer.market.records import (
    Candles,
    FloatArray,
    LiquidationMap,
    MarketSnapshot,
    Method,
    Side,
    TimeArray,
)

LEVELS_DISAGREE = "levels_disagree"
SIDE_EMPTY = "side_empty"

CHANGE_OVER = timedelta(hours=24)
CHANGE_TOLERANCE = 0.05  # of 24 h: how far off in time the older value may be
RANGE_OVER = timedelta(days=7)
RANGE_COVERED = 0.95  # of 7 days: fewer bars than that, and the range may have been wider


def compute_figures(
    snapshot: MarketSnapshot,
    *,
    levels: LevelPolicy,
    notional_usd: float | None = None,
    model: BookModel = BOOK,
) -> Figures:
    """Return every figure of `snapshot`.

    notional_usd : for the equal-notional distances, USD, > 0; see `equal_notional`
    model : of the estimate where the snapshot has no map; the notes say which it was

    The price is that of the liquidation map, so that every figure is read from one
    place; without a map, one is estimated from the candles and the latest open interest.
    Raises FiguresError if explicit levels do not enclose the price, ConfigError if
    the notional is not positive.
    """
    liquidation_map, notes = _map_of(snapshot, model)
    price = liquidation_map.price
    clusters = find_clusters(liquidation_map)
    pair = levels.choose(price, clusters)
    upper, lower = _level(liquidation_map, pair.upper), _level(liquidation_map, pair.lower)
    lean = skew(liquidation_map)
    outlook = outlook_of(lean)
    at_levels = {"upper_usd": upper.intensity_usd, "lower_usd": lower.intensity_usd}
    warnings = dict(pair.warnings)
    if levels_disagree(outlook, **at_levels):
        warnings[LEVELS_DISAGREE] = (
            f"{upper.intensity_usd:.0f} USD short against {lower.intensity_usd:.0f} USD long at "
            f"the levels, skew {lean:.3f} within {WINDOW} of price"
        )
    if not (upper.intensity_usd and lower.intensity_usd):
        warnings[SIDE_EMPTY] = "the map holds nothing between the price and one of the levels"
    return Figures(
        symbol=snapshot.symbol,
        price=price,
        as_of=snapshot.as_of,
        source=snapshot.source,
        method=liquidation_map.method,
        upper=upper,
        lower=lower,
        ratio=ratio(upper.intensity_usd, lower.intensity_usd),
        heavier_side=heavier_side(outlook, **at_levels),
        skew=lean,
        equal_notional=equal_notional(liquidation_map, notional_usd),
        clusters=clusters,
        next_lower=next_cluster(clusters, lower.level, Side.LONG),
        next_upper=next_cluster(clusters, upper.level, Side.SHORT),
        totals=totals(liquidation_map),
        range_7d=_range_7d(snapshot.candles),
        outlook=outlook,
        context=_context(snapshot),
        notes=(*snapshot.notes, *notes),
        warnings=MappingProxyType(warnings),
        liquidation_map=liquidation_map,
    )


def _map_of(snapshot: MarketSnapshot, model: BookModel) -> tuple[LiquidationMap, tuple[str, ...]]:
    """Return the snapshot's own map or an estimate, with notes on how it came about."""
    given, candles, interest = snapshot.liquidation_map, snapshot.candles, snapshot.open_interest
    if given is not None:
        return (replace(given, method=Method.SIMULATED) if snapshot.simulated else given), ()
    if candles is None or interest is None:  # MarketSnapshot refuses this already
        msg = f"snapshot of {snapshot.symbol} has neither a map nor candles with open interest"
        raise FiguresError(msg)
    estimate = estimate_map(
        snapshot.candle_grids,
        float(interest.open_interest_usd[-1]),
        as_of=snapshot.as_of,
        source=snapshot.source,
        method=Method.SIMULATED if snapshot.simulated else Method.ESTIMATED,
        model=model,
    )
    return estimate, (model.note,)


def _level(liquidation_map: LiquidationMap, level: float) -> Level:
    distance_usd = abs(level - liquidation_map.price)
    return Level(
        level=level,
        intensity_usd=intensity_to(liquidation_map, level),
        distance_usd=distance_usd,
        distance=distance_usd / liquidation_map.price,
    )


def _context(snapshot: MarketSnapshot) -> Context:
    interest, candles = snapshot.open_interest, snapshot.candles
    return Context(
        open_interest_usd=None if interest is None else float(interest.open_interest_usd[-1]),
        open_interest_change_24h=(
            None if interest is None else _change(interest.stamp_ms, interest.open_interest_usd)
        ),
        price_change_24h=None if candles is None else _change(candles.known_ms, candles.close),
        funding_rate=None if snapshot.funding_rate is None else float(snapshot.funding_rate),
    )


def _change(known_ms: TimeArray, values: FloatArray) -> float | None:
    """Return the latest value's change on the one 24 h before it, as a signed fraction."""
    day_ms = CHANGE_OVER.total_seconds() * 1000
    missed_by = np.abs(known_ms[-1] - known_ms - day_ms)
    older = int(np.argmin(missed_by))
    if missed_by[older] > CHANGE_TOLERANCE * day_ms:
        return None
    return float(values[-1] / values[older] - 1)


def _range_7d(candles: Candles | None) -> PriceRange | None:
    """Return the extremes of the last 7 days, or None if the bars do not cover them."""
    if candles is None:
        return None
    start_ms = candles.known_ms[-1] - RANGE_OVER.total_seconds() * 1000
    recent = candles.open_ms >= start_ms
    covered = candles.interval * int(recent.sum())
    if candles.open_ms[0] > start_ms or covered < RANGE_COVERED * RANGE_OVER:
        return None
    return PriceRange(high=float(candles.high[recent].max()), low=float(candles.low[recent].min()))
