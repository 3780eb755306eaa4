"""What every test shares: an empty environment and no network."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

NOW = datetime(2026, 6, 10, 8, 2, tzinfo=UTC)
REPOSITORY = Path(__file__).parent.parent

settings.register_profile("squaredesk", deadline=None, derandomize=True)
settings.load_profile("squaredesk")


class NetworkError(AssertionError):
    """A test asked for an address outside this machine."""


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("SQUAREDESK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SQUAREDESK_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in {"127.0.0.1", "::1", "unix"}:
            msg = f"a test may only talk to this machine, not to {host}"
            raise NetworkError(msg)
        connect(self, address)  # type: ignore[arg-type] # as broad as the original

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def repository() -> Path:
    return REPOSITORY
