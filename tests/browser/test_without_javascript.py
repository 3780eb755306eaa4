"""The essentials of the morning in a browser that runs no scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsers import Browsers
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

pytestmark = pytest.mark.browser


def test_the_desk_works_without_scripts(desk: RunningDesk, browsers: Browsers) -> None:
    page = browsers.open(scripts=False)
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

    write(page, "lean", "")  # an optional passage is left out by saving it empty
    hear(page, "Saved as revision 4.")
    expect(passage(page, "lean")).to_have_count(0)

    approve(page, revision=4)
    signed = fingerprint(page)
    publish(page)
    account = page.get_by_role("region", name="folder")
    expect(account).to_contain_text("Published")
    expect(account).to_contain_text(signed)
    (folder,) = desk.outbox.iterdir()
    post = (folder / "post.txt").read_text(encoding="utf-8")
    assert "Above $94,681 it gets loud." in post
    assert "tilted toward shorts" not in post


def write(page: Page, key: str, text: str) -> None:
    """Replace the text of a passage, tokens written out."""
    field = passage(page, key).get_by_label("Text with its tokens")
    if not field.is_visible():
        passage(page, key).locator("summary").click()
    field.fill(text)
    passage(page, key).get_by_role("button", name="Save").click()
