"""The store of plans and their slots, as a port."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Protocol

from composer.newsroom.records.slots import Claim, PlanHistory, Slot, SlotState


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
