"""The single place that finds templates, locales and fonts: packaged, else in the checkout."""

from functools import cache
from pathlib import Path

from composer.errors import ConfigError

_PACKAGED = Path(__file__).parent / "_data"
_CHECKOUT = Path(__file__).parent.parent


@cache
def _root() -> Path:
    for root in (_PACKAGED, _CHECKOUT):
        if (root / "templates").is_dir() and (root / "locales").is_dir():
            return root
    msg = f"no templates and locales in {_PACKAGED} or {_CHECKOUT}; install squaredesk again"
    raise ConfigError(msg)


def templates_folder() -> Path:
    """Return the folder of the shipped post, chart and notice templates."""
    return _root() / "templates"


def starter_template() -> Path:
    """Return the template that a format of one's own can start from."""
    return templates_folder() / "starter.j2"


def catalog_file(locale: str, domain: str) -> Path:
    """Return where the PO catalog of a shipped locale stands, whether or not it exists."""
    return _root() / "locales" / locale / "LC_MESSAGES" / f"{domain}.po"


def language_file(locale: str) -> Path:
    """Return where the habits of a shipped locale are told, whether or not the file exists."""
    return _root() / "locales" / locale / "language.toml"


def shipped_locales() -> tuple[str, ...]:
    """Return the CLDR ids of the locales that ship a catalog of posts, sorted."""
    return tuple(
        sorted(file.parts[-3] for file in (_root() / "locales").glob("*/LC_MESSAGES/posts.po"))
    )


def fonts_folder() -> Path:
    """Return the folder of our own fonts, which charts draw with and the desk falls back to."""
    return Path(__file__).parent / "charts" / "fonts"
