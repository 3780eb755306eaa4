"""Campaigns on their way: what is approved with one goes out with it, or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from composer.newsroom.records.deliveries import Account, DeliveryState
from composer.newsroom.records.drafts import DraftState
from composer.newsroom.records.people import Action
from composer.publishers.folder import FolderPublisher
from composer.publishers.records import Limits
from composer.text.campaigns import Campaign
from composer.text.presence import PLAIN, Presence
from tests.unit.newsroom.house import APPROVAL_LASTS, START, UNDO, SmallHouse, small_house

HOUR = timedelta(hours=1)
WORDS = "The Cup: 50,000 USDT."


def cup(starts: datetime, ends: datetime) -> Presence:
    campaign = Campaign(name="cup", starts=starts, ends=ends, texts={"en": WORDS})
    return Presence(campaigns=(campaign,))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SmallHouse]:
    with small_house(tmp_path) as opened:
        yield opened


def approved(house: SmallHouse, presence: Presence, send_to: tuple[str, ...] = ("folder",)) -> int:
    """Return a draft that was approved and queued for the folder, as it presents itself."""
    house.presences["folder"] = presence
    draft = house.make()
    house.review.approve(draft, 1, house.editor, send_to)
    return draft


def signed(house: SmallHouse, draft: int) -> str:
    approval = house.store.approval(draft)
    assert approval is not None
    (rendition,) = approval.renditions
    return rendition.text


def carried(house: SmallHouse, draft: int) -> tuple[DeliveryState, str | None]:
    house.courier.work("worker")
    (delivery,) = house.store.deliveries(draft)
    return delivery.state, delivery.reason


def test_a_running_campaign_goes_out_with_what_was_approved(house: SmallHouse) -> None:
    draft = approved(house, cup(START - HOUR, START + HOUR))
    assert WORDS in signed(house, draft)
    house.clock.now += HOUR - timedelta(seconds=1)
    assert carried(house, draft) == (DeliveryState.ACCEPTED, None)
    (post,) = house.folder.rglob("*.txt")
    assert WORDS in post.read_text(encoding="utf-8")


def test_one_that_ends_before_the_post_takes_the_approval_with_it(house: SmallHouse) -> None:
    draft = approved(house, cup(START - HOUR, START + HOUR))
    house.clock.now += HOUR
    reason = "campaign_over: the campaign cup ended on 2026-06-10 09:00 UTC"
    state, told = carried(house, draft)
    assert state is DeliveryState.EXPIRED
    assert told is not None
    assert reason in told
    assert not list(house.folder.rglob("*.txt"))
    view = house.review.view(draft)
    assert (view.card.state, view.approval) == (DraftState.EXPIRED, None)
    event = next(one for one in house.store.events(draft=draft) if one.action == "approval_voided")
    assert event.detail == reason


@pytest.mark.parametrize("draws_markdown", [True, False])
def test_one_with_a_heading_is_known_again_on_every_platform(
    house: SmallHouse, *, draws_markdown: bool
) -> None:
    limits = Limits(draws_markdown=draws_markdown)
    house.outlets["folder"] = FolderPublisher(root=house.folder, limits=limits)
    (campaign,) = cup(START - HOUR, START + HOUR).campaigns
    headed = replace(campaign, texts={"en": f"## The Cup\n{WORDS}"})
    draft = approved(house, Presence(campaigns=(headed,)))
    assert ("## The Cup" in signed(house, draft)) is draws_markdown
    house.clock.now += HOUR
    assert carried(house, draft)[0] is DeliveryState.EXPIRED
    assert not list(house.folder.rglob("*.txt"))


def test_one_that_ends_keeps_nobody_else_s_post_back(house: SmallHouse) -> None:
    house.store.put_account(Account(name="plain", platform="folder"))
    house.outlets["plain"] = FolderPublisher(root=house.folder)
    draft = approved(house, cup(START - HOUR, START + HOUR), ("folder", "plain"))
    house.clock.now += HOUR
    assert house.review.view(draft).card.state is DraftState.APPROVED
    while house.courier.work("worker"):
        pass
    states = {one.account: one.state for one in house.store.deliveries(draft)}
    assert states["plain"] is DeliveryState.ACCEPTED
    assert not states["folder"].goes_out_by_itself
    (post,) = house.folder.rglob("*.txt")
    assert WORDS not in post.read_text(encoding="utf-8")
    assert house.review.view(draft).card.state is DraftState.EXPIRED, "or nobody could approve it"
    house.review.approve(draft, 1, house.editor, ["folder"])
    house.clock.now += UNDO
    house.courier.work("worker")
    states = {one.account: one.state for one in house.store.deliveries(draft)}
    assert states["folder"] is DeliveryState.ACCEPTED


def test_one_that_ends_is_nothing_to_a_post_that_is_out(house: SmallHouse) -> None:
    draft = approved(house, cup(START - HOUR, START + HOUR))
    house.clock.now += UNDO
    assert carried(house, draft) == (DeliveryState.ACCEPTED, None)
    house.clock.now = START + HOUR
    assert house.review.view(draft).card.state is DraftState.APPROVED


def test_approved_again_it_goes_out_without_the_campaign_and_says_so(house: SmallHouse) -> None:
    draft = approved(house, cup(START - HOUR, START + HOUR))
    house.clock.now += HOUR
    assert house.review.view(draft).card.state is DraftState.EXPIRED
    house.review.approve(draft, 1, house.editor, ["folder"])
    assert WORDS not in signed(house, draft)
    prospects = house.review.prospects(house.review.view(draft))
    assert [one.id for one in prospects["folder"].findings] == ["campaign_over"]
    house.clock.now += UNDO
    assert carried(house, draft) == (DeliveryState.ACCEPTED, None)


def test_one_that_ended_long_ago_is_nothing_to_its_successor_of_the_same_words(
    house: SmallHouse,
) -> None:
    (first,) = cup(START - 9 * HOUR, START - HOUR).campaigns
    (second,) = cup(START - HOUR, START + HOUR).campaigns
    draft = approved(house, Presence(campaigns=(first, replace(second, name="second"))))
    assert WORDS in signed(house, draft)
    house.clock.now += UNDO
    assert carried(house, draft) == (DeliveryState.ACCEPTED, None)


def test_one_that_begins_later_is_not_put_into_what_was_approved(house: SmallHouse) -> None:
    draft = approved(house, cup(START + HOUR / 2, START + 9 * HOUR))
    assert WORDS not in signed(house, draft)
    house.clock.now += HOUR
    assert carried(house, draft) == (DeliveryState.ACCEPTED, None)


@pytest.mark.parametrize(
    ("ends", "shown"), [(START + UNDO, False), (START + UNDO + timedelta(microseconds=1), True)]
)
def test_what_counts_is_when_the_post_can_first_go_out(
    house: SmallHouse, ends: datetime, *, shown: bool
) -> None:
    draft = approved(house, cup(START - HOUR, ends))
    assert (WORDS in signed(house, draft)) is shown


def test_one_that_the_settings_lost_is_not_sent(house: SmallHouse) -> None:
    draft = approved(house, cup(START - HOUR, START + HOUR))
    house.presences["folder"] = PLAIN
    house.clock.now += UNDO
    state, told = carried(house, draft)
    assert (state, told) == (
        DeliveryState.CANCELLED,
        "what would go to folder is not what was approved; approve it again",
    )


def test_the_approval_tells_which_disclaimer_was_signed(house: SmallHouse) -> None:
    draft = approved(house, PLAIN)
    event = next(one for one in house.store.events(draft=draft) if one.action is Action.APPROVED)
    assert event.detail == "folder: disclaimer default 2026-11 full"


def test_the_end_of_a_campaign_is_nothing_to_what_ran_out_before(house: SmallHouse) -> None:
    draft = approved(house, cup(START - HOUR, START + APPROVAL_LASTS))
    house.clock.now += APPROVAL_LASTS
    assert carried(house, draft) == (DeliveryState.EXPIRED, "the approval ran out")
