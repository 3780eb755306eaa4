"""Where market data comes from: one module per provider, found by its file.

A source module offers `open_source(argument, options)`; its name is the word a user types.
A live exchange offers its `PROVIDER` too, another provider that can be recorded its
`read_answers(raw)`. Nothing is listed twice: a file dropped in this folder is a source.
"""

import difflib
import importlib
import os
import pkgutil
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Protocol, runtime_checkable

from composer.errors import ConfigError, SourceUnavailableError
from composer.market.records import MarketSnapshot, Query
from composer.market.sources._live import read_raw
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Provider, Raw
from composer.market.sources._recording import recording_text

__all__ = [
    "Source",
    "SourceOptions",
    "open_source",
    "providers",
    "readers",
    "record",
    "source_names",
]

_FILE_SUFFIXES = (".csv", ".csv.gz", ".json")
_FILE_SOURCE = "recorded"


class Source(Protocol):
    """Whatever can say what a market is, as far as it was known at the query's cutoff."""

    @property
    def name(self) -> str:
        """Return the name this source goes by in messages and records."""
        ...

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the market as known at `query.cutoff`; raise SourceError or ConfigError."""
        ...


@runtime_checkable
class Recordable(Protocol):
    """A source whose answers can be kept as they came."""

    def fetch(self, query: Query) -> Raw:
        """Return what came."""
        ...


def source_names() -> tuple[str, ...]:
    """Return the names of the sources in this folder, sorted."""
    return tuple(
        sorted(item.name for item in pkgutil.iter_modules(__path__) if item.name[0] != "_")
    )


def providers() -> dict[str, Provider]:
    """Return the live exchanges by the name of their file."""
    return {
        name: module.PROVIDER for name, module in _modules().items() if hasattr(module, "PROVIDER")
    }


def readers() -> dict[str, Callable[[Raw], MarketSnapshot]]:
    """Return how raw answers are read, by the name of the source that gave them."""
    exchanges = {name: partial(read_raw, provider) for name, provider in providers().items()}
    others = {
        name: module.read_answers
        for name, module in _modules().items()
        if hasattr(module, "read_answers")
    }
    return {**exchanges, **others}


def open_source(text: str, options: SourceOptions | None = None) -> Source:
    """Open the source a user named: a name, `name:argument`, or the path of a file.

    Raises ConfigError if `text` is neither a known source nor a path.
    """
    options = options or SourceOptions()
    name, _, argument = text.partition(":")
    if name in source_names():
        return _open_module(name, argument or None, options)
    if _is_path(text):
        return _open_module(_FILE_SOURCE, text, options)
    raise ConfigError(_unknown(text, name))


def record(text: str, query: Query, options: SourceOptions | None = None) -> str:
    """Return the raw answers of an exchange as JSON, which `recorded` replays.

    Raises ConfigError if `text` is no exchange, SourceUnavailableError if nothing came.
    """
    source = open_source(text, options)
    if not isinstance(source, Recordable):
        msg = f"--source {text!r}: expected one exchange to record: {', '.join(readers())}"
        raise ConfigError(msg)
    raw = source.fetch(query)
    if not raw.answers:
        raise SourceUnavailableError(next(iter(raw.failures.values())))
    return recording_text(raw)


def _modules() -> dict[str, ModuleType]:
    return {name: importlib.import_module(f"{__name__}.{name}") for name in source_names()}


def _open_module(name: str, argument: str | None, options: SourceOptions) -> Source:
    module = importlib.import_module(f"{__name__}.{name}")
    source: Source = module.open_source(argument, options)
    return source


def _is_path(text: str) -> bool:
    separators = {"/", os.sep}
    return text.lower().endswith(_FILE_SUFFIXES) or any(mark in text for mark in separators)


def _unknown(text: str, name: str) -> str:
    known = source_names()
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    suffixes = ", ".join(_FILE_SUFFIXES)
    return (
        f"--source {text!r}: expected one of {', '.join(known)}, "
        f"or the path of a file ({suffixes}){hint}"
    )
