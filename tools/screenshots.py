"""Save a picture of every page of the desk: `python tools/screenshots.py FOLDER [--axe]`.

The desk runs on this machine with a market that is simulated but says that it is not, so
that everything may be sent, to platforms that are no more than their addresses; an
edition of yesterday; and an Arabic draft that shows how right-to-left text stands. With `--axe`
every page is also examined by axe-core, and the command fails if it finds a violation.
"""

import argparse
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # ships no types
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server  # type: ignore[import-untyped] # ships no types

from composer.errors import ContentRefusedError, UnclearAnswerError
from composer.figures.levels import LevelPolicy
from composer.market.records import MarketSnapshot, Query
from composer.market.sources import open_source
from composer.newsroom.archive import keep_edition
from composer.newsroom.editions import make_edition
from composer.newsroom.people import People
from composer.newsroom.records.deliveries import Account, Delivery
from composer.newsroom.records.drafts import DraftCard, Revision, RevisionReason
from composer.newsroom.records.editions import Commission
from composer.newsroom.records.people import Action, Event, Person, Role
from composer.newsroom.review import Review
from composer.publishers import platforms
from composer.publishers.folder import FolderPublisher
from composer.publishers.records import NO_LIMITS, Receipt
from composer.store.store import open_store
from composer.text.passages import Passage
from tests.unit.web.house import RULES, UNDO, HouseDesk, Time
from tests.unit.web.outlets import SQUARE_POST, Square
from tools.browser import ARGUMENTS, find_chromium
from web import create_app

ROOT = Path(__file__).parent.parent
PORT = 8329
NOW = datetime(2026, 6, 10, 8, 2, tzinfo=UTC)
ARABIC = (
    Passage(key="title", text="خريطة تصفية [[price]] لعملة BTC"),
    Passage(
        key="upside",
        text="- صعودًا: ارتفاع بمقدار [[upper.distance_usd|distance]] يبلغ [[upper.intensity_usd]].",
        drop_order=1,
    ),
    Passage(key="disclaimer", text="ليست نصيحة استثمارية.", editable=False),
)


@dataclass(frozen=True, kw_only=True)
class Look:
    """A way to look at the desk."""

    name: str
    width: int
    scheme: str
    locale: str = "en"
    browser_locale: str = "en-GB"


# Our own letters besides those of the system: not every machine has Chinese ones.
FONTS = """<?xml version="1.0"?><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir>
</fontconfig>"""

LOOKS = (
    Look(name="light", width=1280, scheme="light"),
    Look(name="dark", width=1280, scheme="dark"),
    Look(name="phone", width=360, scheme="light"),
    Look(name="phone-dark-zh", width=360, scheme="dark", locale="zh_Hans", browser_locale="zh-CN"),
    Look(name="wide-zh", width=1920, scheme="light", locale="zh_Hans", browser_locale="zh-CN"),
    Look(name="light-ar", width=1280, scheme="light", locale="ar", browser_locale="ar-EG"),
    Look(name="phone-ja", width=360, scheme="light", locale="ja", browser_locale="ja-JP"),
    Look(name="phone-ru", width=360, scheme="dark", locale="ru", browser_locale="ru-RU"),
    Look(name="light-es", width=1280, scheme="light", locale="es", browser_locale="es-MX"),
)


def furnish(folder: Path) -> HouseDesk:
    """Return a desk over a new database with editions, people and decisions."""
    clock = Time(NOW)
    store = open_store(f"sqlite:///{folder / 'desk.db'}")
    review = Review(store, clock, RULES, lambda _account: NO_LIMITS)
    desk = HouseDesk(
        store=store,
        review=review,
        people=People(store, clock),
        clock=clock,
        trusted_hosts=("127.0.0.1",),
    )
    people = {
        name: store.add_person(name, role, desk_locale="en")
        for name, role in (("Mira", Role.ADMIN), ("Chen Wei", Role.EDITOR), ("Sam", Role.CREATOR))
    }
    store.change_person(
        replace(store.add_person("Lee", Role.CREATOR, desk_locale="zh_Hans"), active=False)
    )
    _open_accounts(desk, folder)
    for symbol, hours, formats in (
        ("ETH", 25, ("brief",)),
        ("SOL", 1, ("brief", "analysis")),
        ("BTC", 0, ("brief",)),
    ):
        _make(desk, symbol, NOW - timedelta(hours=hours), formats)
    _decide(desk, people)
    _deliver(desk, people["Mira"])
    return desk


