"""How newsworthy each figure of today is, judged by its own history.

Different days then lead with different figures: one that is the highest for months, or has
turned since the edition before, beats one that reads as it always does. A figure without
enough of a history is not judged at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from composer.figures.facts import Fact, number_of
from composer.figures.past import PastFigures, comparable
from composer.figures.thresholds import (
    INTEREST_MOVED_24H,
    MILD,
    MOVED_24H,
    RECORD_EDITIONS,
    STREAK_EDITIONS,
)

# What a text may lead with. A change of sign is a reversal if both values are this far from
# zero; None where the sign says nothing.
CANDIDATES: Mapping[str, Decimal | None] = MappingProxyType(
    {
        "skew": MILD,
        "ratio": None,
        "equal_notional.ratio": None,
        "totals.long_usd": None,
        "totals.short_usd": None,
        "cluster_sums.largest_long_usd": None,
        "cluster_sums.largest_short_usd": None,
        "context.price_change_24h": MOVED_24H,
        "context.price_change_7d": MOVED_24H,
        "context.open_interest_usd": None,
        "context.open_interest_change_24h": INTEREST_MOVED_24H,
        "context.open_interest_change_7d": INTEREST_MOVED_24H,
        "context.funding_rate": Decimal("0.00005"),  # half of what most venues pay at rest
        "context.long_short_ratio": None,
        "context.long_liquidations_24h_usd": None,
        "context.short_liquidations_24h_usd": None,
        "context.volume_ratio_30d": None,
        "context.volatility_7d": None,
        "context.etf.day_usd": Decimal(50_000_000),
        "context.etf.week_usd": Decimal(50_000_000),
    }
)

WINDOWS = (30, 90)  # editions: a month and a season of daily ones
JUDGED_FROM = 10  # earlier editions with the figure
RECORD_FROM = int(RECORD_EDITIONS)  # editions that a value has to be beyond to be a record
STREAK_FROM, STREAK_FULL = int(STREAK_EDITIONS), 7  # changes one way, today's included

# What each part weighs; a record is unusual as well, so that it outweighs a reversal.
UNUSUAL, RECORD, STREAK, REVERSAL = 3.0, 3.0, 1.0, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsworthy:
    """A figure with its score in [0, 1] and what it came of.

    unusual : 0 for the median of its history, 1 beyond all of it
    record_over : how many of the latest editions it is above all of, or below if negative;
        0 if fewer than `RECORD_FROM`
    streak : how many times in a row it rose, or fell if negative; 0 if fewer than `STREAK_FROM`
    reversed : whether its sign is another than in the edition before
    editions : how many it was compared with
    """

    fact_id: str
    score: float
    unusual: float
    record_over: int
    streak: int
    reversed: bool
    editions: int


def newsworthiness(
    facts: Mapping[str, Fact], past: Iterable[PastFigures]
) -> tuple[Newsworthy, ...]:
    """Return the figures of today that can be judged, the most newsworthy first.

    Only earlier editions that compare with today's count, in whatever order they come.
    """
    earlier = comparable(past, facts)
    judged = (
        _judge(fact_id, value, history)
        for fact_id in CANDIDATES
        if (value := number_of(facts, fact_id)) is not None
        if len(history := history_of(fact_id, earlier)) >= JUDGED_FROM
    )
    return tuple(sorted(judged, key=lambda one: (-one.score, one.fact_id)))


def history_of(fact_id: str, past: Iterable[PastFigures]) -> list[Decimal]:
    """Return the values that earlier editions had, oldest first, of 90 at most."""
    values: dict[datetime, Decimal] = {}
    for edition in past:
        then = number_of(edition.facts, fact_id)
        if then is not None:
            # Of two editions of one moment one counts, the same whichever comes first.
            values[edition.as_of] = max(then, values.get(edition.as_of, then))
    return [values[moment] for moment in sorted(values)][-max(WINDOWS) :]


def _judge(fact_id: str, value: Decimal, history: Sequence[Decimal]) -> Newsworthy:
    unusual = sum(_unusual(value, history[-window:]) for window in WINDOWS) / len(WINDOWS)
    beyond = _beyond(value, history)
    record_over = beyond if abs(beyond) >= RECORD_FROM else 0
    run = _run([*history, value])
    streak = run if abs(run) >= STREAK_FROM else 0
    turned = _turned(fact_id, history[-1], value)
    parts = (
        UNUSUAL * unusual,
        RECORD * abs(record_over) / max(WINDOWS),
        STREAK * min(abs(streak), STREAK_FULL) / STREAK_FULL,
        REVERSAL * turned,
    )
    return Newsworthy(
        fact_id=fact_id,
        score=sum(parts) / (UNUSUAL + RECORD + STREAK + REVERSAL),
        unusual=unusual,
        record_over=record_over,
        streak=streak,
        reversed=turned,
        editions=len(history),
    )


def _unusual(value: Decimal, history: Sequence[Decimal]) -> float:
    """Return how far from the middle of its history a value ranks, in [0, 1]."""
    below = sum(then < value for then in history)
    above = sum(then > value for then in history)
    return abs(below - above) / len(history)


def _beyond(value: Decimal, history: Sequence[Decimal]) -> int:
    """Return how many of the latest values a value is above all of, negative if below."""
    above = below = len(history)
    for ago, then in enumerate(reversed(history)):
        if then >= value:
            above = min(above, ago)
        if then <= value:
            below = min(below, ago)
    return above if above > below else -below


def _run(values: Sequence[Decimal]) -> int:
    """Return how many changes in a row, up to the last, were rises; falls are negative."""
    run = 0
    for i in range(len(values) - 1, 0, -1):
        change = (values[i] > values[i - 1]) - (values[i] < values[i - 1])
        if change == 0 or change * run < 0:
            break
        run += change
    return run


def _turned(fact_id: str, before: Decimal, value: Decimal) -> bool:
    least = CANDIDATES[fact_id]
    return least is not None and before * value < 0 and min(abs(before), abs(value)) >= least
