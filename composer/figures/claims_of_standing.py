"""Claims about today among earlier editions: records, streaks, what is usual, past calls."""

from collections.abc import Iterator
from decimal import Decimal

from composer.figures.predicates import Predicate, at_least, at_most, less, more
from composer.figures.thresholds import (
    ABOVE_USUAL,
    BELOW_USUAL,
    CITED_FROM,
    MILD,
    RECORD_EDITIONS,
    STREAK_EDITIONS,
)

_SHORT_HEAVY, _LONG_HEAVY = at_least("skew", MILD), at_most("skew", -MILD)
_SHORTS_MORE = more("totals.short_usd", "usual.short_usd", ABOVE_USUAL)
_SHORTS_LESS = less("totals.short_usd", "usual.short_usd", BELOW_USUAL)
_LONGS_MORE = more("totals.long_usd", "usual.long_usd", ABOVE_USUAL)
_LONGS_LESS = less("totals.long_usd", "usual.long_usd", BELOW_USUAL)


def _highest(name: str) -> Predicate:
    return at_least(f"standing.{name}.high_editions", RECORD_EDITIONS)


def _lowest(name: str) -> Predicate:
    return at_least(f"standing.{name}.low_editions", RECORD_EDITIONS)


def _records() -> Iterator[tuple[str, str, Predicate]]:
    """Yield the claims that a figure is above, or below, all of the latest 30 editions or more."""
    for claim_id, name, what in (
        ("ratio_record", "ratio", "the ratio"),
        ("short_total_record", "short_total", "shorts near the price"),
        ("long_total_record", "long_total", "longs near the price"),
        ("short_cluster_record", "largest_short_cluster", "the largest short cluster"),
        ("long_cluster_record", "largest_long_cluster", "the largest long cluster"),
        ("open_interest_record_editions", "open_interest", "open interest"),
        ("short_liquidations_record", "short_liquidations", "liquidations of shorts"),
        ("long_liquidations_record", "long_liquidations", "liquidations of longs"),
        ("volume_record", "volume", "volume against its mean"),
        ("volatility_record", "volatility", "volatility"),
    ):
        yield (
            claim_id,
            f"{what}: more than in any of the last {RECORD_EDITIONS} editions, or of more",
            _highest(name),
        )
    for claim_id, name, what in (
        ("open_interest_low_editions", "open_interest", "open interest"),
        ("volume_low_record", "volume", "volume against its mean"),
        ("volatility_low_record", "volatility", "volatility"),
    ):
        yield (
            claim_id,
            f"{what}: less than in any of the last {RECORD_EDITIONS} editions, or of more",
            _lowest(name),
        )


def _streaks() -> Iterator[tuple[str, str, Predicate]]:
    """Yield the claims that a lean held, or a figure went one way, for 3 editions or more."""
    for lean in ("short_heavy", "long_heavy", "balanced"):
        yield (
            f"{lean}_streak",
            f"{lean} in {STREAK_EDITIONS} editions in a row or more, today's included",
            at_least(f"standing.{lean}_editions", STREAK_EDITIONS),
        )
    for name in ("short_total", "long_total", "open_interest"):
        for way, did in (("rising", "rose"), ("falling", "fell")):
            yield (
                f"{name}_{way}",
                f"{name} {did} in {STREAK_EDITIONS} editions in a row or more",
                at_least(f"standing.{name}.{way}_editions", STREAK_EDITIONS),
            )


def _rates() -> Iterator[tuple[str, str, Predicate]]:
    """Yield the claims about the record of past calls, per horizon."""
    for name, horizon in (("", "24h"), ("_72h", "72h"), ("_7d", "7d")):
        rate = f"scorecard.{horizon}.any"
        enough = at_least(f"{rate}.apart", CITED_FROM)
        by_chance = ~more(f"{rate}.low", f"{rate}.base_rate") & ~less(
            f"{rate}.high", f"{rate}.base_rate"
        )
        yield (
            f"record_known{name}",
            f"the past levels were followed over {CITED_FROM} or more horizons of {horizon} apart",
            enough,
        )
        yield (
            f"record_like_chance{name}",
            f"of levels reached within {horizon}, the interval holds the rate of any as far away",
            enough & by_chance,
        )


TABLE: tuple[tuple[str, str, Predicate], ...] = (
    (
        "skew_record_short",
        f"heavy on shorts, by more than in any of the last {RECORD_EDITIONS} editions, or of more",
        _highest("skew") & _SHORT_HEAVY,
    ),
    (
        "skew_record_long",
        f"heavy on longs, by more than in any of the last {RECORD_EDITIONS} editions, or of more",
        _lowest("skew") & _LONG_HEAVY,
    ),
    *_records(),
    *_streaks(),
    (
        "funding_turned",
        "funding changed its sign since the edition before, from clear to clear",
        at_least("standing.funding.turned", Decimal(1)),
    ),
    (
        "shorts_above_usual",
        f"shorts near the price over {ABOVE_USUAL} times the median of earlier editions",
        _SHORTS_MORE,
    ),
    (
        "longs_above_usual",
        f"longs near the price over {ABOVE_USUAL} times the median of earlier editions",
        _LONGS_MORE,
    ),
    (
        "shorts_below_usual",
        f"shorts near the price under {BELOW_USUAL} of the median of earlier editions",
        _SHORTS_LESS,
    ),
    (
        "longs_below_usual",
        f"longs near the price under {BELOW_USUAL} of the median of earlier editions",
        _LONGS_LESS,
    ),
    (
        "both_usual",
        f"both sides from {BELOW_USUAL} to {ABOVE_USUAL} times their medians",
        ~_SHORTS_MORE & ~_SHORTS_LESS & ~_LONGS_MORE & ~_LONGS_LESS,
    ),
    *_rates(),
)
