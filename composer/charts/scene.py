"""What a chart may show: the figures of a market moment, and the market they were read from."""

from dataclasses import dataclass

from composer.figures.report import Figures
from composer.market.records import MarketSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A market moment as charts see it.

    Scenes are equal if they hold the very same two records: these never change, and to
    compare what is in them takes longer than to draw.
    """

    figures: Figures
    market: MarketSnapshot
