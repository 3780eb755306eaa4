"""What a publisher is handed, what it answers, and how it may be asked again."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from composer.errors import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """For how long after its first byte left the same `send` may be made again.

    NEVER and SAFE are the ends; in between stands a platform that knows `Payload.key`
    again for a while, and answers a second call with its first post.
    """

    lasts: timedelta

    def allows(self, age: timedelta) -> bool:
        """Tell whether a send that began `age` ago may be repeated without a second copy."""
        return age < self.lasts


NEVER = Repeatability(lasts=timedelta(0))
SAFE = Repeatability(lasts=timedelta.max)


def idempotent(ttl: timedelta) -> Repeatability:
    """Return what holds where the platform remembers a key for `ttl`."""
    return Repeatability(lasts=ttl)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAddress:
    """How the address of a post reads on a platform.

    `pattern` matches all of it, but for a query or fragment, which say who shared it
    and are cut. `example` is shown to who has to find and paste one.
    """

    pattern: str
    example: str

    def recognise(self, text: str) -> str:
        """Return a pasted address as it is kept. Raises RefusedError if it is no post's."""
        address = re.split(r"[?#]", text.strip(), maxsplit=1)[0].rstrip("/")
        if not re.fullmatch(self.pattern, address, re.ASCII):
            msg = f"{text.strip()[:120]!r} is no address of a post there; one reads {self.example}"
            raise RefusedError(msg)
        return address


class SourceWording(StrEnum):
    """How a post names where its data is from; generic where rivals' names are not welcome."""

    NAMED = "named"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadImage:
    """An image as it is sent, with the words for who cannot see it."""

    name: str
    png: bytes
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Exactly what goes out: approved text and images, under the approved fingerprint.

    `key` names the delivery: the same draft to the same account has the same key.
    """

    key: str
    account: str
    text: str
    images: tuple[PayloadImage, ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A platform's word that it took a post; `reference` is where it can be seen."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A payload of which everything that may be repeated is done.

    `uploads` are what the platform calls the uploaded images, in their order.
    """

    payload: Payload
    uploads: tuple[str, ...] = ()


@runtime_checkable
class Publisher(Protocol):
    """One platform, for one account.

    Sending is parted in two, so that the fence stands right before the one call that
    makes a post public: what `prepare` does may be done again, what `send` does may not,
    unless `repeatability` says so.
    """

    @property
    def repeatability(self) -> Repeatability:
        """Whether, and for how long, the same `send` may be made again."""

    @property
    def post_address(self) -> PostAddress:
        """How the address of a post reads, for a person who says that it is there."""

    def prepare(self, payload: Payload) -> Prepared:
        """Hold the payload against the platform's limits and upload its images.

        Raises PublishError, of the kind that fits, if it cannot go out like this or now.
        """

    def send(self, prepared: Prepared) -> Receipt:
        """Make the post public.

        Raises PublishError if the platform surely did not take it, UnclearAnswerError if
        nobody knows.
        """


@runtime_checkable
class Probed(Protocol):
    """A platform that can be asked whether it takes our key."""

    def probe(self) -> None:
        """Ask, without anything becoming visible. Raises PublishError if it does not."""


@runtime_checkable
class Assistant(Protocol):
    """One platform on which a person posts by hand, for one account.

    The desk shows the exact text, the images and the way to the platform's composer;
    the person comes back with the address of the post.
    """

    def composer_url_in(self, locale: str) -> str:
        """Return where a post of this locale is written."""

    @property
    def post_address(self) -> PostAddress:
        """How the address of a post reads."""

    @property
    def can_search(self) -> bool:
        """Whether the platform can be asked for a post."""

    def check(self, payload: Payload) -> None:
        """Hold the payload against the platform's limits.

        Raises ContentRefusedError if it does not fit them.
        """

    def find(self, payload: Payload) -> Receipt | None:
        """Ask the platform for a post with this text; None if it shows none.

        Raises PublishError if it cannot be asked, or gives no usable answer.
        """
