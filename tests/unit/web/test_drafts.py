"""Read, edit, decide, publish; and what happens when two do it at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from composer.errors import SourceUnavailableError
from composer.figures.facts import Fact
from composer.newsroom.records.drafts import DraftCard, DraftState
from composer.newsroom.records.people import Person
from composer.text.amounts import AmountFormatter
from composer.text.passages import Passage
from tests.unit.web.house import EDITION, HouseDesk, add_draft, add_edition, in_chinese, token_of
from web.diffs import Kind, compare
from web.texts import choices, pieces


def _save(
    client: FlaskClient, draft: DraftCard, key: str, text: str, revision: int
) -> tuple[int, str]:
    form = {"csrf_token": token_of(client), "text": text, "revision": str(revision)}
    answer = client.post(f"/drafts/{draft.id}/passages/{key}", data=form)
    return answer.status_code, answer.text


def _post(client: FlaskClient, draft: DraftCard, deed: str, **form: str) -> tuple[int, str]:
    answer = client.post(
        f"/drafts/{draft.id}/{deed}", data={"csrf_token": token_of(client), "revision": "1", **form}
    )
    return answer.status_code, answer.text


def test_a_saved_passage_is_the_next_revision(
    creator: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    assert _save(creator, english, "title", "BTC at [[price]]", 1)[0] == 303
    page = creator.get(f"/drafts/{english.id}").text
    assert "Saved as revision 2." in page
    assert 'BTC at <bdi class="figure" title="price">$90,132</bdi>' in page
    assert desk.store.revision(english.id, 2).author == "creator"


def test_a_typed_figure_is_found_beside_its_passage(
    creator: FlaskClient, english: DraftCard
) -> None:
    _save(creator, english, "title", "BTC at 90,000", 1)
    page = creator.get(f"/drafts/{english.id}").text
    passage = page.split('id="passage-title"')[1].split("</section>")[0]
    assert "unbound_figure" in passage
    assert "<q><bdi>90,000</bdi></q>" in passage
    assert "<details open>" in passage


def test_an_old_save_shows_both_texts_and_loses_neither(
    creator: FlaskClient, editor: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    assert _save(editor, english, "title", "BTC leans up, say editors", 1)[0] == 303
    status, page = _save(creator, english, "title", "BTC leans up, I wrote", 1)
    assert status == 409
    assert "BTC leans up, say editors" in page
    form = page.split('<textarea id="text"')[1]
    assert ">\nBTC leans up, I wrote</textarea>" in form
    assert "<ins>" in page
    assert "<del>" in page
    assert 'name="revision" value="2"' in page
    assert desk.store.draft(english.id).revision == 2
    assert _save(creator, english, "title", "BTC leans up, both say", 2)[0] == 303


def test_a_conflict_over_a_passage_that_was_left_out(
    creator: FlaskClient, editor: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    optional = next(
        one
        for one in desk.store.revision(english.id, 1).passages
        if one.editable and one.drop_order is not None
    )
    assert _save(editor, english, optional.key, "", 1)[0] == 303
    status, page = _save(creator, english, optional.key, "kept here", 1)
    assert status == 409
    assert "The passage was left out." in page
    assert ">\nkept here</textarea>" in page


def test_a_refused_text_stays_in_its_form(creator: FlaskClient, english: DraftCard) -> None:
    status, page = _save(creator, english, "title", "a bell \x07 rings", 1)
    assert status == 400
    assert "control characters" in page
    assert ">\na bell \x07 rings</textarea>" in page
    assert _save(creator, english, "disclaimer", "no risk", 1)[0] == 400
    assert _save(creator, english, "nothing", "x", 1)[0] == 404


def test_approve_shows_who_when_and_what(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    assert _post(editor, english, "approve")[0] == 303
    page = editor.get(f"/drafts/{english.id}").text
    approval = desk.store.approval(english.id)
    assert approval is not None
    assert approval.renditions[0].sha256 in page
    assert "<dd><bdi>editor</bdi></dd>" in page
    assert 'datetime="2026-06-10T10:02:00Z"' in page
    assert _post(editor, english, "publish", account="archive")[0] == 303
    page = editor.get(f"/drafts/{english.id}").text
    assert "Queued for archive." in page
    assert "Publish to archive" not in page
    desk.carry()
    page = editor.get(f"/drafts/{english.id}").text
    assert "Published" in page
    assert "/outbox/archive/" in page
    assert "Publish to archive" not in page


def test_an_edit_voids_the_approval(editor: FlaskClient, english: DraftCard) -> None:
    _post(editor, english, "approve")
    _save(editor, english, "title", "BTC again", 1)
    page = editor.get(f"/drafts/{english.id}").text
    assert "Not approved." in page
    assert "Approval became void" in editor.get(f"/drafts/{english.id}/history").text


def test_what_blocks_cannot_be_approved(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    _save(editor, english, "title", "up 10%", 1)
    assert (
        "disabled" in editor.get(f"/drafts/{english.id}").text.split("Approve revision")[0][-200:]
    )
    status, page = _post(editor, english, "approve", revision="2")
    assert status == 400
    assert "unbound_figure" in page
    assert desk.store.draft(english.id).state is DraftState.DRAFTED


def test_a_decision_about_an_old_revision_is_a_conflict(
    editor: FlaskClient, english: DraftCard
) -> None:
    _save(editor, english, "title", "BTC again", 1)
    status, page = _post(editor, english, "reject", reason="because I said so")
    assert status == 409
    assert "because I said so" in page


@pytest.mark.parametrize(
    ("deed", "state"),
    [("request-changes", DraftState.CHANGES_REQUESTED), ("reject", DraftState.REJECTED)],
)
def test_decisions_need_a_reason_and_keep_it(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard, deed: str, state: DraftState
) -> None:
    assert _post(editor, english, deed, reason=" ")[0] == 400
    assert _post(editor, english, deed, reason="the lead is weak")[0] == 303
    assert desk.store.draft(english.id).state is state
    assert "the lead is weak" in editor.get(f"/drafts/{english.id}/history").text


def test_withdraw_and_closed_drafts(editor: FlaskClient, english: DraftCard) -> None:
    _post(editor, english, "approve")
    assert _post(editor, english, "withdraw", reason="wrong day")[0] == 303
    assert "<textarea" not in editor.get(f"/drafts/{english.id}").text.split("<template")[0]
    assert _save(editor, english, "title", "too late, but kept", 1)[0] == 400


def test_publish_says_why_not(editor: FlaskClient, english: DraftCard) -> None:
    status, page = _post(editor, english, "publish", account="archive")
    assert status == 400
    assert "is drafted, not approved" in page
    assert _post(editor, replace(english, id=99), "publish", account="archive")[0] == 404


def test_an_approval_that_ran_out_is_shown_so(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    _post(editor, english, "approve")
    desk.clock.now += timedelta(hours=3)
    assert "Approval ran out" in editor.get(f"/drafts/{english.id}").text


def test_refresh_goes_to_the_newsroom_and_its_troubles_are_shown(
    creator: FlaskClient, desk: HouseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"csrf_token": token_of(creator), "draft": "1"}
    assert creator.post(f"/editions/{EDITION}/refresh", data=form).location == "/drafts/1"
    assert desk.refreshed == [(EDITION, "creator")]

    def unavailable(_self: HouseDesk, edition_id: str, _person: Person) -> None:
        msg = f"no source answers for {edition_id}"
        raise SourceUnavailableError(msg)

    monkeypatch.setattr(HouseDesk, "refresh", unavailable)
    answer = creator.post(f"/editions/{EDITION}/refresh", data=form)
    assert answer.status_code == 502
    assert "no source answers" in answer.text


def test_an_edition_stands_side_by_side(creator: FlaskClient, facts: Mapping[str, Fact]) -> None:
    page = creator.get(f"/editions/{EDITION}?left=zh_Hans&right=en").text
    title = page.split('aria-label="title"')[1].split("</section>")[0]
    assert title.index('lang="zh-Hans"') < title.index('lang="en"')
    assert page.count("Fixed wording") >= 4
    assert 'alt="a map of leverage"' in page
    for fact in facts.values():
        assert f"<code>{fact.id}</code>" in page
    assert "Coinglass" in page
    swapped = creator.get(f"/editions/{EDITION}?left=nonsense&right=<b>").text
    assert "&lt;b&gt;" not in swapped


def test_figures_are_written_in_the_language_of_the_desk(
    creator: FlaskClient, desk: HouseDesk
) -> None:
    in_chinese(desk, "creator")
    page = creator.get(f"/editions/{EDITION}").text
    assert "27.05 亿美元" in page
    assert '<html lang="zh-Hans" dir="ltr">' in page


def test_editions_of_today_and_older_ones_by_page(
    creator: FlaskClient, desk: HouseDesk, facts: Mapping[str, Fact]
) -> None:
    for day in range(1, 15):
        add_edition(desk.store, f"old-{day:02}", facts, made_at=desk.clock() - timedelta(days=day))
    first = creator.get("/").text
    assert first.index("Today") < first.index(EDITION) < first.index("Older")
    assert "old-11" in first
    assert "old-12" not in first
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = creator.get(following).text
    assert "old-12" in second
    assert "old-11" not in second
    assert creator.get("/?before=yesterday").status_code == 400


def test_history_shows_words_that_changed(creator: FlaskClient, english: DraftCard) -> None:
    _save(creator, english, "title", "BTC looks up", 1)
    _save(creator, english, "title", "BTC looks down", 2)
    page = creator.get(f"/drafts/{english.id}/history").text
    assert "BTC looks <del>up</del><ins>down</ins>" in page
    assert page.index("Revision 3") < page.index("Revision 2")
    assert "The first text." in page
    assert creator.get(f"/drafts/{english.id}/history?page=99").status_code == 200


def test_differences_are_words_or_characters_and_never_half_a_token() -> None:
    old, new = "at [[upper.level]] today", "at [[upper.level|short]] now"
    assert [(one.kind, one.text) for one in compare(old, new, "en")] == [
        (Kind.SAME, "at "),
        (Kind.REMOVED, "[[upper.level]]"),
        (Kind.ADDED, "[[upper.level|short]]"),
        (Kind.SAME, " "),
        (Kind.REMOVED, "today"),
        (Kind.ADDED, "now"),
    ]
    chinese = compare("价格上涨", "价格下跌", "zh_Hans")
    assert [one.text for one in chinese] == ["价格", "上涨", "下跌"]
    assert "".join(one.text for one in compare("a" * 5_000, "ab" * 2_500, "th")) != ""


def test_a_locale_nobody_can_write_yet_is_shown_as_it_is_stored(
    editor: FlaskClient, desk: HouseDesk, facts: Mapping[str, Fact]
) -> None:
    text = "السعر [[price]] الآن"
    card = add_draft(desk.store, EDITION, "fa", (Passage(key="title", text=text),))
    page = editor.get(f"/drafts/{card.id}").text
    assert '<div class="text" lang="fa" dir="rtl">' in page
    assert '<p>السعر <bdi class="figure" title="price">[[price]]</bdi>' in page
    assert '<textarea id="text-title" name="text" rows="4" lang="fa" dir="rtl">' in page
    assert '<html lang="en" dir="ltr">' in page
    assert "cannot read this language yet" in page
    assert "disabled" in page
    pair = editor.get(f"/editions/{EDITION}?left=fa&right=en").text
    assert "Not checked" in pair
    assert "السعر" in pair
    assert [piece.text for piece in pieces(text, facts, "fa")] == ["السعر ", "[[price]]", " الآن"]


def test_the_desk_offers_every_style_of_a_token(facts: Mapping[str, Fact]) -> None:
    offered = {choice.token: choice.text for choice in choices({"ratio": facts["ratio"]}, "en")}
    assert list(offered) == ["[[ratio]]", "[[ratio|prose]]", "[[ratio|words]]"]
    amounts = AmountFormatter("en")
    assert offered["[[ratio|words]]"] == amounts.format(facts["ratio"], "words")


def test_the_editor_gets_its_figures_without_a_script_in_the_page(
    editor: FlaskClient, english: DraftCard
) -> None:
    page = editor.get(f"/drafts/{english.id}").text
    assert '<option value="[[upper.intensity_usd|short]]" data-text="$2.71 billion">' in page
    assert page.count("<script") == 1
    assert '<script type="module" src="/static/js/desk.js"></script>' in page
    assert " style=" not in page
    assert " on" + "click=" not in page
