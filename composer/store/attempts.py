"""What was tried to get a delivery out: one row each time its text left the house."""

from sqlalchemy import Connection, ScalarSelect, func, insert, or_, select, update

from composer.newsroom.records.deliveries import Delivery, DeliveryState
from composer.newsroom.records.people import Event
from composer.store.tables import attempts, deliveries


def count_attempts() -> ScalarSelect[int]:
    """Return how often the delivery of the enclosing query was tried."""
    return (
        select(func.count())
        .where(attempts.c.delivery_id == deliveries.c.id)
        .correlate(deliveries)
        .scalar_subquery()
    )


def start_attempt(connection: Connection, delivery: Delivery, event: Event) -> None:
    """Add the attempt that is about to be made, with the fingerprint of what it sends."""
    connection.execute(
        insert(attempts).values(
            delivery_id=delivery.id,
            number=delivery.attempts + 1,
            payload_sha256=delivery.rendition_sha256,
            started_at=event.at,
        )
    )


def finish_attempt(
    connection: Connection,
    delivery: Delivery,
    outcome: DeliveryState,
    event: Event,
    *,
    reference: str | None,
    reason: str | None,
) -> None:
    """Keep what became of the latest attempt; a clear answer takes the place of an unclear one."""
    undecided = or_(attempts.c.finished_at.is_(None), attempts.c.outcome == DeliveryState.AMBIGUOUS)
    connection.execute(
        update(attempts)
        .where(
            attempts.c.delivery_id == delivery.id,
            attempts.c.number == delivery.attempts,
            undecided,
        )
        .values(finished_at=event.at, outcome=outcome, reference=reference, reason=reason)
    )