def _open_accounts(desk: HouseDesk, folder: Path) -> None:
    for name, platform in (
        ("archive", "folder"),
        ("gate", "gate_square"),
        ("square-main", "binance_square"),
        ("square-second", "binance_square"),
    ):
        desk.store.put_account(Account(name=name, platform=platform))
        desk.outlets[name] = Square(answer=Receipt(reference=SQUARE_POST))
    desk.outlets["archive"] = FolderPublisher(root=folder / "outbox")
    desk.outlets["gate"] = platforms()["gate_square"]({})


@dataclass(frozen=True, kw_only=True)
class Pretender:
    """The simulated market, which says that it is none."""

    name: str = "simulated"

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the simulated market under another name."""
        seen = open_source("simulated").snapshot(query)
        return replace(seen, source="Coinglass", simulated=False, notes=())


def _make(desk: HouseDesk, symbol: str, now: datetime, formats: tuple[str, ...]) -> None:
    commission = Commission(
        query=Query(now=now, symbol=symbol, as_of=None),
        source="simulated",
        levels=LevelPolicy.parse("round"),
        notional_usd=None,
        locales=("en", "zh_Hans"),
        formats=formats,
        max_age=RULES.max_age,
    )
    keep_edition(make_edition(commission, [Pretender()]), desk.store)


def _decide(desk: HouseDesk, people: Mapping[str, Person]) -> None:
    english, chinese = latest(desk)
    mira, sam = people["Mira"], people["Sam"]
    texts = {one.key: one.text for one in desk.review.view(chinese).revision.passages}
    desk.review.edit(chinese, 1, "title", f"{texts['title']}，关注 42", sam)
    passages = desk.review.view(english).revision.passages
    bullet = next(one for one in passages if one.editable and one.drop_order is not None)
    desk.review.edit(english, 1, bullet.key, f"{bullet.text} Watch the tape.", sam)
    desk.review.approve(english, 2, mira, ["archive"])
    desk.carry()
    desk.clock.now = NOW
    first = desk.store.revision(english, 1)
    desk.store.add_draft(
        desk.store.draft(english).edition,
        "ar",
        "brief",
        Revision(
            number=1,
            snapshot=first.snapshot,
            author="Sam",
            reason=RevisionReason.MADE,
            made_at=NOW,
            passages=ARABIC,
            findings=(),
            images=first.images,
        ),
        Event(at=NOW, person="Sam", action=Action.MADE, edition=desk.store.draft(english).edition),
    )


def _deliver(desk: HouseDesk, mira: Person) -> None:
    """Leave a delivery in every state a person may find one in."""
    english = latest(desk)[0]
    old = {one.locale: one.id for one in earlier(desk) if one.format == "brief"}
    lost = UnclearAnswerError("HTTP 504 on content/add: upstream request timeout")
    too_long = ContentRefusedError("220012: the content contains sensitive words")
    for draft, account, answer in (
        (english, "square-main", lost),
        (english, "gate", None),
        (old["zh_Hans"], "square-second", too_long),
        (old["zh_Hans"], "square-main", Receipt(reference=SQUARE_POST)),
        (old["en"], "archive", None),
    ):
        if answer is not None:
            desk.outlets[account] = Square(answer=answer)
        _queue(desk, draft, account, mira)
        desk.carry()
    desk.dispatch.stop(_queue(desk, old["en"], "square-main", mira).id, mira)
    _queue(desk, old["en"], "gate", mira)
    desk.clock.now += 5 * UNDO  # nobody sends it: overdue
    _queue(desk, old["en"], "square-second", mira)
    desk.dispatch.hold("square-second", "The key is being replaced.", mira)


def _queue(desk: HouseDesk, draft: int, account: str, by: Person) -> Delivery:
    card = desk.review.view(draft).card
    if desk.store.approval(draft) is None:
        desk.review.approve(draft, card.revision, by, [])
    return desk.dispatch.queue(draft, card.revision, account, by)


def latest(desk: HouseDesk) -> Sequence[int]:
    """Return the numbers of the drafts of today's edition, English first."""
    drafts = desk.store.editions(limit=1)[0].drafts
    return [
        draft.id
        for draft in sorted(drafts, key=lambda one: ("en", "zh_Hans", "ar").index(one.locale))
    ]


def earlier(desk: HouseDesk) -> Sequence[DraftCard]:
    """Return the drafts of the edition before today's."""
    return desk.store.editions(limit=2)[1].drafts


