"""The accounts of the settings: kept in step with the store, and what stands behind each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from composer.account_settings import AccountSettings, CampaignSettings, VoiceSettings
from composer.errors import ConfigError, PublishError, RefusedError
from composer.newsroom.outlets import Outlet
from composer.newsroom.ports.deliveries import DeliveryStore
from composer.newsroom.records.deliveries import Account
from composer.presences import presence_from
from composer.publishers import limits, platforms
from composer.publishers.records import Limits, Probed
from composer.resources import shipped_locales
from composer.settings import FOLDER
from composer.text.presence import Presence
from composer.text.templates import post_formats

_T = TypeVar("_T")


def keep_accounts(configured: Mapping[str, AccountSettings], store: DeliveryStore) -> None:
    """Add the accounts of the settings to the store, or configure them anew; holds stay."""
    known = {account.name: account for account in store.accounts()}
    for name, settings in configured.items():
        account = Account(
            name=name,
            platform=settings.platform,
            locales=settings.locales,
            formats=settings.formats,
        )
        _put_if_changed(account, known.get(name), store)


def retire_accounts(configured: Mapping[str, AccountSettings], store: DeliveryStore) -> None:
    """Let accounts that are not configured any more take nothing; they are remembered.

    For who serves or sends. Any other command may run where it finds no settings file, and
    must not stop what runs elsewhere.
    """
    for account in store.accounts():
        if account.name not in configured:
            _put_if_changed(replace(account, active=False), account, store)


def _put_if_changed(account: Account, known: Account | None, store: DeliveryStore) -> None:
    if known is None or known != replace(account, held=known.held, held_reason=known.held_reason):
        store.put_account(account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Opens what stands behind an account, once it is needed and once only."""

    configured: Mapping[str, AccountSettings]
    home: Path
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    campaigns: Sequence[CampaignSettings] = ()
    templates: Path | None = None
    _opened: dict[str, Outlet] = field(default_factory=dict, repr=False)

    def __call__(self, account: Account) -> Outlet:
        """Return the publisher or assistant of an account.

        Raises RefusedError if it is not configured, ConfigError if it cannot be used so.
        """
        settings = self._settings_of(account)
        if account.name not in self._opened:
            self._opened[account.name] = self._open(settings)
        return self._opened[account.name]

    def limits(self, account: Account) -> Limits:
        """Return what fits on an account; nothing is opened, so no key is needed.

        Raises as a call does.
        """
        settings = self._settings_of(account)
        with _named(settings):
            return _of_platform(settings, limits())(settings.options)

    def presence(self, account: Account) -> Presence:
        """Return how an account presents itself. Raises RefusedError if it is not configured."""
        return presence_from(self._settings_of(account), self.voice, self.campaigns)

    def check(self) -> None:
        """Open every account. Raises ConfigError that names each one that cannot be used.

        Likewise each campaign that would never be shown, and words in an unknown language.
        """
        problems = [self.look(name, probe=False) for name in self.configured]
        problems += [self._look_at(campaign) for campaign in self.campaigns]
        problems.append(_unknown_locales("voice: sign_off", self.voice.sign_off))
        if any(problems):
            raise ConfigError("; ".join(filter(None, problems)))

    def look(self, name: str, *, probe: bool) -> str:
        """Return why an account cannot be used, or nothing if it can.

        probe : ask the platform too, where it can be asked
        """
        settings = self.configured[name]
        try:
            outlet = self(Account(name=name, platform=settings.platform))
            if probe and isinstance(outlet, Probed):
                outlet.probe()
        except (ConfigError, PublishError) as error:
            return str(error)
        return ""

    def _look_at(self, campaign: CampaignSettings) -> str:
        """Return why a campaign would never be shown, or nothing if it can be."""
        where = f"campaign {campaign.name}"
        used = sorted({account.platform for account in self.configured.values()})
        if campaign.platform not in used:
            return (
                f"settings: {where}: platform: expected that of an account ({', '.join(used)}), "
                f"got {campaign.platform!r}"
            )
        return _unknown_locales(f"{where}: text", campaign.text)

    def _settings_of(self, account: Account) -> AccountSettings:
        if account.name not in self.configured:
            msg = f"the account {account.name} is not configured any more; add it to the settings"
            raise RefusedError(msg)
        return self.configured[account.name]

    def _open(self, settings: AccountSettings) -> Outlet:
        defaults = {"state": str(self.home / "quotas")}
        if settings.platform == FOLDER:
            defaults = {"root": str(self.home / "outbox")}
        options = _Options(defaults | settings.options)
        with _named(settings):
            outlet = _of_platform(settings, platforms())(options)
            unknown = settings.options.keys() - options.asked
            if unknown:
                known = options.asked | AccountSettings.model_fields.keys()
                raise ConfigError("; ".join(_hint(key, known) for key in sorted(unknown)))
            _require_known("locale", settings.locales, shipped_locales())
            _require_known("format", settings.formats, post_formats(self.templates))
            _require_known("locale", settings.sign_off or (), shipped_locales())
        return outlet


@contextmanager
def _named(settings: AccountSettings) -> Iterator[None]:
    """Let every ConfigError say whose it is."""
    try:
        yield
    except ConfigError as error:
        msg = f"settings: account {settings.name}: {error}"
        raise ConfigError(msg) from error


def _of_platform(settings: AccountSettings, known: Mapping[str, _T]) -> _T:
    if settings.platform not in known:
        msg = f"unknown platform {settings.platform!r}; known are {', '.join(known)}"
        raise ConfigError(msg)
    return known[settings.platform]


def _unknown_locales(where: str, texts: Mapping[str, str] | None) -> str:
    """Return what is wrong with the languages of operator's words, or nothing."""
    try:
        _require_known("locale", texts or (), shipped_locales())
    except ConfigError as error:
        return f"settings: {where}: {error}"
    return ""


def _require_known(what: str, named: Iterable[str], known: Sequence[str]) -> None:
    """Raise ConfigError for what no draft will ever be: such an account would take nothing."""
    for name in named:
        if name not in known:
            msg = f"{what}s: unknown {what} {name}; known are {', '.join(known)}"
            raise ConfigError(msg)


class _Options(Mapping[str, str]):
    """Options that remember which of them the platform asked for: it knows no others."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return self._given[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def _hint(key: str, known: Iterable[str]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.55)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
    return f"unknown key {key}; {hint}"
