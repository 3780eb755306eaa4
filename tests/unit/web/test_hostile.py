"""Script in every field and every market answer; every sentence of the desk translated."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask, g, request_tearing_down
from flask.testing import FlaskClient

from composer.figures.facts import Fact
from composer.newsroom.records.approvals import Approval, Rendition
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.drafts import DraftCard, DraftState
from composer.newsroom.records.people import Action, Event, Role
from composer.publishers.records import PostAddress
from composer.text.passages import Passage
from tests.unit.web.house import IMAGE, HouseDesk, add_draft, add_edition, in_chinese, token_of
from tests.unit.web.outlets import Gate
from web.headers import CONTENT_SECURITY_POLICY

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


class Tags(HTMLParser):
    """Reads a page as a browser does and keeps what could run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.live: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        ours = tag == "script" and str(values.get("src")).startswith("/static/js/")
        if (tag == "script" and not ours) or any(name.startswith("on") for name in values):
            self.live.append(str(self.get_starttag_text()))
        if any(str(value).startswith("javascript:") for value in values.values()):
            self.live.append(str(self.get_starttag_text()))


@pytest.fixture
def infested(desk: HouseDesk, facts: Mapping[str, Fact]) -> DraftCard:
    """Return a draft in which everything that somebody else wrote is hostile."""
    hostile = {key: replace(fact, source=HOSTILE) for key, fact in facts.items()}
    warnings = {"odd": HOSTILE}
    add_edition(desk.store, "infested", hostile, warnings=warnings)
    passages = (
        Passage(key="title", text=f"{HOSTILE} [[price]]", drop_order=1),
        Passage(key="source", text=f"{HOSTILE} [[as_of]]", editable=False),
    )
    desk.store.add_person(HOSTILE, Role.EDITOR, desk_locale="en")
    desk.store.put_account(Account(name=HOSTILE, platform=HOSTILE))
    desk.outlets[HOSTILE] = Gate(post_address=PostAddress(pattern="x", example=HOSTILE))
    return add_draft(desk.store, "infested", "en", passages, author=HOSTILE, alt=HOSTILE)


def _approve(desk: HouseDesk, draft: DraftCard) -> str:
    """Approve what no check would let pass, past the review; return its fingerprint."""
    rendition = Rendition(account=HOSTILE, text=HOSTILE, images=())
    desk.store.transition(
        draft,
        state=DraftState.APPROVED,
        events=[],
        approval=Approval(
            draft=draft.id,
            revision=1,
            snapshot=f"{draft.edition}:first",
            findings_sha256="0" * 64,
            renditions=(rendition,),
            approver=HOSTILE,
            approved_at=desk.clock(),
            expires_at=desk.clock() + timedelta(hours=1),
        ),
    )
    return rendition.sha256


def _deliver(desk: HouseDesk, draft: DraftCard, state: DeliveryState) -> Delivery:
    """Bring a delivery of what nobody would approve into a state, past its courier."""
    now = desk.clock()
    sha256 = _approve(desk, draft)
    event = Event(at=now, person=HOSTILE, action=Action.SENT, draft=draft.id, detail=HOSTILE)
    desk.store.queue_delivery(draft.id, HOSTILE, sha256, due_at=now, event=event)
    until = now + timedelta(minutes=5)
    claimed = desk.store.claim_delivery("w", now=now, until=until)
    assert claimed is not None
    in_hand = DeliveryState.SENDING
    if state is DeliveryState.AWAITING_PERSON:
        in_hand = state
    sent = desk.store.hand_over(claimed, "w", in_hand, until=until, event=event)
    if in_hand is state:
        return sent
    return desk.store.finish(sent, state, event=event, reference=HOSTILE, reason=HOSTILE)


def _pages(draft: DraftCard) -> list[str]:
    return [
        "/",
        f"/editions/{draft.edition}",
        f"/drafts/{draft.id}",
        f"/drafts/{draft.id}/history",
        "/people",
        "/profile",
        "/deliveries/",
    ]


def test_the_reader_of_pages_sees_what_would_run() -> None:
    assert len(Tags(HOSTILE).live) == 2


