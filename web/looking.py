"""Look at a draft, also at one the checks cannot read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from composer.checks.records import Finding
from composer.errors import ConfigError, RenderError
from composer.newsroom.delivery import LEASE
from composer.newsroom.records.approvals import Approval
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.drafts import DraftCard, Revision, StoredSnapshot
from composer.newsroom.renditions import Prospect
from composer.newsroom.standing import DraftView
from composer.text.passages import Passage
from web.desk import the_desk

# What nobody but a person can settle.
UNDECIDED = (DeliveryState.AMBIGUOUS, DeliveryState.AWAITING_PERSON)
# A worker looks every second or so: what waits longer than this waits for one to be started.
_OVERDUE = timedelta(minutes=2)
# Of an account that does not take such drafts any more.
_NO_PROSPECT = Prospect(findings=())


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

    `findings` are those of the prospect that the whole draft does not have. `planned` says
    that the plan of its edition sends approved drafts there, `overdue` that nobody seems to
    be sending.
    """

    account: Account
    prospect: Prospect
    findings: tuple[Finding, ...]
    delivery: Delivery | None
    may_publish: bool
    planned: bool
    held: bool
    overdue: bool

    @property
    def may_be_chosen(self) -> bool:
        """Whether an approval can queue the draft for the account."""
        return self.prospect.rendition is not None and (
            self.delivery is None or self.delivery.may_be_queued
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
    prospects = desk.review.prospects(view)
    signed = {one.account for one in seen.approval.renditions} if seen.approval else set()
    planned = desk.store.edition(seen.card.edition).orders.accounts
    return [
        Destination(
            account=account,
            prospect=prospects.get(name, _NO_PROSPECT),
            findings=_only_there(prospects.get(name, _NO_PROSPECT), seen.revision),
            delivery=deliveries.get(name),
            may_publish=name in signed and _may_be_queued(deliveries.get(name)),
            planned=name in planned,
            held=is_held(account),
            overdue=name in deliveries and is_overdue(deliveries[name], account),
        )
        for name, account in accounts.items()
        if name in deliveries or account.takes(seen.card.locale, seen.card.format)
    ]


def _only_there(prospect: Prospect, revision: Revision) -> tuple[Finding, ...]:
    return tuple(one for one in prospect.findings if one not in revision.findings)


def is_held(account: Account) -> bool:
    """Tell whether nothing begins to be sent to an account."""
    return account.held or the_desk().store.house_hold() is not None


def is_overdue(delivery: Delivery, account: Account) -> bool:
    """Tell whether nobody seems to be sending a delivery, or to settle what a sender left."""
    if delivery.state is DeliveryState.SENDING:
        since, patience = delivery.sent_at, LEASE + _OVERDUE
    elif delivery.state.goes_out_by_itself and not is_held(account):
        since, patience = delivery.due_at, _OVERDUE
    else:
        return False
    return since is not None and the_desk().clock() - since > patience


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
