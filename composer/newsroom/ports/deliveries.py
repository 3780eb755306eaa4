"""The store of accounts and deliveries, as a port."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState, Lapse
from composer.newsroom.records.people import Event


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
