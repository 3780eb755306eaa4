"""Send an approved rendition to an account, once.

Before anything leaves, the delivery is stored as `sending`; two that try at once meet
in one conditional update, and only one of them sends. An answer nobody understands
leaves the delivery ambiguous: a person looks, nothing is sent again by itself.
"""

from collections.abc import Mapping

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.errors import NotFoundError, PublishError, RefusedError, UnclearAnswerError
from composer.newsroom.ports import Clock, DraftStore
from composer.newsroom.records import (
    Account,
    Action,
    Delivery,
    DeliveryState,
    DraftState,
    Event,
    Person,
    Rendition,
)
from composer.newsroom.renditions import render
from composer.newsroom.review import DraftView, Review
from composer.publishers.records import Payload, PayloadImage, Publisher

_LOG: BoundLogger = get_logger()

_MAY_BE_SENT = frozenset({DeliveryState.QUEUED, DeliveryState.REFUSED})


class Publishing:
    """Sends what was approved."""

    def __init__(
        self,
        store: DraftStore,
        review: Review,
        publishers: Mapping[str, Publisher],
        clock: Clock,
    ) -> None:
        """Work on `store` with the publishers of each platform, by `clock`."""
        self._store = store
        self._review = review
        self._publishers = publishers
        self._clock = clock

    def publish(self, draft: int, seen_revision: int, account: str, by: Person) -> Delivery:
        """Send an approved draft to an account and return how that went.

        Raises ConflictError if the draft has moved on since `seen_revision`,
        RefusedError if it is not approved, its bytes are not the approved ones, the
        account is held, or the draft is out already or may be.
        """
        view = self._review.view_seen(draft, seen_revision)
        target = self._account(account)
        rendition = self._approved_rendition(view, target)
        delivery = self._store.queue_delivery(draft, account, rendition.sha256)
        if delivery.state not in _MAY_BE_SENT:
            msg = f"draft {draft} to {account} is {delivery.state.value}; it is not sent again"
            raise RefusedError(msg)
        publisher = self._publishers[target.platform]
        try:
            prepared = publisher.prepare(self._payload(view, rendition))
        except PublishError as error:
            return self._not_taken(delivery, error, view, by)
        sending = self._move(delivery, DeliveryState.SENDING, Action.SENT, view, by)
        try:
            receipt = publisher.send(prepared)
        except PublishError as error:
            return self._not_taken(sending, error, view, by)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody knows what happened
            reason = str(error) if isinstance(error, UnclearAnswerError) else repr(error)
            return self._move(
                sending, DeliveryState.AMBIGUOUS, Action.AMBIGUOUS, view, by, reason=reason
            )
        return self._move(
            sending,
            DeliveryState.ACCEPTED,
            Action.ACCEPTED,
            view,
            by,
            reference=receipt.reference,
        )

    def _not_taken(
        self, delivery: Delivery, error: PublishError, view: DraftView, by: Person
    ) -> Delivery:
        """Keep the platform's words; whether and when to ask again is for people to say."""
        if delivery.state is DeliveryState.REFUSED:  # again, before anything was sent
            raise RefusedError(str(error)) from error
        return self._move(
            delivery, DeliveryState.REFUSED, Action.REFUSED, view, by, reason=str(error)
        )

    def _account(self, name: str) -> Account:
        account = next((one for one in self._store.accounts() if one.name == name), None)
        if account is None:
            msg = f"there is no account {name!r}"
            raise NotFoundError(msg)
        if account.held:
            msg = f"the account {name} is held; nothing is sent to it"
            raise RefusedError(msg)
        if account.platform not in self._publishers:
            msg = f"the account {name} is on {account.platform}, which nothing here can send to"
            raise RefusedError(msg)
        return account

    def _approved_rendition(self, view: DraftView, account: Account) -> Rendition:
        """Return what is sent, rendered anew and held against what was signed."""
        approval = view.approval
        if view.card.state is not DraftState.APPROVED or approval is None:
            msg = f"draft {view.card.id} is {view.card.state.value}, not approved"
            raise RefusedError(msg)
        found = self._review.blocked_for(view, account)
        if found:
            msg = f"these findings keep the draft from {account.name}: {', '.join(found)}"
            raise RefusedError(msg)
        rendition = render(view.revision, view.snapshot, locale=view.card.locale, account=account)
        signed = {one.account: one.sha256 for one in approval.renditions}
        if signed.get(account.name) != rendition.sha256:
            msg = f"what would go to {account.name} is not what was approved; approve it again"
            raise RefusedError(msg)
        return rendition

    def _payload(self, view: DraftView, rendition: Rendition) -> Payload:
        return Payload(
            key=f"{view.card.edition}.{view.card.locale}.{view.card.format}",
            account=rendition.account,
            text=rendition.text,
            images=tuple(
                PayloadImage(
                    name=f"image-{number}.png",
                    png=self._store.image(image.sha256),
                    alt=image.alt,
                )
                for number, image in enumerate(rendition.images, start=1)
            ),
            sha256=rendition.sha256,
        )

    def _move(
        self,
        delivery: Delivery,
        state: DeliveryState,
        action: Action,
        view: DraftView,
        by: Person,
        *,
        reference: str | None = None,
        reason: str | None = None,
    ) -> Delivery:
        event = Event(
            at=self._clock(),
            person=by.name,
            action=action,
            edition=view.card.edition,
            draft=view.card.id,
            revision=view.card.revision,
            detail=" ".join(filter(None, (delivery.account, reference, reason))),
        )
        moved = self._store.move_delivery(
            delivery, state, event=event, reference=reference, reason=reason
        )
        _LOG.info("delivery_moved", draft=view.card.id, account=delivery.account, state=state)
        return moved
