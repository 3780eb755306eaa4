import pytest

from composer.figures.outlook import heavier_side, levels_disagree, outlook_of
from composer.figures.report import Direction, Outlook, Strength
from composer.market.records import Side

BALANCED = Outlook(direction=Direction.BALANCED, strength=None)
SQUEEZE = Outlook(direction=Direction.SHORT_SQUEEZE, strength=Strength.MILD)
CASCADE = Outlook(direction=Direction.LONG_CASCADE, strength=Strength.MILD)


@pytest.mark.parametrize(
    ("size", "strength"),
    [
        (0.0, None),
        (0.1499, None),
        (0.15, Strength.MILD),
        (0.3499, Strength.MILD),
        (0.35, Strength.STRONG),
        (0.5999, Strength.STRONG),
        (0.6, Strength.EXTREME),
        (1.0, Strength.EXTREME),
    ],
)
def test_strength_at_its_edges(size: float, strength: Strength | None) -> None:
    assert outlook_of(size).strength is outlook_of(-size).strength is strength
    if strength:
        assert outlook_of(size).direction is Direction.SHORT_SQUEEZE
        assert outlook_of(-size).direction is Direction.LONG_CASCADE
    else:
        assert outlook_of(size).direction is outlook_of(-size).direction is Direction.BALANCED


@pytest.mark.parametrize(
    ("outlook", "upper", "lower", "heavier", "disagree"),
    [
        (SQUEEZE, 2.705, 1.563, Side.SHORT, False),
        (CASCADE, 0.248, 1.062, Side.LONG, False),
        (SQUEEZE, 1.0, 1.21, None, True),
        (SQUEEZE, 1.0, 1.2, None, False),  # not more than 1.2
        (CASCADE, 1.3, 1.0, None, True),
        (BALANCED, 1.3, 1.0, None, True),
        (BALANCED, 1.1, 1.0, None, False),
        (SQUEEZE, 1.0, 1.0, None, False),
        (CASCADE, 1.0, 0.0, None, True),
        (BALANCED, 0.0, 0.0, None, False),
    ],
)
def test_heavier_side_only_where_the_outlook_agrees(
    outlook: Outlook, upper: float, lower: float, heavier: Side | None, *, disagree: bool
) -> None:
    assert heavier_side(outlook, upper_usd=upper, lower_usd=lower) is heavier
    assert levels_disagree(outlook, upper_usd=upper, lower_usd=lower) is disagree
