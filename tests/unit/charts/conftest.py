import pytest

from composer.charts.scene import Scene
from composer.figures.report import Figures
from tests.unit.charts.shapes import SHAPES


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> Scene:
    """Return scenes of one shape after the other."""
    scene: Scene = SHAPES[request.param]
    return scene


@pytest.fixture
def scene() -> Scene:
    """Return a scene of the usual shape."""
    return SHAPES["short_heavy"]


@pytest.fixture
def figures(scene: Scene) -> Figures:
    """Return the figures of the usual scene."""
    return scene.figures
