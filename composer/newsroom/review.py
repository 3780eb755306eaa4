"""Decide about drafts: edit, approve, ask for changes, reject, withdraw, refresh.

The laws, which a state machine of tests holds us to:

- whoever decides names the revision he saw; if the draft has moved on, nothing happens;
- approval signs exact renditions together with snapshot, revision and findings; an
  edit, a refresh, the clock or a new blocking finding makes it void;
- what is blocked cannot be approved, and what was rejected or withdrawn stays so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from composer.errors import RefusedError
from composer.newsroom.approving import accounts_to_queue, sign, told_disclaimers
from composer.newsroom.records.approvals import Approval
from composer.newsroom.records.drafts import DraftCard, DraftState, Revision, RevisionReason
from composer.newsroom.records.editions import Orders
from composer.newsroom.records.people import Action, Event, Person, Role
from composer.newsroom.standing import DraftView, Standing
from composer.newsroom.wording import clean_reason, with_text
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


class Review(Standing):
    """The decisions about drafts. Holds no state of its own."""

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
        self._require_four_eyes(view, orders, by)
        now = self._clock()
        prospects = self._prospects(view, signed_at=now)
        lasts = orders.approval_lasts or self._rules.approval_lasts
        approval = sign(view, prospects, by, at=now, lasts=lasts)
        queued = accounts_to_queue(
            approval, self._store.deliveries(draft), planned=orders.accounts, send_to=send_to
        )
        self._store.transition(
            view.card,
            state=DraftState.APPROVED,
            approval=approval,
            queued=dict.fromkeys(queued, now + self._rules.undo),
            events=[self._event(Action.APPROVED, view, by, detail=told_disclaimers(prospects))],
        )
        return approval

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

    def _require_four_eyes(self, view: DraftView, orders: Orders, by: Person) -> None:
        """Raise RefusedError if somebody else has to approve what a person wrote in."""
        writers = {
            revision.author
            for revision in self._store.revisions(view.card.id)
            if revision.reason is RevisionReason.EDITED
        }
        if (self._rules.four_eyes or orders.four_eyes) and by.name in writers:
            wanted_by = "this house has" if self._rules.four_eyes else "its plan wants"
            msg = f"{wanted_by} four eyes: whoever wrote in a draft cannot approve it"
            raise RefusedError(msg)

    @staticmethod
    def require_editor(person: Person) -> None:
        """Raise RefusedError unless a person may decide."""
        if person.role not in {Role.EDITOR, Role.ADMIN}:
            msg = f"{person.name} is a {person.role.value}; this takes an editor"
            raise RefusedError(msg)
