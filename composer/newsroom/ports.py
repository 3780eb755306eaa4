"""What the newsroom needs of the world, as ports; bootstrap decides who stands behind them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Protocol

from composer.charts.scene import Scene
from composer.figures.calls import Call
from composer.figures.past import PastFigures
from composer.figures.report import PriceRange
from composer.newsroom.records import (
    Account,
    Approval,
    Claim,
    Delivery,
    DeliveryState,
    DraftCard,
    DraftState,
    EditionCard,
    Event,
    Lapse,
    Person,
    PlanHistory,
    Rendition,
    Revision,
    Role,
    Slot,
    SlotState,
    StoredSnapshot,
)
from composer.text.passages import Passage
from composer.text.writing import WrittenChart

Clock = Callable[[], datetime]


class Draw(Protocol):
    """Whatever draws: this process, or another that does it for us."""

    def __call__(self, kind: str, scene: Scene, chart: WrittenChart, *, edition: str) -> bytes:
        """Return the PNG of a chart; the same bytes wherever it is drawn."""


class Market(Protocol):
    """What the price has done since an edition was made."""

    def range_since(self, source: str, symbol: str, since: datetime) -> PriceRange:
        """Return the highest and lowest price from `since` to now, as the source knows them.

        Raises SourceError or ConfigError if that cannot be told.
        """


class DraftStore(Protocol):
    """Editions, drafts and what was decided about them.

    Every change is one transaction. Whoever changes a draft names the revision and the
    states he saw; if the draft has moved on, nothing happens and StateError
    (`ConflictError`) is raised. Unknown ids raise NotFoundError.
    """

    def add_edition(
        self,
        card: EditionCard,
        snapshot: StoredSnapshot,
        images: Sequence[tuple[str, bytes]],
        *,
        market: bytes | None = None,
        claim: Claim | None = None,
    ) -> None:
        """Add an edition with its first snapshot and the bytes of its images, once.

        `market` is what its making can be taken up from. With a claim the slot keeps the
        edition in the same transaction; ConflictError if the claim is lost.
        """

    def market_of(self, edition: str) -> bytes:
        """Return the market an edition was begun with."""

    def first_market(self, symbol: str, since: datetime, *, made_before: datetime) -> bytes | None:
        """Return the market of the first edition of a symbol as of `since` or later, if any.

        Only editions made before a moment count.
        """

    def past_figures(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime | None = None
    ) -> tuple[PastFigures, ...]:
        """Return the figures of the latest editions of a symbol as of before a moment.

        The latest first; of one moment and source one. With `made_before`, of editions that
        were made before that.
        """

    def past_calls(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime
    ) -> tuple[Call, ...]:
        """Return what the same editions said of their levels, but for simulated markets."""

    def add_snapshot(self, snapshot: StoredSnapshot, images: Sequence[tuple[str, bytes]]) -> None:
        """Add a further snapshot of an edition; the same snapshot again changes nothing."""

    def add_draft(
        self, edition: str, locale: str, post_format: str, revision: Revision, event: Event
    ) -> DraftCard:
        """Add a draft with its first revision, or return the one that is already there."""

    def past_posts(
        self, edition: str, locale: str, post_format: str, limit: int
    ) -> tuple[tuple[Passage, ...], ...]:
        """Return the texts of earlier editions of the same plan and symbol, the latest first.

        As they were first made, whatever was edited since; without a plan, of editions
        without one.
        """

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


class DeliveryStore(Protocol):
    """Accounts, and drafts on their way to them.

    A delivery moves only from where it was seen; whoever comes second gets ConflictError.
    """

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts by name."""

    def put_account(self, account: Account) -> None:
        """Add an account or configure the one of this name anew; a hold on it stays."""

    def house_hold(self) -> str | None:
        """Return why nothing is sent to any account, or None if sending is open."""

    def hold(self, account: str | None, reason: str, event: Event) -> None:
        """Stop all sending to an account, or to all; nothing begins once this has returned."""

    def release(self, account: str | None, event: Event) -> None:
        """Open sending to an account again, or to all that are not held themselves."""

    def delivery(self, delivery: int) -> Delivery:
        """Return one delivery."""

    def deliveries(self, draft: int) -> tuple[Delivery, ...]:
        """Return the deliveries of a draft."""

    def latest_deliveries(
        self, *, limit: int, states: Iterable[DeliveryState] = tuple(DeliveryState)
    ) -> tuple[Delivery, ...]:
        """Return the latest deliveries that are in one of the states, newest first."""

    def delivery_at(self, reference: str) -> Delivery | None:
        """Return the delivery that is out at this reference, if there is one."""

    def rendition_of(self, delivery: int) -> Rendition:
        """Return exactly what a delivery sends or sent."""

    def queue_delivery(
        self, draft: int, account: str, rendition_sha256: str, *, due_at: datetime, event: Event
    ) -> Delivery:
        """Queue an approved rendition. Raises RefusedError if it may not, or not again."""

    def claim_delivery(self, worker: str, *, now: datetime, until: datetime) -> Delivery | None:
        """Give a worker a delivery that is due and in nobody's hands, if there is one."""

    def hand_over(
        self,
        claimed: Delivery,
        worker: str,
        state: DeliveryState,
        *,
        until: datetime,
        event: Event,
    ) -> Delivery:
        """Let a claimed delivery out of the house, as `sending` or `awaiting_person`.

        Raises RefusedError if it is not approved any more or held, ConflictError if the
        claim is lost.
        """

    def finish(
        self,
        sent: Delivery,
        state: DeliveryState,
        *,
        event: Event,
        due_at: datetime | None = None,
        reference: str | None = None,
        reason: str | None = None,
        outcome: DeliveryState | None = None,
    ) -> Delivery:
        """Keep what became of the latest attempt; return the delivery as it is now.

        outcome : of the attempt, where it is not the state the delivery gets
        """

    def move_delivery(
        self,
        seen: Delivery,
        state: DeliveryState,
        *,
        event: Event,
        due_at: datetime | None = None,
        reason: str | None = None,
    ) -> Delivery:
        """Move a delivery of which nothing is under way on from the state it was seen in.

        What may be out becomes ambiguous instead of ending as if it were not.
        """

    def stalled_deliveries(self, now: datetime) -> tuple[Delivery, ...]:
        """Return those whose sender died: still being sent when their lease was over."""

    def lapsed_deliveries(self, now: datetime) -> tuple[Lapse, ...]:
        """Return those that would go out, but whose approval is void or has run out."""


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


