"""Look at a draft, also at one the checks cannot read."""

from collections.abc import Mapping
from dataclasses import dataclass

from composer.errors import ConfigError, RenderError
from composer.newsroom.records import (
    Account,
    Approval,
    Delivery,
    DeliveryState,
    DraftCard,
    Rendition,
    Revision,
    StoredSnapshot,
)
from composer.newsroom.review import DraftView
from composer.text.passages import Passage
from web.desk import the_desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A draft on a page. `unchecked` says why the checks could not look at it, if so."""

    card: DraftCard
    revision: Revision
    snapshot: StoredSnapshot
    approval: Approval | None
    unchecked: str = ""

    @property
    def passages(self) -> Mapping[str, Passage]:
        """The passages by key."""
        return {passage.key: passage for passage in self.revision.passages}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """An account as a draft sees it: what would go there, what keeps it, what went."""

    account: Account
    rendition: Rendition | None
    blocked: tuple[str, ...]
    delivery: Delivery | None
    may_publish: bool


def look(draft: int) -> Seen:
    """Return a draft as it stands now.

    A locale that ships no sentences or amounts yet has no checks either; its drafts are
    shown as they are stored, with a note, instead of not at all.
    """
    desk = the_desk()
    try:
        return _seen(desk.review.view(draft))
    except (RenderError, ConfigError) as error:
        card = desk.store.draft(draft)
        revision = desk.store.revision(draft, card.revision)
        return Seen(
            card=card,
            revision=revision,
            snapshot=desk.store.snapshot(revision.snapshot),
            approval=desk.store.approval(draft),
            unchecked=str(error),
        )


def destinations(seen: Seen) -> list[Destination]:
    """Return every account with what it means for a draft."""
    desk = the_desk()
    deliveries = {one.account: one for one in desk.store.deliveries(seen.card.id)}
    accounts = {account.name: account for account in desk.store.accounts()}
    if seen.unchecked:
        return []
    view = DraftView(
        card=seen.card,
        revision=seen.revision,
        snapshot=seen.snapshot,
        approval=seen.approval,
    )
    renditions = {one.account: one for one in desk.review.renditions(view)}
    signed = {one.account for one in seen.approval.renditions} if seen.approval else set()
    return [
        Destination(
            account=account,
            rendition=renditions.get(name),
            blocked=() if name in renditions else desk.review.blocked_for(view, account),
            delivery=deliveries.get(name),
            may_publish=name in signed and _open(deliveries.get(name)) and not account.held,
        )
        for name, account in accounts.items()
    ]


def _open(delivery: Delivery | None) -> bool:
    """Tell whether sending may be tried: never where something is or may be out."""
    return delivery is None or delivery.state in {DeliveryState.QUEUED, DeliveryState.REFUSED}


def _seen(view: DraftView) -> Seen:
    return Seen(
        card=view.card,
        revision=view.revision,
        snapshot=view.snapshot,
        approval=view.approval,
    )
