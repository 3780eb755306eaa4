"""What a publisher is handed, what it answers, and how it may be asked again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Repeatability(StrEnum):
    """What happens if the same call is made twice."""

    NEVER = "never"
    IDEMPOTENT = "idempotent"
    SAFE = "safe"


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


class Publisher(Protocol):
    """One platform, for one account.

    Sending is parted in two, so that the fence stands right before the one call that
    makes a post public: what `prepare` does may be done again, what `send` does may not,
    unless `repeatability` says so.
    """

    @property
    def repeatability(self) -> Repeatability:
        """What happens if the same `send` is made twice."""

    def prepare(self, payload: Payload) -> Prepared:
        """Hold the payload against the platform's limits and upload its images.

        Raises PublishError, of the kind that fits, if it cannot go out like this or now.
        """

    def send(self, prepared: Prepared) -> Receipt:
        """Make the post public.

        Raises PublishError if the platform surely did not take it, UnclearAnswerError if
        nobody knows.
        """
