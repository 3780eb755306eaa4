"""What every fake exchange shares: a server, a clock, and the ways a body can be wrong."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from urllib.parse import parse_qsl

from composer.market.records import to_ms
from tests.fakes.server import FakeServer, Reply, Request, Route

HOURS_MS = 3_600_000
_REPLIES: dict[tuple[object, ...], Reply] = {}


class Spoilt(StrEnum):
    """What can be wrong with a body that is JSON."""

    WRONG_TYPES = "wrong_types"  # every number a text that is none, every text a number
    NULLS = "nulls"  # every number and text null
    EMPTY_LISTS = "empty_lists"
    EMPTY_OBJECT = "empty_object"
    FROZEN = "frozen"  # what was true ten hours ago
    FUTURE = "future"  # the clock of the venue runs ten hours ahead
    NEGATIVE = "negative"  # every number below zero
    HUGE = "huge"  # every number beyond anything


class _Server(FakeServer):
    """Plays a fault as often as an endpoint is asked; endpoints have the names asks have."""

    def __init__(self, venue: "FakeVenue") -> None:
        super().__init__()
        self.venue = venue
        self.always: dict[str, str] = {}
        self.names: list[str] = []

    def find(self, request: Request) -> tuple[Route | None, str]:
        route, fault = super().find(request)
        name = "" if route is None else self.venue.name_of(route.endpoint, request)
        self.names.append(name)
        return route, self.always.get(name, fault)


class FakeVenue(ABC):
    """One exchange in front of the made-up market.

    endpoints : the names its provider gives the requests of one look, where they hold data
        of their own: the first page of each grid stands for all its pages
    own_faults : pairs of endpoint and a fault in the exchange's own words, which a handler
        gets as `request.fault`
    harmless : pairs after which the other answers still hold the whole truth
    counts : whether an answer depends on the ones before
    """

    endpoints: ClassVar[tuple[str, ...]]
    own_faults: ClassVar[tuple[tuple[str, str], ...]] = ()
    harmless: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    counts: ClassVar[bool] = False

    def __init__(self, now: datetime) -> None:
        self.now_ms = to_ms(now)
        self.price_factor = 1.0
        self.size_factor = 1.0
        self.server = _Server(self)

    @abstractmethod
    def routes(self) -> tuple[Route, ...]:
        """Return the endpoints; their handlers are made by `handler`."""

    @abstractmethod
    def name_of(self, endpoint: str, request: Request) -> str:
        """Return the name the provider gives this request."""

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve; yield the address."""
        routes = self.routes()
        if not self.counts:
            routes = tuple(replace(one, handle=self._known_by_heart(one.handle)) for one in routes)
        with self.server.running(*routes):
            yield self.server.url

    def always(self, endpoint: str, fault: str) -> None:
        """Play a fault each time the endpoint is asked."""
        self.server.always[endpoint] = fault

    @property
    def asked(self) -> list[str]:
        """The names of the requests so far."""
        return self.server.names

    def _known_by_heart(self, handle: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
        """Let a handler say at once what it said before: a sweep asks thousands of times."""

        def answer(request: Request) -> Reply:
            shown = [f"{name} {value}" for name, value in vars(self).items() if name != "server"]
            asked = (request.method, request.path, request.query, request.body, request.fault)
            key = (type(self), *shown, *asked)
            if key not in _REPLIES:
                _REPLIES[key] = handle(request)
            return _REPLIES[key]

        return answer

    def reply(self, request: Request, body: object, *, status: int = 200) -> Reply:
        """Return a body as JSON, spoilt if that is the fault."""
        told = _spoil(body, request.fault) if request.fault in set(Spoilt) else body
        headers = {"Content-Type": "application/json"}
        return Reply(status=status, body=json.dumps(told).encode(), headers=headers)

    def clock_ms(self, request: Request) -> int:
        """Return the venue's idea of now."""
        hours = {Spoilt.FROZEN.value: -10, Spoilt.FUTURE.value: 10}.get(request.fault, 0)
        return self.now_ms + hours * HOURS_MS


def query_of(request: Request) -> Mapping[str, str]:
    return dict(parse_qsl(request.query))


def _spoil(body: object, fault: str) -> object:  # noqa: PLR0911 - a walk over JSON
    if fault == Spoilt.EMPTY_OBJECT:
        return {}
    if isinstance(body, dict):
        return {name: _spoil(value, fault) for name, value in body.items()}
    if isinstance(body, list):
        return [] if fault == Spoilt.EMPTY_LISTS else [_spoil(item, fault) for item in body]
    if fault == Spoilt.NULLS:
        return None
    if fault == Spoilt.WRONG_TYPES:
        return "about 7" if _is_number(body) else 7
    if fault == Spoilt.NEGATIVE and _is_number(body):
        return f"-{body}" if isinstance(body, str) else -abs(float(str(body)))
    if fault == Spoilt.HUGE and _is_number(body):
        return "9" * 40
    return body


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    try:
        float(str(value))
    except ValueError:
        return False
    return True
