"""What a draft's page says of each account: what would go there, what not, and why."""

import re

import pytest
from flask.testing import FlaskClient

from composer.newsroom.records import Account, DraftCard
from composer.publishers.records import Limits, Receipt, SourceWording
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
    square.limits = Limits(max_characters=length(desk, english) - 1, max_images=0)
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
    assert "<code>$BTC —</code>" in part
    assert "<code>rival_name</code>" in part
    assert "What would be sent" in part
    page = editor.get(f"/drafts/{english.id}").text
    assert page.count("<code>rival_name</code>") == 1, "not beside the passage, nor elsewhere"
