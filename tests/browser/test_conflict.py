"""Two people write into the same passage: the second one loses neither text."""

import pytest
from playwright.sync_api import Locator, Page, expect

from composer.newsroom.records.people import Role
from tests.browser.browsers import Browsers
from tests.browser.deeds import come_in, edit_passage, hear, open_editor, passage, text_of
from tests.browser.desk import RunningDesk

pytestmark = pytest.mark.browser

CONFLICT = 409


@pytest.fixture
def sam(desk: RunningDesk, browsers: Browsers) -> Page:
    """Return what Sam, a creator, has before him: the English draft."""
    return at_the_draft(desk, browsers, "Sam", Role.CREATOR)


@pytest.fixture
def mira(desk: RunningDesk, browsers: Browsers) -> Page:
    """Return what Mira, an editor, has before her: the same draft, at the same revision."""
    return at_the_draft(desk, browsers, "Mira", Role.EDITOR)


def at_the_draft(desk: RunningDesk, browsers: Browsers, name: str, role: Role) -> Page:
    page = browsers.open(refusals={CONFLICT})
    come_in(page, desk.link_for(desk.hire(name, role)))
    page.goto(f"/drafts/{desk.draft('en').id}")
    return page


def test_who_was_second_sees_both_texts_and_may_save_on_top(
    desk: RunningDesk, sam: Page, mira: Page
) -> None:
    lead = desk.text("en", "lead")
    edit_passage(sam, "lead", " Sam was here.", revision=2)
    save_too_late(mira, "lead", " Mira was here.")
    expect(side(mira, "What stands there now")).to_have_text(f"{lead} Sam was here.")
    expect(side(mira, "What you wrote")).to_have_text(f"{lead} Mira was here.")
    expect(mira.get_by_text("Revision 2 · Sam")).to_be_visible()
    expect(mira.locator("del")).to_have_text("Sam")
    expect(mira.locator("ins")).to_have_text("Mira")
    assert desk.text("en", "lead") == f"{lead} Sam was here."

    joined = mira.get_by_label("Your text, to join the two")
    expect(joined).to_have_value(f"{lead} Mira was here.")
    joined.fill(f"{lead} Sam and Mira were here.")
    mira.get_by_role("button", name="Save over revision 2").click()
    hear(mira, "Saved as revision 3.")
    expect(text_of(mira, "lead")).to_contain_text("Sam and Mira were here.")
    assert desk.text("en", "lead") == f"{lead} Sam and Mira were here."


def test_who_was_second_twice_may_still_leave_the_other_text(
    desk: RunningDesk, sam: Page, mira: Page
) -> None:
    lead = desk.text("en", "lead")
    edit_passage(sam, "lead", " Sam was here.", revision=2)
    save_too_late(mira, "lead", " Mira was here.")
    edit_passage(sam, "lead", " Again.", revision=3)
    with mira.expect_navigation() as answered:
        mira.get_by_role("button", name="Save over revision 2").click()
    assert answered.value
    assert answered.value.status == CONFLICT
    expect(side(mira, "What stands there now")).to_have_text(f"{lead} Sam was here. Again.")
    expect(side(mira, "What you wrote")).to_have_text(f"{lead} Mira was here.")
    mira.get_by_role("link", name="Leave theirs as it is").click()
    expect(text_of(mira, "lead")).to_contain_text("Sam was here. Again.")
    assert desk.draft("en").revision == 3


def save_too_late(page: Page, key: str, words: str) -> None:
    """Write behind a passage and save it, although somebody else was faster."""
    open_editor(page, key)
    page.keyboard.type(words)
    with page.expect_navigation() as answered:
        passage(page, key).get_by_role("button", name="Save").click()
    assert answered.value
    assert answered.value.status == CONFLICT
    expect(page.get_by_role("heading", name="Somebody was faster")).to_be_visible()


def side(page: Page, heading: str) -> Locator:
    return page.get_by_role("heading", name=heading).locator("+ .text")
