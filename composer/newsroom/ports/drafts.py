"""The store of drafts and decisions, as a port."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from composer.newsroom.ports.editions import EditionStore
from composer.newsroom.records.approvals import Approval
from composer.newsroom.records.drafts import DraftCard, DraftState, Revision
from composer.newsroom.records.people import Event


class DraftStore(EditionStore, Protocol):
    """Drafts of editions, and what was decided about them.

    Every change is one transaction. Whoever changes a draft names the revision and the
    states he saw; if the draft has moved on, nothing happens and StateError
    (`ConflictError`) is raised. Unknown ids raise NotFoundError.
    """

    def add_draft(
        self, edition: str, locale: str, post_format: str, revision: Revision, event: Event
    ) -> DraftCard:
        """Add a draft with its first revision, or return the one that is already there."""

    def draft(self, draft: int) -> DraftCard:
        """Return one draft."""

    def revision(self, draft: int, number: int) -> Revision:
        """Return one revision of a draft."""

    def revisions(self, draft: int) -> tuple[Revision, ...]:
        """Return all revisions of a draft, oldest first."""

    def add_revision(
        self,
        seen: DraftCard,
        revision: Revision,
        *,
        state: DraftState,
        events: Sequence[Event],
    ) -> DraftCard:
        """Append a revision to the draft as seen, put it in `state`, void its approval."""

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

    def replace_findings(self, seen: DraftCard, revision: Revision) -> None:
        """Store what the checks say now about the current revision of the draft as seen."""

    def approval(self, draft: int) -> Approval | None:
        """Return the approval of a draft that is not void, if there is one."""

    def events(self, *, draft: int | None = None, limit: int = 200) -> tuple[Event, ...]:
        """Return the latest events, of one draft or of all, newest first."""
