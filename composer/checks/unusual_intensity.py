"""Intensity that is far from what the symbol's own editions say."""

from collections.abc import Iterator

from composer.checks._wording import in_words
from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import number_of
from composer.figures.thresholds import MEDIAN_FACTOR

ID = "unusual_intensity"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a blocking finding for each side beyond 1/10 to 10 times its own median."""
    for side in ("long", "short"):
        now = number_of(subject.facts, f"totals.{side}_usd")
        usual = number_of(subject.facts, f"usual.{side}_usd")
        if now is None or usual is None or usual / MEDIAN_FACTOR <= now <= usual * MEDIAN_FACTOR:
            continue
        yield Finding(
            id=ID,
            severity=Severity.BLOCK,
            message=in_words(
                f"within [[totals.within|plain]] of the price the map holds "
                f"[[totals.{side}_usd]] of {side}s; the median of [[usual.editions]] earlier "
                f"editions is [[usual.{side}_usd]]",
                subject,
            ),
        )
