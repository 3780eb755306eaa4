"""The commands that need the store: what `draft` files, the desk shows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from composer.account_settings import AccountSettings
from composer.cli import main
from composer.errors import ConfigError
from composer.house import House
from composer.newsroom.records.people import Role
from composer.settings import Settings

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
DRAFT = ("draft", "--source", str(EXAMPLES / "sample-2-analysis.json"), "--locale", "en")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def house(home: Path) -> Iterator[House]:
    house = House(Settings(home=home))
    yield house
    house.close()


def test_what_draft_files_is_in_the_store(home: Path) -> None:
    assert run(*DRAFT).exit_code == 0
    assert run(*DRAFT, "--locale", "zh_Hans").exit_code == 0
    house = House(Settings(home=home))
    try:
        (edition,) = house.store.editions(limit=10)
        assert [draft.locale for draft in edition.drafts] == ["en", "zh_Hans"]
        revision = house.store.revision(edition.drafts[0].id, 1)
        (image,) = revision.images
        assert house.store.image(image.sha256).startswith(b"\x89PNG")
    finally:
        house.close()


def test_a_map_from_the_past_is_stale_at_the_desk(home: Path) -> None:
    run(*DRAFT)
    house = House(Settings(home=home))
    try:
        (edition,) = house.store.editions(limit=1)
        assert house.review.view(edition.drafts[0].id).card.state == "stale"
    finally:
        house.close()


def test_a_person_is_added_with_a_link_that_opens(house: House) -> None:
    added = run("user", "add", "maria", "--role", "editor")
    assert added.exit_code == 0
    token = re.fullmatch(r"http://127\.0\.0\.1:8321/enter/(\S+)\n", added.stdout)
    assert token is not None
    person = house.people.redeem_link(token[1])
    assert (person.name, person.role) == ("maria", Role.EDITOR)
    listed = run("user", "list")
    assert listed.stdout == "maria\teditor\n"
    again = run("user", "add", "Maria")
    assert again.exit_code == 1
    assert "maria" in again.stderr.lower()
    assert run("user", "link", "zoe").exit_code == 1
    assert run("user", "link", "maria").exit_code == 0


def test_the_key_of_sessions_is_kept_for_its_owner(home: Path, house: House) -> None:
    key = house.secret_key
    assert len(key) >= 32
    assert house.secret_key == key
    assert (home / "secret_key").stat().st_mode & 0o077 == 0
    assert key not in repr(house.settings)


def test_the_database_password_is_never_printed(tmp_path: Path) -> None:
    url = "postgresql://desk:hunter2@127.0.0.1:1/squaredesk?connect_timeout=1"
    assert "hunter2" not in repr(Settings(home=tmp_path, database=url))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SQUAREDESK_DATABASE", url)
        refused = run("user", "list")
    assert refused.exit_code == 1
    assert "hunter2" not in refused.output


def test_a_command_that_finds_no_settings_stops_no_account(home: Path) -> None:
    """`squaredesk draft` and its like may be run from anywhere while a desk is serving."""
    square = AccountSettings(name="square", platform="gate_square")
    house = House(Settings(home=home, accounts=(square,)))
    try:
        house.retire_accounts()
        assert run("user", "list").exit_code == 0
        listed = run("accounts")
        assert (listed.exit_code, listed.stdout) == (
            0,
            "folder\tfolder\tready\nsquare\tgate_square\tnot configured any more\n",
        )
        assert [account.active for account in house.store.accounts()] == [True, True]
    finally:
        house.close()


def test_a_home_that_cannot_be_made_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write_text("a file", encoding="utf-8")
    for below in (home, home / "below"):
        monkeypatch.setenv("SQUAREDESK_HOME", str(below))
        refused = run("user", "list")
        assert refused.exit_code == 1
        assert refused.stderr.startswith(f"Error: settings: home: {below} cannot be made: ")


def test_a_secret_that_cannot_be_kept_is_told(house: House, home: Path) -> None:
    (home / "secret_key").mkdir()
    with pytest.raises(ConfigError, match="secret_key can be neither made nor read"):
        _ = house.secret_key
