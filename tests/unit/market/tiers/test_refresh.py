"""The tiers exchanges publish, asked over real HTTP and read into our own file."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from composer.cli import main
from composer.errors import SourceError
from composer.market.margin import LeverageTier
from composer.market.sources import SourceOptions
from composer.market.tiers import tiers_of
from composer.market.tiers.refresh import SYMBOLS, refresh
from tests.fakes.server import SPOILS_JSON, Wire
from tests.fakes.tiers import REFUSED, FakeTiers

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
VENUES = ("bybit", "okx", "gate", "hyperliquid")
# 2,000,000 x (1 % - 0.5 %) is taken off, so that the margin of 2,000,000 is 10,000 either way.
TWO = (
    LeverageTier(
        notional_cap_usd=2e6,
        maintenance_margin_rate=0.005,
        max_leverage=100,
        maintenance_amount_usd=0,
    ),
    LeverageTier(
        notional_cap_usd=10e6,
        maintenance_margin_rate=0.01,
        max_leverage=50,
        maintenance_amount_usd=10_000,
    ),
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTiers]:
    server = FakeTiers()
    with server.running(*server.all_routes()):
        for name in VENUES:
            monkeypatch.setenv(f"SQUAREDESK_{name.upper()}_URL", server.url)
        yield server
        assert not server.strays


def options(fake: FakeTiers) -> SourceOptions:
    return SourceOptions(base_urls=dict.fromkeys(VENUES, fake.url))


def written(fake: FakeTiers, home: Path) -> dict[str, str]:
    """Return the files of those that answered, kept as the command does."""
    found = refresh(options(fake), NOW)
    texts = {name: text for name, text in found.items() if isinstance(text, str)}
    (home / "tiers").mkdir(exist_ok=True)
    for name, text in texts.items():
        (home / "tiers" / f"{name}.json").write_text(text)
    return texts


@pytest.mark.parametrize("percent", [False, True])
def test_the_numbers_by_hand(fake: FakeTiers, tmp_path: Path, *, percent: bool) -> None:
    fake.percent = percent
    texts = written(fake, tmp_path)
    assert sorted(texts) == sorted(VENUES)
    for name in ("bybit", "okx", "gate"):  # OKX: 4,000 contracts x 0.01 coins x 50,000 USD
        for symbol in SYMBOLS:
            found = tiers_of(name, symbol, home=tmp_path)
            assert (found.tiers, found.notes, found.as_of) == (TWO, (), "2026-11-22")
    small, large = tiers_of("hyperliquid", "ETH", home=tmp_path).tiers
    assert (small.notional_cap_usd, small.maintenance_margin_rate) == (150e6, 0.0125)  # 1/40/2
    assert (large.notional_cap_usd, large.maintenance_margin_rate) == (math.inf, 0.025)
    (flat,) = tiers_of("hyperliquid", "DOGE", home=tmp_path).tiers
    assert (flat.notional_cap_usd, flat.max_leverage) == (math.inf, 10)


@pytest.mark.parametrize("endpoint", ["bybit", "okx", "okx-instruments", "okx-ticker", "gate"])
@pytest.mark.parametrize("fault", [REFUSED, *sorted(SPOILS_JSON), Wire.HTML_403, Wire.RATE_LIMITED])
def test_one_answer_that_is_wrong_leaves_that_exchange_out(
    fake: FakeTiers, endpoint: str, fault: str
) -> None:
    fake.script(endpoint, fault)
    found = refresh(options(fake), NOW)
    failed = {name: error for name, error in found.items() if isinstance(error, SourceError)}
    name = endpoint.partition("-")[0]
    assert list(failed) == [name]
    assert name in str(failed[name])


@pytest.mark.parametrize("fault", [REFUSED, *sorted(SPOILS_JSON), Wire.HTML_403])
def test_hyperliquid_answers_for_all_coins_at_once(fake: FakeTiers, fault: str) -> None:
    fake.script("hyperliquid", fault)
    found = refresh(options(fake), NOW)
    assert isinstance(found["hyperliquid"], SourceError)
    assert len(fake.asked("hyperliquid")) == 1


@pytest.mark.usefixtures("fake")
def test_the_command_keeps_them_in_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQUAREDESK_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["tiers", "refresh"])
    assert result.exit_code == 0, result.output
    files = [tmp_path / "tiers" / f"{name}.json" for name in VENUES]
    assert sorted(result.stdout.split()) == sorted(map(str, files))
    assert "binance: its tiers want a key" in result.stderr
    assert set(json.loads(files[0].read_text())["tiers"]) == set(SYMBOLS)


def test_the_command_says_who_did_not_answer_and_keeps_the_rest(
    fake: FakeTiers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQUAREDESK_HOME", str(tmp_path))
    fake.script("gate", REFUSED)
    result = CliRunner().invoke(main, ["tiers", "refresh"])
    assert result.exit_code == 1
    assert "gate: gate risk_limit_tiers-" in result.stderr
    assert "what was there stays" in result.stderr
    assert not (tmp_path / "tiers" / "gate.json").exists()
    assert (tmp_path / "tiers" / "okx.json").exists()
