"""Make an edition: look at the market, draw, write, check."""

from collections.abc import Sequence

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.charts import draw_chart
from composer.checks import run_checks
from composer.checks.records import Subject
from composer.market.sources import Source
from composer.newsroom.drawing import draw_images, images_of
from composer.newsroom.observing import Observed, look
from composer.newsroom.ports.world import Draw
from composer.newsroom.records.editions import Commission, Draft, Edition, Image
from composer.newsroom.remembering import Recall, recall_nothing, set_beside
from composer.text.amounts import AmountFormatter
from composer.text.passages import join_passages
from composer.text.tokens import render_tokens
from composer.text.writing import Writer

_LOG: BoundLogger = get_logger()


def make_edition(
    commission: Commission, sources: Sequence[Source], draw: Draw = draw_chart
) -> Edition:
    """Return the edition a commission asks for, keeping nothing.

    The same market moment and commission give the same edition, byte for byte.
    Raises a SquaredeskError of the room that could not do its part.
    """
    observed = set_beside(look(commission, sources))
    drafter = Drafter(observed)
    return assemble(
        observed,
        [
            made
            for locale in commission.locales
            for made in drafter.drafts(
                locale, draw_images(observed, locale, commission.formats, draw)
            )
        ],
    )


class Drafter:
    """Writes and checks the drafts of one edition, in any of its languages."""

    def __init__(self, observed: Observed, recall: Recall = recall_nothing) -> None:
        """Write what was observed, worded unlike the posts that `recall` gives."""
        self._observed = observed
        self._recall = recall
        self._writer = Writer(observed.facts, observed.id, observed.commission.templates)

    def drafts(self, locale: str, images: tuple[Image, ...]) -> tuple[Draft, ...]:
        """Return a draft of each format, with those of the images that it carries."""
        return tuple(
            self.draft(post_format, locale, images_of(post_format, images))
            for post_format in self._observed.commission.formats
        )

    def draft(self, post_format: str, locale: str, images: tuple[Image, ...]) -> Draft:
        """Return one draft."""
        observed = self._observed
        facts, commission = observed.facts, observed.commission
        post = self._writer.post(post_format, locale, self._recall(locale, post_format))
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
