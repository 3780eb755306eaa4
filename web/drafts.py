"""A draft: read it, edit it, see how it came to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from composer.errors import ConflictError, NotFoundError, SquaredeskError
from composer.newsroom.records.drafts import Revision
from composer.text.languages import language_of
from web.desk import the_desk
from web.errors import CONFLICT, status_of
from web.language import desk_locale, t
from web.looking import destinations, look
from web.page import page_number
from web.session import the_person
from web.texts import by_passage, choices, figures, names

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")

REVISIONS_PER_PAGE = 10
EVENTS_PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one revision did: the passages it changed, each as it was and as it became."""

    revision: Revision
    changed: Mapping[str, tuple[str, str]]


@blueprint.get("/<int(max=2147483647):draft_id>")
def show(draft_id: int) -> ResponseReturnValue:
    """Show a draft with everything that can be done to it."""
    return draft_page(draft_id)


@blueprint.post("/<int(max=2147483647):draft_id>/passages/<key>")
def edit(draft_id: int, key: str) -> ResponseReturnValue:
    """Save a passage; if somebody else was first, show both texts and lose neither."""
    typed = request.form.get("text", "")
    try:
        card = the_desk().review.edit(draft_id, seen_revision(), key, typed, the_person())
    except ConflictError:
        return _conflict_page(draft_id, key, typed), CONFLICT
    except NotFoundError:
        raise
    except SquaredeskError as error:
        return draft_page(draft_id, problem=str(error), typed={key: typed}), status_of(error)
    flash(t("Saved as revision {number}.", number=card.revision))
    return redirect(url_for("drafts.show", draft_id=draft_id, _anchor=f"passage-{key}"), 303)


@blueprint.get("/<int(max=2147483647):draft_id>/history")
def history(draft_id: int) -> ResponseReturnValue:
    """Show how a draft came to be: what each revision changed, and who did what."""
    store, page = the_desk().store, page_number()
    steps = _steps(store.revisions(draft_id))
    first = (page - 1) * REVISIONS_PER_PAGE
    events = store.events(draft=draft_id, limit=page * EVENTS_PER_PAGE + 1)
    shown = events[(page - 1) * EVENTS_PER_PAGE : page * EVENTS_PER_PAGE]
    return render_template(
        "history.html",
        card=store.draft(draft_id),
        steps=steps[first : first + REVISIONS_PER_PAGE],
        events=shown,
        page=page,
        more=len(steps) > first + REVISIONS_PER_PAGE or len(events) > page * EVENTS_PER_PAGE,
    )


def seen_revision() -> int:
    """Return the revision that whoever sent the form was looking at."""
    number = request.form.get("revision", type=int)
    if number is None:
        raise BadRequest
    return number


def draft_page(
    draft_id: int,
    *,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    reason: str = "",
) -> str:
    """Return the page of a draft, with what went wrong and what was typed, if anything was."""
    seen = look(draft_id)
    facts, locale = seen.snapshot.facts, seen.card.locale
    return render_template(
        "draft.html",
        seen=seen,
        card=seen.card,
        findings=by_passage(seen.revision.findings),
        destinations=destinations(seen),
        undo=the_desk().dispatch.undo,
        figures=figures(facts, desk_locale()),
        choices=choices(facts, locale),
        allowed=[*language_of(locale).literals, *names(facts)],
        problem=problem,
        typed=typed or {},
        reason=reason,
    )


def _conflict_page(draft_id: int, key: str, typed: str) -> str:
    seen = look(draft_id)
    passage = seen.passages.get(key)
    return render_template(
        "conflict.html",
        seen=seen,
        card=seen.card,
        key=key,
        typed=typed,
        theirs=passage.text if passage else "",
        gone=passage is None,
    )


def _steps(revisions: Sequence[Revision]) -> Sequence[Step]:
    """Return what each revision did, the latest first."""
    steps = [
        Step(revision=revision, changed=_changed(before, revision))
        for before, revision in pairwise(revisions)
    ]
    first = [Step(revision=revision, changed={}) for revision in revisions[:1]]
    return [*reversed(steps), *first]


def _changed(before: Revision, after: Revision) -> Mapping[str, tuple[str, str]]:
    old = {passage.key: passage.text for passage in before.passages}
    new = {passage.key: passage.text for passage in after.passages}
    return {
        key: (old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*new, *old])
        if old.get(key) != new.get(key)
    }
