"""Figures held against those of earlier editions, as records."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterChange:
    """What became of the largest cluster that a side had; None where it is not there any more.

    `low_was` and `high_was` are its edges, `peak_change_usd` is positive upwards.
    """

    low_was: float
    peak_was: float
    high_was: float
    notional_usd_was: float
    peak: float | None = None
    notional_usd: float | None = None
    peak_change_usd: float | None = None
    peak_change: float | None = None
    notional_usd_change: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed since the previous edition; `high` and `low` are the prices in between.

    Changes are fractions of what was, signed; `skew_change` and `lean_change` are
    differences of skew and of |skew|.
    """

    since: datetime
    high: float | None
    low: float | None
    price_was: float
    price_change: float
    skew_was: float
    skew_change: float
    lean_change: float
    upper_level_was: float
    lower_level_was: float
    long_usd_change: float | None
    short_usd_change: float | None
    open_interest_change: float | None
    upper_cluster: ClusterChange | None
    lower_cluster: ClusterChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Medians over the latest earlier `editions` that measure the same."""

    editions: int
    long_usd: float
    short_usd: float
    open_interest_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a figure of today stands in its own history.

    score : how newsworthy it is, a fraction; see `composer.figures.newsworthiness`
    editions, replayed_editions : how many it was compared with, made and replayed

    The rest speaks of editions that were made, and is None where there were under 10:
    `high_editions` is how many of the latest it is above all of, `low_editions` below, from
    30 on; `rising_editions` how many times in a row it rose, `falling_editions` fell, from 3
    on; `turned` 1 if its sign is another than in the edition before, 0 if not, None where
    the sign says nothing.
    """

    score: float
    editions: int
    replayed_editions: int
    high_editions: int | None = None
    low_editions: int | None = None
    rising_editions: int | None = None
    falling_editions: int | None = None
    turned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where figures of today stand in their history, None where that is too short.

    One of `short_heavy_editions`, `long_heavy_editions` and `balanced_editions` is for how
    many editions in a row, today's included, the map has leaned as it does; all three are
    None where there is no earlier edition.
    """

    short_heavy_editions: int | None = None
    long_heavy_editions: int | None = None
    balanced_editions: int | None = None
    skew: Place | None = None
    ratio: Place | None = None
    equal_notional: Place | None = None
    long_total: Place | None = None
    short_total: Place | None = None
    largest_long_cluster: Place | None = None
    largest_short_cluster: Place | None = None
    price_24h: Place | None = None
    price_7d: Place | None = None
    open_interest: Place | None = None
    open_interest_24h: Place | None = None
    open_interest_7d: Place | None = None
    funding: Place | None = None
    accounts: Place | None = None
    long_liquidations: Place | None = None
    short_liquidations: Place | None = None
    volume: Place | None = None
    volatility: Place | None = None
    etf_day: Place | None = None
    etf_week: Place | None = None
