"""Decisions about a draft, by whom, and what makes an approval void: on both databases."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from composer.errors import ConflictError, NotFoundError, RefusedError
from composer.newsroom.records.approvals import Rendition
from composer.newsroom.records.deliveries import DeliveryState
from composer.newsroom.records.drafts import DraftState
from composer.newsroom.records.people import Action
from composer.store.store import SqlStore
from tests.unit.newsroom.house import APPROVAL_LASTS, MAX_AGE, SmallHouse, house_on

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(store: SqlStore, tmp_path: Path) -> Iterator[SmallHouse]:
    with house_on(store, tmp_path) as house:
        yield house


@pytest.fixture
def draft(house: SmallHouse) -> int:
    return house.make()


def state(house: SmallHouse, draft: int) -> DraftState:
    return house.review.view(draft).card.state


def actions(house: SmallHouse, draft: int) -> list[Action]:
    return [event.action for event in reversed(house.store.events(draft=draft))]


def test_a_new_draft_waits_for_a_decision(house: SmallHouse, draft: int) -> None:
    view = house.review.view(draft)
    assert view.card.state is DraftState.DRAFTED
    assert view.card.revision == 1
    assert view.approval is None
    assert actions(house, draft) == [Action.MADE]


def test_an_approval_signs_exactly_what_would_be_sent(house: SmallHouse, draft: int) -> None:
    approval = house.review.approve(draft, 1, house.editor)
    view = house.review.view(draft)
    assert view.card.state is DraftState.APPROVED
    assert view.approval == approval
    assert (approval.approver, approval.revision) == ("maria", 1)
    assert approval.expires_at == house.clock.now + APPROVAL_LASTS
    (rendition,) = approval.renditions
    assert rendition.account == "folder"
    assert "$2.706 billion" in rendition.text
    assert "short liquidation intensity" in rendition.text.lower()
    assert "[[" not in rendition.text


@pytest.mark.parametrize("part", ["account", "text", "images"])
def test_the_fingerprint_covers_every_part(house: SmallHouse, draft: int, part: str) -> None:
    (signed,) = house.review.approve(draft, 1, house.editor).renditions
    (image,) = signed.images
    other = {
        "account": Rendition(account="other", text=signed.text, images=signed.images),
        "text": Rendition(account="folder", text=f"{signed.text} ", images=signed.images),
        "images": Rendition(account="folder", text=signed.text, images=(image, image)),
    }[part]
    assert other.sha256 != signed.sha256


def test_only_an_editor_decides(house: SmallHouse, draft: int) -> None:
    for decide in (
        lambda: house.review.approve(draft, 1, house.creator),
        lambda: house.review.reject(draft, 1, house.creator, "no"),
        lambda: house.review.request_changes(draft, 1, house.creator, "no"),
        lambda: house.review.withdraw(draft, 1, house.creator, "no"),
    ):
        with pytest.raises(RefusedError, match="this takes an editor"):
            decide()
    assert house.review.edit(draft, 1, "lead", "Words.", house.creator).revision == 2


def test_an_edit_voids_the_approval(house: SmallHouse, draft: int) -> None:
    house.review.approve(draft, 1, house.editor)
    house.review.edit(draft, 1, "lead", "Other words.", house.creator)
    view = house.review.view(draft)
    assert (view.card.state, view.card.revision, view.approval) == (DraftState.DRAFTED, 2, None)
    assert actions(house, draft)[-2:] == [Action.EDITED, Action.APPROVAL_VOIDED]


def test_a_typed_figure_blocks_until_it_is_a_fact(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "lead", "Shorts of $2.7 billion.", house.creator)
    with pytest.raises(RefusedError, match="unbound_figure"):
        house.review.approve(draft, 2, house.editor)
    house.review.edit(draft, 2, "lead", "Shorts of [[upper.intensity_usd]].", house.creator)
    (rendition,) = house.review.approve(draft, 3, house.editor).renditions
    assert "Shorts of $2.706 billion." in rendition.text


def test_a_refresh_voids_the_approval_and_keeps_edited_words(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "lead", "Mine: [[upper.intensity_usd]].", house.creator)
    house.review.approve(draft, 2, house.editor)
    house.clock.now += MINUTE
    edition = house.review.view(draft).card.edition
    house.refresh(edition, house.editor)
    view = house.review.view(draft)
    assert (view.card.state, view.card.revision, view.approval) == (DraftState.DRAFTED, 3, None)
    texts = {passage.key: passage.text for passage in view.revision.passages}
    assert texts["lead"] == "Mine: [[upper.intensity_usd]]."
    assert view.snapshot.as_of == house.clock.now
    (rendition,) = house.review.approve(draft, 3, house.editor).renditions
    assert "Mine: $2.707 billion." in rendition.text
    assert actions(house, draft)[-3:] == [Action.REFRESHED, Action.APPROVAL_VOIDED, Action.APPROVED]


def test_a_refresh_keeps_dropped_passages_away(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "lean", "", house.creator)
    edition = house.review.view(draft).card.edition
    house.clock.now += MINUTE
    house.refresh(edition)
    keys = [passage.key for passage in house.review.view(draft).revision.passages]
    assert "lean" not in keys
    assert keys[0] == "title"
    assert keys[-2:] == ["source", "disclaimer"]


def test_the_clock_voids_an_approval(house: SmallHouse, draft: int) -> None:
    house.review.approve(draft, 1, house.editor)
    house.clock.now += APPROVAL_LASTS - MINUTE
    assert state(house, draft) is DraftState.APPROVED
    house.clock.now += MINUTE
    assert state(house, draft) is DraftState.EXPIRED
    with pytest.raises(RefusedError, match="expired, not approved"):
        house.publish(draft, house.editor)
    assert house.review.approve(draft, 1, house.editor).expires_at > house.clock.now


def test_old_data_makes_a_draft_stale_until_it_is_refreshed(house: SmallHouse, draft: int) -> None:
    house.clock.now += MAX_AGE
    assert state(house, draft) is DraftState.DRAFTED
    house.clock.now += MINUTE
    assert state(house, draft) is DraftState.STALE
    with pytest.raises(RefusedError, match="stale"):
        house.review.approve(draft, 1, house.editor)
    house.refresh(house.review.view(draft).card.edition)
    assert state(house, draft) is DraftState.DRAFTED
    house.review.approve(draft, 2, house.editor)


def test_changes_are_asked_for_with_a_reason(house: SmallHouse, draft: int) -> None:
    with pytest.raises(RefusedError, match="say why"):
        house.review.request_changes(draft, 1, house.editor, "  ")
    house.review.request_changes(draft, 1, house.editor, "The lead is dull.")
    assert state(house, draft) is DraftState.CHANGES_REQUESTED
    with pytest.raises(RefusedError, match="changes_requested cannot be approved"):
        house.review.approve(draft, 1, house.editor)
    house.review.edit(draft, 1, "lead", "A better lead.", house.creator)
    assert state(house, draft) is DraftState.DRAFTED
    assert house.store.events(draft=draft)[1].detail == "The lead is dull."


@pytest.mark.parametrize("how", ["reject", "withdraw"])
def test_what_was_turned_down_stays_so(house: SmallHouse, draft: int, how: str) -> None:
    if how == "withdraw":
        house.review.approve(draft, 1, house.editor)
    getattr(house.review, how)(draft, 1, house.editor, "Wrong market.")
    assert state(house, draft).value == {"reject": "rejected", "withdraw": "withdrawn"}[how]
    for attempt in (
        lambda: house.review.edit(draft, 1, "lead", "Again.", house.editor),
        lambda: house.review.approve(draft, 1, house.editor),
        lambda: house.publish(draft, house.editor),
    ):
        with pytest.raises(RefusedError):
            attempt()
    edition = house.store.draft(draft).edition
    house.clock.now += MINUTE
    house.refresh(edition)
    assert house.store.draft(draft).revision == 1


def test_whoever_saw_an_older_revision_changes_nothing(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "lead", "First.", house.creator)
    for attempt in (
        lambda: house.review.edit(draft, 1, "lead", "Second.", house.editor),
        lambda: house.review.approve(draft, 1, house.editor),
        lambda: house.review.reject(draft, 1, house.editor, "no"),
    ):
        with pytest.raises(ConflictError, match="revision 2 now, you saw 1"):
            attempt()
    texts = {p.key: p.text for p in house.review.view(draft).revision.passages}
    assert texts["lead"] == "First."


@pytest.mark.parametrize("key", ["caveat", "source", "disclaimer"])
def test_fixed_wording_cannot_be_edited(house: SmallHouse, draft: int, key: str) -> None:
    with pytest.raises(RefusedError, match="fixed wording"):
        house.review.edit(draft, 1, key, "Trust me.", house.admin)


def test_what_cannot_be_a_text_is_refused(house: SmallHouse, draft: int) -> None:
    with pytest.raises(RefusedError, match="control characters"):
        house.review.edit(draft, 1, "lead", "a\x00b", house.creator)
    with pytest.raises(RefusedError, match="may have 5000 characters"):
        house.review.edit(draft, 1, "lead", "a" * 5001, house.creator)
    with pytest.raises(RefusedError, match="mandatory"):
        house.review.edit(draft, 1, "lead", "  ", house.creator)
    with pytest.raises(NotFoundError, match="no passage 'leed'"):
        house.review.edit(draft, 1, "leed", "x", house.creator)


def test_four_eyes_also_after_a_refresh(store: SqlStore, tmp_path: Path) -> None:
    with house_on(store, tmp_path, four_eyes=True) as house:
        draft = house.make()
        house.review.edit(draft, 1, "lead", "Mine.", house.editor)
        house.clock.now += MINUTE
        house.refresh(house.store.draft(draft).edition, house.admin)
        with pytest.raises(RefusedError, match="four eyes"):
            house.review.approve(draft, 3, house.editor)
        house.review.approve(draft, 3, house.admin)


def test_bytes_in_the_folder_are_the_approved_ones(house: SmallHouse, draft: int) -> None:
    (signed,) = house.review.approve(draft, 1, house.editor).renditions
    delivery = house.publish(draft, house.editor)
    assert delivery.state is DeliveryState.ACCEPTED
    assert delivery.reference is not None
    folder = Path(unquote(urlparse(delivery.reference).path))
    receipt = json.loads((folder / "receipt.json").read_text("utf-8"))
    assert receipt["sha256"] == signed.sha256 == delivery.rendition_sha256
    sent = Rendition(
        account=receipt["account"],
        text=(folder / "post.txt").read_bytes().decode(),
        images=signed.images,
    )
    assert sent.sha256 == signed.sha256
    (image,) = receipt["images"]
    png = (folder / image["name"]).read_bytes()
    assert hashlib.sha256(png).hexdigest() == signed.images[0].sha256


def test_what_is_sent_is_what_was_seen(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "lead", "Other words.", house.creator)
    house.review.approve(draft, 2, house.editor)
    with pytest.raises(ConflictError, match="revision 2 now, you saw 1"):
        house.dispatch.queue(draft, 1, "folder", house.editor)
    assert house.store.deliveries(draft) == ()


def test_saving_what_stands_there_changes_nothing(house: SmallHouse, draft: int) -> None:
    house.review.approve(draft, 1, house.editor)
    texts = {p.key: p.text for p in house.review.view(draft).revision.passages}
    assert house.review.edit(draft, 1, "lead", f" {texts['lead']} ", house.creator).revision == 1
    assert state(house, draft) is DraftState.APPROVED


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200b", "\ufeff"])
def test_signs_that_nobody_sees_are_refused(house: SmallHouse, draft: int, unseen: str) -> None:
    with pytest.raises(RefusedError, match="control characters"):
        house.review.edit(draft, 1, "lead", f"Shorts{unseen} above.", house.creator)


def test_a_second_look_at_the_same_figures_is_fresh(house: SmallHouse, draft: int) -> None:
    house.clock.now += MAX_AGE + MINUTE
    house.market.looks -= 1  # the market says the same again
    house.refresh(house.store.draft(draft).edition)
    assert house.review.view(draft).snapshot.fetched_at == house.clock.now
    assert state(house, draft) is DraftState.DRAFTED


def test_nothing_is_sent_twice(house: SmallHouse, draft: int) -> None:
    house.review.approve(draft, 1, house.editor)
    house.publish(draft, house.editor)
    with pytest.raises(RefusedError, match="accepted; it is not sent again"):
        house.publish(draft, house.editor)
    house.review.edit(draft, 1, "lead", "Other words.", house.editor)
    house.review.approve(draft, 2, house.editor)
    with pytest.raises(RefusedError, match="accepted; it is not sent again"):
        house.publish(draft, house.editor)


def test_a_held_or_unknown_account_gets_nothing(house: SmallHouse, draft: int) -> None:
    house.review.approve(draft, 1, house.editor)
    with pytest.raises(NotFoundError, match="no account 'nowhere'"):
        house.publish(draft, house.editor, "nowhere")
    assert house.store.deliveries(draft) == ()
    house.dispatch.hold("folder", "Wrong logo.", house.editor)
    assert house.publish(draft, house.editor).state is DeliveryState.QUEUED
    assert not house.folder.exists()


def test_what_a_folder_cannot_take_now_goes_there_later(house: SmallHouse, draft: int) -> None:
    house.folder.write_text("not a folder", encoding="utf-8")
    house.review.approve(draft, 1, house.editor)
    waiting = house.publish(draft, house.editor)
    assert waiting.state is DeliveryState.WAITING
    assert waiting.reason is not None
    assert "cannot be written" in waiting.reason
    house.folder.unlink()
    house.clock.now += MINUTE
    later = house.courier.work("worker")
    assert later is not None
    assert later.state is DeliveryState.ACCEPTED


def test_the_same_edition_is_kept_once(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "lead", "Mine.", house.creator)
    house.market.looks -= 1  # the market says the same again
    assert house.make() == draft
    assert house.store.draft(draft).revision == 2
    assert len(house.store.editions(limit=10)) == 1
