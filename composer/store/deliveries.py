"""Accounts, and drafts on their way to them.

The fence stands here: a delivery begins sending in one UPDATE that holds only if
nobody else moved it, its rendition is approved at that moment and its account is not held.
"""

from typing import Any

from sqlalchemy import Connection, Row, Select, Update, func, insert, select, update

from composer.errors import ConflictError, NotFoundError, RefusedError, StateError
from composer.newsroom.records import Account, Delivery, DeliveryState, Event
from composer.store.cards import read_card
from composer.store.database import reading, writing
from composer.store.events import write_events
from composer.store.subject import Subject, insert_into, insert_once
from composer.store.tables import accounts, approvals, attempts, deliveries, renditions

# Nothing of such a delivery is out, perhaps out or about to be: a newer text may take its place.
_STILL_OPEN = (
    DeliveryState.QUEUED,
    DeliveryState.WAITING,
    DeliveryState.REFUSED,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
)


class Deliveries(Subject):
    """Where posts go, and how far they are."""

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts by name."""
        with reading(self._engine) as connection:
            # Sorted here: the databases do not agree on the order of letters.
            rows = sorted(connection.execute(select(accounts)), key=lambda row: row.name)
        return tuple(Account(name=row.name, platform=row.platform, held=row.held) for row in rows)

    def put_account(self, account: Account) -> None:
        """Add an account or replace the one of the same name."""
        values = {"platform": account.platform, "held": account.held}
        with writing(self._engine) as connection:
            connection.execute(
                insert_into(connection, accounts)
                .values(name=account.name, **values)
                .on_conflict_do_update(index_elements=[accounts.c.name], set_=values)
            )

    def deliveries(self, draft: int) -> tuple[Delivery, ...]:
        """Return the deliveries of a draft."""
        query = _query().where(deliveries.c.draft_id == draft).order_by(deliveries.c.id)
        with reading(self._engine) as connection:
            return tuple(map(_read_delivery, connection.execute(query)))

    def queue_delivery(self, draft: int, account: str, rendition_sha256: str) -> Delivery:
        """Add the delivery of a draft to an account, or return the one that is there.

        One of which nothing is out or under way takes over the rendition, if that is the
        approved one: after an edit and a new approval the new text is what will be sent.
        Raises RefusedError if there is none yet and the rendition is not approved.
        """
        pair = (deliveries.c.draft_id == draft) & (deliveries.c.account == account)
        approved = _approved(rendition_sha256).where(
            approvals.c.draft_id == draft, renditions.c.account == account
        )
        with writing(self._engine) as connection:
            rendition = connection.execute(approved).scalar_one_or_none()
            if rendition is not None and not insert_once(
                connection,
                deliveries,
                draft_id=draft,
                account=account,
                state=DeliveryState.QUEUED,
                rendition_id=rendition,
            ):
                is_open = deliveries.c.state.in_(_STILL_OPEN)
                connection.execute(
                    update(deliveries).where(pair, is_open).values(rendition_id=rendition)
                )
            row = connection.execute(_query().where(pair)).one_or_none()
        if row is None:
            msg = f"draft {draft} has no such approved rendition for {account}; approve it first"
            raise RefusedError(msg)
        return _read_delivery(row)

    def move_delivery(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        event: Event,
        reference: str | None = None,
        reason: str | None = None,
    ) -> Delivery:
        """Move a delivery on from the state it was seen in, keeping an attempt for each sending.

        A reference, once known, is kept until another takes its place. Raises RefusedError
        if it is to be sent while its rendition is not approved or its account is held.
        """
        if state is delivery.state:
            msg = f"the delivery to {delivery.account} is {state} already"
            raise StateError(msg)
        result = {"reason": reason}
        if reference is not None:
            result["reference"] = reference
        move = (
            update(deliveries)
            .where(deliveries.c.id == delivery.id, deliveries.c.state == delivery.state)
            .values(state=state, **result)
        )
        if state is DeliveryState.SENDING:
            move = _fenced(move, delivery, event)
        with writing(self._engine) as connection:
            if connection.execute(move).rowcount != 1:
                raise _refusal(connection, delivery)
            if delivery.state is DeliveryState.SENDING:
                _finish_attempt(connection, delivery, state, event, result)
            if state is DeliveryState.SENDING:
                _start_attempt(connection, delivery, event)
            write_events(connection, read_card(connection, delivery.draft), [event])
            return _read_one(connection, delivery.id)


def _query() -> Select[Any]:
    return select(deliveries, renditions.c.sha256.label("rendition_sha256")).join(
        renditions, renditions.c.id == deliveries.c.rendition_id
    )


def _approved(rendition_sha256: str) -> Select[tuple[int]]:
    """Select renditions of this fingerprint that are signed by an approval not void."""
    return (
        select(renditions.c.id)
        .join(approvals, approvals.c.id == renditions.c.approval_id)
        .where(approvals.c.voided_at.is_(None), renditions.c.sha256 == rendition_sha256)
    )


def _fenced(move: Update, delivery: Delivery, event: Event) -> Update:
    approved = _approved(delivery.rendition_sha256).where(approvals.c.expires_at > event.at)
    open_accounts = select(accounts.c.name).where(accounts.c.held.is_(False))
    return move.where(
        deliveries.c.rendition_id.in_(approved), deliveries.c.account.in_(open_accounts)
    )


def _refusal(connection: Connection, seen: Delivery) -> StateError:
    """Return why a delivery as seen could not be moved."""
    now = _read_one(connection, seen.id)
    if now.state is not seen.state:
        return ConflictError(
            f"the delivery to {seen.account} is {now.state} by now, you saw it {seen.state}:"
            " look at it again"
        )
    held = select(accounts.c.held).where(accounts.c.name == seen.account)
    if connection.execute(held).scalar_one():
        return RefusedError(f"the account {seen.account} is held; release it, then send again")
    return RefusedError(
        f"what would go to {seen.account} is not approved, or no longer; approve the draft again"
    )


def _start_attempt(connection: Connection, delivery: Delivery, event: Event) -> None:
    earlier = select(func.count()).where(attempts.c.delivery_id == delivery.id)
    connection.execute(
        insert(attempts).values(
            delivery_id=delivery.id,
            number=connection.execute(earlier).scalar_one() + 1,
            payload_sha256=delivery.rendition_sha256,
            started_at=event.at,
        )
    )


def _finish_attempt(
    connection: Connection,
    delivery: Delivery,
    outcome: DeliveryState,
    event: Event,
    result: dict[str, str | None],
) -> None:
    connection.execute(
        update(attempts)
        .where(attempts.c.delivery_id == delivery.id, attempts.c.finished_at.is_(None))
        .values(finished_at=event.at, outcome=outcome, **result)
    )


def _read_one(connection: Connection, delivery: int) -> Delivery:
    row = connection.execute(_query().where(deliveries.c.id == delivery)).one_or_none()
    if row is None:
        msg = f"there is no delivery {delivery}; choose one from its draft"
        raise NotFoundError(msg)
    return _read_delivery(row)


def _read_delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        draft=row.draft_id,
        account=row.account,
        state=row.state,
        rendition_sha256=row.rendition_sha256,
        reference=row.reference,
        reason=row.reason,
    )
