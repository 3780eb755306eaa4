"""Compute every figure of one market snapshot."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from composer.errors import FiguresError
from composer.figures.book import BOOK, BookModel
from composer.figures.changes import change_since, usual_of
from composer.figures.clusters import find_clusters, next_cluster
from composer.figures.context import WEEK, Context, context_of
from composer.figures.facts import facts_of
from composer.figures.imbalance import (
    WINDOW,
    equal_distance,
    equal_notional,
    intensities_to,
    lean,
    ratio,
    totals,
)
from composer.figures.levels import LevelPolicy
from composer.figures.liquidation_map import estimate_map
from composer.figures.outlook import heavier_side, levels_disagree, outlook_of
from composer.figures.past import PastFigures
from composer.figures.reasons import contradictions_in, reasons_for
from composer.figures.report import Estimate, Figures, Level, PriceRange
from composer.figures.shape import (
    at_risk,
    cluster_sums,
    measure_clusters,
    round_levels,
    shape_of,
    span_of,
    venues_of,
)
from composer.figures.standing import standing_of
from composer.figures.thresholds import THIN_DAYS, THIN_INTEREST_USD
from composer.figures.windows import extremes
from composer.market.margin import BTC_TIERS, LeverageTier
from composer.market.records import LiquidationMap, MarketSnapshot, Method, Side

LEVELS_DISAGREE = "levels_disagree"


def compute_figures(
    snapshot: MarketSnapshot,
    *,
    levels: LevelPolicy,
    notional_usd: float | None = None,
    model: BookModel = BOOK,
    past: Sequence[PastFigures] = (),
) -> Figures:
    """Return every figure of `snapshot`.

    notional_usd : for the equal-notional distances, USD, > 0; see `equal_notional`
    model : of the estimate where the snapshot has no map; the notes say which it was
    past : earlier editions of the symbol, in any order; see `compare`

    The price is that of the liquidation map, so that every figure is read from one
    place; without a map, one is estimated from the candles and the latest open interest.
    Raises FiguresError if explicit levels do not enclose the price, ConfigError if
    the notional is not positive.
    """
    liquidation_map, notes = _map_of(snapshot, model)
    price = liquidation_map.price
    context = context_of(snapshot)
    estimate = _estimate(snapshot, context)
    clusters = measure_clusters(find_clusters(liquidation_map), price, context.atr_usd)
    pair = levels.choose(price, clusters)
    upper, lower, *rounds = _levels(liquidation_map, (pair.upper, pair.lower, *round_levels(price)))
    both = totals(liquidation_map)
    skewed = lean(long_usd=both.long_usd, short_usd=both.short_usd)
    outlook = outlook_of(skewed)
    at_levels = {"upper_usd": upper.intensity_usd, "lower_usd": lower.intensity_usd}
    warnings = dict(pair.warnings)
    if levels_disagree(outlook, **at_levels):
        warnings[LEVELS_DISAGREE] = (
            f"{upper.intensity_usd:.0f} USD short against {lower.intensity_usd:.0f} USD long at "
            f"the levels, skew {skewed:.3f} within {WINDOW} of price"
        )
    equal = equal_notional(liquidation_map, notional_usd)
    figures = Figures(
        symbol=snapshot.symbol,
        price=price,
        as_of=snapshot.as_of,
        source=snapshot.source,
        method=liquidation_map.method,
        upper=upper,
        lower=lower,
        ratio=ratio(upper.intensity_usd, lower.intensity_usd),
        heavier_side=heavier_side(outlook, **at_levels),
        skew=skewed,
        equal_notional=equal,
        clusters=clusters,
        next_lower=next_cluster(clusters, lower.level, Side.LONG),
        next_upper=next_cluster(clusters, upper.level, Side.SHORT),
        totals=both,
        range_7d=_range_7d(snapshot),
        outlook=outlook,
        context=context,
        equal_distance=equal_distance(equal, price),
        range_skew=lean(long_usd=lower.intensity_usd, short_usd=upper.intensity_usd),
        at_risk=at_risk(both, snapshot),
        round_levels=tuple(rounds),
        cluster_sums=cluster_sums(clusters),
        shape=shape_of(liquidation_map),
        map_span=span_of(liquidation_map),
        venues=venues_of(snapshot),
        estimate=estimate,
        notes=(*snapshot.notes, *notes, *_thin(estimate, context)),
        warnings=MappingProxyType(warnings),
        liquidation_map=liquidation_map,
    )
    return compare(figures, snapshot, past)


def compare(
    figures: Figures,
    snapshot: MarketSnapshot,
    past: Sequence[PastFigures],
    replayed: Sequence[PastFigures] = (),
) -> Figures:
    """Return the figures held against earlier editions, with what the outlook stands on.

    replayed : what editions of days without one would have said; they count for how unusual
        a figure is, and for nothing that a text says of editions

    Nothing that was read from the snapshot's map changes.
    """
    bare = replace(figures, change=None, usual=None, standing=None)
    facts = facts_of(bare)
    compared = replace(
        bare,
        change=change_since(past, bare, facts, snapshot.candle_grids),
        usual=usual_of(past, facts),
        standing=standing_of(facts, past, replayed),
    )
    if past or replayed:
        facts = facts_of(compared)
    return replace(
        compared,
        reasons=reasons_for(figures.outlook.direction, facts),
        contradictions=contradictions_in(facts),
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
        tiers=map_tiers_of(snapshot),
    )
    return estimate, (model.note,)


def map_tiers_of(snapshot: MarketSnapshot) -> Sequence[LeverageTier]:
    """Return the first tier of the market, which alone the estimate reads; else bitcoin's."""
    terms = snapshot.leverage_terms
    if terms is None:
        return BTC_TIERS
    first = LeverageTier(
        notional_cap_usd=math.inf,
        maintenance_margin_rate=terms.maintenance_margin_rate,
        max_leverage=terms.max_leverage,
        maintenance_amount_usd=0.0,
    )
    return (first,)


def _levels(liquidation_map: LiquidationMap, levels: Sequence[float]) -> Iterator[Level]:
    intensities = intensities_to(liquidation_map, levels).tolist()
    for level, intensity_usd in zip(levels, intensities, strict=True):
        distance_usd = abs(level - liquidation_map.price)
        yield Level(
            level=level,
            intensity_usd=intensity_usd,
            distance_usd=distance_usd,
            distance=distance_usd / liquidation_map.price,
        )


def _range_7d(snapshot: MarketSnapshot) -> PriceRange | None:
    """Return the extremes of the last 7 days, or None if the bars do not cover them."""
    week = extremes(snapshot.candle_grids, WEEK)
    return None if week is None else PriceRange(high=week[0], low=week[1])


def _estimate(snapshot: MarketSnapshot, context: Context) -> Estimate | None:
    """Return what an estimated map stands on, or None where the snapshot has its own map."""
    if snapshot.liquidation_map is not None or context.candle_days is None:
        return None
    return Estimate(confidence=snapshot.confidence, candle_days=context.candle_days)


def _thin(estimate: Estimate | None, context: Context) -> Iterator[str]:
    """Yield what there is too little of; the check `thin_data` has the same limits."""
    if estimate is not None and estimate.candle_days < THIN_DAYS:
        yield (
            f"Thin data: the candles reach back {estimate.candle_days} whole days, and leverage "
            "that was opened before is not on the map."
        )
    interest_usd = context.open_interest_usd
    if interest_usd is not None and interest_usd < THIN_INTEREST_USD:
        yield f"Thin data: the market's open interest is only {interest_usd:.0f} USD."
