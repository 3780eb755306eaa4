"""Many accounts of Binance Square behind one server, each with a fault of its own.

An account is told by its key; what is put to the image store carries no key, so each
account is given an address of its own to put it to.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from tests.fakes.binance_square import KEY, BinanceSquare
from tests.fakes.server import FakeServer, Reply, Request, Route


@dataclass(slots=True, kw_only=True)
class FaultyAccount:
    """One account: what it keeps, and the fault that its endpoint plays `times` times."""

    square: BinanceSquare
    routes: tuple[Route, ...]
    endpoint: str = ""
    fault: str = ""
    times: int = 0
    lock: Lock = field(default_factory=Lock)

    def fault_at(self, endpoint: str) -> str:
        with self.lock:
            if endpoint != self.endpoint or self.times <= 0:
                return ""
            self.times -= 1
            return self.fault

    def heal(self) -> None:
        """Play no fault any more, and take the key again."""
        self.times = 0
        self.square.key_state = "good"


class ManySquares(FakeServer):
    """A server that finds the account of a request first, then its endpoint."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.accounts: dict[str, FaultyAccount] = {}

    def open_account(self, name: str, endpoint: str, fault: str, times: int) -> None:
        place = FakeServer()
        place.url = f"{self.url}/{name}"
        folder = self._folder / name
        folder.mkdir(parents=True)
        square = BinanceSquare(place, folder)
        (folder / "square.key").write_text(f"{KEY}-{name}\n", encoding="ascii")
        self.accounts[name] = FaultyAccount(
            square=square,
            routes=tuple(
                replace(route, path=f"(/{name})?{route.path}", handle=_with_its_key(route.handle))
                for route in square.routes()
            ),
            endpoint=endpoint,
            fault=fault,
            times=times,
        )

    def find(self, request: Request) -> tuple[Route | None, str]:
        if len(request.body) < int(request.headers.get("content-length") or 0):
            raise ConnectionResetError  # its sender died in the middle of it
        key = request.headers.get("x-square-openapi-key", "")
        name = key.removeprefix(f"{KEY}-") or request.path.split("/")[1]
        account = self.accounts.get(name)
        for route in account.routes if account else ():
            if route.method == request.method and re.fullmatch(route.path, request.path):
                assert account is not None
                return route, account.fault_at(route.endpoint)
        return super().find(request)


def configuration_of(url: str, folder: Path, name: str) -> Mapping[str, str]:
    """Return what the publisher of an account is opened with."""
    return {
        "key_file": str(folder / name / "square.key"),
        "base_url": url,
        "upload_hosts": "127.0.0.1",
        "timeout_s": "0.75",
        "poll_interval_s": "0.001",
        "polls": "4",
    }


def _with_its_key(handle: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    """Let an account see its own key as the one that the fake knows."""

    def handle_known(request: Request) -> Reply:
        key = request.headers.get("x-square-openapi-key")
        if key is None:
            return handle(request)
        headers = {**request.headers, "x-square-openapi-key": KEY}
        reply = handle(replace(request, headers=headers))
        return replace(reply, body=reply.body.replace(KEY.encode(), key.encode()))

    return handle_known
