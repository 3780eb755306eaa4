"""From an exchange's market to the Squares: nothing here is ours to fake but the other side.

A real house, on settings as an operator writes them, with its market, both platforms and
their networks played by servers on this machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from composer.account_settings import AccountSettings
from composer.bootstrap import Request, desk_of
from composer.house import House
from composer.newsroom.observing import look
from composer.newsroom.records.deliveries import Delivery, DeliveryState
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Person, Role
from composer.settings import Settings
from composer.text.disclaimers import Jurisdiction, disclaimer_wordings
from tests.fakes import FakePlatform, FakeSquare, open_fake, open_square
from tests.fakes.server import Wire
from tests.fakes.venues import fake_of
from tests.fakes.venues.venue import FakeVenue


@pytest.fixture
def venue() -> FakeVenue:
    return fake_of("binance")(datetime.now(UTC))


@pytest.fixture
def square(tmp_path: Path) -> Iterator[FakePlatform]:
    with open_fake("binance_square", tmp_path) as opened:
        yield opened


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[FakeSquare]:
    with open_square("gate_square", tmp_path) as opened:
        yield opened


@pytest.fixture
def house(
    venue: FakeVenue, square: FakePlatform, gate: FakeSquare, tmp_path: Path
) -> Iterator[House]:
    accounts = (
        AccountSettings(
            name="square",
            platform="binance_square",
            jurisdiction="eu",
            position="long",
            handle="Maria",
            **square.configuration,
        ),
        AccountSettings(name="gate", platform="gate_square", **gate.configuration),
    )
    with venue.running() as url, _house(tmp_path / "home", url, accounts) as opened:
        yield opened


@contextmanager
def _house(home: Path, url: str, accounts: tuple[AccountSettings, ...]) -> Iterator[House]:
    settings = Settings(
        home=home, source="binance", binance_url=url, accounts=accounts, undo_minutes=0
    )
    opened = House(settings)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def editor(house: House) -> Person:
    return house.store.add_person("maria", Role.EDITOR, desk_locale="en")


def make(house: House) -> DraftCard:
    """Make today's English edition and return its draft."""
    desk = desk_of(Request(locales=("en",)), house.settings)
    edition = house.make(look(desk.commission, desk.sources))
    (draft,) = house.store.edition(edition.id).drafts
    return draft


def approve(house: House, editor: Person, *accounts: str) -> dict[str, Delivery]:
    """Make today's English edition, approve it for accounts and let it go out."""
    draft = make(house)
    house.review.approve(draft.id, 1, editor, send_to=accounts)
    while house.courier.work("worker") is not None:
        pass
    return {one.account: one for one in house.store.deliveries(draft.id)}


def test_an_approved_draft_reaches_binance_square_with_its_image_intact(
    house: House, square: FakePlatform, editor: Person
) -> None:
    delivery = approve(house, editor, "square")["square"]
    assert delivery.state is DeliveryState.ACCEPTED
    (post,) = square.posts()
    signed = house.dispatch.rendition(delivery.id)
    assert post.text == signed.text
    assert "Binance public data" in post.text
    assert "\n\nMaria\n\n" in post.text
    assert "The author holds a long BTC position." in post.text
    wordings = disclaimer_wordings("en", Jurisdiction.EU)
    assert post.text.rpartition("\n\n")[2] in wordings
    (png,) = post.images
    assert sha256(png).hexdigest() == signed.images[0].sha256
    assert delivery.reference is not None
    assert delivery.reference.startswith("https://www.binance.com/square/post/")


def test_an_answer_that_is_lost_asks_a_person_who_finds_the_post(
    house: House, square: FakePlatform, editor: Person
) -> None:
    square.script("add", Wire.GATEWAY_504)
    delivery = approve(house, editor, "square")["square"]
    assert delivery.state is DeliveryState.AMBIGUOUS
    assert "504" in (delivery.reason or "")
    address = "https://www.binance.com/en/square/post/359033544439635?r=me"
    confirmed = house.dispatch.confirm(delivery.id, address, editor)
    assert confirmed.state is DeliveryState.ACCEPTED
    assert confirmed.reference == "https://www.binance.com/en/square/post/359033544439635"
    assert house.courier.work("worker") is None
    assert len(square.posts()) == 1


def test_a_gate_post_is_confirmed_by_search(house: House, gate: FakeSquare, editor: Person) -> None:
    delivery = approve(house, editor, "gate")["gate"]
    assert delivery.state is DeliveryState.AWAITING_PERSON
    assert house.dispatch.search(delivery.id, editor) == delivery  # nothing is there yet
    signed = house.dispatch.rendition(delivery.id)
    images = [house.store.image(image.sha256) for image in signed.images]
    address = gate.post_by_hand(signed.text, images)
    found = house.dispatch.search(delivery.id, editor)
    assert (found.state, found.reference) == (DeliveryState.ACCEPTED, address)


def test_a_gate_post_is_confirmed_by_hand(house: House, gate: FakeSquare, editor: Person) -> None:
    delivery = approve(house, editor, "gate")["gate"]
    address = gate.post_by_hand(house.dispatch.rendition(delivery.id).text)
    confirmed = house.dispatch.confirm(delivery.id, f" {address}?ref=maria ", editor)
    assert (confirmed.state, confirmed.reference) == (DeliveryState.ACCEPTED, address)


def test_nothing_goes_out_once_the_market_cannot_be_asked(
    house: House, venue: FakeVenue, square: FakePlatform, editor: Person
) -> None:
    draft = make(house)
    house.review.approve(draft.id, 1, editor, send_to=["square"])
    for endpoint in venue.endpoints:
        venue.always(endpoint, Wire.ERROR_500)
    house.courier.work("worker")
    (delivery,) = house.store.deliveries(draft.id)
    assert delivery.state is DeliveryState.WAITING
    assert "cannot be judged" in (delivery.reason or "")
    assert square.posts() == []


def test_nothing_goes_out_once_a_level_was_reached(
    house: House, venue: FakeVenue, square: FakePlatform, editor: Person
) -> None:
    draft = make(house)
    house.review.approve(draft.id, 1, editor, send_to=["square"])
    venue.price_factor = 1.2
    house.courier.work("worker")
    (delivery,) = house.store.deliveries(draft.id)
    assert delivery.state is DeliveryState.CANCELLED
    assert "the upper level is" in (delivery.reason or "")
    assert square.posts() == []
