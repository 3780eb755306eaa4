"""Editions and drafts as the newsroom keeps them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path

from composer.checks.records import Finding
from composer.figures.facts import Fact
from composer.figures.levels import LevelPolicy
from composer.figures.report import Figures
from composer.market.records import MarketSnapshot, Query
from composer.text.passages import Passage, join_passages
from composer.text.tokens import RenderedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a plan says of the drafts of its editions; without a plan, of none of it.

    Approved drafts go to `accounts` by themselves; an approval lasts `approval_lasts`, or
    what the house says, and so does `max_age`, from which the data may not be published;
    `four_eyes` demands that the approver wrote nothing in the draft.
    """

    plan: str | None = None
    accounts: tuple[str, ...] = ()
    approval_lasts: timedelta | None = None
    max_age: timedelta | None = None
    four_eyes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """What an edition is asked to be: which market moment, in which locales and formats.

    `source` is the name or file that market data is asked from. `orders` say what becomes
    of its drafts once they are approved. `occasion` sets it apart from every other edition
    of the same figures: the slot it is made for. `credit` is the creator's name on charts,
    `templates` the folder of his own post formats.
    """

    query: Query
    source: str
    levels: LevelPolicy
    notional_usd: float | None
    locales: tuple[str, ...]
    formats: tuple[str, ...]
    max_age: timedelta
    orders: Orders = Orders()
    occasion: str = ""
    credit: str | None = None
    templates: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One drawn chart of an edition; `alt` describes it to who cannot see it."""

    kind: str
    locale: str
    alt: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One locale and format of an edition; `body` is its rendered text, figures traced."""

    edition: str
    locale: str
    format: str
    title: str
    body: RenderedText
    passages: tuple[Passage, ...]
    facts: Mapping[str, Fact]
    findings: tuple[Finding, ...]
    images: tuple[Image, ...]

    @property
    def source_text(self) -> str:
        """The text before figures are filled in: passages with their tokens."""
        return join_passages(self.passages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One symbol's drafts of one market moment, with everything they were made from.

    `commission` is what it was asked to be, so that it can be made anew.
    """

    id: str
    commission: Commission
    snapshot: MarketSnapshot
    figures: Figures
    facts: Mapping[str, Fact]
    drafts: tuple[Draft, ...]


class Role(StrEnum):
    """What a person may do: creators draft and edit, editors also decide, admins also manage."""

    CREATOR = "creator"
    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who may sign in. Secrets of a person never leave the store."""

    id: int
    name: str
    role: Role
    desk_locale: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where posts go: a name of ours on a platform.

    It takes drafts of its `locales` and `formats`, of all where none are named. Nothing is
    sent to it while it is `held`, and nothing any more once it is not configured (`active`).
    """

    name: str
    platform: str
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    active: bool = True
    held: bool = False
    held_reason: str = ""

    def takes(self, locale: str, post_format: str) -> bool:
        """Tell whether drafts of this kind are meant for the account."""
        return (
            self.active
            and (not self.locales or locale in self.locales)
            and (not self.formats or post_format in self.formats)
        )


class DraftState(StrEnum):
    """Where a draft stands editorially. Whether it is out is told by its deliveries."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    STALE = "stale"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    """Where one draft stands with one account.

    `ambiguous` is shown as "needs confirmation".
    """

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"
    WAITING = "waiting"
    AWAITING_PERSON = "awaiting_person"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def may_be_queued(self) -> bool:
        """Whether nothing is out, perhaps out or in somebody's hands: a text may be (re)queued."""
        return self in _MAY_BE_QUEUED

    @property
    def goes_out_by_itself(self) -> bool:
        """Whether a worker will send it when it is due."""
        return self in _GOES_OUT


_GOES_OUT = frozenset({DeliveryState.QUEUED, DeliveryState.WAITING})
_MAY_BE_QUEUED = _GOES_OUT | {
    DeliveryState.REFUSED,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
}


class SlotState(StrEnum):
    """What became of a due moment of a plan: the last four are ends."""

    DUE = "due"
    MAKING = "making"
    DRAFTED = "drafted"
    HELD = "held"
    MISSED = "missed"
    FAILED = "failed"


class RevisionReason(StrEnum):
    """Why a revision came to be."""

    MADE = "made"
    EDITED = "edited"
    REFRESHED = "refreshed"


class Action(StrEnum):
    """What an event records."""

    MADE = "made"
    EDITED = "edited"
    REFRESHED = "refreshed"
    APPROVED = "approved"
    APPROVAL_VOIDED = "approval_voided"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"
    WAITING = "waiting"
    AWAITING_PERSON = "awaiting_person"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    HELD = "held"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSnapshot:
    """The part of a market snapshot that texts and checks need; written once, never changed.

    `tree` is the published figures JSON, `looked_from` the moment the age of the data
    is measured from if the edition was made for a past moment, else None.
    """

    id: str
    edition: str
    as_of: datetime
    fetched_at: datetime
    looked_from: datetime | None
    tree: Mapping[str, object]
    facts: Mapping[str, Fact]
    warnings: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedImage:
    """An image of a revision, by the SHA-256 of its bytes."""

    sha256: str
    kind: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a draft's text; pins the snapshot it was written and checked with.

    `author` is a person's name, or None where the newsroom itself wrote it.
    """

    number: int
    snapshot: str
    author: str | None
    reason: RevisionReason
    made_at: datetime
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]
    images: tuple[AttachedImage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCard:
    """A draft without its text: enough for a list, and for deciding what may happen to it.

    `max_age` is the age from which its data may not be published, where its plan says so.
    """

    id: int
    edition: str
    locale: str
    format: str
    state: DraftState
    revision: int
    author: str | None
    blocks: int
    warnings: int
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionCard:
    """An edition with its drafts, for a list, and how to look at its market again.

    `source`, `levels` and `notional_usd` are what it was commissioned with.
    """

    id: str
    symbol: str
    made_at: datetime
    as_of: datetime
    source: str
    levels: str
    notional_usd: float | None
    drafts: tuple[DraftCard, ...]
    orders: Orders = Orders()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """The exact text and images that would be sent to one account."""

    account: str
    text: str
    images: tuple[AttachedImage, ...]

    @property
    def sha256(self) -> str:
        """The fingerprint approval signs: account, text, images and their alternative texts."""
        canonical = json.dumps(
            {
                "account": self.account,
                "text": self.text,
                "images": [[image.sha256, image.alt] for image in self.images],
            },
            ensure_ascii=False,
            sort_keys=True,
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's word that exactly these renditions may go out until `expires_at`.

    `findings_sha256` is the fingerprint of what the checks said at that moment.
    """

    draft: int
    revision: int
    snapshot: str
    findings_sha256: str
    renditions: tuple[Rendition, ...]
    approver: str
    approved_at: datetime
    expires_at: datetime
    voided_at: datetime | None = None
    void_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the audit trail: who did what to which draft, when, and why."""

    at: datetime
    person: str | None
    action: Action
    edition: str | None = None
    draft: int | None = None
    revision: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One draft on its way to one account; there is never a second one for the pair.

    `due_at` is when it may go out (None: at once), `attempts` how often sending was begun,
    `sent_at` when last and `first_sent_at` when first, `tries` how often it was put off since
    it was queued. One that waits to be repeated after an unclear answer `may_be_out`.
    """

    id: int
    draft: int
    account: str
    state: DeliveryState
    rendition_sha256: str
    reference: str | None
    reason: str | None
    due_at: datetime | None = None
    tries: int = 0
    attempts: int = 0
    sent_at: datetime | None = None
    first_sent_at: datetime | None = None
    may_be_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A delivery that would go out, but whose approval ran out (`expired`) or was taken back."""

    delivery: Delivery
    expired: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One due moment of a plan; there is never a second one of the same local moment.

    `local_date` and `local_time` are of the plan's zone, `due_at` is the moment they name.
    `tries` counts how often making its edition was begun.
    """

    id: int
    plan: str
    symbol: str
    local_date: date
    local_time: time
    due_at: datetime
    state: SlotState
    edition: str | None = None
    reason: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The hold one process has on a slot while it makes its edition; `token` is its own."""

    slot: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHistory:
    """Since when a plan is known, and the latest local date it has a slot of."""

    known_since: datetime
    latest: date | None
