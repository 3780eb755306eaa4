"""What a draft's page says of each account: what would go there, what not, and why."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from composer.newsroom.records.deliveries import Account
from composer.newsroom.records.drafts import DraftCard
from composer.newsroom.records.people import Person
from composer.publishers.records import Limits, Receipt, SourceWording
from composer.text.campaigns import Campaign
from composer.text.disclaimers import DisclaimerForm, Jurisdiction, disclaimer_text
from composer.text.presence import Audience, Position, Presence
from tests.conftest import NOW
from tests.unit.web.house import HouseDesk, in_chinese
from tests.unit.web.outlets import SQUARE_POST, Square


@pytest.fixture
def square(desk: HouseDesk) -> Square:
    desk.store.put_account(Account(name="square", platform="binance_square"))
    outlet = Square(answer=Receipt(reference=SQUARE_POST))
    desk.outlets["square"] = outlet
    return outlet


def shown(client: FlaskClient, draft: DraftCard) -> str:
    """Return what stands under the account, with white space brought together."""
    page = client.get(f"/drafts/{draft.id}").text
    part = page.split('class="account" aria-label="square"')[1].split("</section>")[0]
    return re.sub(r"\s+", " ", part)


def length(desk: HouseDesk, draft: DraftCard) -> int:
    rendition = desk.review.prospects(desk.review.view(draft.id))["square"].rendition
    assert rendition is not None
    return len(rendition.text)


@pytest.mark.usefixtures("square")
def test_where_all_fits_nothing_is_said(editor: FlaskClient, english: DraftCard) -> None:
    part = shown(editor, english)
    assert "What would be sent" in part
    assert "eft out here" not in part
    assert "Cannot go there" not in part


def test_what_is_left_out_is_told_before_anybody_approves(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard, square: Square
) -> None:
    first = min(
        (one for one in desk.store.revision(english.id, 1).passages if one.drop_order is not None),
        key=lambda one: one.drop_order or 0,
    )
    full, short = (
        len(disclaimer_text("en", Jurisdiction.DEFAULT, form)) for form in DisclaimerForm
    )
    most = length(desk, english) - full + short - 1  # the short form alone does not make room
    square.limits = Limits(max_characters=most, max_images=0)
    part = shown(editor, english)
    assert "<details open>" in part
    assert f"Left out here: <code>{first.key}</code></p>" in part
    assert "Images left out here, from the last: 1" in part
    in_chinese(desk, "editor")
    assert f"此处略去： <code>{first.key}</code>" in shown(editor, english)


def test_what_cannot_go_there_says_why_with_counts(
    editor: FlaskClient, english: DraftCard, square: Square
) -> None:
    square.limits = Limits(max_characters=100)
    part = shown(editor, english)
    assert "Cannot go there: <code>does_not_fit</code>" in part
    assert re.search(r"it has [\d,]+ characters, 100 is the most; what is left is mandatory", part)
    assert "What would be sent" not in part


def test_a_warning_for_one_account_stands_there_with_its_fix(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard, square: Square
) -> None:
    square.limits = Limits(source_wording=SourceWording.GENERIC)
    person = desk.store.person_named("editor")
    assert person is not None
    desk.review.edit(english.id, 1, "title", "$BTC: what OKX shows", person)
    part = shown(editor, english)
    assert "<code>glued_cashtag</code>" in part
    assert '<code dir="auto">$BTC —</code>' in part
    assert "<code>rival_name</code>" in part
    assert "What would be sent" in part
    page = editor.get(f"/drafts/{english.id}").text
    assert page.count("<code>rival_name</code>") == 1, "not beside the passage, nor elsewhere"


@pytest.mark.usefixtures("square")
def test_what_an_account_adds_is_seen_before_anybody_approves(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    campaign = Campaign(
        name="cup",
        starts=NOW,
        ends=NOW + timedelta(days=1),
        texts={"en": "The Cup <b>."},
        link="https://www.example.com/cup",
    )
    desk.presences["square"] = Presence(
        jurisdiction=Jurisdiction.US,
        position=Position.SHORT,
        compensated=False,
        handle="Maria",
        sign_off={"en": "Trade carefully."},
        campaigns=(campaign, replace(campaign, name="old", starts=NOW, ends=NOW)),
    )
    part = shown(editor, english)
    for words in (
        "Trade carefully. Maria",
        "The Cup &lt;b&gt;. https://www.example.com/cup",
        "Nobody paid the author for this post. The author holds a short BTC position.",
        "may not be available to US persons",
        "Disclaimer: <code>us 2026-11 full</code>",
        "<code>campaign_over</code>",
        "the campaign old ended on",
    ):
        assert words in part
    draft, _, _accounts = editor.get(f"/drafts/{english.id}").text.partition('id="accounts"')
    assert "Trade carefully" not in draft
    desk.review.approve(english.id, 1, the_editor(desk), ["square"])
    history = editor.get(f"/drafts/{english.id}/history").text
    assert "square: disclaimer us 2026-11 full" in history


@pytest.mark.usefixtures("square")
def test_who_may_not_be_written_to_gets_nothing(
    editor: FlaskClient, desk: HouseDesk, english: DraftCard
) -> None:
    desk.presences["square"] = Presence(audience=Audience.UK_RETAIL)
    part = shown(editor, english)
    assert "Cannot go there: <code>uk_retail</code>" in part
    assert "no disclaimer mends that" in part
    assert "What would be sent" not in part


def the_editor(desk: HouseDesk) -> Person:
    person = desk.store.person_named("editor")
    assert person is not None
    return person
