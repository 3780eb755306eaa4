"""An estimate from little data, or of a market with little in it."""

from collections.abc import Iterator

from composer.checks._wording import in_words
from composer.checks.records import Finding, Severity, Subject
from composer.figures import claims
from composer.figures.facts import number_of
from composer.figures.thresholds import TOO_THIN_DAYS

ID = "thin_data"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for a short history or a small market; less than a day of candles blocks."""
    if claims.holds("thin_history", subject.facts):
        days = number_of(subject.facts, "estimate.candle_days")
        too_thin = days is not None and days < TOO_THIN_DAYS
        yield Finding(
            id=ID,
            severity=Severity.BLOCK if too_thin else Severity.WARN,
            message=in_words(
                "the candles reach back [[estimate.candle_days]] whole days; leverage that was "
                "opened before is not on the map",
                subject,
            ),
        )
    if claims.holds("thin_market", subject.facts):
        yield Finding(
            id=ID,
            severity=Severity.WARN,
            message=in_words(
                "the open interest is only [[context.open_interest_usd]]; one position can be a "
                "cluster",
                subject,
            ),
        )
