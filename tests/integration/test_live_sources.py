"""Exchanges through the command line, asked at addresses of this machine."""

import json
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from composer.cli import main
from tests.fakes.venues import fake_of
from tests.fakes.venues.venue import FakeVenue


@pytest.fixture
def binance(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVenue]:
    """Serve a Binance of now, and set its address."""
    venue = fake_of("binance")(datetime.now(UTC))
    with venue.running() as url:
        monkeypatch.setenv("SQUAREDESK_BINANCE_URL", url)
        yield venue


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set Binance's address to a port where nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("SQUAREDESK_BINANCE_URL", f"http://127.0.0.1:{port}")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def figures(*words: str) -> Mapping[str, object]:
    result = run("figures", "--json", *words)
    assert result.exit_code == 0, result.stderr
    found: dict[str, object] = json.loads(result.stdout)
    return found


@pytest.mark.usefixtures("binance")
def test_one_exchange_is_enough_for_an_edition() -> None:
    result = run("draft", "--source", "binance", "--locale", "en", "--no-store")
    assert result.exit_code == 0, result.stderr
    assert "Data: liquidation map estimated from Binance public data" in result.stdout
    assert "SIMULATED" not in result.output


@pytest.mark.usefixtures("binance")
def test_what_was_recorded_gives_the_same_figures_again(tmp_path: Path) -> None:
    file = tmp_path / "look.json"
    result = run("record", "--source", "binance", "--symbol", "btc", "-o", str(file))
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == str(file)
    again = figures("--source", str(file))
    assert (again["symbol"], again["source"], again["method"]) == ("BTC", "Binance", "estimated")
    assert figures("--source", str(file)) == again


@pytest.mark.usefixtures("nobody")
def test_without_exchanges_the_simulated_market_stands_in_and_says_so_loudly() -> None:
    result = run("draft", "--source", "binance|simulated", "--locale", "en", "--no-store")
    assert result.exit_code == 0, result.stderr
    assert "SIMULATED MARKET" in result.stderr
    assert "simulated market stands in: binance: binance klines-" in result.stderr
    assert "not reached" in result.stderr


@pytest.mark.usefixtures("nobody")
def test_without_a_stand_in_the_reason_is_the_answer() -> None:
    result = run("figures", "--source", "binance")
    assert result.exit_code == 1
    assert "binance klines-" in result.stderr
    assert "check the network" in result.stderr


@pytest.mark.parametrize("source", ["simulated", "exchanges|simulated", "map.json"])
def test_only_an_exchange_can_be_recorded(source: str, tmp_path: Path) -> None:
    result = run("record", "--source", source, "-o", str(tmp_path / "look.json"))
    assert result.exit_code == 1
    assert not list(tmp_path.glob("look.json"))


def test_a_recording_has_the_ending_it_is_known_by(tmp_path: Path) -> None:
    result = run("record", "--source", "binance", "-o", str(tmp_path / "look.txt"))
    assert result.exit_code == 1
    assert ".json" in result.stderr
