"""What the operator decides: `squaredesk.toml`, over it the environment.

The file is the first of `$SQUAREDESK_CONFIG`, `./squaredesk.toml` and
`$SQUAREDESK_HOME/squaredesk.toml` that exists; every setting can also be given as
`SQUAREDESK_<NAME>`. Settings are read once, when a command starts, and do not change.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails

from composer.account_settings import AccountSettings, CampaignSettings, VoiceSettings
from composer.errors import ConfigError
from composer.keys import source_variable
from composer.plan_settings import PlanSettings, describe_plan_error, plan_conflicts

PREFIX = "SQUAREDESK_"
FILE_NAME = "squaredesk.toml"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
FOLDER = "folder"
_PROVIDERS = ("binance", "bybit", "okx", "gate", "hyperliquid", "coinglass")
_SECRETS = frozenset({"database"})
_KEY_VARIABLES = (source_variable("coinglass"),)  # read where they are used, never held here


def _default_home() -> Path:
    return user_data_path("squaredesk")


class Settings(BaseModel):
    """All settings, with their defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(
        default_factory=_default_home,
        description="folder in which squaredesk keeps its state",
    )
    source: str = Field(
        default="simulated",
        min_length=1,
        description="where market data comes from: a source's name or a file",
    )
    source_deadline_s: float = Field(
        default=10.0, ge=0.5, le=60, description="how long one look at the market may take"
    )
    binance_url: str | None = Field(default=None, description="where Binance is asked")
    bybit_url: str | None = Field(default=None, description="where Bybit is asked")
    okx_url: str | None = Field(default=None, description="where OKX is asked")
    gate_url: str | None = Field(default=None, description="where Gate is asked")
    hyperliquid_url: str | None = Field(default=None, description="where Hyperliquid is asked")
    coinglass_url: str | None = Field(default=None, description="where Coinglass is asked")
    coinglass_key_file: Path | None = Field(
        default=None, description="file with the Coinglass key, readable by its owner only"
    )
    symbol: str | None = Field(
        default=None,
        pattern=r"^[A-Z0-9]{1,20}$",
        description="base coin, as BTC; left out, the source's own",
    )
    levels: str = Field(
        default="round",
        description="level policy: explicit:LOWER,UPPER, round, range:FRACTION or cluster",
    )
    locales: tuple[str, ...] = Field(
        default=(), description="locales of the drafts; empty means every shipped one"
    )
    formats: tuple[str, ...] = Field(
        default=("brief",), min_length=1, description="post formats of the drafts"
    )
    templates: Path | None = Field(
        default=None,
        description="folder of your own post templates; left out, `templates` in the home folder",
    )
    stale_after_minutes: int = Field(
        default=120, ge=1, le=7 * 24 * 60, description="age from which data may not be published"
    )
    database: SecretStr | None = Field(
        default=None,
        description="URL of the database; left out, a SQLite file in the home folder",
    )
    approval_lasts_minutes: int = Field(
        default=240, ge=1, le=7 * 24 * 60, description="how long an approval is good for"
    )
    four_eyes: bool = Field(
        default=False, description="whoever put words into a draft may not approve it"
    )
    accounts: tuple[AccountSettings, ...] = Field(
        default=(), description="where posts go, besides the folder `outbox` in the home folder"
    )
    voice: VoiceSettings = Field(
        default=VoiceSettings(), description="how the creator signs, where an account does not say"
    )
    campaigns: tuple[CampaignSettings, ...] = Field(
        default=(), description="promotions of platforms, shown there while they run"
    )
    plans: tuple[PlanSettings, ...] = Field(
        default=(), description="what is made every day, and when"
    )
    undo_minutes: float = Field(
        default=2, ge=0, le=60, description="after an approval nothing is sent for this long"
    )
    watch_source: str | None = Field(
        default=None,
        min_length=1,
        description="source asked whether a level was reached; left out, the edition's own",
    )
    host: str = Field(default="127.0.0.1", description="address the desk is served on")
    port: int = Field(default=8321, ge=1, le=65535, description="port the desk is served on")
    trusted_hosts: tuple[str, ...] = Field(
        default=("127.0.0.1", "localhost"),
        min_length=1,
        description="names under which browsers may ask for the desk",
    )
    secure_cookies: bool = Field(
        default=False, description="cookies over https only; set it behind a TLS proxy"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="what the log on standard error holds"
    )

    @property
    def own_templates(self) -> Path:
        """The folder of the creator's own post templates, whether or not it exists."""
        return self.templates or self.home / "templates"

    @property
    def database_url(self) -> str:
        """The URL of the database. It may hold a password: never print it."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.home / 'squaredesk.db'}"

    @property
    def source_urls(self) -> dict[str, str]:
        """Where providers are asked instead of their own addresses, by their names."""
        urls = {name: getattr(self, f"{name}_url") for name in _PROVIDERS}
        return {name: url for name, url in urls.items() if url is not None}

    @property
    def source_key_files(self) -> dict[str, Path]:
        """Where the keys of providers are, by their names."""
        file = self.coinglass_key_file
        return {} if file is None else {"coinglass": file}

    @property
    def approval_lasts(self) -> timedelta:
        """How long an approval is good for."""
        return timedelta(minutes=self.approval_lasts_minutes)

    @property
    def max_age(self) -> timedelta:
        """The age from which data may not be published."""
        return timedelta(minutes=self.stale_after_minutes)

    @property
    def all_accounts(self) -> dict[str, AccountSettings]:
        """Every account by name; there is always the one that writes to a folder."""
        folder = AccountSettings(name=FOLDER, platform=FOLDER)
        return {account.name: account for account in (folder, *self.accounts)}

    @property
    def undo(self) -> timedelta:
        """How long after an approval nothing is sent."""
        return timedelta(minutes=self.undo_minutes)

    @field_validator("accounts")
    @classmethod
    def _named_once(cls, accounts: tuple[AccountSettings, ...]) -> tuple[AccountSettings, ...]:
        names = [account.name for account in accounts]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            msg = f"expected every account to have a name of its own, {', '.join(twice)} has not"
            raise ValueError(msg)
        if any(account.name == FOLDER != account.platform for account in accounts):
            msg = f"expected another name than {FOLDER}: that account is always there, a folder"
            raise ValueError(msg)
        return accounts

    @field_validator("campaigns")
    @classmethod
    def _campaigns_named_once(
        cls, campaigns: tuple[CampaignSettings, ...]
    ) -> tuple[CampaignSettings, ...]:
        names = [campaign.name for campaign in campaigns]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            msg = f"expected every campaign to have a name of its own, {', '.join(twice)} has not"
            raise ValueError(msg)
        return campaigns

    @field_validator("home", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """Refuse a folder without a name: it would be whichever one a command starts in."""
        if value == "":
            msg = "expected the path of a folder"
            raise ValueError(msg)
        return value

    @field_validator("locales", "formats", "trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Let the environment give a list as text with commas."""
        if isinstance(value, str):
            return tuple(item.strip() for item in value.split(",") if item.strip())
        return value


