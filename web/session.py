"""Who is signed in: Flask-Login, with sessions that end when the password changes."""

import hashlib
from dataclasses import dataclass

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user  # type: ignore[import-untyped] # ships no types

from composer.errors import NotFoundError
from composer.newsroom.records.people import Person
from web.desk import the_desk

_CAME_BY_LINK = "came_by_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in the shape Flask-Login asks for."""

    person: Person
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return the person's number and a mark of his password, so that both must hold."""
        stored = the_desk().store.password_hash(self.person.id) or ""
        return f"{self.person.id}.{hashlib.sha256(stored.encode()).hexdigest()[:16]}"


def set_up_sessions(app: Flask) -> None:
    """Give `app` its sign-in sessions."""
    manager = LoginManager(app)
    manager.user_loader(_load)


def signed_in() -> Person | None:
    """Return who makes the request, if he is signed in."""
    return current_user.person if current_user.is_authenticated else None


def the_person() -> Person:
    """Return who makes the request, on a page that only signed-in persons reach."""
    person: Person = current_user.person
    return person


def begin_session(person: Person, *, by_link: bool = False) -> None:
    """Sign a person in. Nothing of an earlier session survives, so none can be planted."""
    session.clear()
    session.permanent = True
    session[_CAME_BY_LINK] = by_link
    login_user(Member(person=person))


def end_session() -> None:
    """Sign out whoever is signed in."""
    logout_user()
    session.clear()


def came_by_link() -> bool:
    """Tell whether the person proved himself by a one-time link, not by a password."""
    return bool(session.get(_CAME_BY_LINK))


def _load(member_id: str) -> Member | None:
    number = member_id.partition(".")[0]
    if not number.isdecimal():
        return None
    try:
        member = Member(person=the_desk().people.of(int(number)))
    except NotFoundError:
        return None
    return member if member.get_id() == member_id else None
