"""Who may sign in, for admins."""

import unicodedata
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from composer.errors import RefusedError
from composer.newsroom.people import LINK_LASTS
from composer.newsroom.records.people import Person, Role
from web.desk import the_desk
from web.language import desk_locales, t
from web.page import page_number
from web.session import the_person

blueprint = Blueprint("people", __name__, url_prefix="/people")

PER_PAGE = 50
LONGEST_NAME = 80


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List everyone."""
    everyone, page = the_desk().store.people(), page_number()
    return render_template(
        "people.html",
        people=everyone[(page - 1) * PER_PAGE : page * PER_PAGE],
        roles=list(Role),
        page=page,
        more=len(everyone) > page * PER_PAGE,
    )


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Add a person and show the link he signs in with first."""
    locale = request.form.get("desk_locale", "")
    if locale not in desk_locales():
        msg = f"the desk does not speak {locale!r}"
        raise RefusedError(msg)
    name = _name(request.form.get("name", ""))
    return _link_page(the_desk().store.add_person(name, _role(), desk_locale=locale))


@blueprint.post("/<int(max=2147483647):person_id>")
def change(person_id: int) -> ResponseReturnValue:
    """Change a person's role, and whether he may sign in."""
    store = the_desk().store
    person = store.person(person_id)
    if person.id == the_person().id:
        msg = "nobody changes his own role, so that the house keeps an admin; ask another admin"
        raise RefusedError(msg)
    store.change_person(replace(person, role=_role(), active="active" in request.form))
    flash(t("Saved: {name}.", name=person.name))
    return redirect(url_for("people.index"), 303)


@blueprint.post("/<int(max=2147483647):person_id>/link")
def issue_link(person_id: int) -> ResponseReturnValue:
    """Show a new sign-in link of a person, once."""
    return _link_page(the_desk().people.of(person_id))


def _link_page(person: Person) -> str:
    token = the_desk().people.issue_link(person)
    return render_template(
        "link.html",
        whose=person,
        link=url_for("sign_in.show_link", token=token, _external=True),
        minutes=int(LINK_LASTS.total_seconds() // 60),
    )


def _role() -> Role:
    asked = request.form.get("role", "")
    if asked not in list(Role):
        msg = f"there is no role {asked!r}; there are {', '.join(Role)}"
        raise RefusedError(msg)
    return Role(asked)


def _name(typed: str) -> str:
    name = unicodedata.normalize("NFC", typed).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        msg = f"a name has 1 to {LONGEST_NAME} characters, all of them visible"
        raise RefusedError(msg)
    return name
