"""Everybody can use the desk: axe-core, narrow screens, the keyboard, right-to-left texts.

One desk serves the whole file. Its English draft is approved and out in one place, perhaps
out in another and waits for a person in a third; the Chinese one is blocked, the Arabic
one in a language the checks do not read yet. One account is held.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped] # ships no types
from playwright.sync_api import Browser, Page, expect

from composer.errors import UnclearAnswerError
from composer.newsroom.records.drafts import Revision, RevisionReason
from composer.newsroom.records.people import Action, Event, Person, Role
from composer.publishers.folder import FolderPublisher
from composer.text.passages import Passage
from tests.browser.browsers import PHONE, WIDE, Browsers, Scheme
from tests.browser.deeds import come_in, hear, open_editor, passage, text_of
from tests.browser.desk import RunningDesk, running_desk
from tests.unit.web.outlets import Gate, Square

pytestmark = pytest.mark.browser

NOT_FOUND, CONFLICT = 404, 409
ENOUGH_TABS = 200
ARABIC = (
    Passage(key="title", text="خريطة تصفية [[price]] لعملة BTC"),
    Passage(key="upside", text="صعودًا: ارتفاع بمقدار [[upper.distance_usd]].", drop_order=1),
    Passage(key="disclaimer", text="ليست نصيحة استثمارية.", editable=False),
)


@dataclass(frozen=True, kw_only=True)
class FurnishedDesk:
    """A desk with drafts in several states, and who works at it."""

    running: RunningDesk
    admin: Person
    sam: Person

    def path(self, locale: str) -> str:
        return f"/drafts/{self.running.draft(locale).id}"

    @property
    def pages(self) -> dict[str, str]:
        """The address of every page an admin reaches by its address alone."""
        edition = f"/editions/{self.running.edition}"
        return {
            "editions": "/",
            "edition": edition,
            "edition, right to left": f"{edition}?left=ar&right=en",
            "draft, published": self.path("en"),
            "draft, blocked": self.path("zh_Hans"),
            "draft, right to left": self.path("ar"),
            "history": f"{self.path('en')}/history",
            "deliveries": "/deliveries/",
            **{
                f"delivery, {one.state}": f"/deliveries/{one.id}"
                for one in self.running.house.store.latest_deliveries(limit=9)
            },
            "people": "/people",
            "profile": "/profile",
            "404": "/no-such-page",
        }

    def overtake(self, locale: str, key: str) -> None:
        """Let Sam edit a passage while somebody else has it open."""
        house, card = self.running.house, self.running.draft(locale)
        text = f"{self.running.text(locale, key)} …"
        house.review.edit(card.id, card.revision, key, text, self.sam)


@pytest.fixture(scope="module")
def furnished(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FurnishedDesk]:
    with running_desk(made, tmp_path_factory.mktemp("furnished"), sending=False) as running:
        house = running.house
        admin = house.people.first_person()
        desk = FurnishedDesk(running=running, admin=admin, sam=running.hire("Sam", Role.CREATOR))
        desk.overtake("en", "lead")
        english, chinese = running.draft("en"), running.draft("zh_Hans")
        house.review.approve(english.id, english.revision, admin, [])
        for account, outlet in (
            ("folder", FolderPublisher(root=house.settings.home / "outbox")),
            ("square", Square(answer=UnclearAnswerError("HTTP 504"))),
            ("gate", Gate()),
        ):
            house.dispatch.queue(english.id, english.revision, account, admin)
            running.carry(outlet)
        house.dispatch.hold("square", "The key is being replaced.", admin)
        title = running.text("zh_Hans", "title")
        house.review.edit(chinese.id, chinese.revision, "title", f"{title}，关注 42", desk.sam)
        _add_arabic(running)
        yield desk


def _add_arabic(running: RunningDesk) -> None:
    store = running.house.store
    first = store.revision(running.draft("en").id, 1)
    revision = Revision(
        number=1,
        snapshot=first.snapshot,
        author="Sam",
        reason=RevisionReason.MADE,
        made_at=first.made_at,
        passages=ARABIC,
        findings=(),
        images=first.images,
    )
    event = Event(at=first.made_at, person="Sam", action=Action.MADE, edition=running.edition)
    store.add_draft(running.edition, "ar", "brief", revision, event)


@pytest.fixture
def browsers(chromium: Browser, furnished: FurnishedDesk) -> Iterator[Browsers]:
    with Browsers(chromium, furnished.running.address) as opened:
        yield opened


@pytest.fixture
def page(browsers: Browsers, furnished: FurnishedDesk) -> Page:
    """Return a page of the admin, who came by a link."""
    page = browsers.open(refusals={NOT_FOUND})
    come_in(page, furnished.running.link_for(furnished.admin))
    return page


# Colours do not depend on the width nor the layout on the colours: two walks see all four.
@pytest.mark.parametrize(("scheme", "width"), [("light", WIDE), ("dark", PHONE)])
def test_every_page_suits_everybody(
    furnished: FurnishedDesk, browsers: Browsers, scheme: Scheme, width: int
) -> None:
    page = browsers.open(scheme=scheme, width=width, refusals={NOT_FOUND, CONFLICT})
    wrong = [f"{name}: {fault}" for name in walk(page, furnished) for fault in faults_of(page)]
    assert not wrong, "\n".join(wrong)


def test_a_desk_that_speaks_arabic_stands_right_to_left(
    furnished: FurnishedDesk, browsers: Browsers
) -> None:
    layla = furnished.running.hire("Layla", Role.ADMIN)
    page = browsers.open(width=PHONE, refusals={NOT_FOUND})
    come_in(page, furnished.running.link_for(layla))
    furnished.running.house.store.change_person(replace(layla, desk_locale="ar"))
    wrong = []
    for name, path in furnished.pages.items():
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        wrong += [name] if scrolls_sideways(page) else []
    assert not wrong, f"wider than the screen: {wrong}"


def walk(page: Page, furnished: FurnishedDesk) -> Iterator[str]:
    """Go through every page of the desk, and name each when it is there."""
    page.goto("/sign-in")
    yield "sign-in"
    link = furnished.running.link_for(furnished.admin)
    page.goto(link)
    yield "link"
    come_in(page, link)
    for name, path in furnished.pages.items():
        page.goto(path)
        yield name
    page.goto(furnished.path("zh_Hans"))
    open_editor(page, "lead")
    page.keyboard.type(" ! ")
    furnished.overtake("zh_Hans", "lead")
    passage(page, "lead").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Somebody was faster")).to_be_visible()
    yield "conflict"
    page.goto("/people")
    page.get_by_role("button", name="New sign-in link Sam").click()
    expect(page.get_by_role("heading", name="Sign-in link")).to_be_visible()
    yield "link to pass on"


def faults_of(page: Page) -> Iterator[str]:
    """Yield what axe-core finds, and whether the page is wider than the screen."""
    if scrolls_sideways(page):
        yield "scrolls sideways"
    page.evaluate(AXE_SCRIPT)  # as a debugger does: the content security policy stays in force
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    for violation in found["violations"]:
        places = "; ".join(node["html"][:200] for node in violation["nodes"][:3])
        yield f"{violation['id']}: {violation['help']}: {places}"


def scrolls_sideways(page: Page) -> bool:
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def test_the_first_tab_skips_to_the_content(furnished: FurnishedDesk, page: Page) -> None:
    for path in furnished.pages.values():
        page.goto(path)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_a_draft_is_approved_with_the_keyboard_alone(furnished: FurnishedDesk, page: Page) -> None:
    page.goto(furnished.path("en"))
    furnished.overtake("en", "lead")  # which makes the approval void
    page.reload()
    revision = furnished.running.draft("en").revision
    button = page.get_by_role("button", name=f"Approve revision {revision}")
    tab_to(page, button_text=f"Approve revision {revision}")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    hear(page, "Approved.")


def tab_to(page: Page, *, button_text: str) -> None:
    """Press Tab until a button has the focus, which must be visible all the way."""
    for _ in range(ENOUGH_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one);
                return {
                    name: one.textContent.trim(),
                    html: one.outerHTML.slice(0, 200),
                    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                    shown: one.getClientRects().length > 0,
                };
            }"""
        )
        assert focused["outlined"], f"no visible focus: {focused['html']}"
        assert focused["shown"], f"focus on something that is not there: {focused['html']}"
        if focused["name"] == button_text:
            return
    pytest.fail(f"{ENOUGH_TABS} tabs do not reach {button_text}")


def test_a_passage_is_edited_with_the_keyboard_alone(furnished: FurnishedDesk, page: Page) -> None:
    page.goto(furnished.path("zh_Hans"))
    summary = passage(page, "bottom_line").locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(passage(page, "bottom_line").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("看好风险。")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(text_of(page, "bottom_line")).to_contain_text("看好风险。")


def test_right_to_left_texts_stand_right_to_left(furnished: FurnishedDesk, page: Page) -> None:
    page.goto(furnished.path("ar"))
    expect(page.locator("html")).to_have_attribute("dir", "ltr")  # the desk speaks English here
    for key in ("title", "upside", "disclaimer"):
        expect(text_of(page, key)).to_have_attribute("dir", "rtl")
        expect(text_of(page, key)).to_have_attribute("lang", "ar")
        expect(text_of(page, key)).to_have_css("direction", "rtl")
    box = open_editor(page, "upside")
    expect(box).to_have_attribute("dir", "rtl")
    expect(box).to_have_attribute("lang", "ar")
    page.goto(furnished.pages["edition, right to left"])
    left, right = page.get_by_role("region", name="title").locator(".text").all()
    expect(left).to_have_attribute("dir", "rtl")
    expect(right).to_have_attribute("dir", "ltr")
