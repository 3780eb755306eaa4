"""A live exchange as a source: ask everything side by side, then read it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import httpx

from composer.errors import ConfigError, SourceError
from composer.market.records import MarketSnapshot, Query
from composer.market.side_by_side import side_by_side
from composer.market.sources._assemble import Assembly
from composer.market.sources._grids import GRIDS, Grid
from composer.market.sources._http import Answer, Ask, ask, open_client
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Provider, Raw

_DEFAULT_SYMBOL = "BTC"
ASKING = 0.8  # of the deadline; the rest is for reading what came


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSource:
    """One provider at one address; knows only the present."""

    provider: Provider
    base_url: str
    deadline_s: float
    grids: Sequence[Grid] = GRIDS
    pause_s: float = 0.3  # before a request is made again
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def name(self) -> str:
        """Return the word a user types."""
        return self.provider.name

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the market as it is now.

        Raises ConfigError for a moment of the past, SourceUnavailableError if candles or
        open interest did not come in time, SourceRefusedError if they were refused,
        SourceDataError if they are not what the provider promises.
        """
        return self.parse(self.fetch(query))

    def fetch(self, query: Query) -> Raw:
        """Ask every endpoint side by side and return what came; reads nothing of it."""
        if query.as_of is not None:
            msg = f"{self.name} knows only the present; leave --as-of out, or name a recording"
            raise ConfigError(msg)
        provider, symbol = self.provider, query.symbol or _DEFAULT_SYMBOL
        asks = {one.endpoint: one for one in provider.asks(symbol, self.grids, query.now)}
        ends = time.monotonic() + ASKING * self.deadline_s
        client = open_client(self.base_url, self.headers)
        try:
            answers, failures = ask_all(
                client,
                asks,
                source=self.name,
                ends=ends,
                pause_s=self.pause_s,
                at_once=provider.at_once,
            )
        finally:
            client.close()
        return Raw(
            source=self.name,
            symbol=symbol,
            captured_at=query.now,
            asked=asks,
            answers=answers,
            failures=failures,
        )

    def parse(self, raw: Raw) -> MarketSnapshot:
        """Return the snapshot the answers make; pure."""
        return read_raw(self.provider, raw, self.grids)


def ask_all(
    client: httpx.Client,
    asks: Mapping[str, Ask],
    *,
    source: str,
    ends: float,
    pause_s: float,
    at_once: int,
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Ask side by side; return the answers by endpoint, and why there is none of the others.

    ends : by time.monotonic()
    """
    found = side_by_side(
        {
            f"{source} {endpoint}": partial(
                ask, client, one, where=f"{source} {endpoint}", ends=ends, pause_s=pause_s
            )
            for endpoint, one in asks.items()
        },
        deadline_s=max(0.0, ends - time.monotonic()),
        at_once=at_once,
    )
    answers: dict[str, Answer] = {}
    failures: dict[str, str] = {}
    for endpoint, result in zip(asks, found.values(), strict=True):
        if isinstance(result, SourceError):
            failures[endpoint] = str(result)
        else:
            answers[endpoint] = result
    return answers, failures


def read_raw(provider: Provider, raw: Raw, grids: Sequence[Grid] = GRIDS) -> MarketSnapshot:
    """Return the snapshot of a provider's answers, as at the moment they were given."""
    return Assembly(provider, raw, grids, raw.captured_at).snapshot()


def open_live(provider: Provider, argument: str | None, options: SourceOptions) -> LiveSource:
    """Return the source of a provider. Raises ConfigError for an argument, or a wrong address."""
    if argument is not None:
        msg = f"--source {provider.name}:{argument}: expected {provider.name} alone"
        raise ConfigError(msg)
    return LiveSource(
        provider=provider,
        base_url=options.base_url(provider.name, provider.base_url),
        deadline_s=options.deadline_s,
    )
