"""What a post leads with, what else it tells, and in which order: decided by the figures.

The same in every language: it depends on the facts and on which edition and format it is,
never on words. What is unusual for the symbol comes first (`standing.*.score`); where no
history tells, named weights do; what is worth about the same takes turns.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.figures import claims
from composer.figures.facts import Fact, number_of

# What a figure is worth of which nothing is claimed.
_PLAIN = 0.05
# How far apart two scores may be and still take turns.
_TURNS = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """Something a post may tell, if all claims of one of the groups hold or a fact is known.

    standing : names in the facts' group `standing` whose scores say how unusual it is
    weight : what it is worth at least, in [0, 1]
    """

    name: str
    claims: tuple[tuple[str, ...], ...]
    facts: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    weight: float


def _any_of(*names: str) -> tuple[tuple[str, ...], ...]:
    return tuple((name,) for name in names)


# What a post may open with.
_LEADS = (
    _Subject(name="nothing", claims=_any_of("nothing_near"), weight=2.0),
    _Subject(name="reversal", claims=_any_of("lead_reversed_since_previous"), weight=1.0),
    _Subject(name="faded", claims=_any_of("lean_faded_since_previous"), weight=0.95),
    _Subject(
        name="swept", claims=_any_of("upper_cluster_swept", "lower_cluster_swept"), weight=0.9
    ),
    _Subject(
        name="record",
        claims=_any_of("skew_record_short", "skew_record_long", "oi_record_n_days"),
        weight=0.85,
    ),
    _Subject(
        name="levels",
        claims=(("short_heavy", "more_short_at_levels"), ("long_heavy", "more_long_at_levels")),
        standing=("ratio", "skew"),
        weight=0.4,
    ),
    _Subject(
        name="distance",
        claims=(("short_heavy", "nearer_fuel_up"), ("long_heavy", "nearer_fuel_down")),
        standing=("equal_notional", "skew"),
        weight=0.4,
    ),
    _Subject(
        name="lean", claims=_any_of("short_heavy", "long_heavy"), standing=("skew",), weight=0.1
    ),
    _Subject(name="balanced", claims=_any_of("balanced"), weight=0.3),
)

_TOPICS = (
    _Subject(
        name="price",
        claims=_any_of("price_rose_24h", "price_fell_24h"),
        facts=("context.price_change_24h", "context.price_change_7d"),
        standing=("price_24h", "price_7d"),
        weight=0.25,
    ),
    _Subject(
        name="range",
        claims=_any_of(
            "high_set_today_7d",
            "low_set_today_7d",
            "high_touched_7d",
            "low_touched_7d",
            "fell_back_from_7d_high",
            "came_back_from_7d_low",
        ),
        weight=0.3,
    ),
    _Subject(
        name="open_interest",
        claims=_any_of(
            "oi_rose_24h",
            "oi_fell_24h",
            "oi_high_in_history",
            "oi_low_in_history",
            "oi_record_n_days",
            "oi_low_n_days",
        ),
        facts=("context.open_interest_usd",),
        standing=("open_interest", "open_interest_24h", "open_interest_7d"),
        weight=0.35,
    ),
    _Subject(
        name="funding",
        claims=_any_of("longs_pay_funding", "shorts_pay_funding"),
        facts=("context.funding_rate",),
        standing=("funding",),
        weight=0.35,
    ),
    _Subject(
        name="accounts",
        claims=_any_of("accounts_mostly_long", "accounts_mostly_short"),
        facts=("context.long_accounts_share",),
        standing=("accounts",),
        weight=0.25,
    ),
    _Subject(
        name="liquidations",
        claims=_any_of(
            "more_longs_liquidated_24h",
            "more_shorts_liquidated_24h",
            "heavy_side_liquidated_24h",
        ),
        facts=("context.long_liquidations_24h_usd",),
        standing=("long_liquidations", "short_liquidations"),
        weight=0.4,
    ),
    _Subject(
        name="volume",
        claims=_any_of("volume_halved", "volume_high"),
        facts=("context.volume_24h_usd",),
        standing=("volume",),
        weight=0.3,
    ),
    _Subject(
        name="volatility",
        claims=_any_of("volatility_low", "volatility_high"),
        facts=("context.volatility_7d",),
        standing=("volatility",),
        weight=0.25,
    ),
    _Subject(
        name="etf",
        claims=_any_of("etf_inflow_week", "etf_outflow_week", "etf_flow_turned"),
        facts=("context.etf.week_usd", "context.etf.day_usd"),
        standing=("etf_day", "etf_week"),
        weight=0.35,
    ),
    _Subject(
        name="shape",
        claims=_any_of(
            "longs_more_spread_out",
            "shorts_more_spread_out",
            "larger_clusters_above",
            "larger_clusters_below",
            "heavier_steps_above",
            "heavier_steps_below",
            "shorts_grow_with_distance",
            "longs_grow_with_distance",
        ),
        standing=("largest_long_cluster", "largest_short_cluster"),
        weight=0.3,
    ),
    _Subject(
        name="change",
        claims=_any_of(
            "lean_grew_since_previous",
            "lean_faded_since_previous",
            "upper_level_reached",
            "lower_level_reached",
            *(
                f"{end}_cluster_{happened}"
                for end in ("upper", "lower")
                for happened in ("reached", "gone", "grew", "shrank", "moved_up", "moved_down")
            ),
        ),
        facts=("change.since",),
        weight=0.5,
    ),
    _Subject(
        name="standing",
        claims=_any_of(
            "skew_record_short",
            "skew_record_long",
            "short_total_record",
            "long_total_record",
            "ratio_record",
            "open_interest_record_editions",
            "short_heavy_streak",
            "long_heavy_streak",
            "balanced_streak",
            "shorts_above_usual",
            "longs_above_usual",
            "shorts_below_usual",
            "longs_below_usual",
        ),
        facts=("usual.long_usd",),
        standing=("long_total", "short_total"),
        weight=0.3,
    ),
)


class Story:
    """The choices of one post; `seed` names its edition and format."""

    def __init__(self, facts: Mapping[str, Fact], seed: str) -> None:
        """Decide over `facts`; the same facts and seed give the same choices."""
        self._facts = facts
        self._seed = seed

    @property
    def lead(self) -> str:
        """What the post opens with: the name of a lead."""
        return self._ranked(_LEADS)[0]

    def outline(self, names: Sequence[str]) -> str:
        """Return one of several orders to tell the story in; they take turns."""
        return names[_number(f"{self._seed} outline") % len(names)]

    def topics(self, most: int) -> list[str]:
        """Return what else is worth telling, up to `most` names, the most newsworthy first."""
        return self._ranked(_TOPICS)[:most]

    def _ranked(self, subjects: Sequence[_Subject]) -> list[str]:
        told = (one for one in subjects if self._has_something_to_say(one))
        return [one.name for one in sorted(told, key=lambda one: (-self._score(one), one.name))]

    def _has_something_to_say(self, subject: _Subject) -> bool:
        return any(fact in self._facts for fact in subject.facts) or self._claimed(subject)

    def _claimed(self, subject: _Subject) -> bool:
        return any(
            all(claims.holds(claim, self._facts) for claim in group) for group in subject.claims
        )

    def _score(self, subject: _Subject) -> float:
        """Return what a subject is worth today, and a little more when it is its turn."""
        scores = (number_of(self._facts, f"standing.{name}.score") for name in subject.standing)
        unusual = max((float(score) for score in scores if score is not None), default=0.0)
        turn = _number(f"{self._seed} {subject.name}") % 1000 / 1000
        weight = subject.weight if self._claimed(subject) else _PLAIN
        return max(unusual, weight) + _TURNS * turn


def _number(words: str) -> int:
    """Return a number that only these words have, as good as; the same on every machine."""
    return zlib.crc32(words.encode())
