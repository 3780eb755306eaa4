"""The passage editor with scripts: figures survive the clipboard, undo, and haste."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.browsers import Browsers
from tests.browser.deeds import come_in, open_draft, open_edition, open_editor, set_password
from tests.browser.desk import RunningDesk

pytestmark = pytest.mark.browser


@pytest.fixture
def page(desk: RunningDesk, browsers: Browsers) -> Page:
    page = browsers.open()
    come_in(page, desk.first_link)
    set_password(page)
    page.goto(desk.address)
    open_edition(page, "BTC")
    open_draft(page, "English")
    return page


def source_of(page: Page, key: str) -> str:
    """Return what the form would send: the text with its tokens."""
    return page.locator(f"#passage-{key} textarea").input_value()


def test_figures_survive_the_editor(page: Page) -> None:
    box = open_editor(page, "lead")
    written = source_of(page, "lead")
    assert "[[price]]" in written

    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.press("ControlOrMeta+X")
    assert source_of(page, "lead") == ""
    page.keyboard.press("ControlOrMeta+V")
    assert source_of(page, "lead") == written
    expect(box.locator(".chip")).to_have_count(written.count("[["))

    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" At [[ratio]] now")
    assert source_of(page, "lead") == f"{written} At [[ratio]] now"
    expect(box.locator(".chip")).to_have_count(written.count("[[") + 1)

    for _ in " now":
        page.keyboard.press("ControlOrMeta+Z")
    assert source_of(page, "lead") == f"{written} At [[ratio]]"
    page.keyboard.press("ControlOrMeta+Shift+Z")
    assert source_of(page, "lead") == f"{written} At [[ratio]] "


def test_what_is_not_saved_is_not_lost_in_haste(page: Page) -> None:
    open_editor(page, "lead")
    page.keyboard.type(" More to come.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("button", name="Approve revision 1").click()
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert source_of(page, "lead").endswith(" More to come.")


def test_who_is_quicker_than_the_editor_stays_where_they_were(page: Page) -> None:
    page.locator("#passage-lead details").evaluate(
        """(details) => {
            details.open = true; // the editor hears of it only later
            const area = details.querySelector("textarea");
            area.focus();
            area.setRangeText("quick ", 0, 0, "end");
        }"""
    )
    expect(page.locator("#passage-lead").get_by_role("textbox")).to_be_focused()
    expect(page.locator("#passage-lead .rich-text")).to_be_visible()
    written = source_of(page, "lead")
    assert written.startswith("quick ")
    page.keyboard.type("and here ")
    assert source_of(page, "lead") == written.replace("quick ", "quick and here ", 1)
