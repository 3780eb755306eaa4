"""Look at a draft, also at one the checks cannot read."""

from collections.abc import Mapping
from dataclasses import dataclass

from composer.errors import ConfigError, RenderError
from composer.newsroom.records import (
    Account,
    Approval,
    Delivery,
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
    """An account as a draft sees it: what would go there, what keeps it, what went.

    `planned` says that the plan of its edition sends approved drafts there.
    """

    account: Account
    rendition: Rendition | None
    blocked: tuple[str, ...]
    delivery: Delivery | None
    may_publish: bool
    planned: bool

    @property
    def may_be_chosen(self) -> bool:
        """Whether an approval can queue the draft for the account."""
        return self.rendition is not None and (
            self.delivery is None or self.delivery.state.may_be_queued
        )


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
    planned = desk.store.edition(seen.card.edition).orders.accounts
    return [
        Destination(
            account=account,
            rendition=renditions.get(name),
            blocked=() if name in renditions else desk.review.blocked_for(view, account),
            delivery=deliveries.get(name),
            may_publish=name in signed and _may_be_queued(deliveries.get(name)),
            planned=name in planned,
        )
        for name, account in accounts.items()
        if name in deliveries or account.takes(seen.card.locale, seen.card.format)
    ]


def _may_be_queued(delivery: Delivery | None) -> bool:
    """Tell whether a person may queue it: not what is queued already, out or perhaps out."""
    return delivery is None or (
        delivery.state.may_be_queued and not delivery.state.goes_out_by_itself
    )


def _seen(view: DraftView) -> Seen:
    return Seen(
        card=view.card,
        revision=view.revision,
        snapshot=view.snapshot,
        approval=view.approval,
    )
