"""Accounts, and the two switches that stop sending: one for each of them, one for all."""

from typing import Any

from sqlalchemy import Row, Update, select, update

from composer.errors import NotFoundError
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.people import Event
from composer.store.database import reading, writing
from composer.store.events import write_house_event
from composer.store.subject import Subject, insert_into, insert_once
from composer.store.tables import accounts, house

_THE_HOUSE = 1


class Accounts(Subject):
    """Where posts go, and whether anything may go there."""

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts by name."""
        with reading(self._engine) as connection:
            # Sorted here: the databases do not agree on the order of letters.
            rows = sorted(connection.execute(select(accounts)), key=lambda row: row.name)
        return tuple(map(_read_account, rows))

    def put_account(self, account: Account) -> None:
        """Add an account or configure the one of this name anew; a hold on it stays."""
        values = {
            "platform": account.platform,
            "locales": list(account.locales),
            "formats": list(account.formats),
            "active": account.active,
        }
        held = {"held": account.held, "held_reason": account.held_reason}
        with writing(self._engine) as connection:
            connection.execute(
                insert_into(connection, accounts)
                .values(name=account.name, **values, **held)
                .on_conflict_do_update(index_elements=[accounts.c.name], set_=values)
            )

    def house_hold(self) -> str | None:
        """Return why nothing is sent to any account, or None if sending is open."""
        with reading(self._engine) as connection:
            row = connection.execute(select(house)).one_or_none()
        return row.held_reason if row is not None and row.held else None

    def hold(self, account: str | None, reason: str, event: Event) -> None:
        """Stop all sending to an account, or to all of them (None).

        When this returns, nothing more begins to be sent: a sending that is just being
        stored is waited for. Raises NotFoundError if there is no such account.
        """
        self._switch(account, event, held=True, reason=reason)

    def release(self, account: str | None, event: Event) -> None:
        """Open sending to an account again, or to all that are not held themselves (None)."""
        self._switch(account, event, held=False, reason="")

    def _switch(self, account: str | None, event: Event, *, held: bool, reason: str) -> None:
        values: dict[str, object] = {"held": held, "held_reason": reason}
        turn: Update = update(house).values(values)
        if account is not None:
            turn = update(accounts).where(accounts.c.name == account).values(values)
        with writing(self._engine) as connection:
            if account is None:
                insert_once(connection, house, id=_THE_HOUSE, held=held, held_reason=reason)
            if connection.execute(turn).rowcount != 1:
                msg = f"there is no account {account}; choose one from the list of accounts"
                raise NotFoundError(msg)
            write_house_event(connection, event)


def _read_account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        platform=row.platform,
        locales=tuple(row.locales),
        formats=tuple(row.formats),
        active=row.active,
        held=row.held,
        held_reason=row.held_reason,
    )
