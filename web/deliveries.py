"""Deliveries: what is on its way, what a person has to look at, and the switches that stop it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from composer.errors import NotFoundError, SquaredeskError
from composer.newsroom.dispatch import Way
from composer.newsroom.records import Delivery, DeliveryState, DraftCard, Person
from web.desk import the_desk
from web.errors import status_of
from web.language import t
from web.session import the_person

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")

LATEST = 50
# A worker looks every second or so: who waits longer than this waits for one to be started.
OVERDUE = timedelta(minutes=2)

_ASK_A_PERSON = (DeliveryState.AMBIGUOUS, DeliveryState.AWAITING_PERSON)
_ON_THE_WAY = (DeliveryState.QUEUED, DeliveryState.WAITING, DeliveryState.SENDING)
_ENDED = (
    DeliveryState.ACCEPTED,
    DeliveryState.REFUSED,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A delivery in a list, with the draft it is of. `overdue`: no worker seems to work."""

    delivery: Delivery
    draft: DraftCard
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
    return _decide(delivery_id, the_desk().dispatch.send_again, t("It will be sent again."))


@blueprint.post("/<int(max=2147483647):delivery_id>/give-up")
def give_up(delivery_id: int) -> ResponseReturnValue:
    """Keep somebody's word that it was not posted and will not be."""
    return _decide(delivery_id, the_desk().dispatch.give_up, t("Kept as not posted."))


@blueprint.post("/hold")
def hold() -> ResponseReturnValue:
    """Stop all sending to an account, or to all."""
    reason = request.form.get("reason", "")
    try:
        the_desk().dispatch.hold(_account(), reason, the_person())
    except NotFoundError:
        raise
    except SquaredeskError as error:
        return _index(problem=str(error), reason=reason), status_of(error)
    flash(t("Held: nothing more is sent."))
    return redirect(url_for("deliveries.index"), 303)


@blueprint.post("/release")
def release() -> ResponseReturnValue:
    """Open sending to an account, or to all, again."""
    the_desk().dispatch.release(_account(), the_person())
    flash(t("Released: sending goes on."))
    return redirect(url_for("deliveries.index"), 303)


def _account() -> str | None:
    """Return the account a form is about; none means all of them."""
    return request.form.get("account") or None


def _decide(
    delivery_id: int,
    deed: Callable[[int, Person], Delivery],
    done: str,
    *,
    typed: str = "",
) -> ResponseReturnValue:
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
    elif after.state is DeliveryState.EXPIRED:
        flash(t("Its approval is gone: approve the draft again to send it."))
    else:
        flash(done)
    return redirect(url_for("deliveries.show", delivery_id=delivery_id), 303)


def _index(*, problem: str = "", reason: str = "") -> str:
    store = the_desk().store
    groups = {
        "ask": store.latest_deliveries(limit=LATEST, states=_ASK_A_PERSON),
        "way": store.latest_deliveries(limit=LATEST, states=_ON_THE_WAY),
        "ended": store.latest_deliveries(limit=LATEST, states=_ENDED),
    }
    return render_template(
        "deliveries.html",
        groups=_lines(groups),
        accounts=[account for account in store.accounts() if account.active],
        house_hold=store.house_hold(),
        problem=problem,
        reason=reason,
    )


def _lines(groups: Mapping[str, tuple[Delivery, ...]]) -> dict[str, list[Line]]:
    store = the_desk().store
    drafts = {
        number: store.draft(number)
        for number in {delivery.draft for group in groups.values() for delivery in group}
    }
    return {
        name: [
            Line(delivery=delivery, draft=drafts[delivery.draft], overdue=is_overdue(delivery))
            for delivery in group
        ]
        for name, group in groups.items()
    }


def is_overdue(delivery: Delivery) -> bool:
    """Tell whether a delivery should have gone out, but nobody seems to be sending."""
    due_at = delivery.due_at
    waits = delivery.state.goes_out_by_itself and due_at is not None
    return waits and due_at is not None and the_desk().clock() - due_at > OVERDUE


def _page(delivery_id: int, *, problem: str = "", typed: str = "") -> str:
    desk = the_desk()
    delivery = desk.store.delivery(delivery_id)
    way: Way | None = None
    no_way = ""
    try:
        way = desk.dispatch.way(delivery.account)
    except SquaredeskError as error:
        no_way = str(error)
    return render_template(
        "delivery.html",
        delivery=delivery,
        card=desk.store.draft(delivery.draft),
        approval=desk.store.approval(delivery.draft),
        rendition=desk.dispatch.rendition(delivery_id),
        account=next(one for one in desk.store.accounts() if one.name == delivery.account),
        house_hold=desk.store.house_hold(),
        overdue=is_overdue(delivery),
        way=way,
        no_way=no_way,
        problem=problem,
        typed=typed,
    )
