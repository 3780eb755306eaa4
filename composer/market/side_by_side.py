"""Make several calls at the same time, and wait no longer than a deadline."""

import queue
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Thread
from typing import TypeVar

from composer.errors import SourceError, SourceUnavailableError

Result = TypeVar("Result")


def side_by_side(
    calls: Mapping[str, Callable[[], Result]], *, deadline_s: float, at_once: int
) -> dict[str, Result | SourceError]:
    """Return what each call gave by its name, or the SourceError it ended with.

    deadline_s : for all of them together; a call without a result by then counts as
        SourceUnavailableError and is left to end by itself
    at_once : how many may run at a time
    Raises whatever else a call raised.
    """
    waiting = deque(calls)
    done: queue.SimpleQueue[tuple[str, Result | Exception]] = queue.SimpleQueue()

    def work() -> None:
        with suppress(IndexError):  # nothing is waiting any more
            while name := waiting.popleft():
                done.put((name, _outcome(calls[name])))

    # Daemons, no pool: a name lookup cannot be interrupted, and must not hold up the exit.
    for _ in range(min(at_once, len(calls))):
        Thread(target=work, daemon=True).start()
    ends = time.monotonic() + deadline_s
    found: dict[str, Result | SourceError] = {}
    while len(found) < len(calls):
        try:
            name, result = done.get(timeout=max(0.0, ends - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(result, Exception) and not isinstance(result, SourceError):
            raise result
        found[name] = result
    waiting.clear()  # nobody needs what has not begun
    late = f"no answer within {deadline_s:g} s; try again, or allow more time"
    return {name: found.get(name, SourceUnavailableError(f"{name}: {late}")) for name in calls}


def _outcome(call: Callable[[], Result]) -> Result | Exception:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - raised again where the caller waits
        return error
