"""What people do about deliveries: queue, stop, confirm, send again, hold, release."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from composer.errors import RefusedError
from composer.newsroom.outlets import OpenOutlet, account_named, payload_of
from composer.newsroom.ports.store import ReviewStore
from composer.newsroom.ports.world import Clock
from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import Delivery, DeliveryState
from composer.newsroom.records.people import Action, Event, Person
from composer.newsroom.review import Review
from composer.newsroom.wording import clean_reason
from composer.publishers.records import Assistant


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a person gets to a platform: where posts are written, how an address reads.

    `composer_url` is None where we send ourselves.
    """

    composer_url: str | None
    example: str
    can_search: bool


_UNDECIDED = frozenset({DeliveryState.AMBIGUOUS, DeliveryState.AWAITING_PERSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """People's deeds about deliveries. Every one is told in the audit trail.

    `undo` is how long after approval, or after a decision to send again, nothing leaves.
    """

    store: ReviewStore
    review: Review
    outlet: OpenOutlet
    clock: Clock
    undo: timedelta

    def queue(self, draft: int, seen_revision: int, account: str, by: Person) -> Delivery:
        """Queue an approved draft for an account; it goes out when the undo window is over.

        Raises ConflictError if the draft has moved on since `seen_revision`, RefusedError
        if it is not approved for this account, or is out there already or may be.
        """
        self.review.require_editor(by)
        view = self.review.view_seen(draft, seen_revision)
        account_named(self.store, account)
        if view.approval is None:
            msg = f"draft {draft} is {view.card.state.value}, not approved; approve it first"
            raise RefusedError(msg)
        signed = {one.account: one.sha256 for one in view.approval.renditions}
        if account not in signed:
            msg = f"the approval of draft {draft} is not for {account}; look at its findings there"
            raise RefusedError(msg)
        now = self.clock()
        return self.store.queue_delivery(
            draft,
            account,
            signed[account],
            due_at=max(now, view.approval.approved_at + self.undo),
            event=Event(at=now, person=by.name, action=Action.QUEUED, detail=account),
        )

    def stop(self, delivery: int, by: Person) -> Delivery:
        """Take back what has not gone out. Raises RefusedError if that is too late."""
        self.review.require_editor(by)
        seen = self.store.delivery(delivery)
        if not seen.state.goes_out_by_itself:
            msg = f"the delivery to {seen.account} is {seen.state.value}; it cannot be stopped"
            raise RefusedError(msg)
        return self._move(seen, DeliveryState.CANCELLED, by, reason=f"stopped by {by.name}")

    def confirm(self, delivery: int, address: str, by: Person) -> Delivery:
        """Keep a person's word that the post is there, with its address.

        Raises RefusedError if this is no address of a post on that platform, or if
        nobody asked.
        """
        seen = self._undecided(delivery, by)
        outlet = self.outlet(account_named(self.store, seen.account))
        return self._accept(seen, outlet.post_address.recognise(address), by)

    def search(self, delivery: int, by: Person) -> Delivery:
        """Ask the platform for the post; if it shows it, keep its address.

        Returns the delivery as it was if the platform shows none (yet). Raises
        RefusedError if it cannot be asked, PublishError if it does not answer.
        """
        seen = self._undecided(delivery, by)
        outlet = self.outlet(account_named(self.store, seen.account))
        if not (isinstance(outlet, Assistant) and outlet.can_search):
            msg = f"the platform of {seen.account} cannot be searched; look there yourself"
            raise RefusedError(msg)
        card = self.store.draft(seen.draft)
        found = outlet.find(payload_of(card, self.rendition(delivery), self.store))
        return seen if found is None else self._accept(seen, found.reference, by)

    def send_again(self, delivery: int, by: Person) -> Delivery:
        """Take a person's word that nothing is there, and send it once more after the undo window.

        If its approval is gone meanwhile, it becomes expired: approved again, it can be sent.
        """
        seen = self._undecided(delivery, by)
        if seen.state is not DeliveryState.AMBIGUOUS:
            msg = f"the delivery to {seen.account} waits for a person, there is nothing to repeat"
            raise RefusedError(msg)
        said = f"not there, says {by.name}"
        view = self.review.view(seen.draft)
        signed = view.approval.renditions if view.approval else ()
        if seen.rendition_sha256 not in {one.sha256 for one in signed}:
            reason = f"{said}; its approval is gone, approve the draft again to send it"
            return self._move(seen, DeliveryState.EXPIRED, by, reason=reason)
        due_at = self.clock() + self.undo
        return self._move(seen, DeliveryState.QUEUED, by, reason=said, due_at=due_at)

    def give_up(self, delivery: int, by: Person) -> Delivery:
        """Take a person's word that he did not post it and will not."""
        seen = self._undecided(delivery, by)
        reason = f"not posted, says {by.name}"
        if seen.state is DeliveryState.AMBIGUOUS:
            return self._move(seen, DeliveryState.CANCELLED, by, reason=reason)
        event = self._event(seen, Action.CANCELLED, by, reason)
        return self.store.finish(seen, DeliveryState.CANCELLED, event=event, reason=reason)

    def way(self, account: str, locale: str = "") -> Way:
        """Return how a person gets to the platform of an account, in a language if it has it.

        Raises ConfigError or RefusedError if nothing usable stands behind it.
        """
        outlet = self.outlet(account_named(self.store, account))
        example = outlet.post_address.example
        if not isinstance(outlet, Assistant):
            return Way(composer_url=None, example=example, can_search=False)
        return Way(
            composer_url=outlet.composer_url_in(locale),
            example=example,
            can_search=outlet.can_search,
        )

    def rendition(self, delivery: int) -> Rendition:
        """Return exactly what a delivery is about, for who posts it by hand or looks for it."""
        return self.store.rendition_of(delivery)

    def hold(self, account: str | None, reason: str, by: Person) -> None:
        """Stop all sending to an account, or to all (None), and say why."""
        self.review.require_editor(by)
        self.store.hold(account, clean_reason(reason), self._switched(Action.HELD, account, by))

    def release(self, account: str | None, by: Person) -> None:
        """Open sending to an account, or to all (None), again."""
        self.review.require_editor(by)
        self.store.release(account, self._switched(Action.RELEASED, account, by))

    def _undecided(self, delivery: int, by: Person) -> Delivery:
        self.review.require_editor(by)
        seen = self.store.delivery(delivery)
        if seen.state not in _UNDECIDED:
            msg = f"the delivery to {seen.account} is {seen.state.value}; nothing is to decide"
            raise RefusedError(msg)
        return seen

    def _accept(self, seen: Delivery, address: str, by: Person) -> Delivery:
        other = self.store.delivery_at(address)
        if other is not None and other.id != seen.id:
            msg = f"{address} is the post of delivery {other.id} already; look for the right one"
            raise RefusedError(msg)
        event = self._event(seen, Action.ACCEPTED, by, f"{address} confirmed")
        return self.store.finish(seen, DeliveryState.ACCEPTED, event=event, reference=address)

    def _move(
        self,
        seen: Delivery,
        state: DeliveryState,
        by: Person,
        *,
        reason: str,
        due_at: datetime | None = None,
    ) -> Delivery:
        event = self._event(seen, Action(state.value), by, reason)
        return self.store.move_delivery(seen, state, event=event, reason=reason, due_at=due_at)

    def _event(self, seen: Delivery, action: Action, by: Person, told: str) -> Event:
        return Event(
            at=self.clock(),
            person=by.name,
            action=action,
            draft=seen.draft,
            detail=f"{seen.account} {told}",
        )

    def _switched(self, action: Action, account: str | None, by: Person) -> Event:
        told = account or "all accounts"
        return Event(at=self.clock(), person=by.name, action=action, detail=told)
