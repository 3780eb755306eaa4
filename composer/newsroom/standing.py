"""How a draft stands now: the checks and the clock have their say whenever it is looked at."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from composer.checks.records import Finding
from composer.errors import AlteredError, ConflictError, RefusedError
from composer.newsroom.campaigns import campaign_over_in, why_over
from composer.newsroom.outlets import LimitsOf, PresenceOf, plain_presence
from composer.newsroom.ports.store import ReviewStore
from composer.newsroom.ports.world import Clock
from composer.newsroom.records.approvals import Approval, Rendition
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import DraftCard, DraftState, Revision, StoredSnapshot
from composer.newsroom.records.people import Action, Event, Person
from composer.newsroom.renditions import (
    Prospect,
    Times,
    blocking,
    findings_of,
    prospect_of,
    renditions_in,
)
from composer.text.campaigns import Campaign

_GOES_STALE = frozenset({DraftState.DRAFTED, DraftState.APPROVED, DraftState.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules:
    """What the house demands of an approval."""

    max_age: timedelta
    approval_lasts: timedelta
    undo: timedelta = timedelta(minutes=2)
    four_eyes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """Everything a reviewer looks at."""

    card: DraftCard
    revision: Revision
    snapshot: StoredSnapshot
    approval: Approval | None


class Standing:
    """Tells how drafts stand, and settles what time has made of them. Holds no state of its own."""

    def __init__(
        self,
        store: ReviewStore,
        clock: Clock,
        rules: ReviewRules,
        limits_of: LimitsOf,
        presence_of: PresenceOf = plain_presence,
    ) -> None:
        """Work on `store`, by `clock`, under `rules`.

        limits_of : tells what fits an account
        presence_of : tells how an account presents itself
        """
        self._store = store
        self._clock = clock
        self._rules = rules
        self._limits_of = limits_of
        self._presence_of = presence_of

    def view(self, draft: int) -> DraftView:
        """Return a draft as it stands now: the clock may just have voided its approval."""
        try:
            return self._look(draft)
        except ConflictError:  # two looked at once and the other one settled it
            return self._look(draft)

    def _look(self, draft: int) -> DraftView:
        card = self._store.draft(draft)
        revision = self._store.revision(draft, card.revision)
        snapshot = self._store.snapshot(revision.snapshot)
        view = DraftView(card=card, revision=revision, snapshot=snapshot, approval=None)
        try:
            approval = self._store.approval(draft)
        except AlteredError as error:  # signed was something else, so nothing is signed
            voided = self._event(Action.APPROVAL_VOIDED, view, None, detail=str(error))
            card = self._store.transition(card, state=DraftState.DRAFTED, events=[voided])
            return self._settle(replace(view, card=card))
        return self._settle(replace(view, approval=approval))

    def view_seen(self, draft: int, seen_revision: int) -> DraftView:
        """Return a draft as it stands now. Raises ConflictError if it has moved on."""
        view = self.view(draft)
        if view.card.revision != seen_revision:
            msg = (
                f"draft {draft} is at revision {view.card.revision} now, you saw {seen_revision}; "
                "compare the two and decide again"
            )
            raise ConflictError(msg)
        return view

    def renditions(self, view: DraftView) -> tuple[Rendition, ...]:
        """Return what would be sent to each account that may have this draft."""
        return renditions_in(self.prospects(view))

    def prospects(self, view: DraftView) -> dict[str, Prospect]:
        """Return what each account that takes such drafts would get of this one, by name."""
        return self._prospects(view, self._signed_at(view))

    def _prospects(self, view: DraftView, signed_at: datetime) -> dict[str, Prospect]:
        return {
            account.name: self._prospect(view, account, signed_at)
            for account in self._store.accounts()
            if account.takes(view.card.locale, view.card.format)
        }

    def prospect(self, view: DraftView, account: Account) -> Prospect:
        """Return what an account would get of a draft, and what the checks say of it there."""
        return self._prospect(view, account, self._signed_at(view))

    def _signed_at(self, view: DraftView) -> datetime:
        """Return when a draft was approved, or would be: what is shown is settled then."""
        return view.approval.approved_at if view.approval else self._clock()

    def _prospect(self, view: DraftView, account: Account, signed_at: datetime) -> Prospect:
        return prospect_of(
            view.revision,
            view.snapshot,
            locale=view.card.locale,
            account=account,
            limits_of=self._limits_of,
            presence_of=self._presence_of,
            times=self._times(view.card, signed_at),
        )

    def _settle(self, view: DraftView) -> DraftView:
        """Let the clock have its say: findings as of now, approvals that ran out."""
        card = view.card
        findings = self._findings(view.revision, view.snapshot, card)
        revision = replace(view.revision, findings=findings)
        if findings != view.revision.findings:
            self._store.replace_findings(card, revision)
            card = self._store.draft(card.id)
        fate = self._fate(card, view.approval, blocking(findings))
        if fate is None:
            return replace(view, card=card, revision=revision)
        state, reason = fate
        events = []
        if view.approval is not None:
            events.append(self._event(Action.APPROVAL_VOIDED, view, None, detail=reason))
        moved = self._store.transition(card, state=state, events=events)
        return replace(view, card=moved, revision=revision, approval=None)

    def _fate(
        self, card: DraftCard, approval: Approval | None, found: tuple[str, ...]
    ) -> tuple[DraftState, str] | None:
        """Return what time has made of a draft, with the reason; None if nothing."""
        approved = card.state is DraftState.APPROVED
        if "stale_data" in found and card.state in _GOES_STALE:
            return DraftState.STALE, "the data is too old"
        if approved and (approval is None or approval.expires_at <= self._clock()):
            return DraftState.EXPIRED, "the approval ran out"
        if approved and found:
            return DraftState.DRAFTED, f"new findings block: {', '.join(found)}"
        over = self._over(card, approval) if approved and approval else {}
        ended = why_over(over, self._store.deliveries(card.id)) if over else None
        return None if ended is None else (DraftState.EXPIRED, ended)

    def campaign_over(self, view: DraftView, account: Account) -> str | None:
        """Return what is told of a campaign that is over and was signed for an account, if any."""
        return self._over(view.card, view.approval).get(account.name) if view.approval else None

    def _over(self, card: DraftCard, approval: Approval) -> dict[str, str]:
        """Return what is told of each account whose signed text carries a campaign that is over."""
        accounts = {one.name: one for one in self._store.accounts()}
        told = {
            signed.account: campaign_over_in(
                signed,
                self._campaigns_of(accounts[signed.account]),
                locale=card.locale,
                publish_at=approval.approved_at + self._rules.undo,
                now=self._clock(),
            )
            for signed in approval.renditions
        }
        return {name: one for name, one in told.items() if one is not None}

    def _campaigns_of(self, account: Account) -> tuple[Campaign, ...]:
        """Return the campaigns of an account; there are none of one that is gone."""
        try:
            return self._presence_of(account).campaigns
        except RefusedError:
            return ()

    def _times(self, card: DraftCard, signed_at: datetime) -> Times:
        """Return what a draft is judged by that was, or would be, approved at a moment."""
        return Times(
            now=self._clock(),
            publish_at=signed_at + self._rules.undo,
            max_age=card.max_age or self._rules.max_age,
        )

    def _findings(
        self, revision: Revision, snapshot: StoredSnapshot, card: DraftCard
    ) -> tuple[Finding, ...]:
        return findings_of(
            revision,
            snapshot,
            locale=card.locale,
            times=self._times(card, self._clock()),
        )

    def _event(
        self, action: Action, view: DraftView, by: Person | None, *, detail: str = ""
    ) -> Event:
        return Event(
            at=self._clock(),
            person=by.name if by else None,
            action=action,
            edition=view.card.edition,
            draft=view.card.id,
            # An edit and a refresh make the revision they are told with.
            revision=view.card.revision + (action in {Action.EDITED, Action.REFRESHED}),
            detail=detail,
        )
