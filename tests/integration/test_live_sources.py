"""Exchanges through the command line, asked at addresses of this machine."""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from composer.cli import main
from composer.market.records import to_ms
from tests.fakes.venues import fake_of
from tests.fakes.venues.market import open_interest_coins, price_at
from tests.fakes.venues.venue import FakeVenue

# The major exchanges, and how large each is: a text names the largest first.
SIZES = {"binance": 1.0, "okx": 0.5, "bybit": 0.25}


@pytest.fixture
def binance(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVenue]:
    """Serve a Binance of now, and set its address."""
    venue = fake_of("binance")(datetime.now(UTC))
    with venue.running() as url:
        monkeypatch.setenv("SQUAREDESK_BINANCE_URL", url)
        yield venue


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """Set Binance's address to a port where nobody answers, and return it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("SQUAREDESK_BINANCE_URL", url)
    return url


@pytest.fixture
def exchanges(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, nobody: str
) -> Iterator[Mapping[str, FakeVenue]]:
    """Serve those of the major exchanges that a test names; at the others nobody answers."""
    now = datetime.now(UTC)
    venues = {name: fake_of(name)(now) for name in request.param}
    with ExitStack() as running:
        for name, size in SIZES.items():
            url = nobody
            if name in venues:
                venues[name].size_factor = size
                url = running.enter_context(venues[name].running())
            monkeypatch.setenv(f"SQUAREDESK_{name.upper()}_URL", url)
        yield venues


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


@pytest.mark.parametrize(
    ("exchanges", "source"),
    [
        (("binance", "okx", "bybit"), "Binance + OKX + Bybit"),
        (("okx", "bybit"), "OKX + Bybit"),
        (("binance", "bybit"), "Binance + Bybit"),
        (("binance", "okx"), "Binance + OKX"),
        (("binance",), "Binance"),
        (("okx",), "OKX"),
        (("bybit",), "Bybit"),
    ],
    indirect=["exchanges"],
    ids=["all", "no-binance", "no-okx", "no-bybit", "binance", "okx", "bybit"],
)
def test_the_major_exchanges_that_answer_are_one_market(
    exchanges: Mapping[str, FakeVenue], source: str
) -> None:
    found = figures("--source", "exchanges|simulated")
    assert (found["symbol"], found["source"], found["method"]) == ("BTC", source, "estimated")
    notes, context = found["notes"], found["context"]
    assert isinstance(notes, list)
    assert isinstance(context, dict)
    left_out = [note.split()[2] for note in notes if note.startswith("Left out: ")]
    assert left_out == [name for name in SIZES if name not in exchanges]
    now_ms = to_ms(datetime.now(UTC))
    coins = sum(SIZES[name] for name in exchanges) * open_interest_coins(now_ms)
    assert context["open_interest_usd"] == pytest.approx(coins * price_at(now_ms), rel=0.01)
    assert context["open_interest_change_24h"] is not None


@pytest.mark.parametrize("exchanges", [tuple(SIZES)], indirect=True, ids=["all"])
def test_one_that_is_far_from_the_others_is_left_out(exchanges: Mapping[str, FakeVenue]) -> None:
    exchanges["okx"].price_factor = 1.03
    found = figures("--source", "exchanges")
    assert found["source"] == "Binance + Bybit"
    assert isinstance(found["notes"], list)
    assert "OKX is left out: its price" in found["notes"][0]


@pytest.mark.parametrize("exchanges", [()], indirect=True, ids=["none"])
@pytest.mark.usefixtures("exchanges")
def test_where_none_of_them_answers_the_simulated_market_stands_in() -> None:
    found = figures("--source", "exchanges|simulated")
    assert found["method"] == "simulated"
    notes = found["notes"]
    assert isinstance(notes, list)
    assert "simulated market stands in: exchanges: none of binance, okx, bybit" in notes[0]
    assert notes[0].count("not reached") == len(SIZES)


@pytest.mark.parametrize("source", ["simulated", "exchanges|simulated", "map.json"])
def test_only_an_exchange_can_be_recorded(source: str, tmp_path: Path) -> None:
    result = run("record", "--source", source, "-o", str(tmp_path / "look.json"))
    assert result.exit_code == 1
    assert not list(tmp_path.glob("look.json"))


def test_a_recording_has_the_ending_it_is_known_by(tmp_path: Path) -> None:
    result = run("record", "--source", "binance", "-o", str(tmp_path / "look.txt"))
    assert result.exit_code == 1
    assert ".json" in result.stderr
