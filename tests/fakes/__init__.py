"""Platforms that behave like the real ones, found by the name of their file.

A fake of the platform `x` is tests/fakes/x.py with `open_fake(folder)`, a context manager
that yields a FakePlatform, and `FAULTS`, the pairs of endpoint and fault it can play.
Where a person posts, it yields a FakeSquare; only platforms that can be searched need one.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

from composer.publishers.records import Payload

FaultList = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A post as the platform keeps it."""

    text: str
    images: tuple[bytes, ...] = ()
    title: str = ""
    content_type: int = 0


class FakePlatform(Protocol):
    """What the contract suite asks of a fake."""

    @property
    def configuration(self) -> Mapping[str, str]:
        """With this `open_publisher` gives a publisher that talks to the fake.

        The suite shortens its `timeout_s`, where it has one, for the faults that are slow.
        """

    @property
    def secrets(self) -> Sequence[str]:
        """What must appear nowhere."""

    @property
    def strays(self) -> Sequence[str]:
        """Requests that no client of this platform should make."""

    def posts(self) -> Sequence[Stored]:
        """Everything the platform keeps, each copy once."""

    def script(self, endpoint: str, fault: str, occurrence: int = 1) -> None:
        """Play `fault` the next `occurrence`-th time the endpoint is asked."""

    def refused(self) -> Mapping[str, Payload]:
        """Payloads beyond the platform's limits, by the word the refusal must have."""


class FakeSquare(FakePlatform, Protocol):
    """What the contract suite asks of a fake on which a person posts."""

    def post_by_hand(self, text: str, images: Sequence[bytes] = ()) -> str:
        """Keep a post of ours and return its address."""


def has_fake(platform: str) -> bool:
    return find_spec(f"{__name__}.{platform}") is not None


def faults_of(platform: str) -> FaultList:
    return cast("FaultList", import_module(f"{__name__}.{platform}").FAULTS)


def open_fake(platform: str, folder: Path) -> AbstractContextManager[FakePlatform]:
    return cast(
        "AbstractContextManager[FakePlatform]",
        import_module(f"{__name__}.{platform}").open_fake(folder),
    )


def open_square(platform: str, folder: Path) -> AbstractContextManager[FakeSquare]:
    return cast("AbstractContextManager[FakeSquare]", open_fake(platform, folder))
