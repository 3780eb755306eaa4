"""Publishers and assistants that say what a test wants, and remember what they were given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from composer.publishers.records import (
    NEVER,
    NO_LIMITS,
    Limits,
    Payload,
    PostAddress,
    Prepared,
    Receipt,
    Repeatability,
)

ADDRESS = PostAddress(pattern=r"https://square\.example/post/\d+", example="https://…/post/1")
TAKEN = Receipt(reference="https://square.example/post/1")
Answer = Receipt | Exception


def _nothing() -> None:
    """Do nothing."""


@dataclass
class ScriptedSquare:
    """Answers as scripted, then with TAKEN; does what it is told to before each answer.

    `sent` are the payloads that reached it: an exception may or may not mean that one did.
    """

    repeatability: Repeatability = NEVER
    post_address: PostAddress = ADDRESS
    limits: Limits = NO_LIMITS
    preparing: list[Exception] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    on_prepare: Callable[[], object] = _nothing
    on_send: Callable[[], object] = _nothing
    prepared: int = 0
    sent: list[Payload] = field(default_factory=list)

    def prepare(self, payload: Payload) -> Prepared:
        self.prepared += 1
        self.on_prepare()
        if self.preparing:
            raise self.preparing.pop(0)
        return Prepared(payload=payload)

    def send(self, prepared: Prepared) -> Receipt:
        self.sent.append(prepared.payload)
        self.on_send()
        answer = self.answers.pop(0) if self.answers else TAKEN
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Helper:
    """A platform on which a person posts."""

    post_address: PostAddress = ADDRESS
    limits: Limits = NO_LIMITS
    can_search: bool = True
    refusal: Exception | None = None
    shown: Receipt | None = None
    looked_for: list[Payload] = field(default_factory=list)

    def composer_url_in(self, locale: str) -> str:
        return f"https://square.example/{locale}/new"

    def check(self, payload: Payload) -> None:
        assert payload.text
        if self.refusal is not None:
            raise self.refusal

    def find(self, payload: Payload) -> Receipt | None:
        self.looked_for.append(payload)
        return self.shown
