"""A desk with two drafts and somebody of every role."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from composer.figures.facts import Fact, facts_of
from composer.newsroom.outlets import Outlet
from composer.newsroom.people import People
from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Role
from composer.newsroom.review import Review
from composer.publishers.folder import FolderPublisher
from composer.publishers.records import NO_LIMITS, Limits
from composer.store.store import open_store
from composer.text.presence import PLAIN, Presence
from composer.text.writing import write_post
from tests.markets import SAMPLE_2, figures_of
from tests.unit.databases import store_on_copy_of
from tests.unit.web.house import EDITION, RULES, HouseDesk, Time, add_draft, add_edition, token_of
from web import create_app


@pytest.fixture
def facts() -> Mapping[str, Fact]:
    return facts_of(figures_of(SAMPLE_2))


@pytest.fixture(scope="session")
def furnished_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with what every desk begins with, made once for all tests."""
    file = tmp_path_factory.mktemp("furnished") / "desk.db"
    store = open_store(f"sqlite:///{file}")
    facts = facts_of(figures_of(SAMPLE_2))
    for role in Role:
        store.add_person(role.value, role, desk_locale="en")
    store.put_account(Account(name="archive", platform="folder"))
    add_edition(store, EDITION, facts)
    for locale in ("en", "zh_Hans"):
        passages = write_post("brief", locale=locale, facts=facts).passages
        add_draft(store, EDITION, locale, passages)
    store.close()
    return file


@pytest.fixture
def desk(tmp_path: Path, furnished_database: Path) -> Iterator[HouseDesk]:
    clock = Time()
    store = store_on_copy_of(furnished_database)
    outlets: dict[str, Outlet] = {}
    presences: dict[str, Presence] = {}

    def limits_of(account: Account) -> Limits:
        return outlets[account.name].limits if account.name in outlets else NO_LIMITS

    def presence_of(account: Account) -> Presence:
        return presences.get(account.name, PLAIN)

    house = HouseDesk(
        store=store,
        review=Review(store, clock, RULES, limits_of, presence_of),
        people=People(store, clock),
        clock=clock,
        outlets=outlets,
        presences=presences,
    )
    house.outlets["archive"] = FolderPublisher(root=tmp_path / "outbox")
    yield house
    store.close()


@pytest.fixture
def app(desk: HouseDesk) -> Flask:
    return create_app(desk)


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def signed_in_as(app: Flask, desk: HouseDesk) -> Callable[[str], FlaskClient]:
    """Sign in by a one-time link, which is quicker than a password."""

    def sign_in(name: str) -> FlaskClient:
        client = app.test_client()
        person = desk.store.person_named(name)
        assert person is not None
        path = f"/enter/{desk.people.issue_link(person)}"
        answer = client.post(path, data={"csrf_token": token_of(client, path)})
        assert answer.status_code == 303
        return client

    return sign_in


@pytest.fixture
def creator(signed_in_as: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in_as("creator")


@pytest.fixture
def editor(signed_in_as: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in_as("editor")


@pytest.fixture
def admin(signed_in_as: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in_as("admin")


@pytest.fixture
def english(desk: HouseDesk) -> DraftCard:
    return next(one for one in desk.store.edition(EDITION).drafts if one.locale == "en")
