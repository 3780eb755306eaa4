"""Due moments of plans."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class SlotState(StrEnum):
    """What became of a due moment of a plan: the last four are ends."""

    DUE = "due"
    MAKING = "making"
    DRAFTED = "drafted"
    HELD = "held"
    MISSED = "missed"
    FAILED = "failed"


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
