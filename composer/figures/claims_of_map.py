"""Claims about the liquidation map: which way it leans, what lies nearer, where it is dense."""

from composer.figures.predicates import (
    Predicate,
    above,
    at_least,
    at_most,
    known,
    less,
    more,
    size,
    zero,
)
from composer.figures.thresholds import DIFFERS, EXTREME, MIDDLE, MILD, NEARER, STRONG

_UPPER, _LOWER = "upper.intensity_usd", "lower.intensity_usd"
_UP, _DOWN = "equal_notional.up_usd", "equal_notional.down_usd"

_SHORT_HEAVY, _LONG_HEAVY = at_least("skew", MILD), at_most("skew", -MILD)
_NOTHING_NEAR = zero("totals.long_usd") & zero("totals.short_usd")
_MORE_SHORT, _MORE_LONG = more(_UPPER, _LOWER, DIFFERS), more(_LOWER, _UPPER, DIFFERS)
_NEARER_UP, _NEARER_DOWN = less(_UP, _DOWN, NEARER), less(_DOWN, _UP, NEARER)
_LARGER_ABOVE = more("cluster_sums.largest_short_usd", "cluster_sums.largest_long_usd", DIFFERS)
_LARGER_BELOW = more("cluster_sums.largest_long_usd", "cluster_sums.largest_short_usd", DIFFERS)
_SOME_NOTIONAL = above("equal_notional.notional_usd", 0)

TABLE: tuple[tuple[str, str, Predicate], ...] = (
    ("short_heavy", f"skew of {MILD} or more", _SHORT_HEAVY),
    ("long_heavy", f"skew of -{MILD} or less", _LONG_HEAVY),
    (
        "balanced",
        f"skew nearer to 0 than {MILD}, over something to be balanced",
        ~_SHORT_HEAVY & ~_LONG_HEAVY & ~_NOTHING_NEAR,
    ),
    ("nothing_near", "the map holds nothing of either side near the price", _NOTHING_NEAR),
    ("no_shorts_to_upper_level", "the map holds no shorts up to the upper level", zero(_UPPER)),
    ("no_longs_to_lower_level", "the map holds no longs down to the lower level", zero(_LOWER)),
    ("tilted", f"skew from {MILD} to below {STRONG}, either way", size("skew", MILD, STRONG)),
    (
        "heavily_skewed",
        f"skew from {STRONG} to below {EXTREME}, either way",
        size("skew", STRONG, EXTREME),
    ),
    ("lopsided", f"skew of {EXTREME} or more, either way", size("skew", EXTREME)),
    (
        "more_short_at_levels",
        f"more than {DIFFERS} times as much to the upper level as to the lower",
        _MORE_SHORT,
    ),
    (
        "more_long_at_levels",
        f"more than {DIFFERS} times as much to the lower level as to the upper",
        _MORE_LONG,
    ),
    (
        "levels_even",
        f"neither level has more than {DIFFERS} times the other, and one has something",
        ~_MORE_SHORT & ~_MORE_LONG & (above(_UPPER, 0) | above(_LOWER, 0)),
    ),
    (
        "nearer_fuel_up",
        f"equal notional lies nearer above: less than {NEARER} of the way down",
        _NEARER_UP,
    ),
    (
        "nearer_fuel_down",
        f"equal notional lies nearer below: less than {NEARER} of the way up",
        _NEARER_DOWN,
    ),
    (
        "fuel_even",
        "equal notional lies about as far up as down",
        ~_NEARER_UP & ~_NEARER_DOWN,
    ),
    (
        "shorts_never_meet_notional",
        "the whole map holds less of shorts than the notional",
        _SOME_NOTIONAL & ~known(_UP),
    ),
    (
        "longs_never_meet_notional",
        "the whole map holds less of longs than the notional",
        _SOME_NOTIONAL & ~known(_DOWN),
    ),
    (
        "cluster_beyond_lower_level",
        "a long cluster lies below the lower level",
        known("next_lower.level"),
    ),
    (
        "cluster_beyond_upper_level",
        "a short cluster lies above the upper level",
        known("next_upper.level"),
    ),
    (
        "more_beyond_lower_level",
        "the next long cluster holds more than all longs down to the lower level, some of them",
        more("next_lower.notional_usd", _LOWER) & above(_LOWER, 0),
    ),
    (
        "more_beyond_upper_level",
        "the next short cluster holds more than all shorts up to the upper level, some of them",
        more("next_upper.notional_usd", _UPPER) & above(_UPPER, 0),
    ),
    (
        "larger_clusters_above",
        f"the largest short cluster holds more than {DIFFERS} times the largest long one",
        _LARGER_ABOVE,
    ),
    (
        "larger_clusters_below",
        f"the largest long cluster holds more than {DIFFERS} times the largest short one",
        _LARGER_BELOW,
    ),
    (
        "heavier_steps_above",
        f"the heaviest steps above hold more than {DIFFERS} times those below",
        more("shape.heaviest_short_usd", "shape.heaviest_long_usd", DIFFERS),
    ),
    (
        "heavier_steps_below",
        f"the heaviest steps below hold more than {DIFFERS} times those above",
        more("shape.heaviest_long_usd", "shape.heaviest_short_usd", DIFFERS),
    ),
    (
        "shorts_grow_with_distance",
        f"the outer half of the window holds more than {DIFFERS} times the shorts of the inner",
        more("shape.outer_short_usd", "shape.inner_short_usd", DIFFERS),
    ),
    (
        "longs_grow_with_distance",
        f"the outer half of the window holds more than {DIFFERS} times the longs of the inner",
        more("shape.outer_long_usd", "shape.inner_long_usd", DIFFERS),
    ),
    (
        "longs_more_spread_out",
        f"the heaviest steps hold a share of the longs under {NEARER} of that of the shorts",
        less("shape.heaviest_long_share", "shape.heaviest_short_share", NEARER),
    ),
    (
        "shorts_more_spread_out",
        f"the heaviest steps hold a share of the shorts under {NEARER} of that of the longs",
        less("shape.heaviest_short_share", "shape.heaviest_long_share", NEARER),
    ),
    (
        "price_mid_map",
        f"price at {MIDDLE[0]} to {MIDDLE[1]} of the way through the map",
        at_least("map_span.position", MIDDLE[0]) & at_most("map_span.position", MIDDLE[1]),
    ),
    (
        "range_leans_short",
        f"skew between the levels of {MILD} or more",
        at_least("range_skew", MILD),
    ),
    (
        "range_leans_long",
        f"skew between the levels of -{MILD} or less",
        at_most("range_skew", -MILD),
    ),
    (
        "levels_contradict_skew",
        "the levels weigh the other way than the skew",
        (_SHORT_HEAVY & _MORE_LONG) | (_LONG_HEAVY & _MORE_SHORT),
    ),
    (
        "fuel_contradicts_skew",
        "equal notional lies nearer on the other side than the skew is heavy on",
        (_SHORT_HEAVY & _NEARER_DOWN) | (_LONG_HEAVY & _NEARER_UP),
    ),
    (
        "clusters_contradict_skew",
        "the largest cluster is on the other side than the skew is heavy on",
        (_SHORT_HEAVY & _LARGER_BELOW) | (_LONG_HEAVY & _LARGER_ABOVE),
    ),
)
