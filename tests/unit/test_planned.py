"""What the plans of the settings ask for, completed by the settings."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from composer.errors import ConfigError
from composer.newsroom.plans import Plan
from composer.newsroom.records.editions import Orders
from composer.plan_settings import PlanSettings
from composer.planned import Planned, plan_of
from composer.settings import Settings

MORNING = PlanSettings(
    name="morning",
    symbol="ETH",
    at=time(7),
    zone=ZoneInfo("Europe/Madrid"),
    weekdays=("mon", "sun"),
    late_minutes=30,
)


def planned(tmp_path: Path, *plans: PlanSettings) -> Planned:
    return Planned(settings=Settings(home=tmp_path, locales=("zh_Hans",), plans=plans))


def test_a_plan_is_due_as_it_says() -> None:
    assert plan_of(MORNING) == Plan(
        name="morning",
        symbol="ETH",
        at=time(7),
        zone=ZoneInfo("Europe/Madrid"),
        weekdays=frozenset({0, 6}),
        late=timedelta(minutes=30),
    )


def test_what_a_plan_leaves_out_is_as_the_settings_say(tmp_path: Path) -> None:
    commission, sources = planned(tmp_path, MORNING)(plan_of(MORNING))
    assert (commission.query.symbol, commission.source) == ("ETH", "simulated")
    assert (commission.locales, commission.formats) == (("zh_Hans",), ("brief",))
    assert str(commission.levels) == "round"
    assert commission.orders == Orders(plan="morning")
    assert (commission.max_age, commission.credit) == (timedelta(minutes=120), None)
    assert len(sources) == 1


def test_what_a_plan_says_goes_into_the_commission(tmp_path: Path) -> None:
    own = MORNING.model_copy(
        update={
            "source": "simulated:mixed",
            "levels": "range:0.05",
            "locales": ("en",),
            "accounts": ("folder",),
            "stale_after_minutes": 45,
            "approval_lasts_minutes": 90,
            "four_eyes": True,
        }
    )
    other = MORNING.model_copy(update={"name": "other"})
    commission, _sources = planned(tmp_path, other, own)(plan_of(own))
    assert (commission.source, str(commission.levels)) == ("simulated:mixed", "range:0.05")
    assert (commission.locales, commission.max_age) == (("en",), timedelta(minutes=45))
    assert commission.orders == Orders(
        plan="morning",
        accounts=("folder",),
        approval_lasts=timedelta(minutes=90),
        max_age=timedelta(minutes=45),
        four_eyes=True,
    )


def test_what_does_not_exist_is_told_before_it_is_due(tmp_path: Path) -> None:
    wrong = [
        MORNING.model_copy(update={"name": name, key: value})
        for name, key, value in (
            ("a", "locales", ("xx",)),
            ("b", "formats", ("essay",)),
            ("c", "source", "nowhere"),
            ("d", "levels", "cubic"),
        )
    ]
    with pytest.raises(ConfigError) as refused:
        planned(tmp_path, MORNING, *wrong).check()
    told = str(refused.value)
    assert "plans.1 (a): locales: unknown xx" in told
    assert "plans.2 (b): formats: unknown essay" in told
    assert "plans.3 (c): source 'nowhere'" in told
    assert "plans.4 (d): levels: expected" in told
    assert "--" not in told
    planned(tmp_path, MORNING).check()


def test_a_plan_knows_nothing_of_others(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"in the settings \(none\), got 'gone'"):
        planned(tmp_path)(replace(plan_of(MORNING), name="gone"))
