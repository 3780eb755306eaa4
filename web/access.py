"""Who may do what: one table, asked before every request and by every button.

A page that is not in the table is closed to everybody, so a forgotten line locks
out instead of letting in.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from composer.newsroom.records.people import Person, Role
from web.session import signed_in

_RANKS: Mapping[Role, int] = MappingProxyType({Role.CREATOR: 1, Role.EDITOR: 2, Role.ADMIN: 3})

# The least role an endpoint takes; None is open to anybody.
ACCESS: Mapping[str, Role | None] = MappingProxyType(
    {
        "static": None,
        "fonts.show": None,
        "sign_in.show": None,
        "sign_in.submit": None,
        "sign_in.show_link": None,
        "sign_in.redeem_link": None,
        "sign_in.sign_out": Role.CREATOR,
        "profile.show": Role.CREATOR,
        "profile.set_password": Role.CREATOR,
        "profile.set_language": Role.CREATOR,
        "editions.index": Role.CREATOR,
        "editions.show": Role.CREATOR,
        "editions.refresh": Role.CREATOR,
        "drafts.show": Role.CREATOR,
        "drafts.history": Role.CREATOR,
        "drafts.edit": Role.CREATOR,
        "decisions.approve": Role.EDITOR,
        "decisions.request_changes": Role.EDITOR,
        "decisions.reject": Role.EDITOR,
        "decisions.withdraw": Role.EDITOR,
        "decisions.publish": Role.EDITOR,
        "deliveries.index": Role.CREATOR,
        "deliveries.show": Role.CREATOR,
        "deliveries.stop": Role.EDITOR,
        "deliveries.confirm": Role.EDITOR,
        "deliveries.search": Role.EDITOR,
        "deliveries.send_again": Role.EDITOR,
        "deliveries.give_up": Role.EDITOR,
        "deliveries.hold": Role.EDITOR,
        "deliveries.release": Role.EDITOR,
        "images.show": Role.CREATOR,
        "people.index": Role.ADMIN,
        "people.add": Role.ADMIN,
        "people.change": Role.ADMIN,
        "people.issue_link": Role.ADMIN,
    }
)


def may(endpoint: str, person: Person | None) -> bool:
    """Tell whether a person, or somebody not signed in, may use an endpoint."""
    if endpoint not in ACCESS:
        return False
    least = ACCESS[endpoint]
    return least is None or (person is not None and _RANKS[person.role] >= _RANKS[least])


def guard() -> ResponseReturnValue | None:
    """Let a request pass, or ask for sign-in. Raises Forbidden for too low a role."""
    endpoint, person = request.endpoint, signed_in()
    if endpoint is None or may(endpoint, person):  # no endpoint: the router answers 404
        return None
    if person is None and request.method in {"GET", "HEAD"}:
        return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?")), 303)
    raise Forbidden
