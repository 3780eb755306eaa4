"""Put editions into the store, and take one up again that is there."""

from collections.abc import Sequence
from dataclasses import replace

from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import Query
from composer.market.snapshot_bytes import read_snapshot, write_snapshot
from composer.newsroom.observing import Observed, figures_of, identify
from composer.newsroom.ports.drafts import DraftStore
from composer.newsroom.records.drafts import (
    AttachedImage,
    EditionCard,
    Revision,
    RevisionReason,
    StoredSnapshot,
)
from composer.newsroom.records.editions import Commission, Draft, Edition, Image
from composer.newsroom.records.people import Action, Event, Person
from composer.newsroom.records.slots import Claim
from composer.newsroom.remembering import remember


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
    store.add_edition(card, snapshot_of(observed), (), market=market, claim=claim)


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
    snapshot, made_at = snapshot_of(observed), observed.commission.query.now
    images = {image.sha256: image.png for draft in drafts for image in draft.images}
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
                images=attach(draft.images),
            ),
            Event(
                at=made_at,
                person=by.name if by else None,
                action=Action.MADE,
                edition=observed.id,
            ),
        )


def snapshot_of(observed: Observed) -> StoredSnapshot:
    """Return what is stored of a market moment."""
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


def attach(images: Sequence[Image]) -> tuple[AttachedImage, ...]:
    """Return images as a revision carries them: by their fingerprints."""
    return tuple(
        AttachedImage(sha256=image.sha256, kind=image.kind, alt=image.alt) for image in images
    )
