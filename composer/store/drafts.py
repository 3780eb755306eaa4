"""Drafts, their revisions, and what is decided about them.

Every change claims the draft first: one UPDATE that holds only if the draft still is
in the revision and state that were seen. Who does not get it changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, func, select, update

from composer.errors import ConflictError, NotFoundError, StateError
from composer.newsroom.records.approvals import Approval
from composer.newsroom.records.drafts import DraftCard, DraftState, Revision
from composer.newsroom.records.people import Action, Event
from composer.store.approvals import read_approval, void_approval, write_approval
from composer.store.cards import read_card
from composer.store.database import reading, writing
from composer.store.events import read_events, write_events
from composer.store.queueing import queue_in
from composer.store.revisions import (
    read_first_texts,
    read_revisions,
    replace_findings,
    write_revision,
)
from composer.store.subject import Subject, insert_once
from composer.store.tables import drafts, editions, revisions
from composer.text.passages import Passage


class Drafts(Subject):
    """One locale and format of an edition each, with all it ever was."""

    def add_draft(
        self, edition: str, locale: str, post_format: str, revision: Revision, event: Event
    ) -> DraftCard:
        """Add a draft with its first revision, or return the one that is already there."""
        with writing(self._engine) as connection:
            is_new = insert_once(
                connection,
                drafts,
                edition_id=edition,
                locale=locale,
                format=post_format,
                state=DraftState.DRAFTED,
                revision=revision.number,
            )
            first = select(drafts.c.id).where(
                drafts.c.edition_id == edition,
                drafts.c.locale == locale,
                drafts.c.format == post_format,
                drafts.c.correction_of.is_(None),
            )
            draft = connection.execute(first).scalar_one()
            if is_new:
                write_revision(connection, draft, revision)
                write_events(connection, read_card(connection, draft), [event])
            return read_card(connection, draft)

    def draft(self, draft: int) -> DraftCard:
        """Return one draft."""
        with reading(self._engine) as connection:
            return read_card(connection, draft)

    def revision(self, draft: int, number: int) -> Revision:
        """Return one revision of a draft."""
        with reading(self._engine) as connection:
            for revision in read_revisions(connection, draft, number):
                return revision
        msg = f"draft {draft} has no revision {number}; choose one from its history"
        raise NotFoundError(msg)

    def revisions(self, draft: int) -> tuple[Revision, ...]:
        """Return all revisions of a draft, oldest first."""
        with reading(self._engine) as connection:
            read_card(connection, draft)
            return read_revisions(connection, draft)

    def approval(self, draft: int) -> Approval | None:
        """Return the approval of a draft that is not void, if there is one."""
        with reading(self._engine) as connection:
            return read_approval(connection, draft)

    def past_posts(
        self, edition: str, locale: str, post_format: str, limit: int
    ) -> tuple[tuple[Passage, ...], ...]:
        """Return the texts of earlier editions of the same plan and symbol, the latest first.

        As they were first made, whatever was edited since; without a plan, of editions
        without one. What was added after the first draft of the edition itself does not
        count, so that taking up its making, or a refresh, recalls what the making did.
        """
        this, other, own = editions.alias(), editions.alias(), drafts.alias()
        begun = select(func.min(own.c.id)).where(own.c.edition_id == edition).scalar_subquery()
        query = (
            select(drafts.c.id)
            .join(other, other.c.id == drafts.c.edition_id)
            .join(
                this,
                (this.c.symbol == other.c.symbol)
                & (func.coalesce(this.c.plan, "") == func.coalesce(other.c.plan, ""))
                & (this.c.made_at > other.c.made_at),
            )
            .where(
                this.c.id == edition,
                drafts.c.locale == locale,
                drafts.c.format == post_format,
                drafts.c.correction_of.is_(None),
                # By ids: the draft of a making taken up late bears the moment of its edition.
                drafts.c.id < func.coalesce(begun, drafts.c.id + 1),
            )
            .order_by(other.c.made_at.desc(), drafts.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            written = connection.execute(query).scalars().all()
            return tuple(read_first_texts(connection, written))

    def add_revision(
        self, seen: DraftCard, revision: Revision, *, state: DraftState, events: Sequence[Event]
    ) -> DraftCard:
        """Append a revision to the draft as seen, put it in `state`, void its approval."""
        if revision.number != seen.revision + 1:
            msg = f"revision {revision.number} does not follow revision {seen.revision}"
            raise StateError(msg)
        if state is DraftState.APPROVED:
            msg = "a new revision is not approved yet; approve it when it is stored"
            raise StateError(msg)
        with writing(self._engine) as connection:
            _claim(connection, seen, state=state, revision=revision.number)
            write_revision(connection, seen.id, revision)
            return _conclude(connection, seen, events)

    def transition(
        self,
        seen: DraftCard,
        *,
        state: DraftState,
        events: Sequence[Event],
        approval: Approval | None = None,
        queued: Mapping[str, datetime] = MappingProxyType({}),
    ) -> DraftCard:
        """Move the draft as seen into `state`; a new approval comes with it or the old is void.

        With an approval, its renditions for the accounts `queued` are queued to go out then.
        """
        if (approval is not None) is not (state is DraftState.APPROVED):
            msg = "a draft is approved by an approval, and by nothing else"
            raise StateError(msg)
        with writing(self._engine) as connection:
            _claim(connection, seen, state=state, revision=seen.revision)
            card = _conclude(connection, seen, events)
            if approval is not None:
                _check_is_of(connection, approval, card)
                write_approval(connection, approval)
                _queue(connection, approval, queued)
            return card

    def replace_findings(self, seen: DraftCard, revision: Revision) -> None:
        """Store what the checks say now about the current revision of the draft as seen."""
        if revision.number != seen.revision:
            msg = f"these findings are of revision {revision.number}, not of {seen.revision}"
            raise StateError(msg)
        with writing(self._engine) as connection:
            _claim(connection, seen, state=seen.state, revision=seen.revision)
            replace_findings(connection, seen.id, revision)


def _queue(connection: Connection, approval: Approval, queued: Mapping[str, datetime]) -> None:
    signed = {rendition.account: rendition.sha256 for rendition in approval.renditions}
    for account, due_at in queued.items():
        told = Event(
            at=approval.approved_at,
            person=approval.approver,
            action=Action.QUEUED,
            detail=account,
        )
        queue_in(connection, approval.draft, account, signed[account], due_at=due_at, event=told)


def _claim(connection: Connection, seen: DraftCard, *, state: DraftState, revision: int) -> None:
    """Move a draft on if it still is as seen. Raises ConflictError if it is not."""
    claim = (
        update(drafts)
        .where(
            drafts.c.id == seen.id,
            drafts.c.revision == seen.revision,
            drafts.c.state == seen.state,
        )
        .values(state=state, revision=revision)
    )
    if connection.execute(claim).rowcount == 1:
        return
    now = read_card(connection, seen.id)
    (last,) = read_events(connection, draft=seen.id, limit=1)
    msg = (
        f"draft {seen.id} was {last.action} by {last.person or 'the newsroom'} at"
        f" {last.at:%Y-%m-%d %H:%M:%S} UTC and is at revision {now.revision}, {now.state};"
        f" you saw revision {seen.revision}, {seen.state}: look at it again"
    )
    raise ConflictError(msg)


def _conclude(connection: Connection, seen: DraftCard, events: Sequence[Event]) -> DraftCard:
    """Void the approval of a claimed draft and tell what happened; return it as it is now."""
    if events:
        cause = next((told for told in events if told.action is Action.APPROVAL_VOIDED), events[0])
        void_approval(connection, seen.id, cause)
    elif read_approval(connection, seen.id) is not None:
        msg = "an approval is voided by an event: the audit trail tells who did it, when and why"
        raise StateError(msg)
    card = read_card(connection, seen.id)
    write_events(connection, card, events)
    return card


def _check_is_of(connection: Connection, approval: Approval, card: DraftCard) -> None:
    pinned = select(revisions.c.snapshot_id).where(
        revisions.c.draft_id == card.id, revisions.c.number == card.revision
    )
    shown = (card.id, card.revision, connection.execute(pinned).scalar_one(), None)
    if (approval.draft, approval.revision, approval.snapshot, approval.voided_at) != shown:
        msg = "the approval is of another draft, revision or snapshot; look at it again"
        raise StateError(msg)
