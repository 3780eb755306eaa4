"""Every route times every role; forms without their token; guesses; foreign hosts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from composer.newsroom.records.deliveries import Delivery
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Role
from tests.unit.web.house import EDITION, IMAGE, PASSWORD, HouseDesk, token_of
from web import create_app
from web.access import ACCESS, may
from web.headers import CONTENT_SECURITY_POLICY

RANKS = {None: 0, Role.CREATOR: 1, Role.EDITOR: 2, Role.ADMIN: 3}


@pytest.fixture
def delivery(desk: HouseDesk, english: DraftCard) -> Delivery:
    """Return a delivery that is queued."""
    editor = desk.store.person_named("editor")
    assert editor is not None
    desk.review.approve(english.id, 1, editor, ["archive"])
    return desk.store.deliveries(english.id)[0]


def _address(rule: Rule, app: Flask, delivery: Delivery) -> str:
    values = {
        "edition_id": EDITION,
        "draft_id": delivery.draft,
        "delivery_id": delivery.id,
        "key": "title",
        "sha256": IMAGE,
        "person_id": 1,
        "token": "no-such-token",
        "filename": "desk.css",
        "name": "SquaredeskSansSC-Regular.otf",
    }
    chosen: dict[str, Any] = {name: values[name] for name in rule.arguments}
    with app.test_request_context("/"):
        return url_for(rule.endpoint, **chosen)


def _method(rule: Rule) -> str:
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ACCESS)


@pytest.mark.parametrize("role", [None, *Role])
def test_every_route_is_open_to_its_roles_only(
    app: Flask,
    anonymous: FlaskClient,
    signed_in_as: Callable[[str], FlaskClient],
    delivery: Delivery,
    role: Role | None,
) -> None:
    client = anonymous if role is None else signed_in_as(role.value)
    # Last, because it ends the session that the others need.
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint == "sign_in.sign_out")
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in rules:
        answer = client.open(_address(rule, app, delivery), method=_method(rule))
        answer.close()
        least = ACCESS[rule.endpoint]
        if rule.endpoint in {"sign_in.submit", "sign_in.redeem_link"}:
            assert answer.status_code == 403, "wrong secrets, not a wrong role"
            assert 'role="alert"' in answer.text
        elif RANKS[role] >= RANKS[least]:
            assert answer.status_code not in {401, 403}, rule
            assert not (answer.location or "").startswith("/sign-in?next="), rule
        elif role is None and _method(rule) == "GET":
            assert answer.status_code == 303, rule
            assert answer.location.startswith("/sign-in?next="), rule
        else:
            assert answer.status_code == 403, rule


def test_a_route_outside_the_table_is_closed_even_to_admins(desk: HouseDesk) -> None:
    admin = desk.store.person_named("admin")
    assert admin is not None
    assert not may("backstage.show", admin)
    assert may("people.index", admin)


def test_a_person_who_was_shut_out_is_out_at_once(creator: FlaskClient, desk: HouseDesk) -> None:
    person = desk.store.person_named("creator")
    assert person is not None
    desk.store.change_person(replace(person, active=False))
    assert creator.get("/").status_code == 303


def test_a_new_password_ends_other_sessions(
    signed_in_as: Callable[[str], FlaskClient], desk: HouseDesk
) -> None:
    here, there = signed_in_as("editor"), signed_in_as("editor")
    form = {"csrf_token": token_of(here), "new": PASSWORD, "again": PASSWORD}
    assert here.post("/profile/password", data=form).status_code == 303
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    assert desk.people.sign_in("editor", PASSWORD).name == "editor"


def test_a_password_is_changed_only_with_the_old_one(
    anonymous: FlaskClient, desk: HouseDesk
) -> None:
    person = desk.store.person_named("editor")
    assert person is not None
    desk.people.set_password(person, PASSWORD)
    sign_in = {
        "name": "editor",
        "password": PASSWORD,
        "csrf_token": token_of(anonymous, "/sign-in"),
    }
    assert anonymous.post("/sign-in", data=sign_in).status_code == 303
    form = {
        "csrf_token": token_of(anonymous),
        "current": "a wrong one",
        "new": "another sentence",
        "again": "another sentence",
    }
    assert anonymous.post("/profile/password", data=form).status_code == 400
    form["current"] = PASSWORD
    assert anonymous.post("/profile/password", data=form | {"again": "x"}).status_code == 400
    assert anonymous.post("/profile/password", data=form | {"new": "s", "again": "s"}).text.count(
        "12 to 256"
    )
    assert anonymous.post("/profile/password", data=form).status_code == 303


def test_every_form_needs_its_token(app: Flask, admin: FlaskClient, delivery: Delivery) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            path = _address(rule, app, delivery)
            assert admin.post(path, data={"revision": "1"}).status_code == 400, rule
            assert admin.post(path, json={"revision": 1}).status_code == 400, rule


def test_a_refused_form_gives_back_what_was_written(admin: FlaskClient, english: DraftCard) -> None:
    answer = admin.post(f"/drafts/{english.id}/passages/title", data={"text": "my only copy"})
    assert answer.status_code == 400
    assert "my only copy" in answer.text


def test_a_link_is_spent_by_its_button_and_only_once(
    anonymous: FlaskClient, desk: HouseDesk
) -> None:
    person = desk.store.person_named("creator")
    assert person is not None
    path = f"/enter/{desk.people.issue_link(person)}"
    for _scanner in range(3):
        assert anonymous.get(path).status_code == 200
        assert anonymous.get("/").status_code == 303
    form = {"csrf_token": token_of(anonymous, path)}
    entered = anonymous.post(path, data=form)
    assert entered.status_code == 303
    assert "Set a password" in anonymous.get(entered.location).text
    form["csrf_token"] = token_of(anonymous)
    assert anonymous.post(path, data=form).status_code == 403


def test_guesses_are_slowed_down_per_name_and_say_until_when(app: Flask, desk: HouseDesk) -> None:
    with time_machine.travel(desk.clock(), tick=False) as traveller:
        client = app.test_client()
        form = {"name": "Editor", "password": "guess", "csrf_token": token_of(client, "/sign-in")}
        answers = [client.post("/sign-in", data=form) for _guess in range(7)]
        assert [answer.status_code for answer in answers] == [403] * 6 + [429]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 15 * 60 + 1
        assert "Next attempt:" in answers[-1].text
        elsewhere = {"REMOTE_ADDR": "10.0.0.9"}
        spelt = form | {"name": " editor "}
        assert client.post("/sign-in", data=spelt, environ_base=elsewhere).status_code == 429
        other = form | {"name": "somebody else"}
        assert client.post("/sign-in", data=other).status_code == 403
        traveller.shift(15 * 60 + 1)
        assert client.post("/sign-in", data=form).status_code == 403


def test_guesses_are_slowed_down_per_address(app: Flask) -> None:
    client = app.test_client()
    token = token_of(client, "/sign-in")
    codes = [
        client.post(
            "/sign-in", data={"name": f"name {guess}", "password": "x", "csrf_token": token}
        ).status_code
        for guess in range(21)
    ]
    assert codes == [403] * 20 + [429]


@pytest.mark.parametrize("place", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_sign_in_leads_to_no_other_site(
    anonymous: FlaskClient, desk: HouseDesk, place: str
) -> None:
    person = desk.store.person_named("editor")
    assert person is not None
    desk.people.set_password(person, PASSWORD)
    form = {"name": "editor", "password": PASSWORD, "next": place}
    form["csrf_token"] = token_of(anonymous, "/sign-in")
    assert anonymous.post("/sign-in", data=form).location == "/"


def test_after_sign_in_one_is_where_one_wanted_to_be(
    anonymous: FlaskClient, desk: HouseDesk
) -> None:
    person = desk.store.person_named("editor")
    assert person is not None
    desk.people.set_password(person, PASSWORD)
    asked = anonymous.get("/drafts/1/history?page=2").location
    form = {"name": "editor", "password": PASSWORD, "csrf_token": token_of(anonymous, asked)}
    assert 'value="/drafts/1/history?page=2"' in anonymous.get(asked).text
    form["next"] = "/drafts/1/history?page=2"
    assert anonymous.post("/sign-in", data=form).location == "/drafts/1/history?page=2"


def test_foreign_hosts_are_refused(anonymous: FlaskClient, editor: FlaskClient) -> None:
    for client in (anonymous, editor):
        answer = client.get("/", base_url="http://evil.example")
        assert answer.status_code == 400
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_every_answer_carries_the_headers(
    anonymous: FlaskClient, editor: FlaskClient, english: DraftCard
) -> None:
    for answer in (
        anonymous.get("/sign-in"),
        anonymous.get("/"),
        anonymous.get("/static/desk.css"),
        editor.get(f"/drafts/{english.id}"),
        editor.get(f"/images/{IMAGE}.png"),
        editor.get("/people"),
        editor.get("/nowhere"),
    ):
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        answer.close()
    assert editor.get("/").headers["Cache-Control"] == "no-store"


def test_the_cookie_is_for_the_server_only(desk: HouseDesk) -> None:
    for secure, name in ((False, "squaredesk="), (True, "__Host-squaredesk=")):
        client = create_app(replace(desk, secure_cookies=secure)).test_client()
        base = "https://localhost" if secure else "http://localhost"
        cookie = client.get("/sign-in", base_url=base).headers["Set-Cookie"]
        assert cookie.startswith(name)
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is secure


def test_a_long_request_is_refused_with_a_page(editor: FlaskClient, english: DraftCard) -> None:
    form = {"text": "x" * 200_000, "csrf_token": token_of(editor), "revision": "1"}
    answer = editor.post(f"/drafts/{english.id}/passages/title", data=form)
    assert answer.status_code == 413
    assert "too long" in answer.text


def test_images_are_kept_by_the_browser_of_who_is_signed_in(
    anonymous: FlaskClient, editor: FlaskClient
) -> None:
    answer = editor.get(f"/images/{IMAGE}.png")
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert editor.get(f"/images/{'0' * 64}.png").status_code == 404
    assert anonymous.get(f"/images/{IMAGE}.png").status_code == 303


def test_what_breaks_is_not_told(
    app: Flask, editor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_values: object) -> None:
        msg = "the secret inside"
        raise RuntimeError(msg)

    monkeypatch.setitem(app.view_functions, "drafts.show", broken)
    answer = editor.get("/drafts/1")
    assert answer.status_code == 500
    assert "the secret inside" not in answer.text
    assert "Traceback" not in answer.text
