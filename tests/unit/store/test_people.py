"""People are told apart by name; what proves who they are is used once and never shown."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from composer.errors import NotFoundError, StateError
from composer.newsroom.records.people import Person, Role
from composer.store.store import SqlStore
from tests.unit.store.makers import AT, at_once

TOKEN = "a" * 64
HASH = "$argon2id$v=19$secret"


@pytest.fixture
def anna(store: SqlStore) -> Person:
    return store.add_person("Anna", Role.EDITOR, desk_locale="en")


def test_a_person_comes_back_by_number_and_by_name(store: SqlStore, anna: Person) -> None:
    zoe = store.add_person("Ζωή", Role.ADMIN, desk_locale="zh_Hans")
    assert store.people() == (anna, zoe)
    assert store.person(zoe.id) == store.person_named("ΖΩΉ") == zoe
    assert store.person_named("nobody") is None
    assert anna == Person(id=anna.id, name="Anna", role=Role.EDITOR, desk_locale="en", active=True)


@pytest.mark.parametrize("name", ["Anna", "ANNA", "\uff21nna"])  # the last begins full width
def test_a_name_is_taken_in_any_case_and_width(name: str, store: SqlStore, anna: Person) -> None:
    with pytest.raises(StateError, match="choose another name"):
        store.add_person(name, Role.CREATOR, desk_locale="en")
    assert store.people() == (anna,)


def test_one_name_taken_at_once_is_one_person(store: SqlStore) -> None:
    results = at_once(*[lambda: store.add_person("Eva", Role.CREATOR, desk_locale="en")] * 4)
    assert sum(isinstance(one, Person) for one in results) == 1
    assert sum(isinstance(one, StateError) for one in results) == 3


def test_a_person_changes(store: SqlStore, anna: Person) -> None:
    changed = replace(anna, role=Role.ADMIN, desk_locale="zh_Hans", active=False)
    store.change_person(changed)
    assert store.person(anna.id) == changed
    with pytest.raises(NotFoundError, match="no person 999999"):
        store.change_person(replace(anna, id=999_999))


def test_a_password_is_kept_as_its_hash_and_never_shown(store: SqlStore, anna: Person) -> None:
    assert store.password_hash(anna.id) is None
    store.set_password_hash(anna.id, HASH)
    assert store.password_hash(anna.id) == HASH
    shown = f"{store!r}{store.person(anna.id)!r}{store.people()!r}{vars(store)!r}"
    assert HASH not in shown
    with pytest.raises(NotFoundError, match="no person 999999") as missing:
        store.set_password_hash(999_999, HASH)
    assert HASH not in str(missing.value)


def test_a_link_is_spent_once(store: SqlStore, anna: Person) -> None:
    store.add_sign_in_link(anna.id, TOKEN, AT)
    before = AT - timedelta(microseconds=1)
    assert store.spend_sign_in_link("b" * 64, before) is None
    assert store.spend_sign_in_link(TOKEN, before) == anna
    assert store.spend_sign_in_link(TOKEN, before) is None


def test_an_expired_link_opens_nothing(store: SqlStore, anna: Person) -> None:
    store.add_sign_in_link(anna.id, TOKEN, AT)
    assert store.spend_sign_in_link(TOKEN, AT) is None


def test_a_new_password_spends_the_links(store: SqlStore, anna: Person) -> None:
    other = store.add_person("Bob", Role.CREATOR, desk_locale="en")
    store.add_sign_in_link(anna.id, TOKEN, AT)
    store.add_sign_in_link(other.id, "b" * 64, AT)
    store.set_password_hash(anna.id, HASH)
    before = AT - timedelta(hours=1)
    assert store.spend_sign_in_link(TOKEN, before) is None
    assert store.spend_sign_in_link("b" * 64, before) == other


def test_who_left_does_not_come_back_by_a_link(store: SqlStore, anna: Person) -> None:
    store.add_sign_in_link(anna.id, TOKEN, AT)
    store.change_person(replace(anna, active=False))
    assert store.spend_sign_in_link(TOKEN, AT - timedelta(hours=1)) is None


def test_a_link_is_somebodys_and_given_out_once(store: SqlStore, anna: Person) -> None:
    with pytest.raises(NotFoundError, match="not in the store"):
        store.add_sign_in_link(999_999, TOKEN, AT)
    store.add_sign_in_link(anna.id, TOKEN, AT)
    with pytest.raises(StateError, match="breaks a rule") as refused:
        store.add_sign_in_link(anna.id, TOKEN, AT)
    assert TOKEN not in str(refused.value)


def test_a_link_spent_many_times_at_once_opens_once(store: SqlStore, anna: Person) -> None:
    before = AT - timedelta(hours=1)
    for number in range(10):
        token = f"{number:064}"
        store.add_sign_in_link(anna.id, token, AT)
        results = at_once(*[partial(store.spend_sign_in_link, token, before)] * 4)
        assert sorted(results, key=str) == [None, None, None, anna]
