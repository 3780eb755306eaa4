"""Put editions into the store, and refresh the data under drafts that are there."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from composer.figures.facts import facts_of
from composer.figures.report import Figures
from composer.market.records import MarketSnapshot
from composer.market.sources import Source
from composer.newsroom.editions import CHARTS, draw_image, identify, observe
from composer.newsroom.ports import Clock, DraftStore
from composer.newsroom.records import (
    Action,
    AttachedImage,
    Commission,
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
from composer.text.writing import write_post

_CLOSED = frozenset({DraftState.REJECTED, DraftState.WITHDRAWN})


def keep_edition(edition: Edition, store: DraftStore, by: Person | None = None) -> EditionCard:
    """Store an edition with its drafts; what is there already stays as it is."""
    commission = edition.commission
    made_at = commission.query.now
    snapshot = _snapshot(edition.id, edition.snapshot, edition.figures, commission.query.as_of)
    images = {_sha256(image): image.png for draft in edition.drafts for image in draft.images}
    card = EditionCard(
        id=edition.id,
        symbol=edition.figures.symbol,
        made_at=made_at,
        as_of=edition.figures.as_of,
        source=commission.source,
        levels=str(commission.levels),
        notional_usd=commission.notional_usd,
        drafts=(),
    )
    store.add_edition(card, snapshot, ())
    # Images come apart: an edition that is there already may get drafts in further locales.
    store.add_snapshot(snapshot, list(images.items()))
    for draft in edition.drafts:
        store.add_draft(
            edition.id,
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
                edition=edition.id,
            ),
        )
    return store.edition(edition.id)


def refresh_edition(
    edition: str,
    *,
    commission: Commission,
    sources: Sequence[Source],
    store: DraftStore,
    review: Review,
    clock: Clock,
    by: Person | None,
) -> EditionCard:
    """Look at the market again and put the new figures under every open draft.

    A passage that nobody edited is written anew, with the claims that hold now; an
    edited one keeps its words, and the checks say what no longer fits them. Every
    approval becomes void. Raises what collecting and computing raise, and then nothing
    has changed; ConflictError if somebody decides about a draft at the same moment, and
    then the drafts before it are refreshed and the rest are not.
    """
    snapshot, figures = observe(commission, sources)
    facts = facts_of(figures)
    stored = _snapshot(edition, snapshot, figures, commission.query.as_of)
    # Looked at anew, the same figures are still another snapshot: fresh, of a later fetch.
    stored = replace(stored, id=f"{stored.id}:{snapshot.fetched_at:%Y%m%dT%H%M%S}")
    cards = [card for card in store.edition(edition).drafts if card.state not in _CLOSED]
    images = {
        locale: tuple(
            draw_image(kind, figures, facts, locale=locale, edition=identify(figures))
            for kind in CHARTS
        )
        for locale in {card.locale for card in cards}
    }
    store.add_snapshot(
        stored, [(_sha256(image), image.png) for drawn in images.values() for image in drawn]
    )
    for card in cards:
        view = review.view(card.id)
        old = _written(card.format, card.locale, view.snapshot)
        new = _written(card.format, card.locale, stored)
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
                images=_attach(images[card.locale]),
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


def _written(post_format: str, locale: str, snapshot: StoredSnapshot) -> Sequence[Passage]:
    return write_post(post_format, locale=locale, facts=snapshot.facts).passages


def _snapshot(
    edition: str, snapshot: MarketSnapshot, figures: Figures, looked_from: datetime | None
) -> StoredSnapshot:
    return StoredSnapshot(
        id=f"{edition}:{identify(figures)}",
        edition=edition,
        as_of=figures.as_of,
        fetched_at=snapshot.fetched_at,
        looked_from=looked_from,
        tree=figures.tree(),
        facts=facts_of(figures),
        warnings=dict(figures.warnings),
    )


def _attach(images: Sequence[Image]) -> tuple[AttachedImage, ...]:
    return tuple(
        AttachedImage(sha256=_sha256(image), kind=image.kind, alt=image.alt) for image in images
    )


def _sha256(image: Image) -> str:
    return hashlib.sha256(image.png).hexdigest()
