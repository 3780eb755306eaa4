"""Ask a provider over HTTP: one answer as it came, or one of our errors.

Built on https://www.python-httpx.org/ and these traps: a redirect could lead to another
host, so none is followed; a read time-out holds for each read only, so a body has a
deadline too; the size of a body is known only while it is read, so it is bounded there.
"""

import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import httpx

from composer.addresses import is_loopback
from composer.errors import (
    SourceDataError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
)
from composer.market.sources._reading import Node

_MOST_BYTES = 16 << 20  # 2,000 candles are a quarter of a megabyte
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_HEADERS = {"User-Agent": "squaredesk (+python-httpx)", "Accept": "application/json"}
_ATTEMPTS = 2  # all calls only read, so each may be made again
_TEAPOT = 418  # some exchanges ban an address with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request; `endpoint` names it among those of its provider, in messages and records.

    A POST sends `content` as JSON. All of it is recorded: a key belongs in the client's headers.
    """

    endpoint: str
    path: str
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    content: Mapping[str, object] | None = None

    @property
    def method(self) -> str:
        """GET, or POST if there is content to send."""
        return "GET" if self.content is None else "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, as it came; `retry_after` is the header's text, empty without one."""

    status: int
    body: str
    retry_after: str = ""

    def json(self, where: str) -> Node:
        """Return the answer as JSON.

        Raises SourceRefusedError or SourceUnavailableError for a status that is no success,
        SourceDataError if the body is no JSON.
        """
        if not httpx.codes.is_success(self.status):
            raise self._refusal(where)
        parsed = self.said()
        if parsed is None:
            msg = f"{where}: expected JSON, got {self._words() or 'nothing'}"
            raise SourceDataError(msg)
        return Node(where, parsed)

    def said(self) -> object:
        """Return the parsed body whatever the status was, None if it is no JSON."""
        try:
            parsed: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return parsed

    def _refusal(self, where: str) -> SourceError:
        told = f"{where}: HTTP {self.status}: {self._words() or 'no words'}"
        if self.status in {httpx.codes.TOO_MANY_REQUESTS, _TEAPOT}:
            seconds = " s" if self.retry_after.isdigit() else ""
            wait = f", it says {self.retry_after}{seconds}" if self.retry_after else ""
            return SourceUnavailableError(f"{told}; it was asked too often, try later{wait}")
        if self.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return SourceUnavailableError(f"{told}; try later")
        if httpx.codes.is_redirect(self.status):
            return SourceRefusedError(f"{told}; redirects are not followed, correct the address")
        if self.status == httpx.codes.UNAVAILABLE_FOR_LEGAL_REASONS:
            return SourceRefusedError(f"{told}; it does not serve this location, ask another")
        if self.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            return SourceRefusedError(f"{told}; it refuses this key, address or location")
        return SourceRefusedError(f"{told}; it refuses this request, check the symbol")

    def _words(self) -> str:
        """Return what was said as one short line without tags."""
        return _words(self.body)


def open_client(base_url: str, headers: Mapping[str, str]) -> httpx.Client:
    """Return a client for one look; proxies of the environment hold, but not for loopback.

    headers : for every request; a key may be among them, for it goes to this host alone
    """
    return httpx.Client(
        base_url=base_url,
        follow_redirects=False,
        trust_env=not is_loopback(httpx.URL(base_url).host),
        verify=_trust(),
        headers={**_HEADERS, **headers},
    )


def ask(client: httpx.Client, asked: Ask, *, where: str, ends: float, pause_s: float) -> Answer:
    """Return the answer, whatever its status; ask once more if none came, or a 5xx.

    ends : by time.monotonic()
    Raises SourceUnavailableError if there is no whole answer by then, SourceDataError if
    it is larger than any answer should be or no text.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        may_repeat = attempt < _ATTEMPTS and time.monotonic() + pause_s < ends
        try:
            answer = _ask_once(client, asked, where=where, ends=ends)
            if answer.status < httpx.codes.INTERNAL_SERVER_ERROR or not may_repeat:
                return answer
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            if not may_repeat:
                told = f"{type(error).__name__} {_words(str(error))}".strip()
                msg = f"{where}: not reached ({told}); check the network, or try later"
                raise SourceUnavailableError(msg) from error
        time.sleep(pause_s)
    raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _ask_once(client: httpx.Client, asked: Ask, *, where: str, ends: float) -> Answer:
    left_s = ends - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    body = bytearray()
    with client.stream(
        asked.method,
        asked.path,
        params=dict(asked.params) or None,
        json=asked.content,
        timeout=left_s,
    ) as response:
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _MOST_BYTES:
                msg = f"{where}: expected at most {_MOST_BYTES} bytes, got more"
                raise SourceDataError(msg)
            if time.monotonic() > ends:
                raise TimeoutError
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"{where}: expected UTF-8 text, got other bytes at byte {error.start}"
        raise SourceDataError(msg) from error
    after = _words(response.headers.get("Retry-After", ""))
    return Answer(status=response.status_code, body=text, retry_after=after)


def _words(text: str, *, most: int = 160) -> str:
    plain = " ".join(_TAGS.sub(" ", text[:4_000]).split())
    plain = "".join(char for char in plain if char.isprintable())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()
