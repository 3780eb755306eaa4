"""The essentials of the morning in a browser that runs no scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.deeds import (
    approve,
    come_in,
    findings_of,
    fingerprint,
    hear,
    open_draft,
    open_edition,
    passage,
    publish,
    set_password,
    sign_in,
    sign_out,
    text_of,
)
from tests.browser.desk import RunningDesk
from tests.browser.visitors import Visit

pytestmark = pytest.mark.browser


def test_the_desk_works_without_scripts(desk: RunningDesk, visit: Visit) -> None:
    page = visit(scripts=False)
    come_in(page, desk.first_link)
    set_password(page)
    sign_out(page)
    sign_in(page, "admin")
    open_edition(page, "BTC")
    open_draft(page, "English")
    lead = desk.text("en", "lead")

    write(page, "lead", f"{lead} Above 95k it gets loud.")
    hear(page, "Saved as revision 2.")
    expect(findings_of(page, "lead")).to_have_text(["unbound_figure"])
    expect(page.get_by_role("button", name="Approve revision 2")).to_be_disabled()

    write(page, "lead", f"{lead} Above [[upper.level]] it gets loud.")
    hear(page, "Saved as revision 3.")
    expect(findings_of(page, "lead")).to_have_count(0)
    expect(text_of(page, "lead")).to_contain_text("Above $94,681 it gets loud.")

    approve(page, revision=3)
    signed = fingerprint(page)
    publish(page)
    account = page.get_by_role("region", name="folder")
    expect(account).to_contain_text("Published")
    expect(account).to_contain_text(signed)
    (folder,) = desk.outbox.iterdir()
    assert "Above $94,681 it gets loud." in (folder / "post.txt").read_text(encoding="utf-8")


def test_an_optional_passage_is_left_out_by_saving_it_empty(
    desk: RunningDesk, visit: Visit
) -> None:
    page = visit(scripts=False)
    come_in(page, desk.first_link)
    page.goto(f"/drafts/{desk.draft('en').id}")
    write(page, "lean", "")
    expect(page.get_by_role("status").filter(has_text="Saved as revision 2.")).to_be_visible()
    expect(passage(page, "lean")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Approve"))).to_be_enabled()


def write(page: Page, key: str, text: str) -> None:
    """Replace the text of a passage, tokens written out."""
    field = passage(page, key).get_by_label("Text with its tokens")
    if not field.is_visible():
        passage(page, key).locator("summary").click()
    field.fill(text)
    passage(page, key).get_by_role("button", name="Save").click()
