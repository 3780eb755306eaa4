"""People, and what happened: the lines of the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
class Event:
    """One line of the audit trail: who did what to which draft, when, and why."""

    at: datetime
    person: str | None
    action: Action
    edition: str | None = None
    draft: int | None = None
    revision: int | None = None
    detail: str = ""
