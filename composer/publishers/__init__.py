"""Where posts go: a file per platform, or a row of assisted.toml; there is no second list."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from composer.errors import ConfigError
from composer.publishers.records import Assistant, Limits, Publisher

_ASSISTED = "assisted"
_NO_PLATFORMS = frozenset({"records", _ASSISTED})

OpenPublisher = Callable[[Mapping[str, str]], Publisher | Assistant]
TellLimits = Callable[[Mapping[str, str]], Limits]


def platforms() -> dict[str, OpenPublisher]:
    """Return what opens each platform, by the name of its file or row.

    What is opened is a Publisher or an Assistant; isinstance tells which.
    Raises ConfigError if the table of assisted platforms is wrong.
    """
    return cast("dict[str, OpenPublisher]", _found("open_publisher", "platforms"))


def limits() -> dict[str, TellLimits]:
    """Return what tells the limits of each platform as configured, opening nothing.

    Raises ConfigError if the table of assisted platforms is wrong.
    """
    return cast("dict[str, TellLimits]", _found("limits_of", "limits"))


def _found(in_file: str, of_rows: str) -> dict[str, object]:
    """Return what goes by one name in every file, and for every row, by platform."""
    files = {
        module.name: getattr(import_module(f"{__name__}.{module.name}"), in_file)
        for module in iter_modules(__path__)
        if not module.name.startswith("_") and module.name not in _NO_PLATFORMS
    }
    rows = getattr(import_module(f"{__name__}.{_ASSISTED}"), of_rows)()
    if twice := files.keys() & rows.keys():
        msg = f"{', '.join(sorted(twice))}: a file and a row of one name; keep one of them"
        raise ConfigError(msg)
    return dict(sorted({**files, **rows}.items()))
