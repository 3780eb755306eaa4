"""What a plan may say in `squaredesk.toml`, and what is wrong with one, in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import ErrorDetails

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_OF_A_DAY = 24 * 60


def _read_time(value: object) -> time:
    if isinstance(value, time) and not (value.second or value.microsecond):
        return value
    try:
        if isinstance(value, str) and len(value) == len("07:00"):
            return time.fromisoformat(value)
    except ValueError:
        pass
    msg = 'expected a time of day such as "07:00"'
    raise ValueError(msg)


def _read_zone(value: object) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    zones = available_timezones()
    if value in zones:
        return ZoneInfo(str(value))
    msg = f"expected an IANA time zone such as Europe/Madrid{_near(value, zones)}"
    raise ValueError(msg)


class PlanSettings(BaseModel):
    """One edition on each of its days; what it leaves out is as the settings say."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    symbol: str = Field(pattern=r"^[A-Z0-9]{1,20}$")
    source: str | None = Field(default=None, min_length=1)
    levels: str | None = None
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    at: Annotated[time, BeforeValidator(_read_time)]
    zone: Annotated[ZoneInfo, BeforeValidator(_read_zone)]
    weekdays: tuple[str, ...] = Field(default=WEEKDAYS, min_length=1)
    stale_after_minutes: int | None = Field(default=None, ge=1, le=7 * _MINUTES_OF_A_DAY)
    approval_lasts_minutes: int | None = Field(default=None, ge=1, le=7 * _MINUTES_OF_A_DAY)
    four_eyes: bool = False
    late_minutes: int = Field(default=120, ge=1, lt=_MINUTES_OF_A_DAY)

    @field_validator("weekdays")
    @classmethod
    def _known_days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for day in days:
            if day not in WEEKDAYS:
                msg = f"expected days of {', '.join(WEEKDAYS)}{_near(day, WEEKDAYS)}"
                raise ValueError(msg)
        return days


# What a key wants, where the validator's own words would not tell.
_EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "name": "small letters, digits and -, at most 40",
        "symbol": "a base coin such as BTC",
        "weekdays": f"a list of days of {', '.join(WEEKDAYS)}",
        "late_minutes": f"minutes from 1 to {_MINUTES_OF_A_DAY - 1}",
        "stale_after_minutes": f"minutes from 1 to {7 * _MINUTES_OF_A_DAY}",
        "approval_lasts_minutes": f"minutes from 1 to {7 * _MINUTES_OF_A_DAY}",
        "four_eyes": "true or false",
    }
)


def describe_plan_error(error: ErrorDetails, plans: object) -> str:
    """Return what is wrong with a key of a plan: what was expected and what came."""
    where = error["loc"][1:]
    if not where or not isinstance(plans, Sequence | Mapping):
        return "plans: expected tables headed [[plans]]"
    number, *keys = where
    place = _place(number, plans)
    if not keys:
        return f"{place}: expected a table headed [[plans]], got {error['input']!r}"
    key, hint = str(keys[0]), ""
    match error["type"]:
        case "extra_forbidden":
            return f"{place}: unknown key {key}{_near(key, PlanSettings.model_fields)}"
        case "missing":
            expected = _EXPECTED.get(key, "a value")
            return f"{place}: {key}: expected {expected}, got nothing"
        case "value_error":
            expected, mark, hint = error["msg"].partition("; ")
            expected, hint = expected.removeprefix("Value error, expected "), mark + hint
        case _:
            own_words = error["msg"].removeprefix("Input should be ")
            expected = _EXPECTED.get(key, own_words[:1].lower() + own_words[1:])
    return f"{place}: {key}: expected {expected}, got {error['input']!r}{hint}"


def plan_conflicts(plans: object, accounts: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong between plans, and between plans and accounts, as they were given."""
    seen: set[object] = set()
    for number, plan in enumerate(plans if isinstance(plans, Sequence) else ()):
        if not isinstance(plan, Mapping):
            continue
        place, name, wanted = _place(number, plans), plan.get("name"), plan.get("accounts")
        if isinstance(name, str) and name in seen:
            yield f"{place}: name: expected a name of its own, got {name!r} again"
        seen.add(name if isinstance(name, str) else None)
        for account in wanted if isinstance(wanted, list | tuple) else ():
            if account not in accounts:
                near = _near(account, accounts)
                listed = ", ".join(accounts)
                yield f"{place}: accounts: expected names of {listed}, got {account!r}{near}"


def _place(number: object, plans: object) -> str:
    plan = plans[number] if isinstance(plans, Sequence) and isinstance(number, int) else None
    name = plan.get("name") if isinstance(plan, Mapping) else None
    return f"plans.{number} ({name})" if isinstance(name, str) else f"plans.{number}"


def _near(value: object, known: object) -> str:
    found = get_close_matches(str(value), sorted(known), n=1, cutoff=0.55)  # type: ignore[call-overload] # any collection of names
    return f"; did you mean {found[0]}?" if found else ""
