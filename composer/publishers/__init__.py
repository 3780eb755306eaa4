"""Where posts go: one file per platform, found by its file; there is no second list."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from composer.publishers.records import Publisher

_RECORDS = "records"

OpenPublisher = Callable[[Mapping[str, str]], Publisher]


def platforms() -> dict[str, OpenPublisher]:
    """Return what opens the publisher of each platform, by the name of its file."""
    names = [
        module.name
        for module in iter_modules(__path__)
        if not module.name.startswith("_") and module.name != _RECORDS
    ]
    return {
        name: cast("OpenPublisher", import_module(f"{__name__}.{name}").open_publisher)
        for name in sorted(names)
    }
