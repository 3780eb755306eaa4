"""What changed since the previous edition, and what is usual for editions of the symbol."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from statistics import median

import numpy as np

from composer.figures.comparison import Change, ClusterChange, Usual
from composer.figures.facts import Fact
from composer.figures.past import PastFigures, comparable
from composer.figures.report import Cluster, Figures
from composer.market.records import Candles, Side, to_ms

LEAST_AGO = timedelta(hours=4)  # an edition of a moment ago is no previous one
MOST_AGO = timedelta(days=7)
USUAL_OVER = 30  # editions
LEAST_USUAL = 5
SAME_WITHIN = 0.01  # of price: a peak that is farther off is another cluster


def change_since(
    past: Sequence[PastFigures],
    figures: Figures,
    facts: Mapping[str, Fact],
    grids: Sequence[Candles],
) -> Change | None:
    """Return what changed since the latest comparable edition of 4 hours to 7 days ago.

    grids : candles that tell where price has been since; where none reaches back that far,
        the extremes are None
    """
    before = next(
        (
            one
            for one in comparable(past, facts)
            if LEAST_AGO <= figures.as_of - one.as_of <= MOST_AGO
        ),
        None,
    )
    if before is None:
        return None
    price_was, skew_was = before.number("price"), before.number("skew")
    upper_was, lower_was = before.number("upper.level"), before.number("lower.level")
    if price_was is None or skew_was is None or upper_was is None or lower_was is None:
        return None
    high, low = _extremes_since(to_ms(before.as_of), figures.price, grids)
    return Change(
        since=before.as_of,
        high=high,
        low=low,
        price_was=price_was,
        price_change=figures.price / price_was - 1,
        skew_was=skew_was,
        skew_change=figures.skew - skew_was,
        lean_change=abs(figures.skew) - abs(skew_was),
        upper_level_was=upper_was,
        lower_level_was=lower_was,
        long_usd_change=_growth(figures.totals.long_usd, before.number("totals.long_usd")),
        short_usd_change=_growth(figures.totals.short_usd, before.number("totals.short_usd")),
        open_interest_change=_growth(
            figures.context.open_interest_usd, before.number("context.open_interest_usd")
        ),
        upper_cluster=_cluster_change(before, price_was, figures, Side.SHORT),
        lower_cluster=_cluster_change(before, price_was, figures, Side.LONG),
    )


def usual_of(past: Sequence[PastFigures], facts: Mapping[str, Fact]) -> Usual | None:
    """Return the medians of the latest 30 comparable editions, or None if there are under 5."""
    kept = comparable(past, facts)[:USUAL_OVER]
    longs, shorts, interest = (
        [number for one in kept if (number := one.number(fact_id)) is not None]
        for fact_id in ("totals.long_usd", "totals.short_usd", "context.open_interest_usd")
    )
    if min(len(longs), len(shorts)) < LEAST_USUAL:
        return None
    return Usual(
        editions=len(kept),
        long_usd=median(longs),
        short_usd=median(shorts),
        open_interest_usd=median(interest) if len(interest) >= LEAST_USUAL else None,
    )


def _growth(now: float | None, was: float | None) -> float | None:
    return now / was - 1 if now is not None and was else None


def _extremes_since(
    since_ms: int, price: float, grids: Sequence[Candles]
) -> tuple[float | None, float | None]:
    """Return the highest and lowest price of the bars that closed after a moment."""
    if not any(int(grid.open_ms[0]) <= since_ms for grid in grids):
        return None, None
    kept = [(grid, np.asarray(grid.open_ms >= since_ms)) for grid in grids]
    highs = [float(grid.high[since].max()) for grid, since in kept if since.any()]
    lows = [float(grid.low[since].min()) for grid, since in kept if since.any()]
    return max([price, *highs]), min([price, *lows])


def _cluster_change(
    before: PastFigures, price_was: float, figures: Figures, side: Side
) -> ClusterChange | None:
    """Return what became of the largest cluster of a side, or None if it had none."""
    had = [one for one in _clusters_of(before, price_was) if one.side is side]
    if not had:
        return None
    was = max(had, key=lambda one: one.notional_usd)
    near = [
        one
        for one in figures.clusters
        if one.side is side and abs(one.peak - was.peak) <= SAME_WITHIN * figures.price
    ]
    now = min(near, key=lambda one: abs(one.peak - was.peak), default=None)
    told = ClusterChange(
        low_was=was.low, peak_was=was.peak, high_was=was.high, notional_usd_was=was.notional_usd
    )
    return told if now is None else _followed(told, now)


def _followed(was: ClusterChange, now: Cluster) -> ClusterChange:
    return replace(
        was,
        peak=now.peak,
        notional_usd=now.notional_usd,
        peak_change_usd=now.peak - was.peak_was,
        peak_change=now.peak / was.peak_was - 1,
        notional_usd_change=_growth(now.notional_usd, was.notional_usd_was),
    )


def _clusters_of(before: PastFigures, price_was: float) -> Iterator[Cluster]:
    """Yield the clusters that an edition had; a side lies on its own side of the price."""
    for place in count():
        low, peak, high, notional_usd = (
            before.number(f"clusters.{place}.{name}")
            for name in ("low", "peak", "high", "notional_usd")
        )
        if low is None or peak is None or high is None or notional_usd is None:
            return
        yield Cluster(
            side=Side.LONG if peak < price_was else Side.SHORT,
            low=low,
            peak=peak,
            high=high,
            notional_usd=notional_usd,
            distance=abs(peak - price_was) / price_was,
        )
