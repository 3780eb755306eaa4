"""From approval to the platforms: stopped in time, sent, posted by hand, lost and found."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from composer.errors import UnclearAnswerError
from composer.newsroom.records.deliveries import DeliveryState
from composer.newsroom.records.people import Role
from composer.publishers.records import Receipt
from tests.browser.browsers import Browsers
from tests.browser.deeds import come_in, hear, place
from tests.browser.desk import RunningDesk, running_desk
from tests.unit.web.outlets import Gate, Square

pytestmark = pytest.mark.browser

BAD_REQUEST = 400
SQUARE_POST = "https://www.binance.com/en/square/post/359033544439635"
GATE_POST = "https://www.gate.com/post/status/11248290"


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[RunningDesk]:
    """Serve a desk with three platforms, where nothing is sent but what the test carries."""
    with running_desk(made, tmp_path, sending=False) as running:
        yield running


@pytest.fixture
def browsers(chromium: Browser, desk: RunningDesk) -> Iterator[Browsers]:
    with Browsers(chromium, desk.address) as opened:
        yield opened


@pytest.fixture(params=["with scripts", "without"])
def page(desk: RunningDesk, browsers: Browsers, request: pytest.FixtureRequest) -> Page:
    """Return what an editor has before her: the English draft."""
    page = browsers.open(refusals={BAD_REQUEST}, scripts=request.param == "with scripts")
    come_in(page, desk.link_for(desk.hire("Mira", Role.EDITOR)))
    page.goto(f"/drafts/{desk.draft('en').id}")
    return page


def approve_for(page: Page, account: str) -> None:
    page.get_by_role("checkbox", name=account).check()
    page.get_by_role("button", name="Approve revision 1").click()
    hear(page, "Approved.")


def strip(page: Page, account: str) -> Locator:
    """Return the line above a draft that says what happens at an account, or has to."""
    return page.locator(".strip").filter(has_text=account)


def test_what_is_stopped_in_time_is_not_sent_and_can_be_sent_later(
    desk: RunningDesk, page: Page
) -> None:
    approve_for(page, "square")
    expect(strip(page, "square")).to_contain_text("Goes out:")
    strip(page, "square").get_by_role("button", name="Stop: do not send").click()
    hear(page, "Stopped: nothing is sent.")
    expect(place(page, "square")).to_contain_text("Cancelled")
    expect(strip(page, "square")).to_have_count(0)

    page.get_by_role("button", name="Publish to square").click()
    hear(page, "Queued for square.")
    desk.carry(Square(answer=Receipt(reference=SQUARE_POST)))
    page.reload()
    expect(place(page, "square")).to_contain_text("Published")
    shown = place(page, "square").get_by_role("link", name=SQUARE_POST)
    expect(shown).to_have_attribute("href", SQUARE_POST)


def test_what_may_be_there_is_looked_for_and_confirmed(desk: RunningDesk, page: Page) -> None:
    approve_for(page, "square")
    desk.carry(Square(answer=UnclearAnswerError("HTTP 504: no answer in time")))
    page.reload()
    expect(page.get_by_role("navigation", name="Desk")).to_contain_text("1 to decide")
    strip(page, "square").get_by_role("link", name="Look and decide").click()
    expect(page.locator("q")).to_have_text("HTTP 504: no answer in time")
    expect(page.get_by_text("it stands there twice")).to_be_visible()

    address = page.get_by_label("Address of the post")
    address.fill("https://www.binance.com/en/square/profile/mira")
    page.get_by_role("button", name="It is there", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("is no address of a post there")
    expect(address).to_have_value("https://www.binance.com/en/square/profile/mira")
    address.fill(f"{SQUARE_POST}?ref=1")
    page.get_by_role("button", name="It is there", exact=True).click()
    hear(page, "Kept as published.")
    expect(page.get_by_role("link", name=SQUARE_POST)).to_be_visible()
    expect(page.get_by_role("navigation", name="Desk")).not_to_contain_text("to decide")


def test_what_is_not_there_is_sent_again(desk: RunningDesk, page: Page) -> None:
    approve_for(page, "square")
    desk.carry(Square(answer=UnclearAnswerError("HTTP 504")))
    page.goto("/deliveries/")
    page.get_by_role("region", name="A person has to look").get_by_role("link").click()
    page.get_by_role("button", name="It is not there: send again").click()
    hear(page, "It will be sent again.")
    expect(page.get_by_role("button", name="Stop: do not send")).to_be_visible()
    assert desk.carry(Square(answer=Receipt(reference=SQUARE_POST))).attempts == 2
    page.reload()
    expect(page.locator(".badge")).to_have_text("✓ Published")


@pytest.mark.parametrize("page", ["with scripts"], indirect=True)
def test_who_posts_by_hand_copies_exactly_what_was_approved(desk: RunningDesk, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.address)
    approve_for(page, "gate")
    handed = desk.carry(Gate())
    assert handed.state is DeliveryState.AWAITING_PERSON
    approved = desk.house.store.rendition_of(handed.id)
    page.reload()
    strip(page, "gate").get_by_role("link", name="Post it by hand").click()

    page.get_by_role("button", name="Copy the text").click()
    hear(page, "Copied")
    assert page.evaluate("navigator.clipboard.readText()") == approved.text
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Save image 1").click()
    assert sha256(downloaded.value.path().read_bytes()).hexdigest() == approved.images[0].sha256
    assert downloaded.value.suggested_filename == f"{desk.edition}.en.1.png"
    composer = page.get_by_role("link", name="Open the platform")
    expect(composer).to_have_attribute("href", "https://www.gate.com/post")

    page.get_by_label("Address of the post").fill(GATE_POST)
    page.get_by_role("button", name="It is there", exact=True).click()
    hear(page, "Kept as published.")
    kept = desk.house.store.delivery(handed.id)
    assert (kept.state, kept.reference) == (DeliveryState.ACCEPTED, GATE_POST)


@pytest.mark.parametrize("page", ["with scripts"], indirect=True)
def test_a_text_that_may_not_be_copied_is_selected(desk: RunningDesk, page: Page) -> None:
    approve_for(page, "gate")
    handed = desk.carry(Gate())
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    page.goto(f"/deliveries/{handed.id}")
    page.get_by_role("button", name="Copy the text").click()
    hear(page, "It is selected: copy it with the keyboard.")
    text = page.get_by_label("Text", exact=True)
    expect(text).to_be_focused()
    selected = "(one) => one.value.slice(one.selectionStart, one.selectionEnd)"
    assert text.evaluate(selected) == desk.house.store.rendition_of(handed.id).text
