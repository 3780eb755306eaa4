"""Make an edition: collect the market, compute figures, draw, write, check."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.charts import can_show, draw_chart, is_printable, require_kind
from composer.charts.page import WIDE
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT
from composer.checks import run_checks
from composer.checks.records import Subject
from composer.figures.compute import compare, compute_figures
from composer.figures.facts import Fact, facts_of
from composer.figures.newsworthiness import RECORD_FROM
from composer.figures.past import PastFigures, comparable
from composer.figures.report import Figures
from composer.figures.rewind import backfill
from composer.market.collect import collect
from composer.market.records import MarketSnapshot
from composer.market.sources import Source
from composer.newsroom.ports import Draw
from composer.newsroom.records import Commission, Draft, Edition, Image
from composer.text.amounts import AmountFormatter
from composer.text.passages import join_passages
from composer.text.tokens import render_tokens
from composer.text.variety import NO_MEMORY, Memory
from composer.text.writing import write_chart, write_post

_LOG: BoundLogger = get_logger()

# Which charts a post carries, the one that must not be missing first; and which a long one.
CHARTS = ("liquidation_map",)
LONG_CHARTS = (*CHARTS, "heatmap", "price_levels")
_LONG_FORMATS = frozenset({"headline", "analysis"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A market moment as a commission looks at it: all that an edition is made from."""

    id: str
    commission: Commission
    snapshot: MarketSnapshot
    figures: Figures
    facts: Mapping[str, Fact]


# Gives what was posted before in a locale and format.
Recall = Callable[[str, str], Memory]


def _recall_nothing(_locale: str, _post_format: str) -> Memory:
    return NO_MEMORY


def make_edition(
    commission: Commission, sources: Sequence[Source], draw: Draw = draw_chart
) -> Edition:
    """Return the edition a commission asks for, keeping nothing.

    The same market moment and commission give the same edition, byte for byte.
    Raises a SquaredeskError of the room that could not do its part.
    """
    observed = set_beside(look(commission, sources))
    return assemble(
        observed,
        [
            draft
            for locale in commission.locales
            for draft in write_drafts(
                observed, locale, draw_images(observed, locale, commission.formats, draw)
            )
        ],
    )


def look(commission: Commission, sources: Sequence[Source]) -> Observed:
    """Return what an edition is made from, as the market is now."""
    snapshot, figures = observe(commission, sources)
    edition = identify(figures, commission.occasion)
    _LOG.info(
        "figures_computed",
        edition=edition,
        source=commission.source,
        as_of=figures.as_of.isoformat(),
        method=figures.method.value,
    )
    return Observed(
        id=edition,
        commission=commission,
        snapshot=snapshot,
        figures=figures,
        facts=facts_of(figures),
    )


def set_beside(
    observed: Observed,
    past: Sequence[PastFigures] = (),
    record: Mapping[str, Fact] = MappingProxyType({}),
) -> Observed:
    """Return what was looked at with its figures held against those of earlier editions.

    past : of the symbol, in any order; where fewer than 30 compare, days without an edition
        are replayed from the candles at hand
    record : facts about past calls to cite beside the figures
    """
    commission, snapshot = observed.commission, observed.snapshot
    made = comparable(past, observed.facts)
    replayed: tuple[PastFigures, ...] = ()
    if len(made) < RECORD_FROM:
        replayed = backfill(snapshot, made, commission.levels, commission.notional_usd)
    figures = compare(observed.figures, snapshot, past, replayed)
    return replace(
        observed,
        id=identify(figures, commission.occasion, record),
        figures=figures,
        facts={**facts_of(figures), **record},
    )


def charts_of(post_format: str) -> tuple[str, ...]:
    """Return the kinds of charts that a post of a format carries where the market has them."""
    return LONG_CHARTS if post_format in _LONG_FORMATS else CHARTS


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


def images_of(post_format: str, images: Iterable[Image]) -> tuple[Image, ...]:
    """Return those of the images of a locale that a post of a format carries."""
    kinds = charts_of(post_format)
    return tuple(image for image in images if image.kind in kinds)


def write_drafts(
    observed: Observed, locale: str, images: tuple[Image, ...], recall: Recall = _recall_nothing
) -> tuple[Draft, ...]:
    """Return the checked drafts of an edition in a locale, one for each format."""
    return tuple(
        write_draft(
            post_format,
            observed,
            locale,
            images_of(post_format, images),
            recall(locale, post_format),
        )
        for post_format in observed.commission.formats
    )


def assemble(observed: Observed, drafts: Sequence[Draft]) -> Edition:
    """Return an edition with its drafts."""
    _LOG.info("edition_made", edition=observed.id, drafts=len(drafts))
    return Edition(
        id=observed.id,
        commission=observed.commission,
        snapshot=observed.snapshot,
        figures=observed.figures,
        facts=observed.facts,
        drafts=tuple(drafts),
    )


def observe(commission: Commission, sources: Sequence[Source]) -> tuple[MarketSnapshot, Figures]:
    """Return the market as a commission looks at it, and its figures."""
    snapshot = collect(sources, commission.query)
    return snapshot, figures_of(commission, snapshot)


def figures_of(commission: Commission, snapshot: MarketSnapshot) -> Figures:
    """Return the figures of a market as a commission wants them read."""
    return compute_figures(snapshot, levels=commission.levels, notional_usd=commission.notional_usd)


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


def identify(
    figures: Figures, occasion: str = "", record: Mapping[str, Fact] = MappingProxyType({})
) -> str:
    """Return an id that figures share only with the same figures of the same map and occasion.

    It reads time, symbol and a fingerprint. Facts beside the figures count as well.
    """
    canonical = json.dumps(figures.tree(), sort_keys=True, allow_nan=False)
    digest = hashlib.sha256(f"{canonical}{occasion}".encode())
    for fact_id in sorted(record):
        digest.update(f"{fact_id} {record[fact_id].value}".encode())
    book = figures.liquidation_map
    for column in (book.low, book.high, book.long_usd, book.short_usd):
        digest.update(column.tobytes())
    fingerprint = digest.hexdigest()[:8]
    return f"{figures.as_of:%Y%m%dT%H%MZ}-{figures.symbol}-{fingerprint}"


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


def write_draft(
    post_format: str,
    observed: Observed,
    locale: str,
    images: tuple[Image, ...],
    memory: Memory = NO_MEMORY,
) -> Draft:
    """Return one checked draft, worded unlike the posts in `memory`."""
    facts, commission = observed.facts, observed.commission
    post = write_post(
        post_format,
        locale=locale,
        facts=facts,
        seed=observed.id,
        memory=memory,
        own=commission.templates,
    )
    amounts = AmountFormatter(locale)
    subject = Subject(
        locale=locale,
        passages=post.passages,
        facts=facts,
        looked_from=commission.query.cutoff,
        looked_back=commission.query.as_of is not None,
        max_age=commission.max_age,
        gaps=post.gaps,
        warnings=observed.figures.warnings,
    )
    return Draft(
        edition=observed.id,
        locale=locale,
        format=post_format,
        title=render_tokens(post.passages[0].text, facts, amounts).text,
        body=render_tokens(join_passages(post.passages), facts, amounts),
        passages=post.passages,
        facts=facts,
        findings=run_checks(subject),
        images=images,
    )
