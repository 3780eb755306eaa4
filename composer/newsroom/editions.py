"""Make an edition: collect the market, compute figures, draw, write, check."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.charts import draw_chart, require_kind
from composer.charts.page import WIDE
from composer.charts.theme import LIGHT
from composer.checks import run_checks
from composer.checks.records import Subject
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, facts_of
from composer.figures.report import Figures
from composer.market.collect import collect
from composer.market.records import MarketSnapshot
from composer.market.sources import Source
from composer.newsroom.ports import Draw
from composer.newsroom.records import Commission, Draft, Edition, Image
from composer.text.amounts import AmountFormatter
from composer.text.passages import join_passages
from composer.text.tokens import render_tokens
from composer.text.writing import write_chart, write_post

_LOG: BoundLogger = get_logger()

# Which charts a post carries.
CHARTS = ("liquidation_map",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A market moment as a commission looks at it: all that an edition is made from."""

    id: str
    commission: Commission
    snapshot: MarketSnapshot
    figures: Figures
    facts: Mapping[str, Fact]


def make_edition(
    commission: Commission, sources: Sequence[Source], draw: Draw = draw_chart
) -> Edition:
    """Return the edition a commission asks for, keeping nothing.

    The same market moment and commission give the same edition, byte for byte.
    Raises a SquaredeskError of the room that could not do its part.
    """
    observed = look(commission, sources)
    return assemble(
        observed,
        [
            draft
            for locale in commission.locales
            for draft in write_drafts(observed, locale, draw_images(observed, locale, draw))
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


def draw_images(observed: Observed, locale: str, draw: Draw) -> tuple[Image, ...]:
    """Return the charts of an edition with the words of a locale."""
    return tuple(
        draw_image(kind, observed.figures, observed.facts, draw, locale=locale, edition=observed.id)
        for kind in CHARTS
    )


def write_drafts(observed: Observed, locale: str, images: tuple[Image, ...]) -> tuple[Draft, ...]:
    """Return the checked drafts of an edition in a locale, one for each format."""
    return tuple(
        write_draft(
            post_format,
            observed.figures,
            observed.facts,
            commission=observed.commission,
            locale=locale,
            edition=observed.id,
            images=images,
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

    `credit` is the creator's name. Raises RenderError if there is no such kind, theme or size.
    """
    _snapshot, figures = observe(commission, sources)
    return draw_image(
        kind,
        figures,
        facts_of(figures),
        partial(draw_chart, theme=theme, size=size),
        locale=commission.locales[0],
        edition=identify(figures),
        credit=credit,
    )


def identify(figures: Figures, occasion: str = "") -> str:
    """Return an id that figures share only with the same figures of the same map and occasion.

    It reads time, symbol and a fingerprint.
    """
    canonical = json.dumps(figures.tree(), sort_keys=True, allow_nan=False)
    digest = hashlib.sha256(f"{canonical}{occasion}".encode())
    book = figures.liquidation_map
    for column in (book.low, book.high, book.long_usd, book.short_usd):
        digest.update(column.tobytes())
    fingerprint = digest.hexdigest()[:8]
    return f"{figures.as_of:%Y%m%dT%H%MZ}-{figures.symbol}-{fingerprint}"


def draw_image(
    kind: str,
    figures: Figures,
    facts: Mapping[str, Fact],
    draw: Draw,
    *,
    locale: str,
    edition: str,
    credit: str | None = None,
) -> Image:
    """Return one chart with the words of a locale. Raises RenderError if there is no such kind."""
    require_kind(kind)
    words = write_chart(kind, locale=locale, facts=facts, credit=credit)
    png = draw(kind, figures, words, edition=edition)
    return Image(kind=kind, locale=locale, alt=words.strings["alt"], png=png)


def write_draft(
    post_format: str,
    figures: Figures,
    facts: Mapping[str, Fact],
    *,
    commission: Commission,
    locale: str,
    edition: str,
    images: tuple[Image, ...],
) -> Draft:
    """Return one checked draft."""
    post = write_post(post_format, locale=locale, facts=facts)
    amounts = AmountFormatter(locale)
    subject = Subject(
        locale=locale,
        passages=post.passages,
        facts=facts,
        looked_from=commission.query.cutoff,
        looked_back=commission.query.as_of is not None,
        max_age=commission.max_age,
        gaps=post.gaps,
        warnings=figures.warnings,
    )
    return Draft(
        edition=edition,
        locale=locale,
        format=post_format,
        title=render_tokens(post.passages[0].text, facts, amounts).text,
        body=render_tokens(join_passages(post.passages), facts, amounts),
        passages=post.passages,
        facts=facts,
        findings=run_checks(subject),
        images=images,
    )
