"""What the desk needs of the house; bootstrap decides who stands behind it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app

from composer.newsroom.dispatch import Dispatch
from composer.newsroom.people import People
from composer.newsroom.plans import Plan
from composer.newsroom.ports.store import Store
from composer.newsroom.records.people import Person
from composer.newsroom.review import Review

_EXTENSION = "squaredesk"


class Desk(Protocol):
    """Everything the pages stand on. `trusted_hosts` empty means any host (tests only)."""

    @property
    def store(self) -> Store:
        """Where editions, drafts and people are kept."""

    @property
    def review(self) -> Review:
        """The decisions about drafts."""

    @property
    def people(self) -> People:
        """Sign-in of persons."""

    @property
    def plans(self) -> Sequence[Plan]:
        """What is made every day, and when."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The present moment, aware and in UTC."""

    @property
    def secret_key(self) -> str:
        """What signs the session cookie; the same after every start."""

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """The host names the desk answers to."""

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over https only."""

    @property
    def dispatch(self) -> Dispatch:
        """What people do about deliveries."""

    def refresh(self, edition_id: str, person: Person) -> None:
        """Collect the market again and append a revision to every open draft."""


def keep_desk(app: Flask, desk: Desk) -> None:
    """Make `desk` the one that the pages of `app` work with."""
    app.extensions[_EXTENSION] = desk


def the_desk() -> Desk:
    """Return the desk of the running app."""
    return cast("Desk", current_app.extensions[_EXTENSION])
