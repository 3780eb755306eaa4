"""Today's editions, and one edition with two languages side by side."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from composer.newsroom.records.drafts import DraftCard, EditionCard
from composer.text.catalogs import SOURCE_LOCALE
from web.desk import the_desk
from web.language import desk_locale, t
from web.looking import Seen, look
from web.planned import planned
from web.session import the_person
from web.texts import figures

blueprint = Blueprint("editions", __name__)

PER_PAGE = 12


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show today's editions as grids, older ones below."""
    desk, before = the_desk(), _before()
    found = desk.store.editions(limit=PER_PAGE + 1, before=before)
    shown = found[:PER_PAGE]
    today = desk.clock().astimezone(UTC).date()
    return render_template(
        "editions.html",
        today=[
            _as_it_stands(card) for card in shown if card.made_at.astimezone(UTC).date() == today
        ],
        older=[card for card in shown if card.made_at.astimezone(UTC).date() != today],
        first=before is None,
        planned=planned(),
        next_before=shown[-1].made_at.isoformat() if len(found) > PER_PAGE else None,
    )


@blueprint.get("/editions/<edition_id>")
def show(edition_id: str) -> ResponseReturnValue:
    """Show one format of an edition in two languages, passage beside passage."""
    card = the_desk().store.edition(edition_id)
    formats = list(dict.fromkeys(draft.format for draft in card.drafts))
    post_format = request.args.get("format", formats[0] if formats else "")
    drafts = {draft.locale: draft for draft in card.drafts if draft.format == post_format}
    pair = [look(draft.id) for draft in _pair(drafts)]
    return render_template(
        "edition.html",
        edition=card,
        formats=formats,
        post_format=post_format,
        locales=list(drafts),
        pair=pair,
        keys=_keys(pair),
        figures=figures(pair[0].snapshot.facts, desk_locale()) if pair else [],
    )


@blueprint.post("/editions/<edition_id>/refresh")
def refresh(edition_id: str) -> ResponseReturnValue:
    """Collect the market again for every open draft of an edition."""
    the_desk().refresh(edition_id, the_person())
    flash(t("The data is refreshed. Every open draft has a new revision."))
    draft = request.form.get("draft", type=int)
    if draft is not None:
        return redirect(url_for("drafts.show", draft_id=draft), 303)
    return redirect(url_for("editions.show", edition_id=edition_id), 303)


def _as_it_stands(card: EditionCard) -> EditionCard:
    """Return an edition once the clock has had its say about its drafts."""
    for draft in card.drafts:
        look(draft.id)
    return the_desk().store.edition(card.id)


def _before() -> datetime | None:
    text = request.args.get("before")
    if text is None:
        return None
    try:
        before = datetime.fromisoformat(text)
        return before.astimezone(UTC) if before.tzinfo else before.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest from error


def _pair(drafts: dict[str, DraftCard]) -> Sequence[DraftCard]:
    """Return the one or two drafts the address asks for; English stands left by default."""
    if not drafts:
        return ()
    default = SOURCE_LOCALE if SOURCE_LOCALE in drafts else next(iter(drafts))
    left = request.args.get("left", default)
    left = left if left in drafts else default
    others = [locale for locale in drafts if locale != left]
    right = request.args.get("right")
    right = right if right in others else next(iter(others), None)
    return [drafts[locale] for locale in (left, right) if locale is not None]


def _keys(pair: Sequence[Seen]) -> Sequence[str]:
    """Return the passage keys of both drafts, in the order of the one that has more."""
    fullest_first = sorted(pair, key=lambda seen: -len(seen.revision.passages))
    return list(dict.fromkeys(key for seen in fullest_first for key in seen.passages))
