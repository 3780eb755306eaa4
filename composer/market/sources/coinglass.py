"""Coinglass v4, with a key: a finished liquidation map, and what belongs to it.

Docs: https://docs.coinglass.com
Terms: https://www.coinglass.com/terms
Rate limit: 30, 80, 300 or 1200 requests a minute by plan, of which a look takes about 15.
The key is in SQUAREDESK_COINGLASS_KEY, or in the file that `coinglass_key_file` names.
Which endpoints a plan includes is Coinglass's to say; the plan's name decides only how
fine the bars are that are asked for. Its own closed bars are revised later.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import httpx

from composer.errors import ConfigError, SourceRefusedError
from composer.keys import Key
from composer.market.records import MarketSnapshot, Query
from composer.market.sources._coinglass_api import KEY_HEADER, NAME, MinuteBudget
from composer.market.sources._coinglass_asks import PLAN, pair_ask, series_asks
from composer.market.sources._coinglass_look import grid_of, read_answers
from composer.market.sources._coinglass_map import MAPS, is_refused
from composer.market.sources._http import Answer, Ask, open_client
from composer.market.sources._live import ASKING, ask_all
from composer.market.sources._options import SourceOptions
from composer.market.sources._provider import Raw

_BASE_URL = "https://open-api-v4.coinglass.com"
_DEFAULT_SYMBOL = "BTC"
_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinglassSource:
    """Coinglass at one address; knows only the present, and where its key is."""

    base_url: str
    key: Key
    deadline_s: float
    pause_s: float = 0.3  # before a request is made again
    name: str = NAME

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the market as it is now.

        Raises ConfigError for a moment of the past or without a key, SourceRefusedError if
        the key is refused or its plan has no map, SourceUnavailableError if the map did not
        come in time, SourceDataError if it is not what it should be.
        """
        return self.parse(self.fetch(query))

    def fetch(self, query: Query) -> Raw:
        """Ask what the plan is, then for everything, then for the next map if one is refused.

        The key is nowhere in what is returned, also where an answer echoes it.
        """
        if query.as_of is not None:
            msg = f"{self.name} knows only the present; leave --as-of out, or name a recording"
            raise ConfigError(msg)
        key, ends = self.key.read(), time.monotonic() + ASKING * self.deadline_s
        symbol = query.symbol or _DEFAULT_SYMBOL
        raw = Raw(source=NAME, symbol=symbol, captured_at=query.now, asked={}, answers={})
        budget = MinuteBudget()
        client = open_client(self.base_url, {KEY_HEADER: key})
        client.event_hooks = {"request": [budget.spend], "response": [budget.count]}

        def more(raw: Raw, *asks: Ask) -> Raw:
            return self._more(client, raw, asks, key, ends)

        try:
            raw = more(raw, PLAN)
            try:
                grid = grid_of(raw)
            except SourceRefusedError:
                return raw  # who refuses the key refuses the rest
            raw = more(raw, MAPS[0].ask(symbol), *series_asks(symbol, grid, query.now))
            for endpoint, next_one in pairwise(MAPS):
                if not is_refused(raw, endpoint):
                    break
                beside = [pair_ask(symbol, grid)] if endpoint is MAPS[0] else []
                raw = more(raw, next_one.ask(symbol), *beside)
        finally:
            client.close()
        return raw

    def _more(
        self, client: httpx.Client, raw: Raw, asks: Iterable[Ask], key: str, ends: float
    ) -> Raw:
        """Return the answers with further ones, without the key where one echoes it."""
        by_name = {one.endpoint: one for one in asks}
        answers, failures = ask_all(
            client, by_name, source=NAME, ends=ends, pause_s=self.pause_s, at_once=_AT_ONCE
        )
        clean = {
            name: Answer(
                status=answer.status,
                body=answer.body.replace(key, "[key]"),
                retry_after=answer.retry_after.replace(key, "[key]"),
            )
            for name, answer in answers.items()
        }
        told = {name: why.replace(key, "[key]") for name, why in failures.items()}
        return replace(
            raw,
            asked={**raw.asked, **by_name},
            answers={**raw.answers, **clean},
            failures={**raw.failures, **told},
        )

    def parse(self, raw: Raw) -> MarketSnapshot:
        """Return the snapshot the answers make; pure."""
        return read_answers(raw)


def open_source(argument: str | None, options: SourceOptions) -> CoinglassSource:
    """Return Coinglass as a source. Raises ConfigError for an argument, or without a key."""
    if argument is not None:
        msg = f"--source {NAME}:{argument}: expected {NAME} alone"
        raise ConfigError(msg)
    return CoinglassSource(
        base_url=options.base_url(NAME, _BASE_URL),
        key=options.key(NAME),
        deadline_s=options.deadline_s,
    )
