"""What the newsroom needs of the world: the time, a hand that draws, the market."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from composer.charts.scene import Scene
from composer.figures.report import PriceRange
from composer.text.writing import WrittenChart

Clock = Callable[[], datetime]


class Draw(Protocol):
    """Whatever draws: this process, or another that does it for us."""

    def __call__(self, kind: str, scene: Scene, chart: WrittenChart, *, edition: str) -> bytes:
        """Return the PNG of a chart; the same bytes wherever it is drawn."""


class Market(Protocol):
    """What the price has done since an edition was made."""

    def range_since(self, source: str, symbol: str, since: datetime) -> PriceRange:
        """Return the highest and lowest price from `since` to now, as the source knows them.

        Raises SourceError or ConfigError if that cannot be told.
        """
