"""A morning at the desk, from the first link to a post in the folder, as one story.

Somebody sets the desk up, reads the day's edition in two languages, breaks a figure and
mends it, approves, edits and sees the approval void, approves again and publishes. In
the end the bytes on disk are the approved ones, worked out from the files alone.
"""

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.drafts import AttachedImage
from tests.browser.browsers import Browsers
from tests.browser.deeds import (
    approval,
    approve,
    come_in,
    detail,
    edit_passage,
    findings_of,
    fingerprint,
    grid_row,
    insert_figure,
    open_draft,
    open_edition,
    open_editor,
    passage,
    publish,
    save,
    set_password,
    sign_in,
    sign_out,
    text_of,
)
from tests.browser.desk import RunningDesk

pytestmark = pytest.mark.browser

BAD_REQUEST = 400


def test_a_morning_at_the_desk(desk: RunningDesk, browsers: Browsers) -> None:
    page = browsers.open(refusals={BAD_REQUEST})  # the one approval that is refused
    set_the_desk_up(page, desk.first_link)
    read_the_edition(page)
    open_draft(page, "English")
    improve_the_lead(page, desk)
    break_a_figure(page)
    mend_it(page, desk)
    signed = sign_what_is_seen(page, desk)
    change_it_after_all(page)
    approve(page, revision=5)
    assert fingerprint(page) != signed
    publish(page)
    assert fingerprint_on_disk(desk.outbox) == fingerprint(page)


def set_the_desk_up(page: Page, link: str) -> None:
    come_in(page, link)
    set_password(page)
    sign_out(page)
    sign_in(page, "admin")


def read_the_edition(page: Page) -> None:
    for language in ("English", "Simplified Chinese"):
        expect(grid_row(page, language)).to_contain_text("Drafted")
        expect(grid_row(page, language)).to_contain_text("No findings")
    open_edition(page, "BTC")
    english, chinese = page.get_by_role("region", name="lead").locator(".text").all()
    expect(english).to_contain_text("$2.705 billion")
    expect(chinese).to_contain_text("27.05 亿美元")
    assert (english.get_attribute("lang"), chinese.get_attribute("lang")) == ("en", "zh-Hans")
    left, right = english.bounding_box(), chinese.bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


def improve_the_lead(page: Page, desk: RunningDesk) -> None:
    """Write behind the chips; every token survives."""
    before = desk.text("en", "lead")
    box = open_editor(page, "lead")
    chips = box.locator(".chip")
    expect(chips).to_have_count(before.count("[["))
    expect(chips.first.locator("bdi")).to_have_text("$90,132")
    page.keyboard.type(" Watch the tape.")
    save(page, "lead", revision=2)
    assert desk.text("en", "lead") == f"{before} Watch the tape."


def break_a_figure(page: Page) -> None:
    """Type a figure: it is flagged before it is saved, and blocks once it is."""
    open_editor(page, "lead")
    warning = passage(page, "lead").locator(".rich-digits")
    page.keyboard.type(" Above ")
    expect(warning).to_have_text("")
    page.keyboard.type("95k")
    expect(warning).to_contain_text("95")
    assert page.evaluate("CSS.highlights.get('typed-figures').size") == 1
    save(page, "lead", revision=3)
    expect(findings_of(page, "lead")).to_have_text(["unbound_figure"])
    expect(passage(page, "lead").locator(".findings q")).to_have_text("95")
    expect(page.get_by_role("button", name="Approve revision 3")).to_be_disabled()
    insist_on_approving(page)
    expect(page.get_by_role("alert")).to_contain_text("cannot be approved")
    expect(page.get_by_role("alert")).to_contain_text("unbound_figure")
    expect(approval(page)).to_contain_text("Not approved.")


def insist_on_approving(page: Page) -> None:
    """Send the form although its button is off, as somebody with other tools would."""
    with page.expect_navigation() as answered:
        page.evaluate("document.querySelector('form[action$=\"/approve\"]').submit()")
    response = answered.value
    assert response
    assert response.status == BAD_REQUEST


def mend_it(page: Page, desk: RunningDesk) -> None:
    """Print the figure from a fact instead."""
    box = open_editor(page, "lead")
    for _ in "95k":
        page.keyboard.press("Backspace")
    expect(passage(page, "lead").locator(".rich-digits")).to_have_text("")
    insert_figure(page, "lead", "[[upper.level]]")
    expect(box.locator(".chip").last.locator("bdi")).to_have_text("$94,681")
    page.keyboard.type(" it gets loud.")
    save(page, "lead", revision=4)
    expect(findings_of(page, "lead")).to_have_count(0)
    expect(text_of(page, "lead")).to_contain_text("Watch the tape. Above $94,681 it gets loud.")
    assert desk.text("en", "lead").endswith("Above [[upper.level]] it gets loud.")


def sign_what_is_seen(page: Page, desk: RunningDesk) -> str:
    """Approve, and find on the page what was signed; return its fingerprint."""
    approve(page, revision=4)
    stored = desk.house.store.approval(desk.draft("en").id)
    assert stored
    (rendition,) = stored.renditions
    assert fingerprint(page) == rendition.sha256
    expect(detail(page, "Approved by")).to_have_text("admin")
    expires = detail(page, "Good until").locator("time").get_attribute("datetime")
    assert expires
    assert datetime.fromisoformat(expires) == stored.expires_at.replace(microsecond=0)
    assert stored.expires_at - stored.approved_at == desk.house.settings.approval_lasts
    expect(page.get_by_role("button", name="Publish to folder")).to_be_visible()
    return rendition.sha256


def change_it_after_all(page: Page) -> None:
    """Edit what was approved: the approval is void, and nothing can be published."""
    edit_passage(page, "bottom_line", " Mind the gap.", revision=5)
    expect(approval(page)).to_contain_text("Not approved.")
    expect(page.get_by_role("button", name=re.compile("^Publish"))).to_have_count(0)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("listitem").filter(has_text="Approval became void")).to_be_visible()
    expect(page.get_by_role("region", name="Revision 5").locator("ins")).to_have_text(
        re.compile("Mind the gap")
    )
    page.go_back()


def fingerprint_on_disk(outbox: Path) -> str:
    """Work out, from nothing but the files of a post, what approval must have signed."""
    (folder,) = outbox.iterdir()
    receipt = json.loads((folder / "receipt.json").read_bytes())
    images = tuple(
        AttachedImage(
            sha256=hashlib.sha256((folder / image["name"]).read_bytes()).hexdigest(),
            kind="liquidation_map",
            alt=image["alt"],
        )
        for image in receipt["images"]
    )
    text = (folder / "post.txt").read_bytes().decode()
    assert "Above $94,681 it gets loud." in text
    assert "Mind the gap." in text
    assert len(images) == 1
    sent = Rendition(account=receipt["account"], text=text, images=images)
    assert sent.sha256 == receipt["sha256"]
    return sent.sha256
