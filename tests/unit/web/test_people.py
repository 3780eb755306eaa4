"""Admins add people, change roles, and hand out links that are shown once."""

import re

import pytest
from flask.testing import FlaskClient

from composer.newsroom.records.people import Role
from tests.unit.web.house import HouseDesk, token_of


def test_a_new_person_gets_a_link_that_works_once(
    admin: FlaskClient, anonymous: FlaskClient, desk: HouseDesk
) -> None:
    form = {"csrf_token": token_of(admin), "name": "Ana", "role": "editor", "desk_locale": "en"}
    page = admin.post("/people", data=form).text
    found = re.search(r"http://localhost(/enter/[\w-]+)", page)
    assert found
    assert found[1] not in admin.get("/people").text
    form = {"csrf_token": token_of(anonymous, found[1])}
    assert anonymous.post(found[1], data=form).status_code == 303
    assert "Ana" in anonymous.get("/profile").text
    ana = desk.store.person_named("Ana")
    assert ana is not None
    assert ana.role is Role.EDITOR


def test_an_admin_changes_others_but_not_himself(admin: FlaskClient, desk: HouseDesk) -> None:
    token = token_of(admin)
    creator, himself = desk.store.person_named("creator"), desk.store.person_named("admin")
    assert creator is not None
    assert himself is not None
    form = {"csrf_token": token, "role": "editor"}
    assert admin.post(f"/people/{creator.id}", data=form).status_code == 303
    changed = desk.store.person(creator.id)
    assert (changed.role, changed.active) == (Role.EDITOR, False)
    assert admin.post(f"/people/{creator.id}/link", data=form).status_code == 404
    assert admin.post(f"/people/{himself.id}", data=form).status_code == 400
    assert desk.store.person(himself.id).role is Role.ADMIN


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"name": "a\x00b"},
        {"role": "owner"},
        {"desk_locale": "xx"},
    ],
)
def test_wrong_people_are_refused(
    admin: FlaskClient, desk: HouseDesk, wrong: dict[str, str]
) -> None:
    form = {"csrf_token": token_of(admin), "name": "Ana", "role": "editor", "desk_locale": "en"}
    before = len(desk.store.people())
    assert admin.post("/people", data=form | wrong).status_code == 400
    assert len(desk.store.people()) == before


def test_a_name_is_given_once(admin: FlaskClient) -> None:
    form = {"csrf_token": token_of(admin), "name": "editor", "role": "editor", "desk_locale": "en"}
    answer = admin.post("/people", data=form)
    assert 400 <= answer.status_code < 500


def test_everyone_chooses_his_language(creator: FlaskClient) -> None:
    form = {"csrf_token": token_of(creator), "locale": "zh_Hans"}
    assert creator.post("/profile/language", data=form).status_code == 303
    assert "界面语言" in creator.get("/profile").text
    assert creator.post("/profile/language", data=form | {"locale": "tlh"}).status_code == 400


def test_the_language_of_strangers_is_what_their_browser_asks_for(anonymous: FlaskClient) -> None:
    for asked, word in (("zh-CN,zh;q=0.9", "登录"), ("de", "Sign in"), ("en-GB", "Sign in")):
        assert word in anonymous.get("/sign-in", headers={"Accept-Language": asked}).text


def test_people_are_listed_by_page(admin: FlaskClient, desk: HouseDesk) -> None:
    for number in range(60):
        desk.store.add_person(f"person {number:02}", Role.CREATOR, desk_locale="en")
    assert "person 59" not in admin.get("/people").text
    assert "person 59" in admin.get("/people?page=2").text
    assert admin.get("/people?page=x").status_code == 200
