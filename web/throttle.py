"""Slow down who guesses passwords: per address, and per name wherever it comes from."""

import hashlib
import unicodedata
from datetime import UTC, datetime
from typing import cast

from flask import Flask, Response, g, request
from flask.typing import RouteCallable
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address

from web.session import signed_in

PER_ADDRESS = "20 per 15 minutes"
PER_NAME = "6 per 15 minutes"
_FIRST_ERROR = 400


def throttle_sign_in(app: Flask) -> None:
    """Limit failed attempts at every page of `app` that takes a secret.

    Counts live in memory: they are of this process, and forgotten when it ends.
    """
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", on_breach=_note_when)
    limited = (
        ("sign_in.submit", get_remote_address, PER_ADDRESS),
        ("sign_in.submit", _name, PER_NAME),
        ("sign_in.redeem_link", get_remote_address, PER_ADDRESS),
        ("profile.set_password", _member, PER_NAME),
    )
    for endpoint, key, limit in limited:
        throttled = limiter.limit(limit, key_func=key, deduct_when=_failed)
        view = cast("RouteCallable", throttled(app.view_functions[endpoint]))
        app.view_functions[endpoint] = view


def try_again_at() -> datetime | None:
    """Return when the throttle lets the next attempt through, if it stopped this one."""
    moment: datetime | None = g.get("try_again_at")
    return moment


def _note_when(limit: RequestLimit) -> None:
    g.try_again_at = datetime.fromtimestamp(limit.reset_at, UTC)


def _failed(response: Response) -> bool:
    return response.status_code >= _FIRST_ERROR


def _name() -> str:
    # Hashed, because what people type into the wrong field must not lie about in memory.
    name = unicodedata.normalize("NFKC", request.form.get("name", "")).strip().casefold()
    return f"name:{hashlib.sha256(name.encode()).hexdigest()}"


def _member() -> str:
    person = signed_in()
    return f"person:{person.id if person else 0}"
