"""How Coinglass v4 is asked and how it answers, whatever was asked for.

Docs: https://docs.coinglass.com
Traps met: an error comes with HTTP 200 and a code in the body, and the code is text; what a
plan does not include is code 401, as a wrong key is; parameters in camelCase are ignored
without a word.
"""

from threading import Lock
from types import MappingProxyType

import httpx

from composer.errors import SourceUnavailableError
from composer.market.sources._envelope import Envelope

NAME = "coinglass"
TITLE = "Coinglass"
KEY_HEADER = "CG-API-KEY"

_NO_RIGHT = "check the key, and whether the plan includes this"

ENVELOPE = Envelope(
    code="code",
    message="msg",
    content="data",
    fine="0",
    later=frozenset({"408", "429", "500"}),
    remedies=MappingProxyType({"401": _NO_RIGHT, "30001": _NO_RIGHT, "40001": _NO_RIGHT}),
)


class MinuteBudget:
    """The requests that are left in this minute by Coinglass's own count, for all threads.

    Its two methods are the hooks of a client. What is on its way may or may not be in the
    count of an answer, so it is taken off once more: rather a request too few than too many.
    """

    def __init__(self) -> None:
        """Know nothing: the first request is always made."""
        self._lock = Lock()
        self._left: int | None = None
        self._on_their_way = 0

    def spend(self, request: httpx.Request) -> None:
        """Count a request that is about to leave; SourceUnavailableError if none is left."""
        with self._lock:
            if self._left == 0:
                msg = (
                    f"{NAME} {request.url.path}: not asked, its requests of this minute are "
                    "used up; try again in a minute"
                )
                raise SourceUnavailableError(msg)
            if self._left is not None:
                self._left -= 1
            self._on_their_way += 1

    def count(self, response: httpx.Response) -> None:
        """Take over what the headers of an answer say."""
        limit, used = (response.headers.get(f"API-KEY-{name}-LIMIT", "") for name in ("MAX", "USE"))
        with self._lock:
            self._on_their_way -= 1
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
                self._left = 0
            elif limit.isdecimal() and used.isdecimal():
                left = max(0, int(limit) - int(used) - self._on_their_way)
                self._left = left if self._left is None else min(left, self._left)
