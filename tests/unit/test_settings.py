"""Settings: defaults, the file, the environment over it, and every problem at once."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from composer.errors import ConfigError
from composer.settings import PREFIX, Settings, load_settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder a command is started in."""
    started = tmp_path / "started"
    started.mkdir()
    return started


def load(folder: Path) -> Settings:
    return load_settings(os.environ, folder)


def refusal(folder: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        load(folder)
    return str(refused.value)


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_need_neither_file_nor_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"{PREFIX}HOME")
    settings = load(folder)
    assert settings.source == "simulated"
    assert settings.symbol is None
    assert settings.levels == "round"
    assert settings.locales == ()
    assert settings.formats == ("brief",)
    assert settings.max_age == timedelta(hours=2)
    assert settings.log_level == "warning"
    assert settings.home.name == "squaredesk"
    assert settings.home.is_absolute()


def test_a_file_beside_the_command_is_read(folder: Path) -> None:
    write(
        folder / "squaredesk.toml",
        'source = "map.json"\nsymbol = "1INCH"\nlocales = ["en"]\nformats = ["brief", "pulse"]\n'
        'levels = "range:0.05"\nstale_after_minutes = 30\nlog_level = "debug"\n',
    )
    settings = load(folder)
    assert (settings.source, settings.symbol, settings.levels) == (
        "map.json",
        "1INCH",
        "range:0.05",
    )
    assert (settings.locales, settings.formats) == (("en",), ("brief", "pulse"))
    assert settings.max_age == timedelta(minutes=30)
    assert settings.log_level == "debug"


def test_the_environment_stands_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "squaredesk.toml", 'symbol = "BTC"\nlevels = "cluster"\n')
    monkeypatch.setenv("SQUAREDESK_SYMBOL", "ETH")
    settings = load(folder)
    assert (settings.symbol, settings.levels) == ("ETH", "cluster")


def test_the_environment_is_the_one_that_was_handed_in(folder: Path, tmp_path: Path) -> None:
    """A caller who names an environment must not be answered from another."""
    given: Mapping[str, str] = {"SQUAREDESK_SYMBOL": "ETH", "SQUAREDESK_HOME": str(tmp_path)}
    settings = load_settings(given, folder)
    assert (settings.symbol, settings.home) == ("ETH", tmp_path)


def test_a_named_file_stands_before_the_others(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "squaredesk.toml", 'symbol = "BTC"\n')
    named = write(tmp_path / "elsewhere" / "desk.toml", 'symbol = "SOL"\n')
    monkeypatch.setenv("SQUAREDESK_CONFIG", str(named))
    assert load(folder).symbol == "SOL"


def test_the_file_of_the_home_is_the_last_resort(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("SQUAREDESK_HOME", str(home))
    write(home / "squaredesk.toml", 'symbol = "XRP"\nlevels = "cluster"\n')
    assert load(folder).symbol == "XRP"
    # The nearer file is taken whole: the two are not mixed.
    write(folder / "squaredesk.toml", 'symbol = "BTC"\n')
    assert (load(folder).symbol, load(folder).levels) == ("BTC", "round")


def test_a_file_may_say_where_home_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "squaredesk.toml", f"home = '{tmp_path / 'desk'}'\n")
    monkeypatch.delenv("SQUAREDESK_HOME")
    assert load(folder).home == tmp_path / "desk"


