import pytest

from composer.figures.report import Figures
from tests.unit.charts.shapes import SHAPES


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> Figures:
    """Return figures of one shape after the other."""
    figures: Figures = SHAPES[request.param]
    return figures


@pytest.fixture
def figures() -> Figures:
    """Return figures of the usual shape."""
    return SHAPES["short_heavy"]
