"""What a delivery has to pass before it may leave, and why it did not."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, not_, or_, select

from composer.errors import ConflictError, HeldError, RefusedError, StateError
from composer.newsroom.records.deliveries import Delivery
from composer.store.delivery_rows import GOES_OUT, lease_is_over, read_one
from composer.store.tables import accounts, approvals, deliveries, house


def claimable(now: datetime) -> ColumnElement[bool]:
    """Return what holds for a delivery that a worker may claim."""
    return and_(
        deliveries.c.state.in_(GOES_OUT),
        or_(deliveries.c.due_at.is_(None), deliveries.c.due_at <= now),
        lease_is_over(now),
        nothing_held(),
    )


def nothing_held() -> ColumnElement[bool]:
    """Return what holds while neither the account of a delivery nor the house is held."""
    open_accounts = select(accounts.c.name).where(
        accounts.c.held.is_(False), accounts.c.active.is_(True)
    )
    return and_(
        deliveries.c.account.in_(open_accounts), not_(exists().where(house.c.held.is_(True)))
    )


def lock_what_decides(connection: Connection, delivery: Delivery) -> None:
    """Let nobody void the approval or hold anything between the look and the commit.

    PostgreSQL locks the rows; SQLite has one writer anyway.
    """
    for rows in (
        select(approvals.c.id).where(
            approvals.c.draft_id == delivery.draft, approvals.c.voided_at.is_(None)
        ),
        select(accounts.c.name).where(accounts.c.name == delivery.account),
        select(house.c.id),
    ):
        connection.execute(rows.with_for_update(read=True))


def why_not(connection: Connection, claimed: Delivery, worker: str) -> StateError:
    """Return why a claimed delivery may not go out."""
    row = connection.execute(
        select(deliveries.c.state, deliveries.c.claimed_by, accounts.c.held, accounts.c.active)
        .join(accounts, accounts.c.name == deliveries.c.account)
        .where(deliveries.c.id == claimed.id)
    ).one()
    if row.state is not claimed.state or row.claimed_by != worker:
        return moved_on(read_one(connection, claimed.id), claimed)
    if connection.execute(select(house.c.held)).scalar_one_or_none():
        return HeldError("all sending is held; release it, then it goes on")
    if row.held:
        return HeldError(f"the account {claimed.account} is held; release it, then it goes on")
    if not row.active:
        return RefusedError(f"the account {claimed.account} is not configured any more")
    return RefusedError(
        f"what would go to {claimed.account} is not approved, or no longer; approve the draft again"
    )


def moved_on(now: Delivery, seen: Delivery) -> ConflictError:
    """Return what tells that somebody else moved a delivery first."""
    return ConflictError(
        f"the delivery to {seen.account} is {now.state} by now, you saw it {seen.state}:"
        " look at it again"
    )
