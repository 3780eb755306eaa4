"""Recall the past: hold figures against earlier editions, and wording against earlier posts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.errors import FiguresError, StateError
from composer.figures.compute import compare
from composer.figures.facts import Fact, facts_of, provenance
from composer.figures.newsworthiness import RECORD_FROM
from composer.figures.past import PastFigures, comparable
from composer.figures.rewind import backfill
from composer.figures.scorecard import scorecard_facts
from composer.figures.thresholds import CITED_FROM
from composer.newsroom.following import follow_editions
from composer.newsroom.observing import Observed, identify
from composer.newsroom.ports.drafts import DraftStore
from composer.text.variety import NO_MEMORY, REMEMBERED, Memory

_LOG: BoundLogger = get_logger()

# Editions looked back on: the 90 of a season, although sources take turns.
_MEMORY = 120
# Gives what was posted before in a locale and format.
Recall = Callable[[str, str], Memory]


def recall_nothing(_locale: str, _post_format: str) -> Memory:
    """Return no posts at all."""
    return NO_MEMORY


def recall_from(store: DraftStore, edition: str) -> Recall:
    """Return what gives the posts of earlier editions like this one."""

    def recall(locale: str, post_format: str) -> Memory:
        return Memory(store.past_posts(edition, locale, post_format, REMEMBERED), locale)

    return recall


def remember(
    observed: Observed, store: DraftStore, *, made_before: datetime | None = None
) -> Observed:
    """Return what was looked at, its figures held against those of earlier editions.

    Earlier are those of an earlier market moment, made before this one, or `made_before`.
    """
    made_before = made_before or observed.commission.query.now
    past = store.past_figures(
        observed.figures.symbol, observed.figures.as_of, _MEMORY, made_before=made_before
    )
    record = _record(observed, store, made_before) if len(past) >= CITED_FROM else {}
    return set_beside(observed, past, record)


def _record(observed: Observed, store: DraftStore, made_before: datetime) -> Mapping[str, Fact]:
    """Return what a post may cite of past calls; nothing where there is no record."""
    try:
        card = follow_editions(observed.snapshot, store, made_before=made_before)
    except FiguresError:  # nothing to follow, or nothing to follow it with
        return {}
    except StateError as error:
        _LOG.warning("record_unreadable", symbol=observed.figures.symbol, reason=str(error))
        return {}
    return scorecard_facts(card, provenance(observed.facts))


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
