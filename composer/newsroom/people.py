"""Who may sign in: passwords, and one-time links for the first time.

A link's token is printed once and never stored or logged; the store keeps its
fingerprint, as it keeps only the argon2 hash of a password.
"""

import hashlib
import secrets
from datetime import timedelta
from itertools import chain, count

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from composer.errors import NotFoundError, RefusedError
from composer.newsroom.ports.people import PeopleStore
from composer.newsroom.ports.world import Clock
from composer.newsroom.records.people import Person, Role

LINK_LASTS = timedelta(minutes=30)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256


class People:
    """Sign-in of persons; every failure reads the same, so that names cannot be probed."""

    def __init__(self, store: PeopleStore, clock: Clock) -> None:
        """Work on `store`, by `clock`."""
        self._store = store
        self._clock = clock
        self._hasher = PasswordHasher()
        self._nobodys_hash: str | None = None

    def first_person(self) -> Person:
        """Return the admin who sets the house up; add him where there is nobody yet."""
        for person in self._store.people():
            if person.role is Role.ADMIN and person.active:
                return person
        taken = {person.name.casefold() for person in self._store.people()}
        names = chain(["admin"], (f"admin-{number}" for number in count(2)))
        free = next(name for name in names if name not in taken)
        return self._store.add_person(free, Role.ADMIN, desk_locale="en")

    def issue_link(self, person: Person) -> str:
        """Return the token of a new one-time sign-in link; the only time it is ever seen."""
        token = secrets.token_urlsafe(32)
        self._store.add_sign_in_link(person.id, _fingerprint(token), self._clock() + LINK_LASTS)
        return token

    def redeem_link(self, token: str) -> Person:
        """Return whose link it is and spend it.

        Raises RefusedError if it was used, ran out or never existed.
        """
        person = self._store.spend_sign_in_link(_fingerprint(token), self._clock())
        if person is None or not person.active:
            msg = "this link was used or has expired; ask for a new one (squaredesk user link)"
            raise RefusedError(msg)
        return person

    def sign_in(self, name: str, password: str) -> Person:
        """Return the person with this name and password. Raises RefusedError otherwise."""
        person = self._store.person_named(name)
        stored = self._store.password_hash(person.id) if person else None
        try:
            # Verify also for nobody: the time it takes must not tell who exists.
            self._hasher.verify(stored or self._nobody(), password)
        except (VerifyMismatchError, InvalidHashError):
            stored = None
        if person is None or stored is None or not person.active:
            msg = "name and password do not fit together"
            raise RefusedError(msg)
        if self._hasher.check_needs_rehash(stored):
            self._store.set_password_hash(person.id, self._hasher.hash(password))
        return person

    def _nobody(self) -> str:
        if self._nobodys_hash is None:
            self._nobodys_hash = self._hasher.hash(secrets.token_urlsafe())
        return self._nobodys_hash

    def set_password(self, person: Person, password: str) -> None:
        """Store a new password. Raises RefusedError if it is too short or too long."""
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            msg = (
                f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, "
                f"this one has {len(password)}"
            )
            raise RefusedError(msg)
        self._store.set_password_hash(person.id, self._hasher.hash(password))

    def has_password(self, person: Person) -> bool:
        """Tell whether a person has set a password yet."""
        return self._store.password_hash(person.id) is not None

    def named(self, name: str) -> Person:
        """Return the person of this name. Raises NotFoundError if there is none."""
        person = self._store.person_named(name)
        if person is None:
            msg = f"there is nobody called {name}; add this person first (squaredesk user add)"
            raise NotFoundError(msg)
        return person

    def of(self, person: int) -> Person:
        """Return an active person by number. Raises NotFoundError otherwise."""
        found = self._store.person(person)
        if not found.active:
            msg = f"{found.name} may not sign in any more"
            raise NotFoundError(msg)
        return found


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
