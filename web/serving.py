"""Serve the desk from this process, with waitress."""

import logging
from collections.abc import Callable

from waitress.server import create_server  # type: ignore[import-untyped] # ships no types

from composer.errors import ConfigError
from web.app import create_app
from web.desk import Desk

THREADS = 8


def serve(desk: Desk, host: str, port: int, *, listening: Callable[[], None]) -> None:
    """Serve until interrupted, and say so once the address is ours: `listening`.

    Raises ConfigError if it cannot be had.
    """
    # Waitress warns of every queued request, and of those it drops when it is told to stop.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        server = create_server(create_app(desk), host=host, port=port, threads=THREADS)
    except OSError as error:
        msg = f"the desk cannot listen on {host}:{port}: {error.strerror}; choose another port"
        raise ConfigError(msg) from error
    except ValueError as error:  # as waitress says it of a name that nobody knows
        msg = f"the desk cannot listen on {host}:{port}: expected a host of this machine"
        raise ConfigError(msg) from error
    try:
        listening()
        server.run()
    except KeyboardInterrupt:
        server.close()
