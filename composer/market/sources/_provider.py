"""What a live source says of itself: one record per provider, filled in its file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from composer.errors import SourceUnavailableError
from composer.market.sources._grids import Bar, Grid
from composer.market.sources._http import Answer, Ask
from composer.market.sources._reading import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """The answers of one look, as they came, by endpoint; `failures` say why others did not."""

    source: str
    symbol: str
    captured_at: datetime
    asked: Mapping[str, Ask]
    answers: Mapping[str, Answer]
    failures: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def where(self, endpoint: str) -> str:
        """Return how messages name an endpoint."""
        return f"{self.source} {endpoint}"

    def answer(self, endpoint: str) -> Answer:
        """Return an answer. Raises SourceUnavailableError if none came."""
        if endpoint not in self.answers:
            failure = self.failures.get(endpoint, f"{self.where(endpoint)}: was not asked")
            raise SourceUnavailableError(failure)
        return self.answers[endpoint]

    def json(self, endpoint: str) -> Node:
        """Return an answer as JSON. Raises a SourceError if it is a refusal, or no JSON."""
        return self.answer(endpoint).json(self.where(endpoint))


class Value(NamedTuple):
    """A number and when it was known."""

    stamp_ms: int
    value: float


class TwoSided(NamedTuple):
    """What happened on both sides within a bar, in USD: bought and sold, or longs and shorts."""

    open_ms: int
    first_usd: float
    second_usd: float


class Funding(NamedTuple):
    """The funding rate as a fraction per `interval`, and the mark price, where known."""

    stamp_ms: int
    rate: float
    mark_price: float | None
    interval: timedelta | None = None


# What a read function gets besides the answers: the last price, for amounts in coins.
ReadValues: TypeAlias = Callable[[Raw, float], Iterable[Value]]
ReadSides: TypeAlias = Callable[[Raw, float], Iterable[TwoSided]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One exchange: where it is, what it may be asked, and how its answers are read.

    name : the word a user types · title : the name a text prints
    docs_url, terms_url, rate_limit : for whoever maintains it, and for the record
    at_once : requests side by side
    asks : the requests of one look at a symbol, for the grids, at a moment
    read_* : pure; each may raise a SourceError. None means "not offered". Bars of the
        grid of 5 minutes and one of the two readings of open interest must be there;
        whatever else fails becomes a note.
    read_open_interest : single-sided USD now · ..._history : the same, of the past
    read_funding_interval : where another answer than the rate's tells it
    read_funding_history : rates that were paid, at the times they were
    read_accounts : share of accounts that are long · read_taker : bought, sold per 5 minutes
    read_liquidations : of longs, of shorts per 5 minutes
    """

    name: str
    title: str
    docs_url: str
    terms_url: str
    rate_limit: str
    base_url: str
    at_once: int = 8
    asks: Callable[[str, Sequence[Grid], datetime], Iterable[Ask]]
    read_bars: Callable[[Raw, Grid], Iterable[Bar]]
    read_open_interest: Callable[[Raw, float], Value] | None = None
    read_open_interest_history: ReadValues | None = None
    read_funding: Callable[[Raw], Funding] | None = None
    read_funding_interval: Callable[[Raw], timedelta] | None = None
    read_funding_history: Callable[[Raw], Iterable[Value]] | None = None
    read_accounts: ReadValues | None = None
    read_taker: ReadSides | None = None
    read_liquidations: ReadSides | None = None
