"""Two readings of one quantity that cannot both be right."""

from collections.abc import Iterator
from decimal import Decimal

from composer.checks._wording import in_words
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import number_of
from composer.figures.thresholds import INTEREST_APART, PRICES_APART

ID = "sources_disagree"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding if the prices or the open interests differ.

    The price of the map and of the candles, by more than 1 %; the open interest in all and
    that of the venues together, by more than half.
    """
    facts = subject.facts
    price, last = number_of(facts, "price"), number_of(facts, "context.last_price")
    if price is not None and last is not None and abs(price - last) > PRICES_APART * last:
        yield _finding(
            "the map is of a price of [[price]], the candles end at [[context.last_price]]", subject
        )
    whole, parts = number_of(facts, "context.open_interest_usd"), _sum_of_venues(subject)
    if whole and parts and max(whole, parts) > INTEREST_APART * min(whole, parts):
        yield _finding(
            f"the open interest is [[context.open_interest_usd]], but that of the venues adds up "
            f"to {parts:.0f} USD",
            subject,
        )


def _sum_of_venues(subject: Subject) -> Decimal:
    total, place = Decimal(0), 0
    while part := number_of(subject.facts, f"venues.{place}.open_interest_usd"):
        total, place = total + part, place + 1
    return total


def _finding(message: str, subject: Subject) -> Finding:
    return Finding(id=ID, severity=Severity.BLOCK, message=in_words(message, subject))
