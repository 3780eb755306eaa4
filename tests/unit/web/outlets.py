"""Platforms in this process that do as they are told, and a market that stands still."""

from dataclasses import dataclass
from datetime import datetime
from math import inf

from composer.figures.report import PriceRange
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

SQUARE_POST = "https://square.example/post/1"
GATE_POST = "https://gate.example/post/1"
SQUARE_ADDRESS = PostAddress(pattern=r"https://square\.example/post/\d+", example=SQUARE_POST)
GATE_ADDRESS = PostAddress(pattern=r"https://gate\.example/post/\d+", example=GATE_POST)


class CalmMarket:
    """A market in which no price has been anywhere since the edition."""

    def range_since(self, source: str, symbol: str, since: datetime) -> PriceRange:  # noqa: ARG002 - as the port has it
        return PriceRange(high=0.0, low=inf)


@dataclass(kw_only=True)
class Square:
    """A platform that posts by itself and answers what a test decides."""

    answer: Receipt | Exception
    repeatability: Repeatability = NEVER
    post_address: PostAddress = SQUARE_ADDRESS
    limits: Limits = NO_LIMITS

    def prepare(self, payload: Payload) -> Prepared:
        return Prepared(payload=payload)

    def send(self, _prepared: Prepared) -> Receipt:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass(kw_only=True)
class Gate:
    """A platform on which a person posts; its search shows what a test decides."""

    found: Receipt | Exception | None = None
    can_search: bool = True
    post_address: PostAddress = GATE_ADDRESS
    limits: Limits = NO_LIMITS

    def composer_url_in(self, locale: str) -> str:
        return f"https://gate.example/{locale}/write"

    def check(self, _payload: Payload) -> None:
        """Take whatever comes."""

    def find(self, _payload: Payload) -> Receipt | None:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found
