"""Let workers carry deliveries until they are told to stop."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.errors import SquaredeskError
from composer.newsroom.delivery import Courier

_LOG: BoundLogger = get_logger()

# How long a worker with nothing to do waits before it looks again.
IDLE_S = 1.0
# After an error that nothing caught: the store may be away for a while.
TROUBLED_S = 5.0


def worker_name() -> str:
    """Return a name no other worker has or had: machine, process and a few random letters."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def work_off(courier: Courier) -> int:
    """Carry everything that is due now and return how many deliveries that were."""
    worker, carried = worker_name(), 0
    while courier.work(worker) is not None:
        carried += 1
    return carried


def work_until(stop: Event, courier: Courier) -> None:
    """Carry deliveries as they fall due, until `stop`; the one at hand is finished first.

    An error ends no worker: it is told, and the work goes on.
    """
    worker = worker_name()
    while not stop.is_set():
        try:
            pause = IDLE_S if courier.work(worker) is None else 0.0
        except SquaredeskError as error:  # as a store that is busy: it says itself what to do
            _LOG.error("worker_troubled", worker=worker, reason=str(error))
            pause = TROUBLED_S
        except Exception as error:  # noqa: BLE001 - a worker that dies silently helps nobody
            _LOG.error("worker_troubled", worker=worker, reason=repr(error), exc_info=error)
            pause = TROUBLED_S
        stop.wait(pause)


@contextmanager
def workers(courier: Courier, number: int) -> Iterator[None]:
    """Let a number of workers work in threads while something else goes on."""
    stop = Event()
    threads = [
        Thread(target=work_until, args=(stop, courier), name=f"worker-{n}") for n in range(number)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
