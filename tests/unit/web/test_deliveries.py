"""Deliveries at the desk: what people see of them, and what they can say and stop."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from composer.errors import PublishError, UnclearAnswerError
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Person
from composer.publishers.records import Receipt
from composer.text.campaigns import Campaign
from composer.text.presence import Presence
from tests.unit.web.house import EDITION, UNDO, HouseDesk, token_of
from tests.unit.web.outlets import GATE_POST, SQUARE_POST, Gate, Square
from web import create_app

LOST = UnclearAnswerError("HTTP 504: nobody answered in time")
FOREIGN = "https://elsewhere.example/post/1"


@pytest.fixture
def maria(desk: HouseDesk) -> Person:
    """Return the editor, with a platform of either kind to send to."""
    for name, platform in (("gate", "gate_square"), ("square", "binance_square")):
        desk.store.put_account(Account(name=name, platform=platform))
    desk.outlets.update(gate=Gate(), square=Square(answer=LOST))
    person = desk.store.person_named("editor")
    assert person is not None
    return person


@pytest.fixture
def queued(desk: HouseDesk, english: DraftCard, maria: Person) -> Delivery:
    """Return a delivery within its undo window."""
    return _queue(desk, english, "square", maria)


@pytest.fixture
def unclear(desk: HouseDesk, queued: Delivery) -> Delivery:
    """Return a delivery of which nobody knows whether it arrived."""
    assert desk.carry().state is DeliveryState.AMBIGUOUS
    return desk.store.delivery(queued.id)


@pytest.fixture
def handed(desk: HouseDesk, english: DraftCard, maria: Person) -> Delivery:
    """Return a delivery that waits for a person to post it."""
    _queue(desk, english, "gate", maria)
    assert desk.carry().state is DeliveryState.AWAITING_PERSON
    return desk.store.deliveries(english.id)[0]


def _queue(desk: HouseDesk, draft: DraftCard, account: str, by: Person) -> Delivery:
    if desk.store.approval(draft.id) is None:
        desk.review.approve(draft.id, draft.revision, by, [])
    return desk.dispatch.queue(draft.id, draft.revision, account, by)


def _path(delivery: Delivery) -> str:
    return f"/deliveries/{delivery.id}"


def _post(client: FlaskClient, delivery: Delivery, deed: str, **form: str) -> tuple[int, str]:
    """Send a form of the page of a delivery, and return the answer or where it leads."""
    sent = {"csrf_token": token_of(client), "attempt": str(delivery.attempts), **form}
    answer = client.post(f"{_path(delivery)}/{deed}", data=sent)
    return answer.status_code, answer.location or answer.text


def _switch(client: FlaskClient, deed: str, **form: str) -> tuple[int, str]:
    form["csrf_token"] = token_of(client)
    answer = client.post(f"/deliveries/{deed}", data=form)
    return answer.status_code, answer.text


def _state(desk: HouseDesk, delivery: Delivery) -> DeliveryState:
    return desk.store.delivery(delivery.id).state


def _section(page: str, name: str) -> str:
    return page.split(f'aria-labelledby="{name}"')[1].split("</section>", maxsplit=1)[0]


def test_the_list_has_first_what_a_person_has_to_decide(
    desk: HouseDesk, english: DraftCard, maria: Person, unclear: Delivery, editor: FlaskClient
) -> None:
    _queue(desk, english, "gate", maria)
    desk.carry()
    waiting = _queue(desk, english, "archive", maria)
    page = editor.get("/deliveries/").text
    ask, way, ended = (_section(page, name) for name in ("ask", "way", "ended"))
    assert "Needs confirmation" in ask
    assert "HTTP 504" in ask
    assert "Waits for a person" in ask
    assert f'href="{_path(unclear)}"' in ask
    assert f'href="{_path(waiting)}"' in way
    assert "Queued" in way
    assert "Nothing was sent yet." in ended


@pytest.mark.parametrize("name", ["creator", "editor"])
def test_every_page_counts_what_is_to_decide(
    name: str, unclear: Delivery, signed_in_as: Callable[[str], FlaskClient], desk: HouseDesk
) -> None:
    client = signed_in_as(name)
    assert '<span class="count">1 to decide</span>' in client.get("/").text
    desk.outlets["square"] = Square(answer=LOST)
    editor = signed_in_as("editor")
    _post(editor, unclear, "give-up")
    assert "to decide" not in client.get("/").text


def test_a_creator_sees_but_does_not_decide(unclear: Delivery, creator: FlaskClient) -> None:
    page = creator.get(_path(unclear)).text
    assert "nobody knows whether it arrived" in page
    assert "<form" not in page.split("<main")[1]
    for deed in ("confirm", "search", "send-again", "give-up", "stop"):
        assert _post(creator, unclear, deed, address=SQUARE_POST)[0] == 403
    for deed in ("hold", "release"):
        assert _switch(creator, deed, account="", reason="x")[0] == 403
    assert "<form" not in creator.get("/deliveries/").text.split("<main")[1]


def test_what_needs_confirmation_is_shown_with_the_platforms_own_words(
    unclear: Delivery, editor: FlaskClient
) -> None:
    page = editor.get(_path(unclear)).text
    assert "HTTP 504: nobody answered in time</q>" in page
    assert "it stands there twice" in page
    assert f"{SQUARE_POST}</code>" in page
    assert "It is not there: send again" in page
    assert "Search for it" not in page, "this platform has no search"
    draft = editor.get(f"/drafts/{unclear.draft}").text
    assert f'<a class="button main" href="{_path(unclear)}">Look and decide' in draft


def test_the_address_of_the_post_is_kept(
    desk: HouseDesk, unclear: Delivery, editor: FlaskClient
) -> None:
    pasted = f" {SQUARE_POST}?utm=share "
    assert _post(editor, unclear, "confirm", address=pasted) == (303, _path(unclear))
    kept = desk.store.delivery(unclear.id)
    assert (kept.state, kept.reference) == (DeliveryState.ACCEPTED, SQUARE_POST)
    page = editor.get(_path(unclear)).text
    assert "Kept as published." in page
    assert f'href="{SQUARE_POST}"' in page
    assert _post(editor, unclear, "confirm", address=SQUARE_POST)[0] == 400, "nobody asks now"


def test_a_foreign_address_is_refused_and_given_back(
    desk: HouseDesk, unclear: Delivery, editor: FlaskClient
) -> None:
    status, page = _post(editor, unclear, "confirm", address=FOREIGN)
    assert status == 400
    assert "is no address of a post there" in page
    assert f'value="{FOREIGN}"' in page
    assert _state(desk, unclear) is DeliveryState.AMBIGUOUS


def test_the_post_of_another_delivery_is_refused(
    desk: HouseDesk, english: DraftCard, maria: Person, unclear: Delivery, editor: FlaskClient
) -> None:
    chinese = next(one for one in desk.store.edition(EDITION).drafts if one.id != english.id)
    desk.outlets["square"] = Square(answer=Receipt(reference=SQUARE_POST))
    other = _queue(desk, chinese, "square", maria)
    assert desk.carry().reference == SQUARE_POST
    status, page = _post(editor, unclear, "confirm", address=SQUARE_POST)
    assert status == 400
    assert f"is the post of delivery {other.id} already" in page
    assert _state(desk, unclear) is DeliveryState.AMBIGUOUS


def test_what_is_not_there_is_sent_again_after_the_undo_window(
    desk: HouseDesk, unclear: Delivery, editor: FlaskClient
) -> None:
    assert _post(editor, unclear, "send-again")[0] == 303
    again = desk.store.delivery(unclear.id)
    assert (again.state, again.due_at) == (DeliveryState.QUEUED, desk.clock() + UNDO)
    page = editor.get(_path(unclear)).text
    assert "It will be sent again." in page
    assert "Stop: do not send" in page
    desk.outlets["square"] = Square(answer=Receipt(reference=SQUARE_POST))
    assert desk.carry().state is DeliveryState.ACCEPTED


@pytest.mark.parametrize("deed", ["send-again", "give-up"])
def test_who_looked_before_the_latest_attempt_looks_again(
    desk: HouseDesk, unclear: Delivery, editor: FlaskClient, deed: str
) -> None:
    """Two editors looked; one had it sent again, and that was unclear too."""
    assert _post(editor, unclear, "send-again")[0] == 303
    assert desk.carry().attempts == 2
    status, page = _post(editor, unclear, deed)
    assert status == 409
    assert "sent again since you looked" in page
    assert 'name="attempt" value="2"' in page
    assert _state(desk, unclear) is DeliveryState.AMBIGUOUS
    assert _post(editor, unclear, deed, attempt="nonsense")[0] == 400


def test_what_is_not_approved_any_more_is_not_sent_again(
    desk: HouseDesk, unclear: Delivery, editor: FlaskClient
) -> None:
    desk.clock.now += timedelta(hours=3)
    assert _post(editor, unclear, "send-again")[0] == 303
    assert _state(desk, unclear) is DeliveryState.EXPIRED
    page = editor.get(_path(unclear)).text
    assert "approve the draft again" in page
    assert "It will be sent again." not in page


def test_giving_up_ends_it(desk: HouseDesk, unclear: Delivery, editor: FlaskClient) -> None:
    assert _post(editor, unclear, "give-up")[0] == 303
    assert _state(desk, unclear) is DeliveryState.CANCELLED
    assert "not posted, says editor" in editor.get(_path(unclear)).text


def test_an_account_that_is_gone_leaves_a_way_out(
    desk: HouseDesk, unclear: Delivery, editor: FlaskClient
) -> None:
    del desk.outlets["square"]
    page = editor.get(_path(unclear)).text
    assert "nothing stands behind square" in page
    assert "send again" not in _section(page, "not-there")
    assert _post(editor, unclear, "confirm", address=SQUARE_POST)[0] == 502
    assert _post(editor, unclear, "give-up")[0] == 303
    assert _state(desk, unclear) is DeliveryState.CANCELLED


def test_a_campaign_that_ended_is_told_where_the_text_is_copied(
    desk: HouseDesk, english: DraftCard, maria: Person, editor: FlaskClient
) -> None:
    ends = desk.clock.now + timedelta(hours=1)
    cup = Campaign(name="cup", starts=desk.clock.now, ends=ends, texts={"en": "## The Cup\nJoin."})
    desk.presences["gate"] = Presence(campaigns=(cup,))
    queued = _queue(desk, english, "gate", maria)
    assert desk.carry().state is DeliveryState.AWAITING_PERSON
    told = f"campaign_over: {cup.told_over()}"
    page = editor.get(_path(queued)).text
    assert told not in page
    assert "gate.example/en/write" in page
    desk.clock.now = ends
    page = editor.get(_path(queued)).text
    assert f"</span> {told}</p>" in _section(page, "ask").split("<textarea")[0]
    assert "gate.example/en/write" not in page


def test_who_posts_by_hand_gets_text_images_and_the_way_there(
    desk: HouseDesk, handed: Delivery, editor: FlaskClient
) -> None:
    page = editor.get(_path(handed)).text
    rendition = desk.store.rendition_of(handed.id)
    shown = page.split('<textarea id="post"')[1].split(">\n", 1)[1].split("</textarea>")[0]
    assert shown.replace("&#39;", "'").replace("&amp;", "&") == rendition.text
    assert 'href="https://gate.example/en/write"' in page, "in the language of the draft"
    assert f'download="{EDITION}.en.1.png"' in page
    assert "send again" not in page
    assert _post(editor, handed, "send-again")[0] == 400
    draft = editor.get(f"/drafts/{handed.draft}").text
    assert f'<a class="button main" href="{_path(handed)}">Post it by hand' in draft
    assert _post(editor, handed, "confirm", address=GATE_POST)[0] == 303
    assert desk.store.delivery(handed.id).reference == GATE_POST


@pytest.mark.parametrize(
    ("lost", "why"),
    [("edit", "edited"), ("time", "the approval ran out"), ("another approval", "edited")],
)
def test_what_is_not_approved_any_more_is_not_posted_by_hand(
    desk: HouseDesk, handed: Delivery, maria: Person, editor: FlaskClient, lost: str, why: str
) -> None:
    if lost == "time":
        desk.clock.now += timedelta(hours=3)
    else:
        desk.review.edit(handed.draft, 1, "title", "BTC again", maria)
    if lost == "another approval":
        desk.review.approve(handed.draft, 2, maria, [])
    page = editor.get(_path(handed)).text
    assert "Do not post it any more." in page
    assert f"</span> {why}</p>" in page
    assert "gate.example/en/write" not in page
    assert _post(editor, handed, "give-up")[0] == 303
    assert _state(desk, handed) is DeliveryState.CANCELLED


def test_a_search_keeps_what_it_finds(
    desk: HouseDesk, handed: Delivery, editor: FlaskClient
) -> None:
    assert _post(editor, handed, "search")[0] == 303
    assert "Not found yet." in editor.get(_path(handed)).text
    assert _state(desk, handed) is DeliveryState.AWAITING_PERSON

    desk.outlets["gate"] = Gate(found=PublishError("Gate Square does not answer"))
    status, page = _post(editor, handed, "search")
    assert status == 502
    assert "Gate Square does not answer" in page

    desk.outlets["gate"] = Gate(found=Receipt(reference=GATE_POST))
    assert _post(editor, handed, "search")[0] == 303
    assert "Found. Kept as published." in editor.get(_path(handed)).text
    assert desk.store.delivery(handed.id).reference == GATE_POST


def test_a_platform_without_a_search_is_not_asked(
    desk: HouseDesk, handed: Delivery, unclear: Delivery, editor: FlaskClient
) -> None:
    desk.outlets["gate"] = Gate(can_search=False)
    assert "Search for it" not in editor.get(_path(handed)).text
    for delivery in (handed, unclear):
        assert _post(editor, delivery, "search")[0] == 400


def test_an_approval_queues_what_was_chosen_and_is_stopped_in_time(
    desk: HouseDesk, english: DraftCard, maria: Person, editor: FlaskClient
) -> None:
    assert maria.name == "editor"
    page = editor.get(f"/drafts/{english.id}").text
    assert "It goes out 2 min after the approval" in page
    assert 'name="send_to" value="square">' in page
    form = {"csrf_token": token_of(editor), "revision": "1", "send_to": ["square", "gate"]}
    assert editor.post(f"/drafts/{english.id}/approve", data=form).status_code == 303
    square, gate = sorted(desk.store.deliveries(english.id), key=lambda one: one.account)[::-1]
    page = editor.get(f"/drafts/{english.id}").text
    assert "2026-06-10T08:04:00Z" in page.split("Passages")[0], "when it goes out, above all"
    assert page.count("Stop: do not send") == 2
    status, place = _post(editor, square, "stop", draft=str(english.id))
    assert (status, place) == (303, f"/drafts/{english.id}")
    page = editor.get(place).text
    assert "Stopped: nothing is sent." in page
    assert page.count("Stop: do not send") == 1
    assert "stopped by editor" in page
    assert desk.carry().id == gate.id
    assert _state(desk, square) is DeliveryState.CANCELLED


def test_an_account_that_cannot_take_it_is_not_sent_to(
    desk: HouseDesk, english: DraftCard, editor: FlaskClient
) -> None:
    form = {"csrf_token": token_of(editor), "revision": "1", "send_to": "nowhere"}
    answer = editor.post(f"/drafts/{english.id}/approve", data=form)
    assert answer.status_code == 400
    assert "nowhere cannot take this draft" in answer.text
    assert desk.store.approval(english.id) is None


def test_it_can_be_too_late_to_stop(
    desk: HouseDesk, unclear: Delivery, editor: FlaskClient
) -> None:
    status, page = _post(editor, unclear, "stop")
    assert status == 400
    assert "it cannot be stopped" in page
    assert _state(desk, unclear) is DeliveryState.AMBIGUOUS


def test_a_house_without_an_undo_window_says_so(
    desk: HouseDesk, english: DraftCard, maria: Person
) -> None:
    client = create_app(replace(desk, undo=timedelta(0))).test_client()
    path = f"/enter/{desk.people.issue_link(maria)}"
    client.post(path, data={"csrf_token": token_of(client, path)})
    assert "It goes out at once." in client.get(f"/drafts/{english.id}").text


@pytest.mark.parametrize("account", ["square", ""])
def test_a_hold_stops_sending_until_it_is_released(
    desk: HouseDesk, queued: Delivery, editor: FlaskClient, account: str
) -> None:
    desk.outlets["square"] = Square(answer=Receipt(reference=SQUARE_POST))
    status, page = _switch(editor, "hold", account=account, reason=" ")
    assert status == 400
    assert 'role="alert"' in page
    assert _switch(editor, "hold", account=account, reason="the key leaked")[0] == 303
    page = editor.get("/deliveries/").text
    assert "Held: nothing more is sent." in page
    assert "the key leaked" in page
    assert "Held: nothing is sent" in _section(page, "way")
    desk.clock.now += timedelta(minutes=10)
    assert "Overdue" not in editor.get("/deliveries/").text, "nobody is late for what is held"
    for path in (_path(queued), f"/drafts/{queued.draft}"):
        assert "Held: nothing is sent" in editor.get(path).text
    assert desk.store.claim_delivery("w", now=desk.clock(), until=desk.clock()) is None
    assert _switch(editor, "release", account=account)[0] == 303
    assert "the key leaked" not in editor.get("/deliveries/").text
    assert desk.carry().state is DeliveryState.ACCEPTED


@pytest.mark.parametrize("deed", ["hold", "release"])
def test_a_switch_names_what_it_switches(editor: FlaskClient, deed: str, desk: HouseDesk) -> None:
    assert _switch(editor, deed, reason="x")[0] == 400
    assert _switch(editor, deed, reason="x", account="nowhere")[0] == 404
    assert desk.store.house_hold() is None


def test_what_nobody_sends_is_overdue(
    desk: HouseDesk, queued: Delivery, editor: FlaskClient
) -> None:
    pages = ("/deliveries/", _path(queued), f"/drafts/{queued.draft}")
    desk.clock.now += UNDO + timedelta(minutes=1)
    assert not any("Overdue" in editor.get(path).text for path in pages)
    desk.clock.now += timedelta(minutes=2)
    assert all("Overdue" in editor.get(path).text for path in pages)


def test_there_is_no_delivery_of_that_number(editor: FlaskClient, queued: Delivery) -> None:
    assert editor.get("/deliveries/99").status_code == 404
    assert editor.get("/deliveries/99999999999").status_code == 404
    for deed in ("stop", "confirm", "search", "send-again", "give-up"):
        assert _post(editor, replace(queued, id=99), deed)[0] == 404
