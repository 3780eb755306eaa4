"""Deliveries: what is on its way, what a person has to look at, and the switches that stop it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from composer.errors import ConflictError, NotFoundError, SquaredeskError
from composer.newsroom.dispatch import Way
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Action, Person
from composer.newsroom.standing import DraftView
from web.desk import the_desk
from web.errors import status_of
from web.language import t
from web.looking import UNDECIDED, Seen, is_held, is_overdue, look
from web.session import the_person

_Deed = Callable[[int, Person], Delivery]

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")

# What is open is shown in full, within reason; of what has ended the latest.
MOST_OPEN, LATEST_ENDED = 500, 50

_ON_THE_WAY = (DeliveryState.QUEUED, DeliveryState.WAITING, DeliveryState.SENDING)
_ENDED = tuple(
    state for state in DeliveryState if state not in UNDECIDED and state not in _ON_THE_WAY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A delivery in a list, with the draft it is of. `overdue`: nobody seems to be sending."""

    delivery: Delivery
    draft: DraftCard
    held: bool
    overdue: bool


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what waits for a person first, then what is on its way, then what has ended."""
    return _index()


@blueprint.get("/<int(max=2147483647):delivery_id>")
def show(delivery_id: int) -> ResponseReturnValue:
    """Show one delivery: exactly what it sends, and what a person can say about it."""
    return _page(delivery_id)


@blueprint.post("/<int(max=2147483647):delivery_id>/stop")
def stop(delivery_id: int) -> ResponseReturnValue:
    """Take back what has not gone out."""
    return _decide(delivery_id, the_desk().dispatch.stop, t("Stopped: nothing is sent."))


@blueprint.post("/<int(max=2147483647):delivery_id>/confirm")
def confirm(delivery_id: int) -> ResponseReturnValue:
    """Keep somebody's word that the post is there."""
    address = request.form.get("address", "")

    def deed(delivery: int, person: Person) -> Delivery:
        return the_desk().dispatch.confirm(delivery, address, person)

    return _decide(delivery_id, deed, t("Kept as published."), typed=address)


@blueprint.post("/<int(max=2147483647):delivery_id>/search")
def search(delivery_id: int) -> ResponseReturnValue:
    """Ask the platform for the post."""
    return _decide(delivery_id, the_desk().dispatch.search, t("Found. Kept as published."))


@blueprint.post("/<int(max=2147483647):delivery_id>/send-again")
def send_again(delivery_id: int) -> ResponseReturnValue:
    """Send once more what somebody says is not there."""
    deed = _who_looked(the_desk().dispatch.send_again)
    return _decide(delivery_id, deed, t("It will be sent again."))


@blueprint.post("/<int(max=2147483647):delivery_id>/give-up")
def give_up(delivery_id: int) -> ResponseReturnValue:
    """Keep somebody's word that it was not posted and will not be."""
    return _decide(delivery_id, _who_looked(the_desk().dispatch.give_up), t("Kept as not posted."))


@blueprint.post("/hold")
def hold() -> ResponseReturnValue:
    """Stop all sending to an account, or to all."""
    reason = request.form.get("reason", "")
    try:
        the_desk().dispatch.hold(_account(), reason, the_person())
    except NotFoundError:
        raise
    except SquaredeskError as error:
        return _index(problem=str(error), chosen=_account(), reason=reason), status_of(error)
    flash(t("Held: nothing more is sent."))
    return redirect(url_for("deliveries.index"), 303)


@blueprint.post("/release")
def release() -> ResponseReturnValue:
    """Open sending to an account, or to all, again."""
    the_desk().dispatch.release(_account(), the_person())
    flash(t("Released."))
    return redirect(url_for("deliveries.index"), 303)


def _account() -> str | None:
    """Return the account a form is about; an empty name means all of them."""
    if "account" not in request.form:
        raise BadRequest
    return request.form["account"] or None


def _who_looked(deed: _Deed) -> _Deed:
    """Let a deed be done only by who looked for the latest attempt on the platform.

    Raises ConflictError if somebody has had it sent again since.
    """
    attempt = request.form.get("attempt", type=int)
    if attempt is None:
        raise BadRequest

    def done(delivery: int, person: Person) -> Delivery:
        seen = the_desk().store.delivery(delivery)
        if seen.attempts != attempt:
            msg = (
                f"the delivery to {seen.account} was sent again since you looked; "
                "look for the latest attempt"
            )
            raise ConflictError(msg)
        return deed(delivery, person)

    return done


