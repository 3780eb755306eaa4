"""What could not be had of a provider, as notes a reader of the snapshot gets."""

from collections.abc import Callable
from typing import TypeVar

from composer.errors import SourceError

Part = TypeVar("Part")


class Notes:
    """The notes on one snapshot in the making."""

    def __init__(self, title: str) -> None:
        """Begin with none; `title` is how texts call the provider."""
        self._title = title
        self.lines: list[str] = []

    def optional(self, what: str, read: Callable[[], Part | None]) -> Part | None:
        """Return what is read, or None with a note if that raises a SourceError."""
        try:
            return read()
        except SourceError as error:
            self.lines.append(f"{self._title} gave no {what} ({error}).")
            return None
