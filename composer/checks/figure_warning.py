"""What the figures themselves warn of, each under its own id."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from composer.checks.records import Finding, Severity, Subject
from composer.figures.facts import Fact
from composer.text.amounts import AmountFormatter
from composer.text.tokens import render_tokens

_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "levels_disagree": (
            "at the two levels [[upper.intensity_usd]] of shorts stand against "
            "[[lower.intensity_usd]] of longs, yet the leverage within "
            "[[totals.within|plain]] of the price does not lean that way (skew [[skew|signed]]); "
            "other levels may tell it better"
        ),
        "levels_fell_back": (
            "a side has no cluster, so the levels are those of range:0.05: "
            "[[lower.level]] and [[upper.level]]"
        ),
    }
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each warning of the figures."""
    for warning_id, message in describe(subject.warnings, subject.facts).items():
        yield Finding(id=warning_id, severity=Severity.WARN, message=message)


def describe(warnings: Mapping[str, str], facts: Mapping[str, Fact]) -> dict[str, str]:
    """Return what the warnings of figures say, in words and with their figures, by id."""
    amounts = AmountFormatter("en")
    return {
        warning_id: render_tokens(_MESSAGES.get(warning_id, detail), facts, amounts).text
        for warning_id, detail in warnings.items()
    }