def _decide(delivery_id: int, deed: _Deed, done: str, *, typed: str = "") -> ResponseReturnValue:
    """Do the deed; if it is refused, show the delivery as it is now, and why."""
    before = the_desk().store.delivery(delivery_id)
    try:
        after = deed(delivery_id, the_person())
    except NotFoundError:
        raise
    except SquaredeskError as error:
        return _page(delivery_id, problem=str(error), typed=typed), status_of(error)
    if after == before:
        flash(t("Not found yet. Platforms may take some minutes to show a post."))
    elif after.state is DeliveryState.AMBIGUOUS:
        flash(t("It may be out: look at the account, then say what you saw."))
    elif after.state is DeliveryState.EXPIRED:
        flash(t("Its approval is gone: approve the draft again to send it."))
    else:
        flash(done)
    if "draft" in request.form:  # the form stood on the page of the draft
        return redirect(url_for("drafts.show", draft_id=after.draft), 303)
    return redirect(url_for("deliveries.show", delivery_id=delivery_id), 303)


def _index(*, problem: str = "", chosen: str | None = None, reason: str = "") -> str:
    store = the_desk().store
    accounts = {account.name: account for account in store.accounts()}
    groups = {
        "ask": store.latest_deliveries(limit=MOST_OPEN, states=UNDECIDED),
        "way": store.latest_deliveries(limit=MOST_OPEN, states=_ON_THE_WAY),
        "ended": store.latest_deliveries(limit=LATEST_ENDED, states=_ENDED),
    }
    return render_template(
        "deliveries.html",
        groups={
            name: [_line(delivery, accounts[delivery.account]) for delivery in group]
            for name, group in groups.items()
        },
        accounts=[account for account in accounts.values() if account.active],
        house_hold=store.house_hold(),
        problem=problem,
        chosen=chosen,
        reason=reason,
    )


def _line(delivery: Delivery, account: Account) -> Line:
    return Line(
        delivery=delivery,
        draft=the_desk().store.draft(delivery.draft),
        held=delivery.state.goes_out_by_itself and is_held(account),
        overdue=is_overdue(delivery, account),
    )


def _page(delivery_id: int, *, problem: str = "", typed: str = "") -> str:
    desk = the_desk()
    delivery = desk.store.delivery(delivery_id)
    seen = look(delivery.draft)
    account = next(one for one in desk.store.accounts() if one.name == delivery.account)
    signed = seen.approval.renditions if seen.approval else ()
    good = delivery.rendition_sha256 in {one.sha256 for one in signed}
    by_hand = delivery.state is DeliveryState.AWAITING_PERSON
    way: Way | None = None
    no_way = ""
    try:
        way = desk.dispatch.way(delivery.account, seen.card.locale)
    except SquaredeskError as error:
        no_way = str(error)
    return render_template(
        "delivery.html",
        delivery=delivery,
        card=seen.card,
        good=good,
        why_not=_why_not(seen, account, signed=good) if by_hand else "",
        rendition=desk.dispatch.rendition(delivery_id),
        account=account,
        house_hold=desk.store.house_hold(),
        overdue=is_overdue(delivery, account),
        way=way,
        no_way=no_way,
        problem=problem,
        typed=typed,
    )


def _why_not(seen: Seen, account: Account, *, signed: bool) -> str:
    """Return why a person is not to post a text he was handed, or nothing if he may.

    signed : whether the approval that stands is of this text
    """
    if seen.unchecked:
        return seen.unchecked
    desk = the_desk()
    if not signed:
        events = desk.store.events(draft=seen.card.id)
        voided = (event.detail for event in events if event.action is Action.APPROVAL_VOIDED)
        return next(voided, "")
    view = DraftView(
        card=seen.card,
        revision=seen.revision,
        snapshot=seen.snapshot,
        approval=seen.approval,
    )
    return desk.review.campaign_over(view, account) or ""
