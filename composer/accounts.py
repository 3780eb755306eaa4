"""The accounts of the settings: kept in step with the store, and what stands behind each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from composer.errors import ConfigError, PublishError, RefusedError
from composer.newsroom.outlets import Outlet
from composer.newsroom.ports import DeliveryStore
from composer.newsroom.records import Account
from composer.publishers import platforms
from composer.publishers.records import Probed
from composer.settings import FOLDER, AccountSettings


def keep_accounts(configured: Mapping[str, AccountSettings], store: DeliveryStore) -> None:
    """Bring the store's accounts in step with the settings; holds and history stay.

    An account that is not configured any more takes nothing, but is remembered.
    """
    known = {account.name: account for account in store.accounts()}
    for name, settings in configured.items():
        account = Account(
            name=name,
            platform=settings.platform,
            locales=settings.locales,
            formats=settings.formats,
        )
        _put_if_changed(account, known.get(name), store)
    for name in known.keys() - configured.keys():
        _put_if_changed(replace(known[name], active=False), known[name], store)


def _put_if_changed(account: Account, known: Account | None, store: DeliveryStore) -> None:
    if known is None or known != replace(account, held=known.held, held_reason=known.held_reason):
        store.put_account(account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Opens what stands behind an account, once it is needed and once only."""

    configured: Mapping[str, AccountSettings]
    home: Path
    _opened: dict[str, Outlet] = field(default_factory=dict, repr=False)

    def __call__(self, account: Account) -> Outlet:
        """Return the publisher or assistant of an account.

        Raises RefusedError if it is not configured, ConfigError if it cannot be used so.
        """
        if account.name not in self.configured:
            msg = f"the account {account.name} is not configured any more; add it to the settings"
            raise RefusedError(msg)
        if account.name not in self._opened:
            self._opened[account.name] = self._open(self.configured[account.name])
        return self._opened[account.name]

    def check(self) -> None:
        """Open every account. Raises ConfigError that names each one that cannot be used."""
        problems = [self.look(name, probe=False) for name in self.configured]
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

    def _open(self, settings: AccountSettings) -> Outlet:
        known = platforms()
        where = f"settings: account {settings.name}"
        if settings.platform not in known:
            msg = f"{where}: unknown platform {settings.platform!r}; known are {', '.join(known)}"
            raise ConfigError(msg)
        defaults = {"state": str(self.home / "quotas")}
        if settings.platform == FOLDER:
            defaults = {"root": str(self.home / "outbox")}
        options = _Options(defaults | settings.options)
        try:
            outlet = known[settings.platform](options)
        except ConfigError as error:
            msg = f"{where}: {error}"
            raise ConfigError(msg) from error
        unknown = settings.options.keys() - options.asked
        if unknown:
            hints = "; ".join(_hint(key, options.asked) for key in sorted(unknown))
            msg = f"{where}: {hints}"
            raise ConfigError(msg)
        return outlet


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
