"""One's own password and desk language."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from composer.errors import RefusedError
from composer.newsroom.people import LONGEST_PASSWORD, SHORTEST_PASSWORD
from composer.newsroom.records.people import Person
from web.desk import the_desk
from web.language import desk_locales, t
from web.session import begin_session, came_by_link, the_person

blueprint = Blueprint("profile", __name__, url_prefix="/profile")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Show what one may change about oneself."""
    return _page()


@blueprint.post("/password")
def set_password() -> ResponseReturnValue:
    """Set a new password; every other session of the person ends."""
    person, people = the_person(), the_desk().people
    current, new = request.form.get("current", ""), request.form.get("new", "")
    try:
        if _must_prove(person):
            people.sign_in(person.name, current[: LONGEST_PASSWORD + 1])
        if new != request.form.get("again", ""):
            problem = t("The two new passwords are not the same.")
            return _page(problem, translated=True), 400
        people.set_password(person, new)
    except RefusedError as error:
        return _page(problem=str(error)), 400
    begin_session(person)
    flash(t("Your password is set."))
    return redirect(url_for("editions.index"), 303)


@blueprint.post("/language")
def set_language() -> ResponseReturnValue:
    """Choose the language of the desk."""
    locale = request.form.get("locale", "")
    if locale not in desk_locales():
        msg = f"the desk does not speak {locale!r}; it speaks {', '.join(desk_locales())}"
        raise RefusedError(msg)
    the_desk().store.change_person(replace(the_person(), desk_locale=locale))
    return redirect(url_for("profile.show"), 303)


def _must_prove(person: Person) -> bool:
    """Tell whether the old password is asked for; who came by a link may have lost it."""
    return the_desk().people.has_password(person) and not came_by_link()


def _page(problem: str = "", *, translated: bool = False) -> str:
    person = the_person()
    return render_template(
        "profile.html",
        problem=problem,
        translated=translated,
        has_password=the_desk().people.has_password(person),
        must_prove=_must_prove(person),
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )
