"""Open the house for a command and close it behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from composer.house import House
    from composer.settings import Settings


@contextmanager
def open_house(settings: "Settings", **parts: Any) -> Iterator["House"]:  # noqa: ANN401 - of House
    """Open the store and all that stands on it; close it again."""
    from composer.house import House

    house = House(settings, **parts)
    try:
        yield house
    finally:
        house.close()


@contextmanager
def open_lasting_house() -> Iterator["House"]:
    """Open a house for a command that lasts: its charts are drawn in a process of their own."""
    from composer import bootstrap
    from composer.charts.pool import chart_pool

    with chart_pool() as draw, open_house(bootstrap.start(), draw=draw) as house:
        yield house
