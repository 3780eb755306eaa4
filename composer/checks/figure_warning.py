"""What the figures themselves warn of, each under its own id."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from composer.checks.records import Finding, Severity, Subject

_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "levels_disagree": "the two levels weigh the other way than the leverage near the price",
        "levels_fell_back": "the level policy found no levels of its own and fell back",
        "side_empty": "one side of the map holds nothing up to its level, so there is no ratio",
    }
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield a warning for each warning of the figures."""
    for warning_id, detail in subject.warnings.items():
        message = _MESSAGES.get(warning_id, warning_id)
        yield Finding(
            id=warning_id,
            severity=Severity.WARN,
            message=f"{message}: {detail}" if detail else message,
        )
