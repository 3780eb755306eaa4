"""Signing in: passwords that are only hashes, links that open once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from composer.errors import NotFoundError, RefusedError
from composer.newsroom.people import LINK_LASTS, People
from composer.newsroom.records.people import Role
from tests.unit.newsroom.house import SmallHouse, small_house

PASSWORD = "correct horse battery"  # noqa: S105 - of a person who lives for one test


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SmallHouse]:
    with small_house(tmp_path) as house:
        yield house


@pytest.fixture
def people(house: SmallHouse) -> People:
    return People(house.store, house.clock)


def test_the_first_person_is_an_admin_and_added_once(people: People, house: SmallHouse) -> None:
    first = people.first_person()
    assert first.role is Role.ADMIN
    assert people.first_person() == first
    assert [person.name for person in house.store.people()].count(first.name) == 1


def test_a_link_opens_once(people: People, house: SmallHouse) -> None:
    token = people.issue_link(house.editor)
    assert people.redeem_link(token) == house.editor
    with pytest.raises(RefusedError, match="used or has expired"):
        people.redeem_link(token)


def test_a_link_expires(people: People, house: SmallHouse) -> None:
    token = people.issue_link(house.editor)
    house.clock.now += LINK_LASTS
    with pytest.raises(RefusedError, match="used or has expired"):
        people.redeem_link(token)


def test_a_link_that_never_was_opens_nothing(people: People) -> None:
    with pytest.raises(RefusedError, match="used or has expired"):
        people.redeem_link("guessed")


def test_a_password_lets_in(people: People, house: SmallHouse) -> None:
    assert not people.has_password(house.editor)
    people.set_password(house.editor, PASSWORD)
    assert people.has_password(house.editor)
    assert people.sign_in("maria", PASSWORD) == house.editor


@pytest.mark.parametrize(
    ("name", "password"),
    [("maria", "wrong horse battery"), ("nobody", PASSWORD), ("chen", ""), ("", "")],
)
def test_every_failure_reads_the_same(
    people: People, house: SmallHouse, name: str, password: str
) -> None:
    people.set_password(house.editor, PASSWORD)
    with pytest.raises(RefusedError) as refused:
        people.sign_in(name, password)
    assert str(refused.value) == "name and password do not fit together"


def test_the_secret_of_a_person_is_a_hash(people: People, house: SmallHouse) -> None:
    people.set_password(house.editor, PASSWORD)
    stored = house.store.password_hash(house.editor.id)
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert stored not in repr(house.editor)


@pytest.mark.parametrize("length", [0, 11, 257])
def test_a_password_has_a_length(people: People, house: SmallHouse, length: int) -> None:
    with pytest.raises(RefusedError, match=f"this one has {length}"):
        people.set_password(house.editor, "x" * length)


def test_who_may_not_sign_in_any_more(people: People, house: SmallHouse) -> None:
    people.set_password(house.editor, PASSWORD)
    token = people.issue_link(house.editor)
    house.store.change_person(
        type(house.editor)(
            id=house.editor.id, name="maria", role=Role.EDITOR, desk_locale="en", active=False
        )
    )
    with pytest.raises(RefusedError):
        people.sign_in("maria", PASSWORD)
    with pytest.raises(RefusedError):
        people.redeem_link(token)
    with pytest.raises(NotFoundError, match="may not sign in"):
        people.of(house.editor.id)


def test_a_new_password_spends_open_links(people: People, house: SmallHouse) -> None:
    token = people.issue_link(house.editor)
    house.clock.now += timedelta(minutes=1)
    people.set_password(house.editor, PASSWORD)
    with pytest.raises(RefusedError):
        people.redeem_link(token)


def test_somebody_unknown_is_named(people: People) -> None:
    with pytest.raises(NotFoundError, match="nobody called zoe"):
        people.named("zoe")
