"""What a publisher is handed, what it answers, and how it may be asked again."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from composer.errors import RefusedError
from composer.publishers._texts import cashtags, has_markdown, hashtags, is_unicode, title_and_body


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


class Unit(StrEnum):
    """What a platform counts as a character: a code point, or what JavaScript's length does."""

    CODE_POINTS = "code_points"
    UTF16 = "utf16"

    def length(self, text: str) -> int:
        """Return how many characters a text has."""
        if self is Unit.CODE_POINTS:
            return len(text)
        return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What fits on a platform; None is no limit.

    With `max_title_characters` the first line of a text is the title of an article, and is
    not counted with the rest.
    """

    unit: Unit = Unit.CODE_POINTS
    max_characters: int | None = None
    max_title_characters: int | None = None
    max_images: int | None = None
    max_cashtags: int | None = None
    max_hashtags: int | None = None
    draws_markdown: bool = True
    source_wording: SourceWording = SourceWording.NAMED

    def too_much(self, text: str) -> list[str]:
        """Return what a text has too much of, with counts: leaving out a part of it helps."""
        length = self.unit.length(self._parted(text)[1])
        coins, topics = sorted(cashtags(text)), sorted(hashtags(text))
        found = [
            (length, self.max_characters, f"has {length:,} characters"),
            (len(coins), self.max_cashtags, f"tags {len(coins)} coins ({', '.join(coins)})"),
            (len(topics), self.max_hashtags, f"has {len(topics)} hashtags ({', '.join(topics)})"),
        ]
        return [
            f"it {has}, {most:,} is the most"
            for count, most, has in found
            if most is not None and count > most
        ]

    def wrong_with(self, text: str) -> list[str]:
        """Return everything that keeps a text out."""
        title, body = self._parted(text)
        length, most = self.unit.length(title), self.max_title_characters
        too_long = most is not None and length > most
        as_typed = has_markdown(text) and not self.draws_markdown
        wrong = [
            (not body.strip(), "it has no text"),
            (too_long, f"its title has {length} characters, {most} is the most"),
            (as_typed, "it has Markdown, which would be shown as it is typed"),
            (not is_unicode(text), "it has half a character (a lone surrogate)"),
        ]
        return [*self.too_much(text), *(message for is_wrong, message in wrong if is_wrong)]

    def _parted(self, text: str) -> tuple[str, str]:
        return ("", text) if self.max_title_characters is None else title_and_body(text)


NO_LIMITS = Limits()


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
    def limits(self) -> Limits:
        """What fits there."""

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
    def limits(self) -> Limits:
        """What fits there."""

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
