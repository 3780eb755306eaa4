"""Whether the price has reached a level since an edition was made.

A post that speaks of a level the price has meanwhile touched is wrong when it appears,
so it is not sent; and where nobody can tell, it is not sent either.
"""

from decimal import Decimal

from composer.errors import SquaredeskError
from composer.newsroom.ports.world import Market
from composer.newsroom.records.drafts import EditionCard, StoredSnapshot

LOWER, UPPER = "lower.level", "upper.level"


class CrossedError(SquaredeskError):
    """The price has reached a level of the post; refresh the data and approve it again."""


class UnjudgedError(SquaredeskError):
    """Nobody can tell whether a level was reached; nothing is sent until somebody can."""


def require_uncrossed(card: EditionCard, snapshot: StoredSnapshot, market: Market) -> None:
    """Ask the market where the price has been since the snapshot.

    Raises CrossedError if it has been at a level or beyond, UnjudgedError if the market
    does not say.
    """
    lower, upper = (_level(snapshot, name) for name in (LOWER, UPPER))
    try:
        seen = market.range_since(card.source, card.symbol, snapshot.as_of)
    except Exception as error:
        msg = f"whether the price has reached a level cannot be judged: {error}"
        raise UnjudgedError(msg) from error
    if seen.low <= lower:
        msg = f"the price has been at {seen.low:,.10g}, the lower level is {lower:,}; refresh"
        raise CrossedError(msg)
    if seen.high >= upper:
        msg = f"the price has been at {seen.high:,.10g}, the upper level is {upper:,}; refresh"
        raise CrossedError(msg)


def _level(snapshot: StoredSnapshot, name: str) -> Decimal:
    fact = snapshot.facts.get(name)
    if fact is None or not isinstance(fact.value, Decimal):
        msg = f"the snapshot {snapshot.id} has no fact {name}, so nothing can be judged by it"
        raise UnjudgedError(msg)
    return fact.value
