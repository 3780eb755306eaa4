"""Come in and go out: by password, or by a one-time link."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from composer.errors import RefusedError
from composer.newsroom.people import LONGEST_PASSWORD
from web.desk import the_desk
from web.session import begin_session, end_session, signed_in

blueprint = Blueprint("sign_in", __name__)

_REFUSED = 403


@blueprint.get("/sign-in")
def show() -> ResponseReturnValue:
    """Ask for name and password."""
    if signed_in() is not None:
        return redirect(_next(), 303)
    return render_template("sign_in.html", next=_next())


@blueprint.post("/sign-in")
def submit() -> ResponseReturnValue:
    """Sign in who proves himself."""
    name = request.form.get("name", "").strip()
    try:
        # No password is longer; hashing a long one is work that anybody could ask for.
        password = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
        person = the_desk().people.sign_in(name, password)
    except RefusedError:
        return render_template("sign_in.html", next=_next(), name=name, refused=True), _REFUSED
    begin_session(person)
    return redirect(_next(), 303)


@blueprint.get("/enter/<token>")
def show_link(token: str) -> ResponseReturnValue:
    """Show a button: scanners of links open addresses, they do not press buttons."""
    return render_template("enter.html", token=token)


@blueprint.post("/enter/<token>")
def redeem_link(token: str) -> ResponseReturnValue:
    """Spend the link and sign in its person, who may need a password first."""
    people = the_desk().people
    try:
        person = people.redeem_link(token)
    except RefusedError:
        return render_template("enter.html", token=token, refused=True), _REFUSED
    begin_session(person, by_link=True)
    return redirect(url_for("profile.show"), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    end_session()
    return redirect(url_for("sign_in.show"), 303)


def _next() -> str:
    """Return where to go after signing in: a path of this desk, never another site."""
    path = request.values.get("next", "")
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else url_for("editions.index")
