"""Refresh the data under drafts that are there, and keep the words people put into them."""

from collections.abc import Sequence
from dataclasses import replace

from composer.charts import draw_chart
from composer.market.sources import Source
from composer.newsroom.archive import attach, snapshot_of
from composer.newsroom.drawing import draw_images, images_of
from composer.newsroom.observing import look
from composer.newsroom.ports.drafts import DraftStore
from composer.newsroom.ports.world import Clock, Draw
from composer.newsroom.records.drafts import DraftState, EditionCard, Revision, RevisionReason
from composer.newsroom.records.editions import Commission
from composer.newsroom.records.people import Person
from composer.newsroom.remembering import recall_from, remember
from composer.newsroom.review import Review
from composer.text.passages import Passage
from composer.text.writing import Writer

_CLOSED = frozenset({DraftState.REJECTED, DraftState.WITHDRAWN})


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
    stored = replace(snapshot_of(observed), edition=edition)
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
        stored, [(image.sha256, image.png) for drawn in images.values() for image in drawn]
    )
    recall = recall_from(store, edition)
    writer = Writer(stored.facts, edition, commission.templates)
    for card in cards:
        view = review.view(card.id)
        memory = recall(card.locale, card.format)
        before = Writer(view.snapshot.facts, edition, commission.templates)
        old, new = (one.post(card.format, card.locale, memory).passages for one in (before, writer))
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
                images=attach(images_of(card.format, images[card.locale])),
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
