"""Our own fonts, for a machine that has none of its own for a script."""

from flask import Blueprint, Response, send_from_directory

from composer import resources

blueprint = Blueprint("fonts", __name__, url_prefix="/fonts")


@blueprint.get("/<name>")
def show(name: str) -> Response:
    """Return one font file; which ones a page may ask for is for the style sheet to say."""
    return send_from_directory(resources.fonts_folder(), name, max_age=86_400)
