"""Draw the charts of an edition."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.charts import can_show, draw_chart, is_printable, require_kind
from composer.charts.page import WIDE
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT
from composer.figures.facts import Fact, facts_of
from composer.market.sources import Source
from composer.newsroom.observing import Observed, identify, observe
from composer.newsroom.ports.world import Draw
from composer.newsroom.records.editions import Commission, Image
from composer.text.writing import write_chart

_LOG: BoundLogger = get_logger()

# Which charts a post carries, the one that must not be missing first; and which a long one.
CHARTS = ("liquidation_map",)
LONG_CHARTS = (*CHARTS, "heatmap", "price_levels")
_LONG_FORMATS = frozenset({"headline", "analysis"})


def charts_of(post_format: str) -> tuple[str, ...]:
    """Return the kinds of charts that a post of a format carries where the market has them."""
    return LONG_CHARTS if post_format in _LONG_FORMATS else CHARTS


def images_of(post_format: str, images: Iterable[Image]) -> tuple[Image, ...]:
    """Return those of the images of a locale that a post of a format carries."""
    kinds = charts_of(post_format)
    return tuple(image for image in images if image.kind in kinds)


def draw_images(
    observed: Observed, locale: str, formats: Iterable[str], draw: Draw
) -> tuple[Image, ...]:
    """Return the charts of an edition with the words of a locale, each once for all formats.

    A kind that the market lacks the data for is left out.
    """
    kinds = dict.fromkeys(kind for one in formats for kind in charts_of(one))
    scene = Scene(figures=observed.figures, market=observed.snapshot)
    credit = observed.commission.credit
    if credit is not None and not is_printable(credit, locale):
        _LOG.warning("credit_left_out", locale=locale, reason="the fonts lack letters of it")
        credit = None
    return tuple(
        draw_image(
            kind,
            scene,
            observed.facts,
            draw,
            locale=locale,
            edition=observed.id,
            credit=credit,
        )
        for kind in kinds
        if can_show(kind, scene)
    )


def draw_image(
    kind: str,
    scene: Scene,
    facts: Mapping[str, Fact],
    draw: Draw,
    *,
    locale: str,
    edition: str,
    credit: str | None = None,
) -> Image:
    """Return one chart with the words of a locale.

    Raises RenderError if there is no such kind, or the market lacks what it shows.
    """
    require_kind(kind).require(scene)  # before its words, which would miss the same
    words = write_chart(kind, locale=locale, facts=facts, credit=credit)
    png = draw(kind, scene, words, edition=edition)
    return Image(kind=kind, locale=locale, alt=words.strings["alt"], png=png)


def draw_chart_of(
    kind: str,
    commission: Commission,
    sources: Sequence[Source],
    *,
    theme: str = LIGHT.name,
    size: str = WIDE.name,
    credit: str | None = None,
) -> Image:
    """Return one chart of the market moment a commission names, in its first locale.

    `credit` is the creator's name, if not that of the commission. Raises RenderError if
    there is no such kind, theme or size.
    """
    snapshot, figures = observe(commission, sources)
    return draw_image(
        kind,
        Scene(figures=figures, market=snapshot),
        facts_of(figures),
        partial(draw_chart, theme=theme, size=size),
        locale=commission.locales[0],
        edition=identify(figures),
        credit=credit or commission.credit,
    )
