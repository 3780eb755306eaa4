"""Who may sign in, and the secrets that prove it."""

from datetime import datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, Row, insert, select, update

from composer.errors import NotFoundError, StateError
from composer.newsroom.records.people import Person, Role
from composer.store.database import reading, writing
from composer.store.subject import Subject, insert_once
from composer.store.tables import people, sign_in_links


class People(Subject):
    """People, their passwords' hashes and their one-time links."""

    def people(self) -> tuple[Person, ...]:
        """Return everyone by name."""
        with reading(self._engine) as connection:
            # Sorted here: the databases do not agree on the order of letters.
            rows = sorted(connection.execute(select(people)), key=lambda row: row.name_folded)
        return tuple(map(_read_person, rows))

    def person(self, person: int) -> Person:
        """Return one person. Raises NotFoundError if there is none of this number."""
        with reading(self._engine) as connection:
            return _read_known(connection, person)

    def person_named(self, name: str) -> Person | None:
        """Return the person of this name in any case, if there is one."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(people).where(people.c.name_folded == _fold(name))
            ).one_or_none()
        return None if row is None else _read_person(row)

    def add_person(self, name: str, role: Role, *, desk_locale: str) -> Person:
        """Add a person without a password. Raises StateError if the name is taken."""
        folded = _fold(name)
        with writing(self._engine) as connection:
            if not insert_once(
                connection,
                people,
                name=name,
                name_folded=folded,
                role=role,
                desk_locale=desk_locale,
                active=True,
            ):
                msg = f"there is already somebody called {name}; choose another name"
                raise StateError(msg)
            added = select(people).where(people.c.name_folded == folded)
            return _read_person(connection.execute(added).one())

    def change_person(self, person: Person) -> None:
        """Store a person's role, desk language and whether he is active."""
        with writing(self._engine) as connection:
            _change(
                connection,
                person.id,
                role=person.role,
                desk_locale=person.desk_locale,
                active=person.active,
            )

    def password_hash(self, person: int) -> str | None:
        """Return the stored hash of a person's password, if one was set."""
        with reading(self._engine) as connection:
            _read_known(connection, person)
            query = select(people.c.password_hash).where(people.c.id == person)
            stored: str | None = connection.execute(query).scalar_one()
            return stored

    def set_password_hash(self, person: int, password_hash: str) -> None:
        """Store the hash of a person's password and spend his sign-in links."""
        with writing(self._engine) as connection:
            _change(connection, person, password_hash=password_hash)
            connection.execute(
                update(sign_in_links).where(sign_in_links.c.person_id == person).values(spent=True)
            )

    def add_sign_in_link(self, person: int, token_sha256: str, expires_at: datetime) -> None:
        """Store the fingerprint of a one-time sign-in link."""
        with writing(self._engine) as connection:
            connection.execute(
                insert(sign_in_links).values(
                    token_sha256=token_sha256, person_id=person, expires_at=expires_at, spent=False
                )
            )

    def spend_sign_in_link(self, token_sha256: str, now: datetime) -> Person | None:
        """Spend a link that has neither expired nor been used; return whose it was.

        The link of somebody who is no longer active opens nothing.
        """
        spend = (
            update(sign_in_links)
            .where(
                sign_in_links.c.token_sha256 == token_sha256,
                sign_in_links.c.spent.is_(False),
                sign_in_links.c.expires_at > now,
                sign_in_links.c.person_id.in_(select(people.c.id).where(people.c.active)),
            )
            .values(spent=True)
            .returning(sign_in_links.c.person_id)
        )
        with writing(self._engine) as connection:
            person = connection.execute(spend).scalar_one_or_none()
            return None if person is None else _read_known(connection, person)


def read_person_id(connection: Connection, name: str | None) -> int | None:
    """Return the number behind a name on a record; None stands for the newsroom itself."""
    if name is None:
        return None
    query = select(people.c.id).where(people.c.name_folded == _fold(name))
    number: int | None = connection.execute(query).scalar_one_or_none()
    if number is None:
        msg = f"there is nobody called {name}; add this person first"
        raise NotFoundError(msg)
    return number


def _fold(name: str) -> str:
    return normalize("NFKC", name).casefold()


def _change(connection: Connection, person: int, **values: object) -> None:
    change = update(people).where(people.c.id == person).values(**values)
    if connection.execute(change).rowcount != 1:
        raise _unknown(person)


def _read_known(connection: Connection, person: int) -> Person:
    row = connection.execute(select(people).where(people.c.id == person)).one_or_none()
    if row is None:
        raise _unknown(person)
    return _read_person(row)


def _unknown(person: int) -> NotFoundError:
    return NotFoundError(f"there is no person {person}; choose one from the list of people")


def _read_person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        role=row.role,
        desk_locale=row.desk_locale,
        active=row.active,
    )