@contextmanager
def served(desk: HouseDesk) -> Iterator[str]:
    """Serve the desk on this machine and return its address."""
    server = create_server(create_app(desk), host="127.0.0.1", port=PORT, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.close()
        thread.join(timeout=5)


def pages(desk: HouseDesk) -> dict[str, str]:
    """Return the address of every page that a signed-in admin reaches by its name."""
    english, chinese, arabic = latest(desk)
    edition = desk.store.draft(english).edition
    going_out, long = (
        next(one.id for one in earlier(desk) if (one.locale, one.format) == ("en", post_format))
        for post_format in ("brief", "analysis")
    )
    going = {
        f"delivery-{one.state.value.replace('_', '-')}": f"/deliveries/{one.id}"
        for one in desk.store.latest_deliveries(limit=100)
    }
    return {
        "editions": "/",
        "edition": f"/editions/{edition}",
        "edition-rtl": f"/editions/{edition}?left=ar&right=en",
        "draft-approved": f"/drafts/{english}",
        "draft-blocked": f"/drafts/{chinese}",
        "draft-rtl": f"/drafts/{arabic}",
        "history": f"/drafts/{english}/history",
        "draft-going-out": f"/drafts/{going_out}",
        "draft-long": f"/drafts/{long}",
        "edition-long": f"/editions/{desk.store.draft(long).edition}?format=analysis",
        "deliveries": "/deliveries/",
        **going,
        "people": "/people",
        "profile": "/profile",
        "missing": "/no-such-page",
    }


class Photographer:
    """Goes through the pages in one look and keeps a picture of each."""

    def __init__(self, page: Page, base: str, folder: Path, *, axe: bool) -> None:
        """Photograph with `page` what stands at `base` into `folder`."""
        self._page = page
        self._base = base
        self._folder = folder
        self._axe = Axe() if axe else None
        self.violations: list[str] = []

    def take(self, name: str, path: str | None = None) -> None:
        """Keep a picture of an address, or of what is shown now."""
        if path is not None:
            self._page.goto(self._base + path)
        self._page.screenshot(path=self._folder / f"{name}.png", full_page=True)
        wide = self._page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if wide:
            self.violations.append(f"{self._folder.name}/{name}: wider than the screen")
        if self._axe is not None:
            for found in self._axe.run(self._page).response["violations"]:
                where = "; ".join(node["html"][:160] for node in found["nodes"][:3])
                self.violations.append(f"{self._folder.name}/{name}: {found['id']}: {where}")


def photograph(
    browser: Browser, base: str, desk: HouseDesk, folder: Path, look: Look, *, axe: bool
) -> list[str]:
    """Save every page in one look; return what is wrong with them."""
    folder = folder / look.name
    folder.mkdir(parents=True, exist_ok=True)
    mira = desk.people.first_person()
    desk.store.change_person(replace(mira, desk_locale=look.locale))
    context = browser.new_context(
        viewport={"width": look.width, "height": 900},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale=look.browser_locale,
        bypass_csp=axe,  # axe-core is a script of ours that no page carries
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{look.name}: {said.text}")
            if said.type == "error" and "404" not in said.text and "409" not in said.text
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(f"{look.name}: {error}"))
    camera = Photographer(page, base, folder, axe=axe)
    camera.take("sign-in", "/sign-in")
    camera.take("enter", f"/enter/{desk.people.issue_link(mira)}")
    page.click("main button")
    for name, path in pages(desk).items():
        camera.take(name, path)
    _conflict(page, base, desk)
    camera.take("conflict")
    page.goto(f"{base}/people")
    page.locator(".people button.quiet").first.click()
    camera.take("link")
    context.close()
    return [*complaints, *camera.violations]


def _conflict(page: Page, base: str, desk: HouseDesk) -> None:
    """Write into a passage while somebody else is faster."""
    chinese = latest(desk)[1]
    page.goto(f"{base}/drafts/{chinese}")
    card = desk.store.draft(chinese)
    sam = next(one for one in desk.store.people() if one.name == "Sam")
    title = desk.review.view(chinese).revision.passages[0].text
    desk.review.edit(chinese, card.revision, "title", f"{title}！", sam)
    form = page.locator("#passage-title form")
    form.locator(".rich-text").click()
    page.keyboard.press("End")
    page.keyboard.type("，另一句")
    form.locator("button.main").click()


def main() -> int:
    """Save the pictures; return 1 if a page complains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--axe", action="store_true")
    parser.add_argument("--look", choices=[look.name for look in LOOKS])
    asked = parser.parse_args()
    wrong: list[str] = []
    with (
        TemporaryDirectory() as scratch,
        served(desk := furnish(Path(scratch))) as base,
        sync_playwright() as playwright,
    ):
        fonts = Path(scratch) / "fonts.conf"
        fonts.write_text(FONTS.format(folder=ROOT / "composer" / "charts" / "fonts"), "utf-8")
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=list(ARGUMENTS),
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        for look in (look for look in LOOKS if asked.look in {None, look.name}):
            wrong += photograph(browser, base, desk, asked.folder, look, axe=asked.axe)
        browser.close()
        desk.store.close()
    print("\n".join(dict.fromkeys(wrong)) or f"every page is in {asked.folder}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
