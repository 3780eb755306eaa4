"""Editions, drafts and their revisions as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from composer.checks.records import Finding
from composer.figures.facts import Fact
from composer.newsroom.records.editions import NO_ORDERS, Orders
from composer.text.passages import Passage


class DraftState(StrEnum):
    """Where a draft stands editorially. Whether it is out is told by its deliveries."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    STALE = "stale"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class RevisionReason(StrEnum):
    """Why a revision came to be."""

    MADE = "made"
    EDITED = "edited"
    REFRESHED = "refreshed"


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
    orders: Orders = NO_ORDERS
