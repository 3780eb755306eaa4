"""What an edition said of two levels: the call that a scorecard follows."""

from dataclasses import dataclass
from datetime import datetime

from composer.errors import FiguresError
from composer.figures.outlook import outlook_of
from composer.figures.past import PastFigures
from composer.figures.report import Direction, Strength
from composer.market.records import Method, Side

UNANSWERED = Method.SIMULATED  # no market says what became of its calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Where the leverage sat at `as_of`, and the two levels told; prices in USD per coin.

    An edition never says where price will go. That price reaches the level on the heavier
    side is what its readers watch for, so that is what counts as a hit.
    """

    as_of: datetime
    price: float
    lower: float
    upper: float
    skew: float

    @property
    def direction(self) -> Direction:
        """Where the leverage leaned."""
        return outlook_of(self.skew).direction

    @property
    def strength(self) -> Strength | None:
        """How far the leverage leaned; None when it was balanced."""
        return outlook_of(self.skew).strength

    @property
    def side(self) -> Side | None:
        """The heavier side: shorts lie above the price, longs below; None when balanced."""
        if self.strength is None:
            return None
        return Side.SHORT if self.skew > 0 else Side.LONG

    def distance(self, side: Side) -> float:
        """Return how far the side's level was from the price, a fraction > 0."""
        level = self.upper if side is Side.SHORT else self.lower
        return abs(level / self.price - 1)


def call_of(past: PastFigures) -> Call:
    """Return the call of an earlier edition. Raises FiguresError if it has no levels or skew."""
    return Call(
        as_of=past.as_of,
        price=_number(past, "price"),
        lower=_number(past, "lower.level"),
        upper=_number(past, "upper.level"),
        skew=_number(past, "skew"),
    )


def _number(past: PastFigures, fact_id: str) -> float:
    number = past.number(fact_id)
    if number is None:
        msg = f"the figures of {past.as_of:%Y-%m-%d %H:%M} UTC hold no number {fact_id} to follow"
        raise FiguresError(msg)
    return number
