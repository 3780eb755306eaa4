"""Claims about what changed since the previous edition: the lean, clusters, levels."""

from collections.abc import Iterator

from composer.figures.predicates import (
    Predicate,
    at_least,
    at_most,
    known,
    less,
    more,
)
from composer.figures.thresholds import CLUSTER_GREW, CLUSTER_MOVED, LEAN_MOVED, MILD

_SHORT_HEAVY, _LONG_HEAVY = at_least("skew", MILD), at_most("skew", -MILD)
_WAS_SHORT_HEAVY = at_least("change.skew_was", MILD)
_WAS_LONG_HEAVY = at_most("change.skew_was", -MILD)


def _of_side(name: str) -> Iterator[tuple[str, str, Predicate]]:
    """Yield the claims about the `upper` or the `lower` level and cluster that there was."""
    cluster = f"change.{name}_cluster"
    if name == "upper":
        level_met = ~less("change.high", "change.upper_level_was")
        met = ~less("change.high", f"{cluster}.low_was")
        swept = ~less("change.high", f"{cluster}.high_was")
        beyond, side = "above", "short"
    else:
        level_met = ~more("change.low", "change.lower_level_was")
        met = ~more("change.low", f"{cluster}.high_was")
        swept = ~more("change.low", f"{cluster}.low_was")
        beyond, side = "below", "long"
    yield (
        f"{name}_level_reached",
        f"price has been at the {name} level of the previous edition, or {beyond} it",
        level_met,
    )
    yield (
        f"{name}_cluster_swept",
        f"price has gone through the whole of the largest {side} cluster that there was",
        swept,
    )
    yield (
        f"{name}_cluster_reached",
        f"price has gone into the largest {side} cluster that there was, not through it",
        met & ~swept,
    )
    yield (
        f"{name}_cluster_gone",
        f"the largest {side} cluster that there was is no more, though price did not reach it",
        ~met & ~known(f"{cluster}.peak"),
    )
    yield (
        f"{name}_cluster_grew",
        f"that {side} cluster holds more by {CLUSTER_GREW} or more",
        at_least(f"{cluster}.notional_usd_change", CLUSTER_GREW),
    )
    yield (
        f"{name}_cluster_shrank",
        f"that {side} cluster holds less by {CLUSTER_GREW} or more",
        at_most(f"{cluster}.notional_usd_change", -CLUSTER_GREW),
    )
    yield (
        f"{name}_cluster_moved_up",
        f"that {side} cluster lies higher by {CLUSTER_MOVED} or more",
        at_least(f"{cluster}.peak_change", CLUSTER_MOVED),
    )
    yield (
        f"{name}_cluster_moved_down",
        f"that {side} cluster lies lower by {CLUSTER_MOVED} or more",
        at_most(f"{cluster}.peak_change", -CLUSTER_MOVED),
    )


TABLE: tuple[tuple[str, str, Predicate], ...] = (
    (
        "lead_reversed_since_previous",
        f"skew of {MILD} or more then and of as much the other way now",
        (_WAS_SHORT_HEAVY & _LONG_HEAVY) | (_WAS_LONG_HEAVY & _SHORT_HEAVY),
    ),
    (
        "lean_grew_since_previous",
        f"skew farther from 0 by {LEAN_MOVED} or more, on the same side",
        at_least("change.lean_change", LEAN_MOVED)
        & ((_WAS_SHORT_HEAVY & _SHORT_HEAVY) | (_WAS_LONG_HEAVY & _LONG_HEAVY)),
    ),
    (
        "lean_faded_since_previous",
        f"skew of {MILD} or more then, nearer to 0 than that now",
        (_WAS_SHORT_HEAVY | _WAS_LONG_HEAVY) & ~_SHORT_HEAVY & ~_LONG_HEAVY,
    ),
    *_of_side("upper"),
    *_of_side("lower"),
)
