"""Charts by the SHA-256 of their bytes: what an address shows never changes."""

from flask import Blueprint, Response

from web.desk import the_desk

blueprint = Blueprint("images", __name__, url_prefix="/images")


@blueprint.get("/<string(length=64):sha256>.png")
def show(sha256: str) -> Response:
    """Return one chart."""
    response = Response(the_desk().store.image(sha256), mimetype="image/png")
    # Private: a cache that several people share must not hand it to who is not signed in.
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
