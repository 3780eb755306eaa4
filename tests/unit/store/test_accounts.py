"""Accounts are put by name; a hold is told, kept and lifted by its own switch."""

import pytest

from composer.errors import NotFoundError
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.people import Action
from tests.unit.store.makers import Desk, event

FOLDER = Account(name="folder", platform="folder")
SQUARE = Account(name="Square", platform="binance_square", locales=("th",), formats=("brief",))


def test_accounts_are_put_once_by_name(desk: Desk) -> None:
    desk.store.put_account(SQUARE)
    desk.store.put_account(SQUARE)
    assert desk.store.accounts() == (SQUARE, FOLDER)
    gone = Account(name="Square", platform="binance_square", active=False)
    desk.store.put_account(gone)
    assert desk.store.accounts() == (gone, FOLDER)


def test_configuring_an_account_leaves_its_hold(desk: Desk) -> None:
    desk.store.hold("folder", "wrong logo", event(Action.HELD, "Anna", "folder"))
    desk.store.put_account(Account(name="folder", platform="folder", locales=("ar",)))
    (account,) = desk.store.accounts()
    assert (account.held, account.held_reason, account.locales) == (True, "wrong logo", ("ar",))
    desk.store.release("folder", event(Action.RELEASED, "Anna", "folder"))
    assert desk.store.accounts() == (Account(name="folder", platform="folder", locales=("ar",)),)


def test_the_house_is_held_apart_from_its_accounts(desk: Desk) -> None:
    store = desk.store
    assert store.house_hold() is None
    store.hold(None, "the exchange is down", event(Action.HELD, "Anna", "all accounts"))
    assert store.house_hold() == "the exchange is down"
    assert store.accounts() == (FOLDER,)
    store.hold("folder", "wrong logo", event(Action.HELD, "Anna", "folder"))
    store.release(None, event(Action.RELEASED, "Anna", "all accounts"))
    assert store.house_hold() is None
    (account,) = store.accounts()
    assert account.held


def test_switches_are_told(desk: Desk) -> None:
    desk.store.hold("folder", "wait", event(Action.HELD, "Anna", "folder"))
    desk.store.release("folder", event(Action.RELEASED, "Anna", "folder"))
    told = [(one.action, one.person, one.detail) for one in desk.store.events(limit=2)]
    assert told == [(Action.RELEASED, "Anna", "folder"), (Action.HELD, "Anna", "folder")]


def test_an_unknown_account_cannot_be_held(desk: Desk) -> None:
    before = desk.store.events()
    for switch in (desk.store.release, lambda name, told: desk.store.hold(name, "wait", told)):
        with pytest.raises(NotFoundError, match="no account nowhere"):
            switch("nowhere", event(Action.HELD))
    assert desk.store.events() == before
