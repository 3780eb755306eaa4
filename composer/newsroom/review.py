"""Decide about drafts: edit, approve, ask for changes, reject, withdraw, refresh.

The laws, which a state machine of tests holds us to:

- whoever decides names the revision he saw; if the draft has moved on, nothing happens;
- approval signs exact renditions together with snapshot, revision and findings; an
  edit, a refresh, the clock or a new blocking finding makes it void;
- what is blocked cannot be approved, and what was rejected or withdrawn stays so.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from composer.checks import campaign_over
from composer.checks.records import Finding
from composer.errors import AlteredError, ConflictError, RefusedError
from composer.newsroom.draft_file import finding_tree
from composer.newsroom.outlets import LimitsOf, PresenceOf, plain_presence
from composer.newsroom.ports import Clock, DeliveryStore, DraftStore
from composer.newsroom.records import (
    Account,
    Action,
    Approval,
    DraftCard,
    DraftState,
    Event,
    Person,
    Rendition,
    Revision,
    RevisionReason,
    Role,
    StoredSnapshot,
)
from composer.newsroom.renditions import Prospect, Times, blocking, findings_of, prospect_of
from composer.newsroom.wording import clean_reason, with_text
from composer.text.campaigns import Campaign
from composer.text.passages import Passage

_EDITABLE = frozenset(
    {
        DraftState.DRAFTED,
        DraftState.CHANGES_REQUESTED,
        DraftState.APPROVED,
        DraftState.STALE,
        DraftState.EXPIRED,
    }
)
_APPROVABLE = frozenset({DraftState.DRAFTED, DraftState.EXPIRED})
_WITHDRAWABLE = frozenset({DraftState.APPROVED, DraftState.EXPIRED})


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


class _Store(DraftStore, DeliveryStore, Protocol):
    """What decisions need of the store."""


class Review:
    """The decisions about drafts. Holds no state of its own."""

    def __init__(
        self,
        store: _Store,
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

    def edit(self, draft: int, seen_revision: int, key: str, text: str, by: Person) -> DraftCard:
        """Replace the text of a passage; an optional passage given no text is dropped.

        The text that stands there already changes nothing, and voids nothing.

        Raises ConflictError if the draft has moved on since `seen_revision`,
        NotFoundError if it has no such passage, RefusedError if it may not be edited.
        """
        view = self._seen(draft, seen_revision, _EDITABLE, "edited")
        passages = with_text(view.revision.passages, key, text)
        if passages == view.revision.passages:
            return view.card
        revision = replace(
            view.revision,
            number=view.revision.number + 1,
            author=by.name,
            reason=RevisionReason.EDITED,
            made_at=self._clock(),
            passages=passages,
        )
        return self._append(view, revision, self._event(Action.EDITED, view, by, detail=key))

    def approve(
        self, draft: int, seen_revision: int, by: Person, send_to: Iterable[str] | None = None
    ) -> Approval:
        """Sign the renditions of a draft for every account they may go to.

        send_to : accounts it is queued for, to go out when the undo window is over; None
            for those the plan of its edition names, as far as they can take it

        Raises RefusedError if a finding blocks, if `by` may not approve, or if an account
        that was asked for, or every account, cannot take the draft; ConflictError if the
        draft has moved on.
        """
        view = self._seen(draft, seen_revision, _APPROVABLE, "approved")
        self.require_editor(by)
        orders = self._store.edition(view.card.edition).orders
        if (self._rules.four_eyes or orders.four_eyes) and by.name in self._writers(draft):
            wanted_by = "this house has" if self._rules.four_eyes else "its plan wants"
            msg = f"{wanted_by} four eyes: whoever wrote in a draft cannot approve it"
            raise RefusedError(msg)
        found = blocking(view.revision.findings)
        if found:
            msg = f"the draft cannot be approved while these findings stand: {', '.join(found)}"
            raise RefusedError(msg)
        now = self._clock()
        prospects = self._prospects(view, signed_at=now)
        renditions = _renditions(prospects)
        if not renditions:
            msg = "no account can take this draft; add one, or look at the findings per account"
            raise RefusedError(msg)
        approval = Approval(
            draft=draft,
            revision=view.revision.number,
            snapshot=view.snapshot.id,
            findings_sha256=_fingerprint(view.revision),
            renditions=renditions,
            approver=by.name,
            approved_at=now,
            expires_at=now + (orders.approval_lasts or self._rules.approval_lasts),
        )
        self._store.transition(
            view.card,
            state=DraftState.APPROVED,
            approval=approval,
            queued=dict.fromkeys(self._to_queue(view, renditions, send_to), now + self._rules.undo),
            events=[self._event(Action.APPROVED, view, by, detail=_disclaimers(prospects))],
        )
        return approval

    def _to_queue(
        self, view: DraftView, renditions: Sequence[Rendition], send_to: Iterable[str] | None
    ) -> list[str]:
        """Return the accounts a draft is queued for with its approval."""
        able = {rendition.account for rendition in renditions}
        if send_to is not None:
            asked = list(dict.fromkeys(send_to))
            unable = [account for account in asked if account not in able]
            if unable:
                msg = f"{', '.join(unable)} cannot take this draft; look at the findings there"
                raise RefusedError(msg)
            return asked
        out = {
            delivery.account
            for delivery in self._store.deliveries(view.card.id)
            if delivery.may_be_out or not delivery.state.may_be_queued
        }
        planned = self._store.edition(view.card.edition).orders.accounts
        return [account for account in planned if account in able - out]

    def request_changes(self, draft: int, seen_revision: int, by: Person, reason: str) -> DraftCard:
        """Send a draft back with what should change; an approval becomes void."""
        self.require_editor(by)
        allowed = _EDITABLE - {DraftState.CHANGES_REQUESTED}
        return self._decide(
            (draft, seen_revision),
            allowed,
            DraftState.CHANGES_REQUESTED,
            Action.CHANGES_REQUESTED,
            by,
            clean_reason(reason),
        )

    def reject(self, draft: int, seen_revision: int, by: Person, reason: str) -> DraftCard:
        """Turn a draft down for good; an approval becomes void."""
        self.require_editor(by)
        return self._decide(
            (draft, seen_revision),
            _EDITABLE,
            DraftState.REJECTED,
            Action.REJECTED,
            by,
            clean_reason(reason),
        )

    def withdraw(self, draft: int, seen_revision: int, by: Person, reason: str) -> DraftCard:
        """Take back an approved draft for good, so that nothing more of it is sent."""
        self.require_editor(by)
        return self._decide(
            (draft, seen_revision),
            _WITHDRAWABLE,
            DraftState.WITHDRAWN,
            Action.WITHDRAWN,
            by,
            clean_reason(reason),
        )

    def take_refreshed(
        self, draft: int, passages: Sequence[Passage], made: Revision, by: Person | None
    ) -> DraftCard:
        """Append the revision that a refresh of the data made; an approval becomes void."""
        view = self._seen(draft, made.number - 1, _EDITABLE, "refreshed")
        revision = replace(made, passages=tuple(passages))
        return self._append(view, revision, self._event(Action.REFRESHED, view, by))

    def renditions(self, view: DraftView) -> tuple[Rendition, ...]:
        """Return what would be sent to each account that may have this draft."""
        return _renditions(self.prospects(view))

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
        if "stale_data" in found and (approved or card.state in _APPROVABLE):
            return DraftState.STALE, "the data is too old"
        if approved and (approval is None or approval.expires_at <= self._clock()):
            return DraftState.EXPIRED, "the approval ran out"
        if approved and found:
            return DraftState.DRAFTED, f"new findings block: {', '.join(found)}"
        over = self._campaign_over(approval, card.locale) if approved and approval else None
        if over is not None:
            return DraftState.EXPIRED, f"{campaign_over.ID}: {over.told_over()}"
        return None

    def _campaign_over(self, approval: Approval, locale: str) -> Campaign | None:
        """Return a campaign that was signed with a rendition and has ended since, if any."""
        now, publish_at = self._clock(), approval.approved_at + self._rules.undo
        accounts = {one.name: one for one in self._store.accounts()}
        return next(
            (
                campaign
                for signed in approval.renditions
                for campaign in self._campaigns_of(accounts[signed.account])
                if campaign.runs_at(publish_at)
                and campaign.is_over_at(now)
                and campaign.is_in(signed.text, locale)
            ),
            None,
        )

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

    def _seen(
        self, draft: int, seen_revision: int, allowed: frozenset[DraftState], deed: str
    ) -> DraftView:
        view = self.view_seen(draft, seen_revision)
        if view.card.state not in allowed:
            msg = f"a draft that is {view.card.state.value} cannot be {deed}"
            raise RefusedError(msg)
        return view

    def _append(self, view: DraftView, revision: Revision, event: Event) -> DraftCard:
        checked = replace(
            revision,
            findings=self._findings(revision, self._store.snapshot(revision.snapshot), view.card),
        )
        events = [event]
        if view.approval is not None:
            events.append(self._event(Action.APPROVAL_VOIDED, view, None, detail=event.action))
        return self._store.add_revision(view.card, checked, state=DraftState.DRAFTED, events=events)

    def _decide(
        self,
        seen: tuple[int, int],
        allowed: frozenset[DraftState],
        state: DraftState,
        action: Action,
        by: Person,
        reason: str,
    ) -> DraftCard:
        view = self._seen(*seen, allowed, state.value)
        events = [self._event(action, view, by, detail=reason)]
        if view.approval is not None:
            events.append(self._event(Action.APPROVAL_VOIDED, view, None, detail=action))
        return self._store.transition(view.card, state=state, events=events)

    def _findings(
        self, revision: Revision, snapshot: StoredSnapshot, card: DraftCard
    ) -> tuple[Finding, ...]:
        return findings_of(
            revision,
            snapshot,
            locale=card.locale,
            times=self._times(card, self._clock()),
        )

    def _writers(self, draft: int) -> set[str]:
        """Return who has put words of his own into a draft."""
        return {
            revision.author
            for revision in self._store.revisions(draft)
            if revision.author is not None and revision.reason is RevisionReason.EDITED
        }

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

    @staticmethod
    def require_editor(person: Person) -> None:
        """Raise RefusedError unless a person may decide."""
        if person.role not in {Role.EDITOR, Role.ADMIN}:
            msg = f"{person.name} is a {person.role.value}; this takes an editor"
            raise RefusedError(msg)


def _renditions(prospects: Mapping[str, Prospect]) -> tuple[Rendition, ...]:
    return tuple(one.rendition for one in prospects.values() if one.rendition is not None)


def _disclaimers(prospects: Mapping[str, Prospect]) -> str:
    """Return which disclaimer is signed for each account, in its version."""
    signed = {name: one.disclaimer for name, one in prospects.items() if one.rendition}
    return "; ".join(f"{name}: disclaimer {label}" for name, label in signed.items())


def _fingerprint(revision: Revision) -> str:
    listed = [finding_tree(finding) for finding in revision.findings]
    return hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()
