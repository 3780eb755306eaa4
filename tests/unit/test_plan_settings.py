"""Plans in the settings: what they may say, and every problem at once, by its key."""

import os
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from composer.errors import ConfigError
from composer.settings import Settings, load_settings

PLAN = """
[[plans]]
name = "morning"
symbol = "BTC"
at = "07:00"
zone = "Europe/Madrid"
"""


def load(folder: Path, text: str) -> Settings:
    (folder / "squaredesk.toml").write_text(text, encoding="utf-8")
    return load_settings(os.environ, folder)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(folder, text)
    return str(refused.value)


def test_a_plan_needs_a_name_a_symbol_and_a_time(tmp_path: Path) -> None:
    (plan,) = load(tmp_path, PLAN).plans
    assert (plan.name, plan.symbol, plan.at) == ("morning", "BTC", time(7))
    assert plan.zone == ZoneInfo("Europe/Madrid")
    assert plan.weekdays == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert (plan.source, plan.levels, plan.locales, plan.accounts) == (None, None, (), ())
    assert (plan.late_minutes, plan.approval_lasts_minutes, plan.four_eyes) == (120, None, False)


def test_the_example_is_valid(repository: Path) -> None:
    example = repository / "examples" / "squaredesk.toml"
    settings = load_settings({"SQUAREDESK_CONFIG": str(example)}, repository)
    assert [plan.name for plan in settings.plans] == ["morning"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('name = "Morning!"', "small letters, digits and -, at most 40, got 'Morning!'"),
        ('symbol = "btc"', "a base coin such as BTC, got 'btc'"),
        ('at = "7:00"', "a time of day such as \"07:00\", got '7:00'"),
        ('at = "25:00"', "got '25:00'"),
        ("at = 7", "got 7"),
        ("at = 07:00:30", "got datetime.time(7, 0, 30)"),
        ('zone = "Europe/Madird"', "'Europe/Madird'; did you mean Europe/Madrid?"),
        ("zone = 1", "an IANA time zone such as Europe/Madrid, got 1"),
        ('weekdays = ["mon", "tus"]', "got ['mon', 'tus']; did you mean tue?"),
        ("weekdays = []", "a list of days of mon, tue"),
        ("late_minutes = 1440", "minutes from 1 to 1439, got 1440"),
        ("late_minutes = 0", "minutes from 1 to 1439, got 0"),
        ("stale_after_minutes = 10081", "minutes from 1 to 10080, got 10081"),
        ("approval_lasts_minutes = 0", "minutes from 1 to 10080, got 0"),
        ('four_eyes = "perhaps"', "true or false, got 'perhaps'"),
        ("locales = 7", "a valid tuple, got 7"),
        ('accounts = ["fodler"]', "names of folder, got 'fodler'; did you mean folder?"),
    ],
)
def test_a_wrong_value_is_named_by_plan_and_key(tmp_path: Path, line: str, told: str) -> None:
    key = line.partition(" ")[0]
    kept = [one for one in PLAN.splitlines() if not one.startswith(f"{key} ")]
    problem = refusal(tmp_path, "\n".join([*kept, line]))
    assert problem.startswith("settings: plans.0")
    assert f": {key}: expected " in problem
    assert told in problem
    assert problem.count("expected") == 1


def test_every_problem_of_every_plan_is_told_at_once(tmp_path: Path) -> None:
    wrong = PLAN.replace("zone", "zoen") + PLAN.replace('"BTC"', '"?"').replace("07:00", "7")
    told = refusal(tmp_path, f'levles = "round"\n{wrong}accounts = ["nobody"]\n')
    for part in (
        "unknown key levles",
        "plans.0 (morning): unknown key zoen; did you mean zone?",
        "plans.0 (morning): zone: expected a value, got nothing",
        "plans.1 (morning): symbol: expected a base coin",
        "plans.1 (morning): at: expected a time of day",
        "plans.1 (morning): name: expected a name of its own, got 'morning' again",
        "plans.1 (morning): accounts: expected names of folder, got 'nobody'",
    ):
        assert part in told


def test_accounts_of_a_plan_are_those_of_the_settings(tmp_path: Path) -> None:
    account = '[[accounts]]\nname = "square"\nplatform = "folder"\n'
    (plan,) = load(tmp_path, f'{account}{PLAN}accounts = ["square", "folder"]\n').plans
    assert plan.accounts == ("square", "folder")


@pytest.mark.parametrize("text", ["plans = 7\n", "plans = [7]\n", 'plans = "x"\n', "[plans]\n"])
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    assert "headed [[plans]]" in refusal(tmp_path, text)
