"""Errors as calm pages: what squaredesk says on purpose is shown, everything else is not."""

import logging
from datetime import UTC, datetime

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from composer.errors import ConflictError, NotFoundError, SquaredeskError, StateError
from web.throttle import try_again_at

_LOG = logging.getLogger(__name__)

BAD_REQUEST, NOT_FOUND, CONFLICT, FAILED, BAD_GATEWAY = 400, 404, 409, 500, 502


def answer_errors(app: Flask) -> None:
    """Answer every error of `app` with a page of the desk."""
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(SquaredeskError, _show_refusal)
    app.register_error_handler(Exception, _show_failure)


def status_of(error: SquaredeskError) -> int:
    """Return the HTTP status that fits an error of ours."""
    if isinstance(error, NotFoundError):
        return NOT_FOUND
    if isinstance(error, ConflictError):
        return CONFLICT
    # What is no question of state lies beyond us: a source, a platform, a template.
    return BAD_REQUEST if isinstance(error, StateError) else BAD_GATEWAY


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or FAILED
    if code < BAD_REQUEST:  # redirects of the router are answers, not errors
        return error.get_response()
    if isinstance(error, SecurityError):
        # Nothing is known about where this request came in, so no page with links is built.
        return Response(
            "400: this desk does not answer to that host name.\n",
            BAD_REQUEST,
            mimetype="text/plain",
        )
    response = _page(code, typed="" if isinstance(error, RequestEntityTooLarge) else _typed())
    again = try_again_at()
    if again is not None:
        wait = (again - datetime.now(UTC)).total_seconds()
        response.headers["Retry-After"] = str(max(1, round(wait)))
    return response


def _show_refusal(error: SquaredeskError) -> ResponseReturnValue:
    return _page(status_of(error), message=str(error), typed=_typed())


def _show_failure(error: Exception) -> ResponseReturnValue:
    _LOG.error("request to %s failed", request.endpoint, exc_info=error)
    return _page(FAILED, typed=_typed())


def _typed() -> str:
    """Return what somebody wrote, to give it back: an error must not cost him his words."""
    return request.form.get("text") or request.form.get("reason") or ""


def _page(code: int, *, message: str = "", typed: str = "") -> Response:
    page = render_template(
        "error.html",
        code=code,
        message=message,
        typed=typed,
        again=try_again_at(),
        asking=lambda: 0,  # not asked here: the store may be what failed
    )
    return make_response(page, code)
