"""The words that ship fit every chart: a picture that cannot be set would hold up an edition."""

from dataclasses import replace

import pytest

from composer import resources
from composer.charts import can_show, chart_kinds, require_kind
from composer.charts.page import SQUARE, WIDE, Page
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT
from composer.figures.facts import facts_of
from composer.text.writing import write_chart
from tests.unit.charts.shapes import SHAPES

LONG = 888_800_000.0  # as long as a sum gets: four digits and a scale word


def widest(scene: Scene) -> Scene:
    """Return a scene whose sums at the levels take as much room as they can."""
    figures = scene.figures
    return Scene(
        figures=replace(
            figures,
            upper=replace(figures.upper, intensity_usd=LONG),
            lower=replace(figures.lower, intensity_usd=LONG - 100_000),
            equal_notional=replace(figures.equal_notional, notional_usd=LONG),
        ),
        market=scene.market,
    )


# Nothing on the map, room on both sides, next to none on one, a side that never meets the amount.
SCENES = [
    widest(SHAPES[name])
    for name in ("flat", "crowded", "one_far_level", "level_twice_the_price", "shorts_never_meet")
]


@pytest.mark.parametrize("page", [WIDE, SQUARE], ids=lambda page: page.name)
@pytest.mark.parametrize("kind", chart_kinds())
def test_the_shipped_words_fit(kind: str, page: Page) -> None:
    known = require_kind(kind)
    shown = [scene for scene in SCENES if can_show(kind, scene)]
    assert shown
    for scene in shown:
        plot, facts = known.draw(scene, page, LIGHT), facts_of(scene.figures)
        for locale in resources.shipped_locales():
            chart = write_chart(kind, locale=locale, facts=facts, credit="Mira Ortiz")
            assert chart.gaps == ()
            assert known.lay_out(plot, scene, chart).lines, locale
