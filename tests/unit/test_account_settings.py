"""The creator's voice, accounts and campaigns in the settings: what they may say."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.errors import ConfigError
from composer.presences import presence_from
from composer.settings import Settings, load_settings
from composer.text.campaigns import Campaign
from composer.text.disclaimers import Jurisdiction
from composer.text.presence import PLAIN, Audience, Position, Presence

ACCOUNT = """
[[accounts]]
name = "hand"
platform = "gate_square"
"""
CAMPAIGN = """
[[campaigns]]
name = "cup"
platform = "gate_square"
starts = 2026-11-01T00:00:00+08:00
ends = "2026-12-01T00:00:00Z"
text = { en = " The Cup.\\nNow. ", zh_Hans = "杯赛" }
"""


def load(folder: Path, text: str) -> Settings:
    (folder / "squaredesk.toml").write_text(text, encoding="utf-8")
    return load_settings(os.environ, folder)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(folder, text)
    return str(refused.value)


def presence_of(settings: Settings, name: str) -> Presence:
    return presence_from(settings.all_accounts[name], settings.voice, settings.campaigns)


def test_nothing_is_said_where_the_settings_say_nothing(tmp_path: Path) -> None:
    settings = load(tmp_path, ACCOUNT)
    assert presence_of(settings, "hand") == presence_of(settings, "folder") == PLAIN


def test_the_voice_is_that_of_every_account_that_has_none_of_its_own(tmp_path: Path) -> None:
    voice = '[voice]\nhandle = "Maria"\nsign_off = { en = "Bye." }\nemoji = false\n'
    own = ACCOUNT.replace("hand", "own") + 'handle = "Desk"\nsign_off = {}\nemoji = true\n'
    settings = load(tmp_path, voice + ACCOUNT + own)
    assert presence_of(settings, "hand") == Presence(
        handle="Maria", sign_off={"en": "Bye."}, emoji=False
    )
    assert presence_of(settings, "own") == Presence(handle="Desk")
    assert settings.all_accounts["own"].options == {}


def test_an_account_says_whose_rules_it_minds_and_what_it_discloses(tmp_path: Path) -> None:
    lines = (
        'jurisdiction = "uk"\naudience = "professional"\nposition = "short"\n'
        'compensated = true\nsponsor = "Crypto.com"\n'
    )
    assert presence_of(load(tmp_path, ACCOUNT + lines), "hand") == Presence(
        jurisdiction=Jurisdiction.UK,
        audience=Audience.PROFESSIONAL,
        position=Position.SHORT,
        compensated=True,
        sponsor="Crypto.com",
    )


def test_a_campaign_is_of_the_accounts_of_its_platform(tmp_path: Path) -> None:
    settings = load(tmp_path, ACCOUNT + CAMPAIGN + 'link = "https://www.gate.com/cup?id=7#top"\n')
    assert presence_of(settings, "folder") == PLAIN
    assert presence_of(settings, "hand").campaigns == (
        Campaign(
            name="cup",
            starts=datetime(2026, 10, 31, 16, tzinfo=UTC),
            ends=datetime(2026, 12, 1, tzinfo=UTC),
            texts={"en": "The Cup.\nNow.", "zh_Hans": "杯赛"},
            link="https://www.gate.com/cup?id=7#top",
        ),
    )


CONTACT = "expected words without @ or an address: platforms forbid contact details, got "


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('handle = "@maria"', f"voice.handle: {CONTACT}'@maria'"),
        ('handle = "t.me/maria"', f"voice.handle: {CONTACT}'t.me/maria'"),
        ('handle = "https://x"', f"voice.handle: {CONTACT}'https://x'"),
        ('handle = "www.maria"', f"voice.handle: {CONTACT}'www.maria'"),
        (
            'handle = ""',
            "voice.handle: expected 1 to 500 plain characters without [[",
        ),
        (
            'handle = "a\\nb"',
            r"handle: expected one line of at most 40 characters, got 'a\nb'",
        ),
        ('handle = "[[price]]"', "without [[ or ]], got '[[price]]'"),
        ('handle = "a\\u202eb"', r"without [[ or ]], got 'a\u202eb'"),
        ('handle = "a\\u0007b"', r"without [[ or ]], got 'a\x07b'"),
        ('sign_off = { en = "me@x.org" }', f"voice.sign_off.en: {CONTACT}'me@x.org'"),
        ('sign_off = "Bye."', "voice.sign_off: expected a valid dictionary, got 'Bye.'"),
        ('emoji = "perhaps"', "voice.emoji: expected a valid boolean"),
        ('hnadle = "Maria"', "voice.hnadle: unknown key"),
    ],
    ids=range(13),
)
def test_what_is_wrong_with_a_voice_is_told(tmp_path: Path, line: str, told: str) -> None:
    problem = refusal(tmp_path, f"[voice]\n{line}\n")
    assert told in problem.replace(f" (in {tmp_path / 'squaredesk.toml'})", "")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('jurisdiction = "fr"', "jurisdiction: expected 'default', 'eu', 'uk' or 'us', got 'fr'"),
        ('audience = "retail"', "audience: expected 'general', 'professional' or 'uk_retail', got"),
        ('position = "flat"', "position: expected 'none', 'long' or 'short', got 'flat'"),
        ('compensated = "much"', "compensated: expected a valid boolean"),
        ('sponsor = "X"', "expected compensated = true beside sponsor = 'X'"),
        ('compensated = false\nsponsor = "X"', "expected compensated = true beside sponsor = 'X'"),
    ],
    ids=range(6),
)
def test_what_is_wrong_with_an_account_is_told(tmp_path: Path, line: str, told: str) -> None:
    problem = refusal(tmp_path, f"{ACCOUNT}{line}\n")
    assert problem.startswith("settings: accounts.0")
    assert told in problem.replace(f" (in {tmp_path / 'squaredesk.toml'})", "")


ZONED = "expected a time with its zone, such as 2026-11-01T00:00:00+08:00, got "
STARTS = "starts = 2026-11-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("line", "by", "told"),
    [
        (STARTS, "starts = 2026-11-01T00:00:00", f"0.starts: {ZONED}datetime.datetime(2026, 11"),
        (STARTS, "starts = 2026-11-01", f"0.starts: {ZONED}datetime.date(2026, 11, 1)"),
        (STARTS, 'starts = "soon"', f"0.starts: {ZONED}'soon'"),
        (STARTS, 'starts = "2026-11-01T00:00"', f"0.starts: {ZONED}'2026-11-01T00:00'"),
        (STARTS, "starts = 2026-12-01T00:00:00Z", "campaigns.0: expected ends after starts = 2026"),
        (STARTS, f'{STARTS}\nlink = "http://x.com"', "0.link: expected an address such as https:"),
        (STARTS, f'{STARTS}\nlink = "https://a@x.com"', "got 'https://a@x.com'"),
        (STARTS, f'{STARTS}\nlink = "https://x.com/a b"', "got 'https://x.com/a b'"),
        ('name = "cup"', 'name = "Cup!"', "campaigns.0.name: "),
        ('name = "cup"', 'nmae = "cup"', "campaigns.0.name: expected a value, got nothing"),
        ('name = "cup"', 'name = "cup"\nend = 1', "campaigns.0.end: unknown key"),
        ('"杯赛"', '"[[price]]"', "campaigns.0.text.zh_Hans: expected 1 to 500 plain characters"),
    ],
    ids=range(12),
)
def test_what_is_wrong_with_a_campaign_is_told(
    tmp_path: Path, line: str, by: str, told: str
) -> None:
    assert line in CAMPAIGN
    problem = refusal(tmp_path, CAMPAIGN.replace(line, by))
    assert told in problem.replace(f" (in {tmp_path / 'squaredesk.toml'})", "")


def test_two_campaigns_of_one_name_are_refused(tmp_path: Path) -> None:
    told = refusal(tmp_path, CAMPAIGN + CAMPAIGN)
    assert "expected every campaign to have a name of its own, cup has not" in told
