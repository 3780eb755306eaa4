"""What people do at the desk, in their words."""

import re
import time

from playwright.sync_api import Locator, Page, expect

PATIENCE_S = 30.0
PASSWORD = "a long enough sentence"  # noqa: S105 - of people who exist in these tests only


def come_in(page: Page, link: str) -> None:
    """Spend a one-time link."""
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()


def set_password(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("New password", exact=True).fill(password)
    page.get_by_label("New password again").fill(password)
    page.get_by_role("button", name="Set password").click()
    hear(page, "Your password is set.")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Editions")).to_be_visible()


def hear(page: Page, sentence: str) -> None:
    """See what the desk says a deed has done."""
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_visible()


def grid_row(page: Page, language: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=language))


def open_edition(page: Page, symbol: str) -> None:
    page.get_by_role("link", name=symbol, exact=True).click()
    expect(page.get_by_role("heading", name=symbol, exact=True)).to_be_visible()


def open_draft(page: Page, language: str) -> None:
    """Open a draft from its edition, where its language stands above its texts."""
    page.get_by_role("heading", name=language, exact=True).get_by_role("link").click()
    expect(page.get_by_role("heading", name=f"{language} · brief")).to_be_visible()


def passage(page: Page, key: str) -> Locator:
    return page.locator(f"#passage-{key}")


def text_of(page: Page, key: str) -> Locator:
    """Return a passage as its readers will see it."""
    return passage(page, key).locator("> .text")


def findings_of(page: Page, key: str) -> Locator:
    return passage(page, key).locator(".findings code")


def open_editor(page: Page, key: str) -> Locator:
    """Unfold the editor of a passage and put the cursor behind its text."""
    if not passage(page, key).get_by_role("button", name="Save").is_visible():
        passage(page, key).get_by_text("Edit", exact=False).first.click()
    box = passage(page, key).locator(".rich-text")
    box.click()
    page.keyboard.press("ControlOrMeta+End")
    return box


def insert_figure(page: Page, key: str, token: str) -> None:
    """Put a fact where the cursor is."""
    passage(page, key).get_by_role("combobox", name="Figure").select_option(token)
    passage(page, key).get_by_role("button", name="Insert figure").click()


def save(page: Page, key: str, *, revision: int) -> None:
    passage(page, key).get_by_role("button", name="Save").click()
    hear(page, f"Saved as revision {revision}.")


def edit_passage(page: Page, key: str, words: str, *, revision: int) -> None:
    """Write words behind a passage and save them."""
    open_editor(page, key)
    page.keyboard.type(words)
    save(page, key, revision=revision)


def approve(page: Page, *, revision: int) -> None:
    page.get_by_role("button", name=f"Approve revision {revision}").click()
    hear(page, "Approved.")


def approval(page: Page) -> Locator:
    return page.get_by_role("region", name="Approval")


def fingerprint(page: Page, account: str = "folder") -> str:
    """Return the hash that the approval shows for an account."""
    shown = detail(page, f"Fingerprint for {account}").inner_text()
    assert re.fullmatch(r"[0-9a-f]{64}", shown)
    return shown


def detail(page: Page, term: str) -> Locator:
    """Return what the approval says of a term."""
    return approval(page).locator(f'dt:text-is("{term}") + dd')


def publish(page: Page, account: str = "folder") -> None:
    """Queue the draft for an account, and come back to the page until it is out."""
    page.get_by_role("button", name=f"Publish to {account}").click()
    hear(page, f"Queued for {account}.")
    deadline = time.monotonic() + PATIENCE_S
    while place(page, account).locator(".badge").inner_text() != "✓ Published":
        assert time.monotonic() < deadline, f"it is not published to {account}"
        page.wait_for_timeout(250)
        page.reload()


def place(page: Page, account: str) -> Locator:
    """Return what the page of a draft says about an account."""
    return page.get_by_role("region", name=account, exact=True)
