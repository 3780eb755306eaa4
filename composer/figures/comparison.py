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
