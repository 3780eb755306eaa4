"""Put editions into the store, and refresh the data under drafts that are there."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.charts import draw_chart
from composer.errors import FiguresError, StateError
from composer.figures.facts import Fact, facts_of, provenance
from composer.figures.levels import LevelPolicy
from composer.figures.scorecard import scorecard_facts
from composer.figures.thresholds import CITED_FROM
from composer.market.records import Query
from composer.market.snapshot_bytes import read_snapshot, write_snapshot
from composer.market.sources import Source
from composer.newsroom.editions import (
    Observed,
    Recall,
    draw_images,
    figures_of,
    identify,
    images_of,
    look,
    set_beside,
)
from composer.newsroom.following import follow_editions
from composer.newsroom.ports import Clock, DraftStore, Draw
from composer.newsroom.records import (
    Action,
    AttachedImage,
    Claim,
    Commission,
    Draft,
    DraftState,
    Edition,
    EditionCard,
    Event,
    Image,
    Person,
    Revision,
    RevisionReason,
    StoredSnapshot,
)
from composer.newsroom.review import Review
from composer.text.passages import Passage
from composer.text.variety import REMEMBERED, Memory
from composer.text.writing import write_post

_LOG: BoundLogger = get_logger()

# Editions looked back on: the 90 of a season, although sources take turns.
_MEMORY = 120

_CLOSED = frozenset({DraftState.REJECTED, DraftState.WITHDRAWN})


def keep_edition(edition: Edition, store: DraftStore, by: Person | None = None) -> EditionCard:
    """Store an edition with its drafts; what is there already stays as it is."""
    observed = Observed(
        id=edition.id,
        commission=edition.commission,
        snapshot=edition.snapshot,
        figures=edition.figures,
        facts=edition.facts,
    )
    open_edition(observed, store)
    keep_drafts(observed, edition.drafts, store, by)
    return store.edition(edition.id)


def open_edition(observed: Observed, store: DraftStore, claim: Claim | None = None) -> None:
    """Store an edition without drafts yet, and the market to go on from; once.

    With a claim its slot keeps the edition too. Raises ConflictError if the claim is
    lost, and then nothing is stored.
    """
    commission = observed.commission
    card = EditionCard(
        id=observed.id,
        symbol=observed.figures.symbol,
        made_at=commission.query.now,
        as_of=observed.figures.as_of,
        source=commission.source,
        levels=str(commission.levels),
        notional_usd=commission.notional_usd,
        drafts=(),
        orders=commission.orders,
    )
    market = write_snapshot(observed.snapshot)
    store.add_edition(card, _snapshot_of(observed), (), market=market, claim=claim)


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


def recall_from(store: DraftStore, edition: str) -> Recall:
    """Return what gives the posts of earlier editions like this one."""

    def recall(locale: str, post_format: str) -> Memory:
        return Memory(store.past_posts(edition, locale, post_format, REMEMBERED), locale)

    return recall


def reopen_edition(edition: str, commission: Commission, store: DraftStore) -> Observed:
    """Return what a stored edition was begun from, as if it had just been looked at.

    Of the commission only what is not stored counts: locales, formats and the age from
    which data is stale. Raises StateError if the stored market cannot be read.
    """
    card = store.edition(edition)
    begun = replace(
        commission,
        query=Query(now=card.made_at, symbol=card.symbol),
        source=card.source,
        levels=LevelPolicy.parse(card.levels),
        notional_usd=card.notional_usd,
        orders=card.orders,
    )
    snapshot = read_snapshot(store.market_of(edition))
    figures = figures_of(begun, snapshot)
    observed = Observed(
        id=edition,
        commission=begun,
        snapshot=snapshot,
        figures=figures,
        facts=facts_of(figures),
    )
    return replace(remember(observed, store), id=edition)


def keep_drafts(
    observed: Observed, drafts: Sequence[Draft], store: DraftStore, by: Person | None = None
) -> None:
    """Add drafts with their images to an edition that is stored; those there already stay."""
    snapshot, made_at = _snapshot_of(observed), observed.commission.query.now
    images = {_sha256(image): image.png for draft in drafts for image in draft.images}
    store.add_snapshot(snapshot, list(images.items()))
    for draft in drafts:
        store.add_draft(
            observed.id,
            draft.locale,
            draft.format,
            Revision(
                number=1,
                snapshot=snapshot.id,
                author=None,
                reason=RevisionReason.MADE,
                made_at=made_at,
                passages=draft.passages,
                findings=draft.findings,
                images=_attach(draft.images),
            ),
            Event(
                at=made_at,
                person=by.name if by else None,
                action=Action.MADE,
                edition=observed.id,
            ),
        )


def refresh_edition(
    edition: str,
    *,
    commission: Commission,
    sources: Sequence[Source],
    store: DraftStore,
    review: Review,
    clock: Clock,
    by: Person | None,
    draw: Draw = draw_chart,
) -> EditionCard:
    """Look at the market again and put the new figures under every open draft.

    A passage that nobody edited is written anew, with the claims that hold now; an
    edited one keeps its words, and the checks say what no longer fits them. Every
    approval becomes void. Raises what collecting and computing raise, and then nothing
    has changed; ConflictError if somebody decides about a draft at the same moment, and
    then the drafts before it are refreshed and the rest are not.
    """
    made = store.edition(edition)
    observed = remember(look(commission, sources), store, made_before=made.made_at)
    stored = replace(_snapshot_of(observed), edition=edition)
    # Looked at anew, the same figures are still another snapshot: fresh, of a later fetch.
    fetched_at = observed.snapshot.fetched_at
    stored = replace(stored, id=f"{edition}:{observed.id}:{fetched_at:%Y%m%dT%H%M%S}")
    cards = [card for card in made.drafts if card.state not in _CLOSED]
    images = {
        locale: draw_images(
            observed, locale, [card.format for card in cards if card.locale == locale], draw
        )
        for locale in {card.locale for card in cards}
    }
    store.add_snapshot(
        stored, [(_sha256(image), image.png) for drawn in images.values() for image in drawn]
    )
    recall = recall_from(store, edition)
    for card in cards:
        view = review.view(card.id)
        memory = recall(card.locale, card.format)
        old, new = (
            write_post(
                card.format,
                locale=card.locale,
                facts=one.facts,
                seed=edition,
                memory=memory,
                own=commission.templates,
            ).passages
            for one in (view.snapshot, stored)
        )
        review.take_refreshed(
            card.id,
            _carry_edits(view.revision.passages, old, new),
            Revision(
                number=view.revision.number + 1,
                snapshot=stored.id,
                author=by.name if by else None,
                reason=RevisionReason.REFRESHED,
                made_at=clock(),
                passages=(),
                findings=(),
                images=_attach(images_of(card.format, images[card.locale])),
            ),
            by,
        )
    return store.edition(edition)


def _carry_edits(
    current: Sequence[Passage], old: Sequence[Passage], new: Sequence[Passage]
) -> tuple[Passage, ...]:
    """Return the new passages with the words that people put into the old ones.

    A passage that a person dropped stays away; one he edited stays, even where the
    new figures would not write it any more.
    """
    written = {passage.key: passage for passage in old}
    standing = {passage.key: passage for passage in current}
    edited = {
        key: passage
        for key, passage in standing.items()
        if passage.editable and (key not in written or passage.text != written[key].text)
    }
    dropped = written.keys() - standing.keys()
    carried = [edited.pop(passage.key, passage) for passage in new if passage.key not in dropped]
    body = max((n for n, passage in enumerate(carried, 1) if passage.editable), default=0)
    return (*carried[:body], *edited.values(), *carried[body:])


def _snapshot_of(observed: Observed) -> StoredSnapshot:
    figures = observed.figures
    return StoredSnapshot(
        id=f"{observed.id}:{identify(figures)}",
        edition=observed.id,
        as_of=figures.as_of,
        fetched_at=observed.snapshot.fetched_at,
        looked_from=observed.commission.query.as_of,
        tree=figures.tree(),
        facts=observed.facts,
        warnings=dict(figures.warnings),
    )


def _attach(images: Sequence[Image]) -> tuple[AttachedImage, ...]:
    return tuple(
        AttachedImage(sha256=_sha256(image), kind=image.kind, alt=image.alt) for image in images
    )


def _sha256(image: Image) -> str:
    return hashlib.sha256(image.png).hexdigest()
