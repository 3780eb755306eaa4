"""Decide about a draft: approve, send back, reject, withdraw, publish."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from composer.errors import NotFoundError, SquaredeskError
from web.desk import the_desk
from web.drafts import draft_page, seen_revision
from web.errors import status_of
from web.language import t
from web.session import the_person

blueprint = Blueprint("decisions", __name__, url_prefix="/drafts/<int(max=2147483647):draft_id>")


@blueprint.post("/approve")
def approve(draft_id: int) -> ResponseReturnValue:
    """Sign exactly what was seen, and queue it for the accounts that were chosen."""
    send_to = request.form.getlist("send_to")
    return _decide(
        draft_id,
        lambda: the_desk().review.approve(draft_id, seen_revision(), the_person(), send_to),
        t("Approved."),
    )


@blueprint.post("/request-changes")
def request_changes(draft_id: int) -> ResponseReturnValue:
    """Send the draft back with what should change."""
    review, reason = the_desk().review, _reason()
    return _decide(
        draft_id,
        lambda: review.request_changes(draft_id, seen_revision(), the_person(), reason),
        t("Sent back for changes."),
    )


@blueprint.post("/reject")
def reject(draft_id: int) -> ResponseReturnValue:
    """Turn the draft down for good."""
    review, reason = the_desk().review, _reason()
    return _decide(
        draft_id,
        lambda: review.reject(draft_id, seen_revision(), the_person(), reason),
        t("Rejected."),
    )


@blueprint.post("/withdraw")
def withdraw(draft_id: int) -> ResponseReturnValue:
    """Take an approved draft back for good."""
    review, reason = the_desk().review, _reason()
    return _decide(
        draft_id,
        lambda: review.withdraw(draft_id, seen_revision(), the_person(), reason),
        t("Withdrawn."),
    )


@blueprint.post("/publish")
def publish(draft_id: int) -> ResponseReturnValue:
    """Queue the approved draft for one account; it goes out when the undo window is over."""
    try:
        account = request.form.get("account", "")
        delivery = the_desk().dispatch.queue(draft_id, seen_revision(), account, the_person())
    except NotFoundError:
        raise
    except SquaredeskError as error:
        return draft_page(draft_id, problem=str(error)), status_of(error)
    flash(t("Queued for {account}.", account=delivery.account))
    return redirect(url_for("drafts.show", draft_id=draft_id, _anchor="destinations"), 303)


def _reason() -> str:
    return request.form.get("reason", "")


def _decide(draft_id: int, deed: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do the deed; if it is refused, show the draft as it is now, and why."""
    try:
        deed()
    except NotFoundError:
        raise
    except SquaredeskError as error:
        page = draft_page(draft_id, problem=str(error), reason=_reason())
        return page, status_of(error)
    flash(done)
    return redirect(url_for("drafts.show", draft_id=draft_id), 303)
