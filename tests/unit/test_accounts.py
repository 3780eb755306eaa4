"""Accounts of the settings: in step with the store, opened when needed and once."""

from pathlib import Path

import pytest

from composer.account_settings import AccountSettings, CampaignSettings, VoiceSettings
from composer.accounts import Outlets, keep_accounts, retire_accounts
from composer.errors import ConfigError, RefusedError
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.people import Action, Event
from composer.publishers.binance_square import BinanceSquarePublisher
from composer.publishers.folder import FolderPublisher
from composer.publishers.records import NO_LIMITS, Assistant
from composer.store.store import SqlStore
from composer.text.disclaimers import Jurisdiction
from composer.text.presence import Presence
from tests.unit.newsroom.house import START

HELD = Event(at=START, person=None, action=Action.HELD)


def settings(name: str, platform: str, **options: object) -> AccountSettings:
    return AccountSettings.model_validate({"name": name, "platform": platform, **options})


def named(*accounts: AccountSettings) -> dict[str, AccountSettings]:
    return {account.name: account for account in accounts}


class TestKeeping:
    def test_what_is_configured_is_there(self, store: SqlStore) -> None:
        square = settings("square", "binance_square", locales=["en"], formats=["brief"])
        keep_accounts(named(square, settings("folder", "folder")), store)
        assert store.accounts() == (
            Account(name="folder", platform="folder"),
            Account(name="square", platform="binance_square", locales=("en",), formats=("brief",)),
        )

    def test_what_is_configured_no_more_is_remembered(self, store: SqlStore) -> None:
        both = named(settings("folder", "folder"), settings("square", "binance_square"))
        keep_accounts(both, store)
        retire_accounts(named(both["folder"]), store)
        (_, square) = store.accounts()
        assert not square.active
        assert not square.takes("en", "brief")
        keep_accounts(both, store)
        assert [account.active for account in store.accounts()] == [True, True]

    def test_holds_stay(self, store: SqlStore) -> None:
        square = settings("square", "binance_square")
        keep_accounts(named(square), store)
        store.hold("square", "wrong logo", HELD)
        keep_accounts(named(settings("square", "binance_square", locales=["ar"])), store)
        (kept,) = store.accounts()
        assert (kept.held, kept.held_reason, kept.locales) == (True, "wrong logo", ("ar",))
        retire_accounts({}, store)
        (kept,) = store.accounts()
        assert (kept.held, kept.active) == (True, False)

    def test_what_has_not_changed_is_not_written(
        self, store: SqlStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        both = named(settings("folder", "folder"), settings("square", "binance_square"))
        keep_accounts(both, store)
        store.hold("square", "wrong logo", HELD)
        retire_accounts(named(both["folder"]), store)
        written: list[Account] = []
        monkeypatch.setattr(store, "put_account", written.append)
        keep_accounts(named(both["folder"]), store)
        retire_accounts(named(both["folder"]), store)
        assert written == []


class TestOpening:
    @pytest.fixture
    def key(self, tmp_path: Path) -> Path:
        file = tmp_path / "square.key"
        file.touch(mode=0o600)
        file.write_text("canary-key", encoding="ascii")
        return file

    def test_each_is_opened_once_as_configured(self, tmp_path: Path, key: Path) -> None:
        outlets = Outlets(
            configured=named(
                settings("folder", "folder"),
                settings("square", "binance_square", key_file=str(key), timeout_s=3),
                settings("hand", "gate_square", locale="zh_Hans", nickname="maria"),
            ),
            home=tmp_path,
        )
        outlets.check()
        folder, square, hand = (
            outlets(Account(name=name, platform="")) for name in ("folder", "square", "hand")
        )
        assert folder == FolderPublisher(root=tmp_path / "outbox")
        assert isinstance(square, BinanceSquarePublisher)
        assert (square.timeout_s, square.state) == (3.0, tmp_path / "quotas")
        assert isinstance(hand, Assistant)
        assert outlets(Account(name="square", platform="")) is square
        assert "canary-key" not in f"{outlets!r} {square!r}"

    def test_everything_wrong_is_told_at_once(self, tmp_path: Path) -> None:
        outlets = Outlets(
            configured=named(
                settings("one", "nowhere"),
                settings("two", "binance_square", mode="poem"),
                settings("three", "folder"),
            ),
            home=tmp_path,
        )
        with pytest.raises(ConfigError) as failure:
            outlets.check()
        told = str(failure.value)
        assert "account one: unknown platform 'nowhere'; known are" in told
        assert "account two: mode 'poem' is unknown" in told
        assert "three" not in told

    def test_what_is_not_configured_is_refused(self, tmp_path: Path) -> None:
        outlets = Outlets(configured={}, home=tmp_path)
        with pytest.raises(RefusedError, match="gone is not configured any more"):
            outlets(Account(name="gone", platform="folder"))


class TestLimits:
    def test_they_are_those_of_the_account_and_no_key_is_asked_for(self, tmp_path: Path) -> None:
        outlets = Outlets(
            configured=named(
                settings("square", "binance_square", key_file=str(tmp_path / "no.key")),
                settings("article", "binance_square", mode="article"),
                settings("hand", "gate_square", max_characters=700),
                settings("folder", "folder"),
            ),
            home=tmp_path,
        )
        told = {
            name: outlets.limits(Account(name=name, platform="")) for name in outlets.configured
        }
        assert told["folder"] == NO_LIMITS
        assert {name: one.max_characters for name, one in told.items()} == {
            "square": 1_900,
            "article": 80_000,
            "hand": 700,
            "folder": None,
        }
        with pytest.raises(ConfigError, match="account square"):
            outlets.check()

    @pytest.mark.parametrize(
        ("platform", "options", "told"),
        [
            ("nowhere", {}, "account odd: unknown platform 'nowhere'; known are"),
            ("binance_square", {"mode": "poem"}, "account odd: mode 'poem' is unknown"),
            ("gate_square", {"max_images": "x"}, "account odd: max_images 'x' is no whole"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_account(
        self, tmp_path: Path, platform: str, options: dict[str, str], told: str
    ) -> None:
        outlets = Outlets(configured=named(settings("odd", platform, **options)), home=tmp_path)
        with pytest.raises(ConfigError, match=told):
            outlets.limits(Account(name="odd", platform=platform))
        with pytest.raises(RefusedError, match="gone is not configured any more"):
            outlets.limits(Account(name="gone", platform=platform))


@pytest.mark.parametrize(
    ("key", "typo", "known"), [("locales", "engl", "zh_Hans"), ("formats", "bref", "brief")]
)
def test_an_account_for_drafts_that_nobody_writes_is_an_error(
    key: str, typo: str, known: str, tmp_path: Path
) -> None:
    settings = AccountSettings.model_validate({"name": "a", "platform": "gate_square", key: [typo]})
    outlets = Outlets(configured={"a": settings}, home=tmp_path)
    assert f"unknown {key[:-1]} {typo}" in outlets.look("a", probe=False)
    assert known in outlets.look("a", probe=False)


class TestPresence:
    def test_it_is_that_of_the_settings(self, tmp_path: Path) -> None:
        outlets = Outlets(
            configured=named(settings("hand", "gate_square", jurisdiction="eu")),
            home=tmp_path,
            voice=VoiceSettings(handle="Maria"),
        )
        presence = outlets.presence(Account(name="hand", platform="gate_square"))
        assert presence == Presence(jurisdiction=Jurisdiction.EU, handle="Maria")
        with pytest.raises(RefusedError, match="gone is not configured any more"):
            outlets.presence(Account(name="gone", platform="gate_square"))

    def test_words_that_nobody_would_ever_read_are_errors(self, tmp_path: Path) -> None:
        campaign = {
            "name": "cup",
            "platform": "gate_square",
            "starts": "2026-11-01T00:00Z",
            "ends": "2026-12-01T00:00Z",
            "text": {"english": "The Cup."},
        }
        outlets = Outlets(
            configured=named(settings("hand", "gate_square", sign_off={"zh": "祝好"})),
            home=tmp_path,
            voice=VoiceSettings(sign_off={"de": "Bis bald."}),
            campaigns=[
                CampaignSettings.model_validate(campaign),
                CampaignSettings.model_validate({**campaign, "name": "far", "platform": "bybit"}),
            ],
        )
        with pytest.raises(ConfigError) as failure:
            outlets.check()
        for told in (
            "account hand: locales: unknown locale zh; known are",
            "campaign cup: text: locales: unknown locale english; known are",
            "campaign far: platform: expected that of an account (gate_square), got 'bybit'",
        ):
            assert told in str(failure.value)

    def test_a_misspelt_field_is_no_option_of_a_platform(self, tmp_path: Path) -> None:
        outlets = Outlets(
            configured=named(settings("hand", "gate_square", jurisdicton="eu")), home=tmp_path
        )
        told = "unknown key jurisdicton; did you mean jurisdiction?"
        assert told in outlets.look("hand", probe=False)
