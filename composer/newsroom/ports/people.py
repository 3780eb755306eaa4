"""The store of people, as a port."""

from datetime import datetime
from typing import Protocol

from composer.newsroom.records.people import Person, Role


class PeopleStore(Protocol):
    """Who may sign in, and the secrets that prove it."""

    def people(self) -> tuple[Person, ...]:
        """Return everyone by name."""

    def person(self, person: int) -> Person:
        """Return one person."""

    def person_named(self, name: str) -> Person | None:
        """Return the person of this name, if there is one."""

    def add_person(self, name: str, role: Role, *, desk_locale: str) -> Person:
        """Add a person without a password."""

    def change_person(self, person: Person) -> None:
        """Store a person's role, desk language and whether he is active."""

    def password_hash(self, person: int) -> str | None:
        """Return the stored hash of a person's password, if one was set."""

    def set_password_hash(self, person: int, password_hash: str) -> None:
        """Store the hash of a person's password and spend his sign-in links."""

    def add_sign_in_link(self, person: int, token_sha256: str, expires_at: datetime) -> None:
        """Store the fingerprint of a one-time sign-in link."""

    def spend_sign_in_link(self, token_sha256: str, now: datetime) -> Person | None:
        """Spend a link that has neither expired nor been used; return whose it was."""
