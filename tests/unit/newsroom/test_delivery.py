"""What a worker makes of each answer, and of everything that changes while it works."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from composer.errors import (
    AccountRefusedError,
    ContentRefusedError,
    PublishError,
    QuotaError,
    RefusedError,
    SourceUnavailableError,
    StateError,
    UnclearAnswerError,
    UnsentError,
)
from composer.newsroom.delivery import LEASE, PROMPT
from composer.newsroom.ledger import FIRST_DELAY, LONGEST_DELAY
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.people import Action, Event
from composer.publishers.records import (
    NEVER,
    NO_LIMITS,
    SAFE,
    Limits,
    Receipt,
    Repeatability,
    SourceWording,
    idempotent,
)
from composer.store import tables
from composer.store.database import writing
from composer.store.store import SqlStore
from tests.unit.newsroom.house import APPROVAL_LASTS, UNDO, SmallHouse, house_on
from tests.unit.newsroom.outlets import TAKEN, Helper, ScriptedSquare
from tests.unit.store.makers import at_once

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ACCEPTED, AMBIGUOUS, AWAITING, CANCELLED, EXPIRED, QUEUED, REFUSED, SENDING, WAITING = (
    DeliveryState.ACCEPTED,
    DeliveryState.AMBIGUOUS,
    DeliveryState.AWAITING_PERSON,
    DeliveryState.CANCELLED,
    DeliveryState.EXPIRED,
    DeliveryState.QUEUED,
    DeliveryState.REFUSED,
    DeliveryState.SENDING,
    DeliveryState.WAITING,
)


@pytest.fixture
def house(store: SqlStore, tmp_path: Path) -> Iterator[SmallHouse]:
    with house_on(store, tmp_path) as house:
        yield house


@pytest.fixture
def square(house: SmallHouse) -> ScriptedSquare:
    house.store.put_account(Account(name="square", platform="binance_square"))
    square = ScriptedSquare()
    house.outlets["square"] = square
    return square


@pytest.fixture
def draft(house: SmallHouse, square: ScriptedSquare) -> int:
    draft = house.make()
    house.review.approve(draft, 1, house.editor, send_to=["square"])
    assert not square.sent
    return draft


@pytest.fixture
def due(house: SmallHouse, draft: int) -> Delivery:
    """Return a delivery whose undo window is just over."""
    house.clock.now += UNDO
    (delivery,) = house.store.deliveries(draft)
    return delivery


def work(house: SmallHouse) -> Delivery:
    done = house.courier.work("worker")
    assert done is not None
    return done


def now(house: SmallHouse, delivery: Delivery) -> Delivery:
    return house.store.delivery(delivery.id)


def actions(house: SmallHouse, draft: int) -> list[Action]:
    return [event.action for event in reversed(house.store.events(draft=draft))]


class Killed(BaseException):
    """A worker that dies: no handler of ours sees it."""


def die(*_: object) -> None:
    raise Killed


def die_sending(house: SmallHouse) -> Delivery:
    """Let a worker die right behind the fence."""
    doomed = replace(house.courier, mark=lambda point: die() if point == "fenced" else None)
    with pytest.raises(Killed):
        doomed.work("doomed")
    (sending,) = house.store.latest_deliveries(limit=1)
    assert sending.state is SENDING
    return sending


class TestAnswers:
    @pytest.mark.parametrize("repeatability", [NEVER, idempotent(HOUR), SAFE], ids=["n", "i", "s"])
    @pytest.mark.parametrize(
        ("answer", "state", "after", "held"),
        [
            (TAKEN, ACCEPTED, None, False),
            (ContentRefusedError("bad words"), REFUSED, None, False),
            (PublishError("not like this"), REFUSED, None, False),
            (AccountRefusedError("banned"), REFUSED, None, True),
            (QuotaError("slow down", wait_s=7), WAITING, timedelta(seconds=7), False),
            (QuotaError("slow down"), WAITING, FIRST_DELAY, False),
            (UnsentError("no network"), WAITING, FIRST_DELAY, False),
        ],
        ids=["taken", "content", "publish", "account", "quota_wait", "quota", "unsent"],
    )
    def test_a_clear_one_is_kept(
        self,
        house: SmallHouse,
        square: ScriptedSquare,
        due: Delivery,
        repeatability: Repeatability,
        answer: Receipt | Exception,
        state: DeliveryState,
        after: timedelta | None,
        held: bool,  # noqa: FBT001 - a table
    ) -> None:
        square.repeatability, square.answers = repeatability, [answer]
        done = work(house)
        assert done == now(house, due)
        assert (done.state, done.attempts, len(square.sent)) == (state, 1, 1)
        assert done.reason == (None if state is ACCEPTED else str(answer))
        assert done.reference == (TAKEN.reference if state is ACCEPTED else None)
        assert done.due_at == (house.clock.now + after if after else due.due_at)
        assert done.tries == (state is WAITING)
        account = next(one for one in house.store.accounts() if one.name == "square")
        assert account.held == held
        assert actions(house, due.draft)[-2:] == [Action.SENT, Action(state.value)]
        assert house.courier.work("worker") is None

    @pytest.mark.parametrize(
        ("repeatability", "state"),
        [(NEVER, AMBIGUOUS), (idempotent(HOUR), WAITING), (SAFE, WAITING)],
        ids=["never", "idempotent", "safe"],
    )
    @pytest.mark.parametrize(
        "answer",
        [UnclearAnswerError("504"), TimeoutError("silence"), KeyError("a fault of ours")],
        ids=["unclear", "timeout", "fault"],
    )
    def test_what_nobody_knows_is_repeated_only_where_that_is_safe(
        self,
        house: SmallHouse,
        square: ScriptedSquare,
        due: Delivery,
        repeatability: Repeatability,
        state: DeliveryState,
        answer: Exception,
    ) -> None:
        square.repeatability, square.answers = repeatability, [answer]
        done = work(house)
        assert done.state is state
        assert done.reason is not None
        assert str(answer) in done.reason
        house.clock.now += HOUR - LEASE - 2 * MINUTE  # the approval is good for longer
        if state is AMBIGUOUS:
            assert house.courier.work("worker") is None
            assert now(house, due) == done
        else:
            assert work(house).state is ACCEPTED
            assert square.sent[0] == square.sent[1], "the same send, with the same key"

    def test_after_its_time_nothing_is_repeated(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        square.repeatability = idempotent(HOUR)
        square.answers = [UnclearAnswerError("504")]
        assert work(house).state is WAITING
        house.clock.now += HOUR  # nobody was there, or sending was held
        done = work(house)
        assert (done.id, done.state) == (due.id, AMBIGUOUS)
        assert done.reason is not None
        assert "too late to send it again" in done.reason
        assert len(square.sent) == 1

    def test_each_delay_is_twice_the_last_up_to_a_limit(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        delays = []
        square.answers = [UnsentError("no network")] * 20
        while (done := now(house, due)).state in {QUEUED, WAITING}:
            house.clock.now = max(house.clock.now, done.due_at or house.clock.now)
            house.courier.work("worker")
            moved = now(house, due)
            if moved.state is WAITING:
                assert moved.due_at is not None
                delays.append(moved.due_at - house.clock.now)
        assert delays[:4] == [FIRST_DELAY * factor for factor in (1, 2, 4, 8)]
        assert max(delays) <= LONGEST_DELAY
        assert done.state is EXPIRED
        assert done.reason == "the approval ran out; before that: no network"

    def test_what_never_left_keeps_no_attempt(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        cases: list[tuple[Exception, DeliveryState]] = [
            (UnsentError("image store"), WAITING),
            (QuotaError("full", wait_s=60), WAITING),
            (ValueError("a fault of ours"), WAITING),
            (ContentRefusedError("too long"), REFUSED),
        ]
        for error, state in cases:
            square.preparing = [error]
            house.clock.now += LONGEST_DELAY / 10
            done = work(house)
            assert (done.id, done.state, done.attempts) == (due.id, state, 0)
            assert done.reason in {str(error), repr(error)}
        assert not square.sent

    def test_an_account_that_is_refused_while_preparing_is_held(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        square.preparing = [AccountRefusedError("no such key")]
        assert work(house).state is REFUSED
        (account,) = [one for one in house.store.accounts() if one.name == "square"]
        assert (account.held, account.held_reason) == (True, "no such key")
        assert now(house, due).attempts == 0

    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    def test_a_death_beside_the_hold_leaves_no_delivery_that_nobody_claims(
        self,
        house: SmallHouse,
        square: ScriptedSquare,
        due: Delivery,
        monkeypatch: pytest.MonkeyPatch,
        *,
        after: bool,
    ) -> None:
        hold = house.store.hold

        def die_at_the_hold(account: str | None, reason: str, event: Event) -> None:
            if after:
                hold(account, reason, event)
            die()

        square.preparing = [AccountRefusedError("no such key")] * 2
        with monkeypatch.context() as patch:
            patch.setattr(type(house.store), "hold", staticmethod(die_at_the_hold))
            with pytest.raises(Killed):
                house.courier.work("doomed")
        assert now(house, due).state is REFUSED
        house.clock.now += LEASE
        assert house.courier.work("another") is None

    def test_a_busy_store_gets_the_answer_in_the_end(
        self,
        house: SmallHouse,
        square: ScriptedSquare,
        due: Delivery,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The answer is known to nobody else, so it is tried for as long as the lease."""
        finish, refusals = house.store.finish, iter(range(3))

        def refuse_first(*args: object, **named: object) -> Delivery:
            if next(refusals, None) is not None:
                msg = "busy"
                raise StateError(msg)
            return finish(*args, **named)  # type: ignore[arg-type] # handed on as it came

        monkeypatch.setattr(house.store, "finish", refuse_first)
        assert work(house) == replace(now(house, due), state=ACCEPTED)
        assert len(square.sent) == 1

    def test_a_store_that_stays_away_leaves_it_to_whoever_comes_next(
        self,
        house: SmallHouse,
        square: ScriptedSquare,
        due: Delivery,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def refuse(*_: object, **__: object) -> Delivery:
            msg = "away"
            raise StateError(msg)

        with monkeypatch.context() as patch:
            patch.setattr(house.store, "finish", refuse)
            with pytest.raises(StateError, match="away"):
                house.courier.work("worker")
        house.clock.now += LEASE
        assert house.courier.work("next") is None
        assert now(house, due).state is AMBIGUOUS
        assert len(square.sent) == 1


class TestDeath:
    def test_behind_the_fence_it_becomes_ambiguous_after_the_lease(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        sending = die_sending(house)
        house.clock.now += LEASE
        assert house.courier.work("next") is None
        assert now(house, due) == sending
        house.clock.now += timedelta(microseconds=1)
        assert house.courier.work("next") is None
        done = now(house, due)
        assert (done.state, done.attempts) == (AMBIGUOUS, 1)
        assert done.reason == "the worker that sent it died before it kept the answer"
        assert not square.sent

    @pytest.mark.parametrize("repeatability", [SAFE, idempotent(HOUR)], ids=["safe", "idempotent"])
    def test_it_is_repeated_where_that_is_safe(
        self,
        house: SmallHouse,
        square: ScriptedSquare,
        due: Delivery,
        repeatability: Repeatability,
    ) -> None:
        square.repeatability = repeatability
        die_sending(house)
        house.clock.now += LEASE + MINUTE
        assert house.courier.work("next") is None  # first it is found
        assert now(house, due).state is WAITING
        house.clock.now += MINUTE
        assert work(house).state is ACCEPTED

    def test_it_is_not_repeated_when_the_time_for_that_is_nearly_over(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        square.repeatability = idempotent(2 * LEASE)
        die_sending(house)
        house.clock.now += LEASE + MINUTE
        house.courier.work("next")
        assert now(house, due).state is AMBIGUOUS

    @pytest.mark.parametrize("point", ["claimed", "prepared", "judged"])
    def test_before_the_fence_another_worker_takes_it_up(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, point: str
    ) -> None:
        doomed = replace(house.courier, mark=lambda passed: die() if passed == point else None)
        with pytest.raises(Killed):
            doomed.work("doomed")
        assert house.courier.work("next") is None, "it is in the hands of the dead"
        house.clock.now += LEASE + MINUTE
        assert work(house).id == due.id
        assert len(square.sent) == 1

    def test_a_pause_behind_the_fence_sends_nothing(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        def sleep(point: str) -> None:
            house.clock.now += (PROMPT + timedelta(seconds=1)) * (point == "fenced")

        done = replace(house.courier, mark=sleep).work("sleepy")
        assert done is not None
        assert (done.id, done.state, done.attempts) == (due.id, WAITING, 1)
        assert done.reason is not None
        assert "nothing was sent" in done.reason
        assert not square.sent

    def test_whoever_wakes_up_late_sends_nothing_that_others_sent(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        def sleep(point: str) -> None:
            if point != "fenced":
                return
            house.clock.now += LEASE + MINUTE
            house.courier.work("next")
            house.dispatch.send_again(due.id, house.editor)
            house.clock.now += UNDO
            assert house.courier.work("next") is not None

        replace(house.courier, mark=sleep).work("sleepy")
        assert len(square.sent) == 1
        done = now(house, due)
        assert (done.state, done.attempts) == (ACCEPTED, 2)

    def test_a_claim_that_was_lost_changes_nothing(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        def dawdle() -> None:
            square.on_prepare = lambda: None
            house.clock.now += LEASE + MINUTE
            assert work(house).state is ACCEPTED

        square.on_prepare = dawdle
        late = house.courier.work("slow")
        assert late == now(house, due)
        assert late.state is ACCEPTED
        assert len(square.sent) == 1


class TestTime:
    def test_nothing_leaves_in_the_undo_window(
        self, house: SmallHouse, square: ScriptedSquare, draft: int
    ) -> None:
        house.clock.now += UNDO - timedelta(microseconds=1)
        assert house.courier.work("worker") is None
        (queued,) = house.store.deliveries(draft)
        assert house.dispatch.stop(queued.id, house.editor).state is CANCELLED
        house.clock.now += HOUR
        assert house.courier.work("worker") is None
        assert not square.sent

    @pytest.mark.parametrize("held", [True, False], ids=["held", "waiting"])
    def test_what_waits_too_long_expires(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, *, held: bool
    ) -> None:
        if held:
            house.dispatch.hold("square", "wait", house.editor)
        square.answers = [UnsentError("no network")]
        house.courier.work("worker")
        house.clock.now += APPROVAL_LASTS
        house.courier.work("worker")
        done = now(house, due)
        assert done.state is EXPIRED
        assert done.reason is not None
        assert done.reason.startswith("the approval ran out")
        assert actions(house, due.draft)[-1] is Action.EXPIRED

    def test_what_expired_can_be_approved_and_queued_again(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        house.clock.now += APPROVAL_LASTS
        house.courier.work("worker")
        house.review.approve(due.draft, 1, house.editor, send_to=["square"])
        house.clock.now += UNDO
        assert work(house).state is ACCEPTED
        assert len(square.sent) == 1


def edit(house: SmallHouse, draft: int) -> None:
    house.review.edit(draft, 1, "lead", "Other words.", house.editor)


def withdraw(house: SmallHouse, draft: int) -> None:
    house.review.withdraw(draft, 1, house.editor, "Wrong market.")


def refresh(house: SmallHouse, draft: int) -> None:
    house.refresh(house.store.draft(draft).edition, house.editor)


def stop(house: SmallHouse, draft: int) -> None:
    (delivery,) = house.store.deliveries(draft)
    house.dispatch.stop(delivery.id, house.editor)


def hold_account(house: SmallHouse, _draft: int) -> None:
    house.dispatch.hold("square", "wait", house.editor)


def hold_house(house: SmallHouse, _draft: int) -> None:
    house.dispatch.hold(None, "wait", house.editor)


def remove_account(house: SmallHouse, _draft: int) -> None:
    gone = Account(name="square", platform="binance_square", active=False)
    house.store.put_account(gone)


DEEDS = [
    (edit, CANCELLED),
    (withdraw, CANCELLED),
    (refresh, CANCELLED),
    (stop, CANCELLED),
    (remove_account, CANCELLED),
    (hold_account, WAITING),
    (hold_house, WAITING),
]


@pytest.mark.parametrize("point", ["claimed", "prepared", "judged"])
@pytest.mark.parametrize(("deed", "state"), DEEDS, ids=[deed.__name__ for deed, _ in DEEDS])
def test_whatever_is_done_before_the_fence_stops_it(
    house: SmallHouse,
    square: ScriptedSquare,
    due: Delivery,
    point: str,
    deed: Callable[[SmallHouse, int], None],
    state: DeliveryState,
) -> None:
    def mark(passed: str) -> None:
        if passed == point:
            deed(house, due.draft)

    replace(house.courier, mark=mark).work("worker")
    done = now(house, due)
    assert (done.state, done.attempts) == (state, 0)
    assert done.reason
    assert not square.sent
    if state is WAITING:
        assert house.courier.work("worker") is None
        account = "square" if deed is hold_account else None
        house.dispatch.release(account, house.editor)
        assert work(house).state is ACCEPTED


def test_a_new_order_stands_whatever_the_worker_of_the_old_one_finds(
    house: SmallHouse, square: ScriptedSquare, due: Delivery
) -> None:
    """While images are uploaded, the text is edited, approved again and queued again."""

    def approve_again() -> None:
        edit(house, due.draft)
        house.review.approve(due.draft, 2, house.editor, send_to=["square"])

    square.on_prepare = approve_again
    house.courier.work("worker")
    square.on_prepare = lambda: None
    renewed = now(house, due)
    assert (renewed.state, renewed.due_at) == (QUEUED, house.clock.now + UNDO)
    assert not square.sent
    house.clock.now += UNDO
    assert work(house).state is ACCEPTED
    assert "Other words." in square.sent[0].text


@pytest.mark.parametrize("error", [UnsentError("store"), ContentRefusedError("long")], ids=str)
def test_a_failure_of_the_old_order_does_not_touch_the_new_one(
    house: SmallHouse, square: ScriptedSquare, due: Delivery, error: Exception
) -> None:
    def approve_again() -> None:
        edit(house, due.draft)
        house.review.approve(due.draft, 2, house.editor, send_to=["square"])

    square.on_prepare, square.preparing = approve_again, [error]
    house.courier.work("worker")
    renewed = now(house, due)
    assert (renewed.state, renewed.due_at) == (QUEUED, house.clock.now + UNDO)


def approved(house: SmallHouse) -> int:
    """Make a draft and approve it for every account, queued for none."""
    draft = house.make()
    house.review.approve(draft, 1, house.editor, send_to=[])
    return draft


class TestMayBeOut:
    """A send that is to be repeated after an unclear answer may be out all the while."""

    @pytest.fixture(autouse=True)
    def lost(self, house: SmallHouse, square: ScriptedSquare, due: Delivery) -> Delivery:
        square.repeatability = idempotent(HOUR)
        square.answers = [UnclearAnswerError("lost")]
        waiting = work(house)
        assert (waiting.id, waiting.state) == (due.id, DeliveryState.WAITING)
        assert waiting.may_be_out
        return waiting

    @pytest.mark.parametrize("deed", [stop, edit, withdraw])
    def test_whatever_ends_it_a_person_has_to_look(
        self,
        deed: Callable[[SmallHouse, int], None],
        house: SmallHouse,
        square: ScriptedSquare,
        lost: Delivery,
    ) -> None:
        deed(house, lost.draft)
        house.courier.work("another")
        ended = now(house, lost)
        assert ended.state is DeliveryState.AMBIGUOUS
        assert "it may be out" in (ended.reason or "")
        assert len(square.sent) == 1

    def test_another_text_does_not_take_its_place(
        self, house: SmallHouse, square: ScriptedSquare, lost: Delivery
    ) -> None:
        edit(house, lost.draft)
        revision = house.store.draft(lost.draft).revision
        with pytest.raises(RefusedError, match="waiting; it is not sent again"):
            house.review.approve(lost.draft, revision, house.editor, send_to=["square"])
        house.clock.now += HOUR + 5 * MINUTE
        house.courier.work("another")
        assert len(square.sent) == 1

    def test_a_clear_no_to_the_repeated_send_says_nothing_of_the_first(
        self, house: SmallHouse, square: ScriptedSquare, lost: Delivery
    ) -> None:
        square.answers = [QuotaError("busy", wait_s=60.0), ContentRefusedError("too long")]
        house.clock.now += FIRST_DELAY
        house.courier.work("another")
        assert now(house, lost).may_be_out
        house.clock.now += MINUTE
        house.courier.work("another")
        assert now(house, lost).state is DeliveryState.AMBIGUOUS

    def test_the_time_it_may_be_repeated_counts_from_the_first_send(
        self, house: SmallHouse, square: ScriptedSquare, lost: Delivery
    ) -> None:
        square.answers = [UnclearAnswerError("lost")] * 99
        while now(house, lost).state is DeliveryState.WAITING:
            house.clock.now += 5 * MINUTE
            house.courier.work("another")
        ended = now(house, lost)
        assert ended.state is DeliveryState.AMBIGUOUS
        assert ended.sent_at is not None
        assert lost.sent_at is not None
        assert timedelta(0) < ended.sent_at - lost.sent_at < HOUR


class TestTheMarket:
    @pytest.mark.parametrize(
        ("low", "high"), [(86_137.0, 90_500.0), (90_000.0, 94_681.0)], ids=["lower", "upper"]
    )
    def test_a_level_that_was_touched_stops_it(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, low: float, high: float
    ) -> None:
        house.prices.low, house.prices.high = low, high
        done = work(house)
        assert (done.id, done.state) == (due.id, CANCELLED)
        assert done.reason is not None
        assert "the price has been at" in done.reason
        assert not square.sent

    @pytest.mark.parametrize(
        "error", [SourceUnavailableError("no answer"), ZeroDivisionError()], ids=["source", "fault"]
    )
    def test_what_cannot_be_judged_waits(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, error: Exception
    ) -> None:
        house.prices.error = error
        done = work(house)
        assert (done.state, done.due_at) == (WAITING, house.clock.now + FIRST_DELAY)
        assert done.reason is not None
        assert "cannot be judged" in done.reason
        assert not square.sent
        house.prices.error = None
        house.clock.now += FIRST_DELAY
        assert work(house).state is ACCEPTED
        assert now(house, due).reason is None

    def test_whatever_a_source_says_is_kept(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        house.prices.error = SourceUnavailableError("a\0b \ud800 " + "long " * 1_000)
        done = work(house)
        assert (done.id, done.state) == (due.id, WAITING)
        assert done.reason is not None
        assert "a�b ? long" in done.reason
        assert len(done.reason) < 600
        assert not square.sent

    def test_it_is_judged_after_the_images_are_up(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        square.on_prepare = lambda: setattr(house.prices, "low", 80_000.0)
        assert work(house).state is CANCELLED
        assert not square.sent
        assert due.attempts == 0

    def test_into_our_own_folder_goes_also_what_cannot_be_judged(self, house: SmallHouse) -> None:
        draft = approved(house)
        house.prices.error = SourceUnavailableError("no answer")
        assert house.publish(draft, house.editor).state is ACCEPTED

    def test_but_not_what_is_known_to_be_wrong(self, house: SmallHouse) -> None:
        draft = approved(house)
        house.prices.high = 99_000.0
        assert house.publish(draft, house.editor).state is CANCELLED


class TestTheBytes:
    def test_a_rendition_that_was_altered_is_not_sent(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, engine: Engine
    ) -> None:
        with writing(engine) as connection:
            connection.execute(update(tables.renditions).values(text="buy now"))
        done = work(house)
        assert (done.id, done.state) == (due.id, CANCELLED)
        assert not square.sent
        assert Action.APPROVAL_VOIDED in actions(house, due.draft)
        view = house.review.view(due.draft)
        assert view.approval is None

    def test_a_revision_that_was_altered_is_not_sent(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, engine: Engine
    ) -> None:
        with writing(engine) as connection:
            alter = update(tables.passages).where(tables.passages.c.key == "lead")
            connection.execute(alter.values(text="Buy now."))
        done = work(house)
        assert (done.id, done.state) == (due.id, CANCELLED)
        assert done.reason is not None
        assert "is not what was approved" in done.reason
        assert not square.sent

    def test_an_image_that_was_altered_is_not_sent(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, engine: Engine
    ) -> None:
        with writing(engine) as connection:
            connection.execute(update(tables.images).values(png=b"\x89PNG another"))
        done = work(house)
        assert (done.id, done.state) == (due.id, WAITING)
        assert not square.sent
        house.clock.now += APPROVAL_LASTS
        house.courier.work("worker")
        assert now(house, due).state is EXPIRED

    def test_the_approved_bytes_are_sent(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        work(house)
        (payload,) = square.sent
        signed = house.dispatch.rendition(due.id)
        assert (payload.text, payload.sha256) == (signed.text, signed.sha256)
        assert [image.png for image in payload.images] == [
            house.store.image(image.sha256) for image in signed.images
        ]


class TestAtOnce:
    def test_of_many_workers_one_sends(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        results = at_once(*[partial(house.courier.work, f"worker-{n}") for n in range(4)])
        assert not [one for one in results if isinstance(one, Exception)]
        assert len(square.sent) == 1
        assert now(house, due).state is ACCEPTED

    @pytest.mark.parametrize("account", ["square", None], ids=["account", "house"])
    def test_once_a_hold_has_returned_nothing_begins(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery, account: str | None
    ) -> None:
        begun: list[int] = []

        def hold() -> None:
            house.dispatch.hold(account, "stop", house.editor)
            begun.append(now(house, due).attempts)

        for _ in range(5):
            square.answers = [UnsentError("again")]
            at_once(partial(house.courier.work, "worker"), hold)
            assert now(house, due).attempts == begun[-1]
            house.dispatch.release(account, house.editor)
            house.clock.now += HOUR / 5
            if now(house, due).state is EXPIRED:
                break

    def test_one_broken_account_stops_no_other(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        die_sending(house)
        del house.outlets["square"]
        other = house.make()
        house.review.approve(other, house.store.draft(other).revision, house.editor)
        assert house.publish(other, house.editor).state is ACCEPTED
        house.clock.now += LEASE
        assert house.courier.work("next") is None
        assert now(house, due).state is AMBIGUOUS
        assert not square.sent


class TestWhatFits:
    """The square has room for a text without its first droppable passage, and for no image."""

    @pytest.fixture
    def draft(self, house: SmallHouse, square: ScriptedSquare) -> int:
        draft = house.make()
        rendition = house.review.prospects(house.review.view(draft))["square"].rendition
        assert rendition is not None
        square.limits = Limits(max_characters=len(rendition.text) - 1, max_images=0)
        house.review.approve(draft, 1, house.editor, send_to=["square"])
        return draft

    def test_it_is_sent_as_it_was_approved(
        self, house: SmallHouse, square: ScriptedSquare, due: Delivery
    ) -> None:
        view = house.review.view(due.draft)
        assert work(house).state is ACCEPTED
        (sent,) = square.sent
        assert view.approval is not None
        (signed,) = [one for one in view.approval.renditions if one.account == "square"]
        assert (sent.text, sent.sha256, sent.images) == (signed.text, signed.sha256, ())
        assert not square.limits.wrong_with(sent.text)
        assert len(sent.text) < max(len(one.text) for one in view.approval.renditions)

    @pytest.mark.parametrize(
        ("limits", "told"),
        [
            (NO_LIMITS, "is not what was approved"),
            (Limits(source_wording=SourceWording.GENERIC), "is not what was approved"),
            (Limits(max_characters=100), "does_not_fit"),
        ],
        ids=range(3),
    )
    def test_limits_that_changed_since_send_nothing(
        self,
        house: SmallHouse,
        square: ScriptedSquare,
        due: Delivery,
        limits: Limits,
        told: str,
    ) -> None:
        square.limits = limits
        done = work(house)
        assert (done.id, done.state, square.sent) == (due.id, CANCELLED, [])
        assert told in (done.reason or "")

    def test_what_does_not_fit_is_not_approved_for_the_account(
        self, house: SmallHouse, square: ScriptedSquare
    ) -> None:
        square.limits = Limits(max_characters=100)
        draft = house.make()
        with pytest.raises(RefusedError, match="square cannot take this draft"):
            house.review.approve(draft, 1, house.editor, send_to=["square"])
        approval = house.review.approve(draft, 1, house.editor)
        assert [one.account for one in approval.renditions] == ["folder"]


class TestByHand:
    @pytest.fixture
    def helper(self, house: SmallHouse) -> Helper:
        house.store.put_account(Account(name="hand", platform="gate_square"))
        helper = Helper()
        house.outlets["hand"] = helper
        return helper

    def test_it_is_handed_to_a_person(self, house: SmallHouse, helper: Helper) -> None:
        handed = house.publish(approved(house), house.editor, "hand")
        assert (handed.state, handed.attempts) == (AWAITING, 1)
        house.clock.now += 10 * APPROVAL_LASTS
        house.courier.work("worker")
        assert now(house, handed).state is AWAITING
        assert not helper.looked_for

    def test_what_does_not_fit_is_refused(self, house: SmallHouse, helper: Helper) -> None:
        helper.refusal = ContentRefusedError("too many images")
        handed = house.publish(approved(house), house.editor, "hand")
        assert (handed.state, handed.reason, handed.attempts) == (REFUSED, "too many images", 0)

    @pytest.mark.usefixtures("helper")
    def test_a_crossed_level_stops_it_too(self, house: SmallHouse) -> None:
        house.prices.low = 80_000.0
        assert house.publish(approved(house), house.editor, "hand").state is CANCELLED

    @pytest.mark.usefixtures("helper")
    def test_nobody_is_asked_while_it_is_held(self, house: SmallHouse) -> None:
        house.dispatch.hold("hand", "wait", house.editor)
        assert house.publish(approved(house), house.editor, "hand").state is QUEUED
