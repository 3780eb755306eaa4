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


class Publisher(Protocol):
    """One platform."""

    @property
    def repeatability(self) -> Repeatability:
        """What happens if the same payload is sent twice."""

    def publish(self, payload: Payload) -> Receipt:
        """Send a payload.

        Raises PublishError if the platform surely did not take it; whatever else is
        raised means that nobody knows.
        """
