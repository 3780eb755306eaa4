"""One call to a platform over HTTP, with whatever happens told as one of our errors.

Built on https://www.python-httpx.org/ and these traps of HTTP clients, met one by one:
a kept connection that the other side has meanwhile closed loses a request after it was
written, so each client is fresh; a redirect would carry the key elsewhere, so none is
followed; httpx logs whole addresses, and a presigned one is a secret, so queries are cut
from its log; a read time-out holds for each read only, so a body has a deadline too.
"""

import json
import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import httpx

from composer.addresses import is_loopback
from composer.errors import (
    AccountRefusedError,
    PublishError,
    QuotaError,
    UnclearAnswerError,
    UnsentError,
)

DAY_S = 86_400.0
_MOST_BYTES = 1 << 20  # answers are a few hundred bytes; more is no answer of an API
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_NEVER_CONNECTED = (
    httpx.ConnectError,  # name lookup, refused connection, TLS
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: what it is, whom it asks, and whether it may be made again.

    `secrets` are kept out of every message, also where the platform echoes them. A call
    that does not want JSON gets statuses from 400 to 499 back instead of an error.
    """

    platform: str
    method: str
    url: str
    content: bytes
    headers: Mapping[str, str]
    repeatable: bool
    secrets: tuple[str, ...] = ()
    wants_json: bool = True

    def __repr__(self) -> str:
        """Show neither headers nor query: both can hold a secret."""
        return f"Call({self.method} {httpx.URL(self.url).host}, repeatable={self.repeatable})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The status, and the JSON object (empty if the call did not want one)."""

    status: int
    body: Mapping[str, object]


class _Cut(Exception):  # noqa: N818 - never leaves this module
    """The answer is larger, or takes longer, than an answer does."""


def open_client(base_url: str, *, timeout_s: float) -> httpx.Client:
    """Return a client for one errand; proxies of the environment hold, but not for loopback.

    timeout_s : for connecting, and for each read and write
    """
    logging.getLogger("httpx").addFilter(_without_query)
    loopback = is_loopback(httpx.URL(base_url).host)
    return httpx.Client(
        timeout=timeout_s,
        follow_redirects=False,
        trust_env=not loopback,
        verify=_trust(),
        headers={"User-Agent": f"squaredesk/{_version()} (+python-httpx)"},
    )


def call(client: httpx.Client, request: Call, *, now: Callable[[], datetime]) -> Answer:
    """Make the call once and return the answer of the platform, its own error codes included.

    Raises UnsentError if nothing left this machine or the call is repeatable, QuotaError
    on 429, AccountRefusedError or PublishError if a repeatable call was answered with a
    refusal, and UnclearAnswerError if a call that may not be repeated has no clear answer.
    """
    left: list[str] = []  # names of steps from the first byte on

    def trace(step: str, _: object) -> None:
        if step.endswith("send_request_headers.started"):
            left.append(step)

    try:
        with client.stream(
            request.method,
            request.url,
            content=request.content,
            headers=request.headers,
            extensions={"trace": trace},
        ) as response:
            body = _read(response, client)
    except (httpx.RequestError, _Cut) as error:
        sent = bool(left) and not isinstance(error, _NEVER_CONNECTED)
        failure = _lost(request, error, sent=sent)
    else:
        answer = _translate(request, response, body, now)
        if isinstance(answer, Answer):
            return answer
        failure = answer
    raise failure  # outside `except`: what httpx raised keeps the request with its headers


def words(text: str, secrets: tuple[str, ...] = (), *, most: int = 200) -> str:
    """Return what a platform said as one short line without tags and without secrets."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "[key]")
    plain = "".join(char for char in " ".join(_TAGS.sub(" ", text).split()) if char.isprintable())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _read(response: httpx.Response, client: httpx.Client) -> bytes:
    deadline = time.monotonic() + 2 * (client.timeout.read or DAY_S)
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES or time.monotonic() > deadline:
            raise _Cut
    return body


def _lost(request: Call, error: Exception, *, sent: bool) -> Exception:
    """Say what a broken call means. Which errors come from where is httpcore's to know."""
    told = f"{type(error).__name__} {words(str(error), request.secrets)}".strip(" _")
    if not sent:
        return UnsentError(
            f"{request.platform} was not reached, nothing was sent ({told}); check the network"
        )
    if request.repeatable:
        return UnsentError(f"{request.platform} did not answer ({told}); this may be done again")
    return UnclearAnswerError(
        f"{request.platform} got the post, but its answer was lost ({told}); "
        "look there whether it is out"
    )


def _translate(
    request: Call, response: httpx.Response, body: bytes, now: Callable[[], datetime]
) -> Answer | Exception:
    """Return the answer, or the error a status or an unreadable body stands for."""
    status = response.status_code
    said = words(body.decode("utf-8", "replace"), request.secrets)
    told = f"{request.platform} answered HTTP {status}: {said or 'no words'}"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        wait_s = _wait_s(response.headers.get("Retry-After", ""), now)
        return QuotaError(f"{told}; it takes no more for now", wait_s=wait_s)
    if status < httpx.codes.INTERNAL_SERVER_ERROR and not response.has_redirect_location:
        found = _object(body) if request.wants_json else {}
        if found is not None:
            return Answer(status=status, body=found)
    if not request.repeatable:
        return UnclearAnswerError(f"{told}; look there whether the post is out")
    if response.has_redirect_location:
        return PublishError(f"{told}; no redirect is followed, correct its address in the settings")
    return _unreadable(status, told)


def _unreadable(status: int, told: str) -> PublishError:
    """Say what an answer that is not the API's means for a call that may be repeated."""
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return AccountRefusedError(f"{told}; it refuses this key, this address or this region")
    if httpx.codes.BAD_REQUEST <= status < httpx.codes.INTERNAL_SERVER_ERROR:
        return PublishError(f"{told}; this is not its API, check its address in the settings")
    return UnsentError(f"{told}; this may be done again")


def _object(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _wait_s(value: str, now: Callable[[], datetime]) -> float | None:
    """Return Retry-After in seconds, at most a day: a number, or the time it may be again."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return min(float(value), DAY_S)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000" is UTC too
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now()).total_seconds(), 0.0), DAY_S)


def _without_query(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.copy_with(query=None) if isinstance(arg, httpx.URL) else arg for arg in record.args
        )
    return True


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


@cache
def _version() -> str:
    try:
        return version("squaredesk")
    except PackageNotFoundError:
        return "0"
