"""What every template may use: words, directions, who is signed in and what he may do."""

from flask import Flask, request

from composer.newsroom.records.people import Person
from web.access import may
from web.blocks import blocks
from web.desk import the_desk
from web.diffs import compare
from web.language import (
    desk_locale,
    desk_locales,
    direction,
    language_name,
    language_tag,
    moment,
    t,
)
from web.looking import UNDECIDED
from web.session import signed_in
from web.texts import pieces

_FARTHEST_PAGE = 1_000
_MOST_COUNTED = 99


def add_words(app: Flask) -> None:
    """Give the templates of `app` their words."""
    app.jinja_env.globals.update(
        t=t,
        direction=direction,
        language_name=language_name,
        lang=language_tag,
        moment=moment,
        blocks=blocks,
        pieces=pieces,
        compare=compare,
    )
    app.context_processor(_of_this_request)


def page_number() -> int:
    """Return which page of a list the address asks for, from 1."""
    asked = request.args.get("page", default=1, type=int)
    return min(max(asked, 1), _FARTHEST_PAGE)


def _asking() -> int:
    """Return how many deliveries a person has to decide about."""
    return len(the_desk().store.latest_deliveries(limit=_MOST_COUNTED, states=UNDECIDED))


def _of_this_request() -> dict[str, object]:
    person: Person | None = signed_in()
    return {
        "person": person,
        "desk_locale": desk_locale(),
        "desk_locales": desk_locales(),
        "asking": _asking,
        "may": lambda endpoint: may(endpoint, person),
    }
