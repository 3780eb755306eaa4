"""What people may do about a delivery, when, and what is told of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from composer.errors import (
    ConflictError,
    NotFoundError,
    PublishError,
    RefusedError,
    UnclearAnswerError,
    UnsentError,
)
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.people import Action
from composer.publishers.records import Receipt
from composer.store.store import SqlStore
from tests.unit.newsroom.house import APPROVAL_LASTS, UNDO, SmallHouse, house_on
from tests.unit.newsroom.outlets import Helper, ScriptedSquare

THERE = "https://square.example/post/77"
ACCEPTED, AMBIGUOUS, AWAITING, CANCELLED, EXPIRED, QUEUED = (
    DeliveryState.ACCEPTED,
    DeliveryState.AMBIGUOUS,
    DeliveryState.AWAITING_PERSON,
    DeliveryState.CANCELLED,
    DeliveryState.EXPIRED,
    DeliveryState.QUEUED,
)


@pytest.fixture
def house(store: SqlStore, tmp_path: Path) -> Iterator[SmallHouse]:
    with house_on(store, tmp_path) as house:
        house.store.put_account(Account(name="square", platform="binance_square"))
        house.store.put_account(Account(name="hand", platform="gate_square"))
        yield house


@pytest.fixture
def square(house: SmallHouse) -> ScriptedSquare:
    square = ScriptedSquare()
    house.outlets["square"] = square
    return square


@pytest.fixture
def helper(house: SmallHouse) -> Helper:
    helper = Helper()
    house.outlets["hand"] = helper
    return helper


@pytest.fixture
def draft(house: SmallHouse) -> int:
    draft = house.make()
    house.review.approve(draft, 1, house.editor, send_to=[])
    return draft


@pytest.fixture
def unclear(house: SmallHouse, square: ScriptedSquare, draft: int) -> Delivery:
    square.answers = [UnclearAnswerError("504")]
    unclear = house.publish(draft, house.editor, "square")
    assert unclear.state is AMBIGUOUS
    return unclear


@pytest.fixture
def by_hand(house: SmallHouse, helper: Helper, draft: int) -> Delivery:
    assert not helper.looked_for
    handed = house.publish(draft, house.editor, "hand")
    assert handed.state is AWAITING
    return handed


def last(house: SmallHouse, draft: int) -> tuple[str | None, Action, str]:
    event = house.store.events(draft=draft)[0]
    return event.person, event.action, event.detail


class TestQueue:
    def test_it_is_queued_until_the_undo_window_is_over(
        self, house: SmallHouse, draft: int
    ) -> None:
        queued = house.dispatch.queue(draft, 1, "square", house.editor)
        assert (queued.state, queued.due_at) == (QUEUED, house.clock.now + UNDO)
        assert last(house, draft) == ("maria", Action.QUEUED, "square")
        house.clock.now += 2 * UNDO
        later = house.dispatch.queue(draft, 1, "hand", house.editor)
        assert later.due_at == house.clock.now, "the approval is old enough"

    def test_what_is_not_signed_for_the_account_is_refused(
        self, house: SmallHouse, draft: int
    ) -> None:
        house.store.put_account(Account(name="new", platform="folder"))
        with pytest.raises(RefusedError, match="is not for new"):
            house.dispatch.queue(draft, 1, "new", house.editor)
        with pytest.raises(NotFoundError, match="no account 'nowhere'"):
            house.dispatch.queue(draft, 1, "nowhere", house.editor)
        with pytest.raises(ConflictError):
            house.dispatch.queue(draft, 0, "square", house.editor)
        house.store.put_account(Account(name="square", platform="folder", active=False))
        with pytest.raises(RefusedError, match="not configured any more"):
            house.dispatch.queue(draft, 1, "square", house.editor)
        house.review.edit(draft, 1, "lead", "Other words.", house.editor)
        with pytest.raises(RefusedError, match="drafted, not approved"):
            house.dispatch.queue(draft, 2, "hand", house.editor)
        assert house.store.deliveries(draft) == ()


class TestStop:
    def test_what_has_not_gone_out_is_taken_back(self, house: SmallHouse, draft: int) -> None:
        queued = house.dispatch.queue(draft, 1, "square", house.editor)
        stopped = house.dispatch.stop(queued.id, house.editor)
        assert (stopped.state, stopped.reason) == (CANCELLED, "stopped by maria")
        assert last(house, draft) == ("maria", Action.CANCELLED, "square stopped by maria")
        assert house.dispatch.queue(draft, 1, "square", house.editor).state is QUEUED

    def test_what_waits_too(self, house: SmallHouse, square: ScriptedSquare, draft: int) -> None:
        square.answers = [UnsentError("no network")]
        waiting = house.publish(draft, house.editor, "square")
        assert house.dispatch.stop(waiting.id, house.editor).state is CANCELLED

    def test_what_may_be_out_cannot_be_stopped(self, house: SmallHouse, unclear: Delivery) -> None:
        with pytest.raises(RefusedError, match="is ambiguous; it cannot be stopped"):
            house.dispatch.stop(unclear.id, house.editor)


class TestConfirm:
    @pytest.mark.parametrize("which", ["unclear", "by_hand"])
    def test_the_address_of_the_post_is_kept(
        self, house: SmallHouse, request: pytest.FixtureRequest, which: str
    ) -> None:
        delivery: Delivery = request.getfixturevalue(which)
        done = house.dispatch.confirm(delivery.id, f"  {THERE}?ref=1#x ", house.editor)
        assert (done.state, done.reference) == (ACCEPTED, THERE)
        told = last(house, delivery.draft)
        assert told == ("maria", Action.ACCEPTED, f"{delivery.account} {THERE} confirmed")
        with pytest.raises(RefusedError, match="is accepted; nothing is to decide"):
            house.dispatch.confirm(delivery.id, THERE, house.editor)

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/post/77",
            "http://square.example/post/77",
            "https://square.example/post/",
            "https://square.example.evil.example/post/77",
            f"{THERE}/x",
            f"{THERE}\nhttps://evil.example",
            "",
        ],
        ids=["host", "http", "no_id", "suffix", "more", "lines", "empty"],
    )
    def test_no_other_address_is(self, house: SmallHouse, by_hand: Delivery, address: str) -> None:
        with pytest.raises(RefusedError, match="no address of a post there"):
            house.dispatch.confirm(by_hand.id, address, house.editor)
        assert house.store.delivery(by_hand.id) == by_hand

    def test_two_deliveries_are_not_one_post(
        self, house: SmallHouse, unclear: Delivery, by_hand: Delivery
    ) -> None:
        house.dispatch.confirm(unclear.id, THERE, house.editor)
        with pytest.raises(RefusedError, match=f"of delivery {unclear.id} already"):
            house.dispatch.confirm(by_hand.id, THERE, house.editor)


class TestSearch:
    def test_what_the_platform_shows_is_kept(
        self, house: SmallHouse, helper: Helper, by_hand: Delivery
    ) -> None:
        assert house.dispatch.search(by_hand.id, house.editor) == by_hand
        helper.shown = Receipt(reference=THERE)
        done = house.dispatch.search(by_hand.id, house.editor)
        assert (done.state, done.reference) == (ACCEPTED, THERE)
        signed = house.dispatch.rendition(by_hand.id)
        assert {one.sha256 for one in helper.looked_for} == {signed.sha256}

    def test_where_nobody_can_search_a_person_looks(
        self, house: SmallHouse, helper: Helper, by_hand: Delivery, unclear: Delivery
    ) -> None:
        helper.can_search = False
        for delivery in (by_hand, unclear):
            with pytest.raises(RefusedError, match="look there yourself"):
                house.dispatch.search(delivery.id, house.editor)

    def test_a_platform_that_does_not_answer_changes_nothing(
        self, house: SmallHouse, helper: Helper, by_hand: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_payload: object) -> None:
            msg = "no answer"
            raise PublishError(msg)

        monkeypatch.setattr(helper, "find", fail)
        with pytest.raises(PublishError, match="no answer"):
            house.dispatch.search(by_hand.id, house.editor)
        assert house.store.delivery(by_hand.id) == by_hand


class TestSendAgain:
    def test_it_goes_out_once_more_after_the_undo_window(
        self, house: SmallHouse, square: ScriptedSquare, unclear: Delivery
    ) -> None:
        again = house.dispatch.send_again(unclear.id, house.editor)
        assert (again.state, again.due_at) == (QUEUED, house.clock.now + UNDO)
        assert again.reason == "not there, says maria"
        assert last(house, unclear.draft)[:2] == ("maria", Action.QUEUED)
        assert house.courier.work("worker") is None
        house.clock.now += UNDO
        assert house.courier.work("worker") == house.store.delivery(unclear.id)
        assert house.store.delivery(unclear.id).state is ACCEPTED
        assert len(square.sent) == 2

    def test_it_can_be_stopped_meanwhile(
        self, house: SmallHouse, square: ScriptedSquare, unclear: Delivery
    ) -> None:
        again = house.dispatch.send_again(unclear.id, house.editor)
        house.dispatch.stop(again.id, house.editor)
        house.clock.now += UNDO
        assert house.courier.work("worker") is None
        assert len(square.sent) == 1

    def test_an_approval_that_is_gone_is_needed_anew(
        self, house: SmallHouse, unclear: Delivery
    ) -> None:
        house.clock.now += APPROVAL_LASTS
        gone = house.dispatch.send_again(unclear.id, house.editor)
        assert gone.state is EXPIRED
        assert gone.reason is not None
        assert "approve the draft again" in gone.reason
        house.review.approve(unclear.draft, 1, house.editor, send_to=["square"])
        house.clock.now += UNDO
        house.courier.work("worker")
        assert house.store.delivery(unclear.id).state is ACCEPTED

    def test_an_approval_of_the_same_text_is_good_enough(
        self, house: SmallHouse, square: ScriptedSquare, unclear: Delivery
    ) -> None:
        house.clock.now += APPROVAL_LASTS
        house.review.approve(unclear.draft, 1, house.editor)
        again = house.dispatch.send_again(unclear.id, house.editor)
        assert again.state is QUEUED
        house.clock.now += UNDO
        house.courier.work("worker")
        assert house.store.delivery(unclear.id).state is ACCEPTED
        assert len(square.sent) == 2

    def test_what_a_person_posts_is_not_repeated(
        self, house: SmallHouse, by_hand: Delivery
    ) -> None:
        with pytest.raises(RefusedError, match="nothing to repeat"):
            house.dispatch.send_again(by_hand.id, house.editor)


class TestGiveUp:
    @pytest.mark.parametrize("which", ["unclear", "by_hand"])
    def test_it_is_cancelled_and_can_be_queued_again(
        self, house: SmallHouse, request: pytest.FixtureRequest, which: str
    ) -> None:
        delivery: Delivery = request.getfixturevalue(which)
        done = house.dispatch.give_up(delivery.id, house.editor)
        assert (done.state, done.reason) == (CANCELLED, "not posted, says maria")
        assert last(house, delivery.draft)[:2] == ("maria", Action.CANCELLED)
        assert house.dispatch.queue(delivery.draft, 1, delivery.account, house.editor).state is (
            QUEUED
        )


class TestHolds:
    @pytest.mark.parametrize(("account", "told"), [("square", "square"), (None, "all accounts")])
    def test_a_hold_has_a_reason_and_is_told(
        self, house: SmallHouse, account: str | None, told: str
    ) -> None:
        with pytest.raises(RefusedError, match="say why"):
            house.dispatch.hold(account, " ", house.editor)
        house.dispatch.hold(account, "Wrong logo.", house.editor)
        house.dispatch.release(account, house.editor)
        events = house.store.events(limit=2)
        assert [(one.person, one.action, one.detail) for one in events] == [
            ("maria", Action.RELEASED, told),
            ("maria", Action.HELD, told),
        ]


DEEDS: dict[str, Callable[[SmallHouse], object]] = {
    "queue": lambda house: house.dispatch.queue(1, 1, "square", house.creator),
    "stop": lambda house: house.dispatch.stop(1, house.creator),
    "confirm": lambda house: house.dispatch.confirm(1, THERE, house.creator),
    "search": lambda house: house.dispatch.search(1, house.creator),
    "send_again": lambda house: house.dispatch.send_again(1, house.creator),
    "give_up": lambda house: house.dispatch.give_up(1, house.creator),
    "hold": lambda house: house.dispatch.hold(None, "wait", house.creator),
    "release": lambda house: house.dispatch.release(None, house.creator),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_takes_an_editor(house: SmallHouse, deed: str) -> None:
    before = house.store.events()
    with pytest.raises(RefusedError, match="this takes an editor"):
        DEEDS[deed](house)
    assert house.store.events() == before


def test_a_delivery_that_is_not_there_is_told(house: SmallHouse) -> None:
    with pytest.raises(NotFoundError, match="no delivery 999"):
        house.dispatch.stop(999, house.editor)
