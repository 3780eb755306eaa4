"""A house for the desk to stand on: a real store, no market and no platform."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from flask.testing import FlaskClient

from composer.errors import ConfigError
from composer.figures.facts import Fact
from composer.newsroom.delivery import Courier
from composer.newsroom.dispatch import Dispatch
from composer.newsroom.outlets import Outlet
from composer.newsroom.people import People
from composer.newsroom.plans import Plan
from composer.newsroom.ports.store import Store
from composer.newsroom.records.deliveries import Account, Delivery
from composer.newsroom.records.drafts import (
    AttachedImage,
    DraftCard,
    EditionCard,
    Revision,
    RevisionReason,
    StoredSnapshot,
)
from composer.newsroom.records.people import Action, Event, Person
from composer.newsroom.review import Review
from composer.newsroom.standing import ReviewRules
from composer.text.passages import Passage
from composer.text.presence import Presence
from tests.conftest import NOW
from tests.unit.web.outlets import CalmMarket

PNG = b"\x89PNG\r\n\x1a\n not much of a chart"
IMAGE = sha256(PNG).hexdigest()
EDITION = "20260610T0800Z-BTC-0a1b2c3d"
PASSWORD = "a long enough sentence"  # noqa: S105 - of people who exist in these tests only
UNDO = timedelta(minutes=2)
RULES = ReviewRules(max_age=timedelta(hours=12), approval_lasts=timedelta(hours=2), undo=UNDO)


@dataclass
class Time:
    """A clock that tests set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, kw_only=True)
class HouseDesk:
    """The desk as bootstrap would build it: a calm market, and the outlets a test gives it."""

    store: Store
    review: Review
    people: People
    clock: Time
    undo: timedelta = UNDO
    outlets: dict[str, Outlet] = field(default_factory=dict)
    presences: dict[str, Presence] = field(default_factory=dict)
    plans: tuple[Plan, ...] = ()
    secret_key: str = "not much of a secret"  # noqa: S105 - signs the cookies of tests
    trusted_hosts: tuple[str, ...] = ("localhost",)
    secure_cookies: bool = False
    refreshed: list[tuple[str, str]] = field(default_factory=list)

    def refresh(self, edition_id: str, person: Person) -> None:
        self.refreshed.append((edition_id, person.name))

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch(
            store=self.store,
            review=self.review,
            outlet=self.outlet,
            clock=self.clock,
            undo=self.undo,
        )

    def outlet(self, account: Account) -> Outlet:
        if account.name not in self.outlets:
            msg = f"nothing stands behind {account.name}"
            raise ConfigError(msg)
        return self.outlets[account.name]

    def carry(self) -> Delivery:
        """Carry one delivery, as a worker would after the undo window."""
        self.clock.now += self.undo
        courier = Courier(
            store=self.store,
            review=self.review,
            outlet=self.outlet,
            market=CalmMarket(),
            clock=self.clock,
        )
        carried = courier.work("worker")
        assert carried is not None
        return carried


def add_edition(
    store: Store,
    edition: str,
    facts: Mapping[str, Fact],
    *,
    made_at: datetime = NOW,
    warnings: Mapping[str, str] | None = None,
) -> None:
    as_of = next(iter(facts.values())).as_of
    store.add_edition(
        EditionCard(
            id=edition,
            symbol="BTC",
            made_at=made_at,
            as_of=as_of,
            source="simulated",
            levels="round",
            notional_usd=None,
            drafts=(),
        ),
        StoredSnapshot(
            id=f"{edition}:first",
            edition=edition,
            as_of=as_of,
            fetched_at=as_of,
            looked_from=None,
            tree={},
            facts=facts,
            warnings=warnings or {},
        ),
        [(IMAGE, PNG)],
    )


def add_draft(
    store: Store,
    edition: str,
    locale: str,
    passages: tuple[Passage, ...],
    *,
    author: str | None = None,
    alt: str = "a map of leverage",
) -> DraftCard:
    return store.add_draft(
        edition,
        locale,
        "brief",
        Revision(
            number=1,
            snapshot=f"{edition}:first",
            author=author,
            reason=RevisionReason.MADE,
            made_at=NOW,
            passages=passages,
            findings=(),
            images=(AttachedImage(sha256=IMAGE, kind="liquidation_map", alt=alt),),
        ),
        Event(at=NOW, person=author, action=Action.MADE, edition=edition),
    )


def token_of(client: FlaskClient, path: str = "/profile") -> str:
    """Return the token that the forms of a page carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, f"no form in {path}"
    return found[1]


def speak(desk: HouseDesk, name: str, locale: str) -> None:
    """Let the desk speak a language to a person."""
    person = desk.store.person_named(name)
    assert person is not None
    desk.store.change_person(replace(person, desk_locale=locale))


def in_chinese(desk: HouseDesk, name: str) -> None:
    speak(desk, name, "zh_Hans")
