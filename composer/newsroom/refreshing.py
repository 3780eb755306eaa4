"""Refresh the data under drafts that are there, and keep the words people put into them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from composer.charts import draw_chart
from composer.checks import catalog_gap
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
    approval becomes void. Raises what collecting, computing, drawing and writing raise,
    and then nothing has changed; ConflictError or RefusedError if somebody changes or
    closes a draft at the same moment, and then the drafts before it are refreshed and
    the rest are not.
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
    recall = recall_from(store, edition)
    writer = Writer(stored.facts, edition, commission.templates)
    written = [
        writer.post(card.format, card.locale, recall(card.locale, card.format)) for card in cards
    ]
    store.add_snapshot(
        stored, [(image.sha256, image.png) for drawn in images.values() for image in drawn]
    )
    for card, post in zip(cards, written, strict=True):
        history = store.revisions(card.id)
        review.take_refreshed(
            card.id,
            _carry_edits(history, post.passages),
            Revision(
                number=history[-1].number + 1,
                snapshot=stored.id,
                author=by.name if by else None,
                reason=RevisionReason.REFRESHED,
                made_at=clock(),
                passages=(),
                # Only the gaps among them count; the checks find all else anew.
                findings=(*history[-1].findings, *catalog_gap.told(post.gaps, card.locale)),
                images=attach(images_of(card.format, images[card.locale])),
            ),
            by,
        )
    return store.edition(edition)


def _carry_edits(history: Sequence[Revision], new: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the new passages with what people did to those of the latest revision.

    A passage that a person dropped stays away; one he edited stays, even where the new
    figures would not write it any more: then behind the passage it followed.
    """
    current = history[-1].passages
    texts, dropped = _done_by_people(history)
    edited = {passage.key: passage for passage in current if passage.key in texts}
    carried = [edited.get(passage.key, passage) for passage in new if passage.key not in dropped]
    body = max((n for n, passage in enumerate(carried, 1) if passage.editable), default=0)
    place = 0
    for passage in current:
        keys = [one.key for one in carried]
        if passage.key in keys:
            place = keys.index(passage.key) + 1
        elif passage.key in edited:
            place = min(place, body) + 1  # not behind the notices
            carried.insert(place - 1, passage)
            body += 1
    return tuple(carried)


def _done_by_people(history: Sequence[Revision]) -> tuple[set[str], set[str]]:
    """Return the keys of the passages that people edited, and of those they dropped."""
    edited: set[str] = set()
    dropped: set[str] = set()
    for before, after in pairwise(history):
        if after.reason is RevisionReason.EDITED:
            old, new = ({one.key: one.text for one in each.passages} for each in (before, after))
            edited |= {key for key, text in new.items() if text != old.get(key)}
            dropped |= old.keys() - new.keys()
    return edited, dropped
