"""Two payments of funding as every exchange's test has them, and what is read of them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from composer.market.records import MarketSnapshot, to_ms

HOUR_MS = 3_600_000
PAID_MS = to_ms(datetime(2026, 6, 10, 8, tzinfo=UTC))
BEFORE_MS = PAID_MS - 8 * HOUR_MS


def assert_paid(found: MarketSnapshot, *, now: datetime, rates: Sequence[float]) -> None:
    """Assert that a snapshot has both payments at their hour, and the present rate of now."""
    assert found.funding_rates is not None
    # Stamped shortly after it: what was paid is of the hour.
    assert found.funding_rates.stamp_ms.tolist() == [BEFORE_MS, PAID_MS, to_ms(now)]
    assert found.funding_rates.rate.tolist() == list(rates)
