"""What the newsroom needs of the world, as ports; bootstrap decides who stands behind them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from composer.newsroom.records import (
    Account,
    Approval,
    Delivery,
    DeliveryState,
    DraftCard,
    DraftState,
    EditionCard,
    Event,
    Person,
    Revision,
    Role,
    StoredSnapshot,
)

Clock = Callable[[], datetime]


class DraftStore(Protocol):
    """Editions, drafts and what was decided about them.

    Every change is one transaction. Whoever changes a draft names the revision and the
    states he saw; if the draft has moved on, nothing happens and StateError
    (`ConflictError`) is raised. Unknown ids raise NotFoundError.
    """

    def add_edition(
        self, card: EditionCard, snapshot: StoredSnapshot, images: Sequence[tuple[str, bytes]]
    ) -> None:
        """Add an edition with its first snapshot and the bytes of its images, once."""

    def add_snapshot(self, snapshot: StoredSnapshot, images: Sequence[tuple[str, bytes]]) -> None:
        """Add a further snapshot of an edition; the same snapshot again changes nothing."""

    def add_draft(
        self, edition: str, locale: str, post_format: str, revision: Revision, event: Event
    ) -> DraftCard:
        """Add a draft with its first revision, or return the one that is already there."""

    def editions(self, *, limit: int, before: datetime | None = None) -> tuple[EditionCard, ...]:
        """Return the latest editions with their drafts, newest first."""

    def edition(self, edition: str) -> EditionCard:
        """Return one edition with its drafts."""

    def draft(self, draft: int) -> DraftCard:
        """Return one draft."""

    def revision(self, draft: int, number: int) -> Revision:
        """Return one revision of a draft."""

    def revisions(self, draft: int) -> tuple[Revision, ...]:
        """Return all revisions of a draft, oldest first."""

    def snapshot(self, snapshot: str) -> StoredSnapshot:
        """Return one snapshot."""

    def image(self, sha256: str) -> bytes:
        """Return the bytes of one image."""

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
    ) -> DraftCard:
        """Move the draft as seen into `state`; a new approval comes with it or the old is void."""

    def replace_findings(self, seen: DraftCard, revision: Revision) -> None:
        """Store what the checks say now about the current revision of the draft as seen."""

    def approval(self, draft: int) -> Approval | None:
        """Return the approval of a draft that is not void, if there is one."""

    def events(self, *, draft: int | None = None, limit: int = 200) -> tuple[Event, ...]:
        """Return the latest events, of one draft or of all, newest first."""

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts by name."""

    def put_account(self, account: Account) -> None:
        """Add an account or replace the one of the same name."""

    def deliveries(self, draft: int) -> tuple[Delivery, ...]:
        """Return the deliveries of a draft."""

    def queue_delivery(self, draft: int, account: str, rendition_sha256: str) -> Delivery:
        """Add the delivery of a draft to an account, or return the one that is there."""

    def move_delivery(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        event: Event,
        reference: str | None = None,
        reason: str | None = None,
    ) -> Delivery:
        """Move a delivery on from the state it was seen in, keeping an attempt for each sending."""


class PeopleStore(Protocol):
    """Who may sign in, and the secrets that prove it."""

    def people(self) -> tuple[Person, ...]:
        """Return everyone by name."""

    def person(self, person: int) -> Person:
        """Return one person."""

    def person_named(self, name: str) -> Person | None:
        """Return the person of this name, if there is one."""

    def add_person(self, name: str, role: Role, *, desk_locale: str) -> Person:
        """Add a person without a password."""

    def change_person(self, person: Person) -> None:
        """Store a person's role, desk language and whether he is active."""

    def password_hash(self, person: int) -> str | None:
        """Return the stored hash of a person's password, if one was set."""

    def set_password_hash(self, person: int, password_hash: str) -> None:
        """Store the hash of a person's password and spend his sign-in links."""

    def add_sign_in_link(self, person: int, token_sha256: str, expires_at: datetime) -> None:
        """Store the fingerprint of a one-time sign-in link."""

    def spend_sign_in_link(self, token_sha256: str, now: datetime) -> Person | None:
        """Spend a link that has neither expired nor been used; return whose it was."""


class Store(DraftStore, PeopleStore, Protocol):
    """Everything the newsroom keeps."""

    def close(self) -> None:
        """Let go of what the store holds open."""