class SlotStore(Protocol):
    """Plans that were seen, and what became of their slots.

    A slot ends once: who lost his claim on it gets ConflictError.
    """

    def plan_histories(self) -> Mapping[str, PlanHistory]:
        """Return what is known of every plan that was ever seen, by its name."""

    def know_plan(self, plan: str, since: datetime) -> None:
        """Remember that a plan was there at a moment; of several the earliest counts."""

    def add_slots(
        self, plan: str, symbol: str, moments: Sequence[tuple[date, time, datetime]]
    ) -> None:
        """Add slots, each of a local date, time and due moment; a date has one, and no second."""

    def open_slots(self) -> tuple[Slot, ...]:
        """Return the slots that have not ended, in the order they are due."""

    def slots(self, *, since: datetime) -> tuple[Slot, ...]:
        """Return the slots due since a moment, newest first."""

    def claim_slot(self, claim: Claim, *, now: datetime, until: datetime) -> Slot | None:
        """Claim an open slot, or return None if it ended, waits or is in other hands.

        The claim ends at `until`, and so does one of a clock that was far ahead of `now`.
        """

    def extend_claim(self, claim: Claim, *, until: datetime) -> None:
        """Hold on to a slot for longer."""

    def put_off_slot(self, claim: Claim, *, reason: str, until: datetime | None) -> None:
        """Let go of a slot that is to be tried again, not before `until` if that is given."""

    def end_slot(self, claim: Claim, state: SlotState, reason: str) -> Slot:
        """End a slot for good."""


class Store(DraftStore, DeliveryStore, SlotStore, PeopleStore, Protocol):
    """Everything the newsroom keeps."""

    def close(self) -> None:
        """Let go of what the store holds open."""
