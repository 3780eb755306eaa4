"""Where the figures of today stand among those of earlier editions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from types import MappingProxyType
from typing import Any

from composer.figures.comparison import Place, Standing
from composer.figures.facts import Fact, number_of
from composer.figures.newsworthiness import (
    CANDIDATES,
    Newsworthy,
    history_of,
    newsworthiness,
)
from composer.figures.outlook import outlook_of
from composer.figures.past import PastFigures, comparable
from composer.figures.report import Direction

# What each candidate is called in `Standing`.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "skew": "skew",
        "ratio": "ratio",
        "equal_notional.ratio": "equal_notional",
        "totals.long_usd": "long_total",
        "totals.short_usd": "short_total",
        "cluster_sums.largest_long_usd": "largest_long_cluster",
        "cluster_sums.largest_short_usd": "largest_short_cluster",
        "context.price_change_24h": "price_24h",
        "context.price_change_7d": "price_7d",
        "context.open_interest_usd": "open_interest",
        "context.open_interest_change_24h": "open_interest_24h",
        "context.open_interest_change_7d": "open_interest_7d",
        "context.funding_rate": "funding",
        "context.long_short_ratio": "accounts",
        "context.long_liquidations_24h_usd": "long_liquidations",
        "context.short_liquidations_24h_usd": "short_liquidations",
        "context.volume_ratio_30d": "volume",
        "context.volatility_7d": "volatility",
        "context.etf.day_usd": "etf_day",
        "context.etf.week_usd": "etf_week",
    }
)
_STREAKS: Mapping[Direction, str] = MappingProxyType(
    {
        Direction.SHORT_SQUEEZE: "short_heavy_editions",
        Direction.LONG_CASCADE: "long_heavy_editions",
        Direction.BALANCED: "balanced_editions",
    }
)


def standing_of(
    facts: Mapping[str, Fact], past: Sequence[PastFigures], replayed: Sequence[PastFigures] = ()
) -> Standing | None:
    """Return where the figures behind `facts` stand, or None if nothing can be said.

    replayed : figures of days without an edition. They count for the scores alone: what is
        said of editions is said of those that were made.
    """
    editions = comparable(past, facts)
    made = {one.fact_id: one for one in newsworthiness(facts, editions)}
    places: dict[str, Any] = {
        NAMES[one.fact_id]: _place(
            one, made.get(one.fact_id), len(history_of(one.fact_id, editions))
        )
        for one in newsworthiness(facts, [*editions, *replayed])
    }
    found = _lean_streak(facts, editions) | places
    return Standing(**found) if found else None


def _place(judged: Newsworthy, made: Newsworthy | None, editions: int) -> Place:
    """Return a place: the score of the whole history, the rest of the editions made."""
    place = Place(
        score=judged.score, editions=editions, replayed_editions=judged.editions - editions
    )
    if made is None:
        return place
    return replace(
        place,
        high_editions=made.record_over if made.record_over > 0 else None,
        low_editions=-made.record_over if made.record_over < 0 else None,
        rising_editions=made.streak if made.streak > 0 else None,
        falling_editions=-made.streak if made.streak < 0 else None,
        turned=None if CANDIDATES[made.fact_id] is None else int(made.reversed),
    )


def _lean_streak(facts: Mapping[str, Fact], made: Sequence[PastFigures]) -> dict[str, int]:
    """Return for how many editions in a row the lean has been today's, by its name."""
    now = number_of(facts, "skew")
    if now is None or not made:
        return {}
    lean = outlook_of(float(now)).direction
    before = (one.number("skew") for one in made)
    same = takewhile(lambda skew: skew is not None and outlook_of(skew).direction is lean, before)
    return {_STREAKS[lean]: 1 + sum(1 for _ in same)}
