"""The figures a text may hold that are no facts: names of spans and zones, one list a locale."""

from collections.abc import Mapping
from types import MappingProxyType

_EVERYWHERE = ("24h", "UTC+8")

_BY_LOCALE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": ("7-day", "24-hour", "24 hours"),
        "zh_Hans": ("24 小时", "7 日", "7 天"),
    }
)


def literals(locale: str) -> tuple[str, ...]:
    """Return the literals of a locale, longest first."""
    return tuple(sorted((*_EVERYWHERE, *_BY_LOCALE.get(locale, ())), key=len, reverse=True))