@pytest.mark.parametrize(
    ("text", "locales"),
    [
        ("en", ("en",)),
        ("en,zh_Hans", ("en", "zh_Hans")),
        (" en , zh_Hans ,", ("en", "zh_Hans")),
        ("", ()),
    ],
)
def test_the_environment_gives_a_list_with_commas(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, locales: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SQUAREDESK_LOCALES", text)
    assert load(folder).locales == locales


def test_every_problem_is_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(
        folder / "squaredesk.toml",
        'symbol = "btc usdt"\nlog_level = "loud"\nlevles = "round"\nformats = []\n',
    )
    monkeypatch.setenv("SQUAREDESK_STALE_AFTER_MINUTES", "0")
    monkeypatch.setenv("SQUAREDESK_SORUCE", "simulated")
    told = refusal(folder)
    assert told.startswith("settings: ")
    assert f"symbol (in {file})" in told
    assert "'btc usdt'" in told
    assert f"log_level (in {file})" in told
    assert f"formats (in {file})" in told
    assert "SQUAREDESK_STALE_AFTER_MINUTES in the environment" in told
    assert f"unknown key levles in {file}; did you mean levels?" in told
    assert "unknown key SQUAREDESK_SORUCE in the environment" in told
    assert "did you mean SQUAREDESK_SOURCE?" in told
    assert told.count(";") == told.count("unknown key") + 5
    assert "\n" not in told


def test_a_key_like_none_of_ours_is_answered_with_all_of_ours(folder: Path) -> None:
    write(folder / "squaredesk.toml", "zzzzzz = 1\n")
    told = refusal(folder)
    assert all(name in told for name in Settings.model_fields)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("stale_after_minutes = 10081", "stale_after_minutes"),
        ('stale_after_minutes = "soon"', "stale_after_minutes"),
        ("stale_after_minutes = 1.5", "stale_after_minutes"),
        ("locales = 7", "locales"),
        ("locales = [7]", "locales.0"),
        ('symbol = "BTCUSDTBTCUSDTBTCUSDT"', "symbol"),
        ('source = ""', "source"),
        ("[source]\nname = 1", "source"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(folder: Path, line: str, key: str) -> None:
    file = write(folder / "squaredesk.toml", f"{line}\n")
    assert f"{key} (in {file})" in refusal(folder)


def test_a_named_file_that_is_not_there_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence would run the desk on other settings than the operator believes."""
    for missing in (tmp_path / "nowhere.toml", tmp_path):
        monkeypatch.setenv("SQUAREDESK_CONFIG", str(missing))
        told = refusal(folder)
        assert str(missing) in told
        assert "cannot be read" in told


@pytest.mark.parametrize("content", [b"symbol = BTC", b"symbol = 'a'\nsymbol = 'b'", b"\xff\xfe"])
def test_what_is_no_toml_is_named(folder: Path, content: bytes) -> None:
    file = folder / "squaredesk.toml"
    file.write_bytes(content)
    told = refusal(folder)
    assert str(file) in told
    assert "not valid TOML" in told


def test_settings_do_not_change_once_read(folder: Path) -> None:
    settings = load(folder)
    with pytest.raises(ValidationError, match="frozen"):
        settings.symbol = "ETH"  # type: ignore[misc] # what must not work
    assert settings.symbol is None


def test_other_variables_are_none_of_our_business(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMBOL", "ETH")
    monkeypatch.setenv("SQUARE_SYMBOL", "ETH")
    assert load(folder).symbol is None


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_key_of_a_source_may_be_in_the_environment_and_is_not_held(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQUAREDESK_COINGLASS_KEY", "canary-8d3e")
    assert "canary" not in repr(load(folder))


def test_a_list_among_the_options_of_an_account_is_one_with_commas(folder: Path) -> None:
    write(
        folder / "squaredesk.toml",
        '[[accounts]]\nname = "square"\nplatform = "binance_square"\n'
        'upload_hosts = ["one.example", "two.example"]\ntimeout_s = 3\n',
    )
    (square,) = load(folder).accounts
    assert square.options == {"upload_hosts": "one.example,two.example", "timeout_s": "3"}


def test_the_account_that_is_always_there_stays_a_folder(folder: Path) -> None:
    accounts = '[[accounts]]\nname = "folder"\nplatform = "{}"\nroot = "posts"\n'
    file = write(folder / "squaredesk.toml", accounts.format("binance_square"))
    assert "accounts" in refusal(folder)
    assert "expected another name than folder" in refusal(folder)
    write(file, accounts.format("folder"))
    assert load(folder).all_accounts["folder"].options == {"root": "posts"}
