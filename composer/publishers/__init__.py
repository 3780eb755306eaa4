"""Where posts go: a file per platform, or a row of assisted.toml; there is no second list."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from composer.errors import ConfigError
from composer.publishers.records import Assistant, Publisher

_ASSISTED = "assisted"
_NO_PLATFORMS = frozenset({"records", _ASSISTED})

OpenPublisher = Callable[[Mapping[str, str]], Publisher | Assistant]


def platforms() -> dict[str, OpenPublisher]:
    """Return what opens each platform, by the name of its file or row.

    What is opened is a Publisher or an Assistant; isinstance tells which.
    Raises ConfigError if the table of assisted platforms is wrong.
    """
    files = {
        module.name: _open(module.name)
        for module in iter_modules(__path__)
        if not module.name.startswith("_") and module.name not in _NO_PLATFORMS
    }
    rows = cast("dict[str, OpenPublisher]", import_module(f"{__name__}.{_ASSISTED}").platforms())
    if twice := files.keys() & rows.keys():
        msg = f"{', '.join(sorted(twice))}: a file and a row of one name; keep one of them"
        raise ConfigError(msg)
    return dict(sorted({**files, **rows}.items()))


def _open(name: str) -> OpenPublisher:
    return cast("OpenPublisher", import_module(f"{__name__}.{name}").open_publisher)
