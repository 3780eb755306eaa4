"""Say which way the leverage around the price leans, and how far.

Direction and strength come from the skew in the symmetric window alone: two levels
at unequal distances favour the farther one whatever the book looks like.
"""

from composer.figures.report import Direction, Outlook, Strength
from composer.market.records import Side

# |skew| from which a strength holds; below the first the book is balanced.
MILD_FROM = 0.15
STRONG_FROM = 0.35
EXTREME_FROM = 0.6

LEVELS_FACTOR = 1.2  # the sides at the two levels differ from this factor on

_STRENGTHS = (
    (EXTREME_FROM, Strength.EXTREME),
    (STRONG_FROM, Strength.STRONG),
    (MILD_FROM, Strength.MILD),
)
_SIDE_OF = {Direction.SHORT_SQUEEZE: Side.SHORT, Direction.LONG_CASCADE: Side.LONG}


def outlook_of(skew: float) -> Outlook:
    """Return the outlook of a skew in [-1, 1]; positive means more shorts, above the price."""
    for least, strength in _STRENGTHS:
        if abs(skew) >= least:
            direction = Direction.SHORT_SQUEEZE if skew > 0 else Direction.LONG_CASCADE
            return Outlook(direction=direction, strength=strength)
    return Outlook(direction=Direction.BALANCED, strength=None)


def heavier_side(outlook: Outlook, *, upper_usd: float, lower_usd: float) -> Side | None:
    """Return the side with more intensity at the two levels, if the outlook agrees.

    None when the outlook is balanced or leans the other way, or both sides are equal.
    """
    if upper_usd == lower_usd:
        return None
    more = Side.SHORT if upper_usd > lower_usd else Side.LONG
    return more if _SIDE_OF.get(outlook.direction) is more else None


def levels_disagree(outlook: Outlook, *, upper_usd: float, lower_usd: float) -> bool:
    """Return whether the levels lean clearly, by `LEVELS_FACTOR`, where the outlook does not."""
    leaning = max(upper_usd, lower_usd) > LEVELS_FACTOR * min(upper_usd, lower_usd)
    return leaning and heavier_side(outlook, upper_usd=upper_usd, lower_usd=lower_usd) is None
