"""Say which way the leverage around the price leans, and how far.

Direction and strength come from the skew in the symmetric window alone: two levels
at unequal distances favour the farther one whatever the book looks like.
"""

from composer.figures.report import Direction, Outlook, Strength
from composer.figures.thresholds import DIFFERS, EXTREME, MILD, STRONG
from composer.market.records import Side

_STRENGTHS = (
    (float(EXTREME), Strength.EXTREME),
    (float(STRONG), Strength.STRONG),
    (float(MILD), Strength.MILD),
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
    """Return whether the levels lean clearly, by `DIFFERS`, where the outlook does not."""
    leaning = max(upper_usd, lower_usd) > float(DIFFERS) * min(upper_usd, lower_usd)
    return leaning and heavier_side(outlook, upper_usd=upper_usd, lower_usd=lower_usd) is None