def load_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Return the settings of the environment and of the first settings file that exists.

    `folder` is where a command was started. Raises ConfigError that lists every
    problem at once, with the key, what was expected and what came.
    """
    file = _find_file(environment, folder)
    given = _read(file) if file else {}
    problems = [
        *_unknown_keys(given, Settings.model_fields, origin=str(file)),
        *_unknown_keys(
            [name for name in environment if name.startswith(PREFIX)],
            [
                *(CONFIG_VARIABLE, *_KEY_VARIABLES),
                *(f"{PREFIX}{name.upper()}" for name in Settings.model_fields),
            ],
            origin="the environment",
        ),
    ]
    known = {key: value for key, value in given.items() if key in Settings.model_fields}
    known |= {
        name: environment[variable]
        for name in Settings.model_fields
        if (variable := f"{PREFIX}{name.upper()}") in environment
    }
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        problems += [
            describe_plan_error(item, known["plans"])
            if item["loc"][0] == "plans"
            else _describe(item, environment, file)
            for item in error.errors()
        ]
    problems += plan_conflicts(known.get("plans"), _account_names(known.get("accounts")))
    if problems:
        raise ConfigError("settings: " + "; ".join(problems))
    return settings


def _account_names(accounts: object) -> list[str]:
    """Return the names of accounts as they were given, right or wrong otherwise."""
    listed = accounts if isinstance(accounts, list | tuple) else ()
    named = [account.get("name") for account in listed if isinstance(account, Mapping)]
    return [FOLDER, *(name for name in named if isinstance(name, str))]


def _find_file(environment: Mapping[str, str], folder: Path) -> Path | None:
    named = environment.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    home = environment.get(f"{PREFIX}HOME")
    candidates = [folder / FILE_NAME, (Path(home) if home else _default_home()) / FILE_NAME]
    return next((file for file in candidates if file.is_file()), None)


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"settings file {file} cannot be read: {error.strerror}"
        raise ConfigError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"settings file {file} is not valid TOML: {error}"
        raise ConfigError(msg) from error


def _unknown_keys(given: Iterable[str], known: Iterable[str], *, origin: str) -> list[str]:
    known = list(known)
    problems = []
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.55)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            problems.append(f"unknown key {key} in {origin}; {hint}")
    return problems


def _describe(error: ErrorDetails, environment: Mapping[str, str], file: Path | None) -> str:
    key = ".".join(str(part) for part in error["loc"])
    variable = f"{PREFIX}{str(error['loc'][0]).upper()}"
    origin = f"{variable} in the environment" if variable in environment else f"in {file}"
    match error["type"]:
        case "extra_forbidden":
            return f"{key} ({origin}): unknown key"
        case "missing":
            return f"{key} ({origin}): expected a value, got nothing"
    # A whole table may hold what nobody should see on a terminal.
    hidden = key in _SECRETS or isinstance(error["input"], dict)
    got = "" if hidden else f", got {error['input']!r}"
    expected = error["msg"].removeprefix("Value error, ").replace("Input should be", "expected", 1)
    return f"{key} ({origin}): {expected[:1].lower()}{expected[1:]}{got}"