def test_what_others_wrote_is_shown_and_never_run(
    admin: FlaskClient, desk: HouseDesk, infested: DraftCard
) -> None:
    token = token_of(admin)
    named = desk.store.person_named(HOSTILE)
    assert named is not None
    delivery = _deliver(desk, infested, DeliveryState.AMBIGUOUS)
    place = f"/deliveries/{delivery.id}"
    desk.dispatch.hold(HOSTILE, HOSTILE, named)
    desk.dispatch.hold(None, HOSTILE, named)
    desk.review.request_changes(infested.id, 1, named, HOSTILE)
    path = f"/drafts/{infested.id}/passages/title"
    form = {"csrf_token": token, "text": HOSTILE, "revision": "1"}
    answers = [admin.get(page) for page in [*_pages(infested), place]]
    answers.append(admin.post(f"{place}/confirm", data=form | {"address": HOSTILE}))
    answers.append(admin.post("/deliveries/hold", data=form | {"account": HOSTILE, "reason": ""}))
    answers.append(admin.post("/deliveries/release", data=form | {"account": HOSTILE * 2}))
    answers.append(admin.post(path, data=form | {"revision": "9"}))
    answers.append(admin.post(path, data=form | {"text": f"{HOSTILE}\x07"}))
    answers.append(admin.post(path, data=form | {"csrf_token": HOSTILE}))
    answers.append(
        admin.post(
            f"/drafts/{infested.id}/reject", data=form | {"reason": HOSTILE, "revision": "9"}
        )
    )
    answers.append(
        admin.post("/people", data=form | {"role": HOSTILE, "name": "x", "desk_locale": "en"})
    )
    answers.append(admin.post(f"/people/{named.id}/link", data=form))
    answers.append(admin.get("/", query_string={"before": HOSTILE}))
    answers.append(admin.get(f"/editions/{HOSTILE}"))
    answers.append(admin.post("/profile/language", data=form | {"locale": HOSTILE}))
    answers.append(
        admin.get(
            f"/editions/{infested.edition}", query_string={"left": HOSTILE, "format": HOSTILE}
        )
    )
    for answer in answers:
        assert Tags(answer.text).live == [], answer.request.path
        assert "onerror=alert(2)>49" not in answer.text
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    shown = answers[2].text
    assert shown.count("&lt;script&gt;") > 10
    assert "&lt;script&gt;" in answers[3].text, "reasons and names in the history"


def test_strangers_see_their_own_words_escaped(anonymous: FlaskClient) -> None:
    form = {"csrf_token": token_of(anonymous, "/sign-in"), "name": HOSTILE, "password": "x"}
    for answer in (
        anonymous.post("/sign-in", data=form),
        anonymous.get("/sign-in", query_string={"next": f"/{HOSTILE}"}),
        anonymous.get(f"/enter/{HOSTILE.replace('/', '')}"),
    ):
        assert Tags(answer.text).live == []
        assert "&lt;script&gt;" in answer.text or "%3Cscript%3E" in answer.text


@pytest.mark.parametrize("state", [DeliveryState.AWAITING_PERSON, DeliveryState.ACCEPTED])
def test_a_delivery_shows_what_others_wrote_and_never_runs_it(
    admin: FlaskClient, desk: HouseDesk, infested: DraftCard, state: DeliveryState
) -> None:
    delivery = _deliver(desk, infested, state)
    for path in (f"/deliveries/{delivery.id}", f"/drafts/{infested.id}", "/deliveries/"):
        page = admin.get(path).text
        assert Tags(page).live == []
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_no_sentence_of_the_desk_is_without_translation(
    app: Flask, admin: FlaskClient, desk: HouseDesk, infested: DraftCard, locale: str
) -> None:
    gaps: list[str] = []

    def collect(_app: Flask, **_error: object) -> None:
        if "desk_catalog" in g:
            gaps.extend(g.desk_catalog.gaps)

    request_tearing_down.connect(collect, app)
    if locale != "en":
        in_chinese(desk, "admin")
    token = token_of(admin)
    delivery = _deliver(desk, infested, DeliveryState.AMBIGUOUS)
    for page in [*_pages(infested), f"/deliveries/{delivery.id}"]:
        assert admin.get(page).status_code == 200
    form = {"csrf_token": token, "revision": "9", "text": "x"}
    assert admin.post(f"/drafts/{infested.id}/passages/title", data=form).status_code == 409
    admin.get("/nowhere")
    assert admin.get(f"/images/{IMAGE}.png").status_code == 200
    assert gaps == []
