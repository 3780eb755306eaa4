"""A draft goes to an account once, and only what is approved gets through the fence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select, update

from composer.errors import ConflictError, HeldError, NotFoundError, RefusedError, StateError
from composer.newsroom.records.deliveries import Account, Delivery, DeliveryState
from composer.newsroom.records.people import Action, Event
from composer.store import tables
from composer.store.database import reading, writing
from tests.unit.store.makers import (
    AT,
    LATER,
    Desk,
    approve,
    at_once,
    edit,
    event,
    hand_over,
    queue,
    rendition,
    withdraw,
)

ROUNDS = 10
MOST = timedelta(hours=1)  # how long an approval of the makers is good
ACCEPTED, AMBIGUOUS, CANCELLED, QUEUED, REFUSED, SENDING, WAITING = (
    DeliveryState.ACCEPTED,
    DeliveryState.AMBIGUOUS,
    DeliveryState.CANCELLED,
    DeliveryState.QUEUED,
    DeliveryState.REFUSED,
    DeliveryState.SENDING,
    DeliveryState.WAITING,
)


@pytest.fixture
def queued(desk: Desk) -> Delivery:
    approve(desk.store, desk.draft)
    return queue(desk.store, desk.draft.id)


@pytest.fixture
def sending(desk: Desk, queued: Delivery) -> Delivery:
    return hand_over(desk.store, queued)


def finish(desk: Desk, sent: Delivery, state: DeliveryState, *, reference: str = "") -> Delivery:
    told = event(Action(state.value))
    kept = reference or ("post/1" if state is ACCEPTED else None)
    due_at = LATER if state is WAITING else None
    reason = None if state is ACCEPTED else f"it is {state}"
    return desk.store.finish(sent, state, event=told, reference=kept, reason=reason, due_at=due_at)


def move(desk: Desk, seen: Delivery, state: DeliveryState, reason: str = "moved") -> Delivery:
    return desk.store.move_delivery(
        seen, state, event=event(Action.WAITING), due_at=LATER, reason=reason
    )


def attempts(engine: Engine) -> list[tuple[object, ...]]:
    query = select(tables.attempts).order_by(tables.attempts.c.number)
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(query)]


def actions(desk: Desk) -> list[Action]:
    return [one.action for one in reversed(desk.store.events(draft=desk.draft.id))]


class TestQueueing:
    def test_a_delivery_is_queued_once(self, desk: Desk, queued: Delivery) -> None:
        assert (queued.state, queued.due_at) == (QUEUED, AT)
        assert queued.rendition_sha256 == rendition().sha256
        assert (queued.tries, queued.attempts, queued.sent_at) == (0, 0, None)
        assert queue(desk.store, desk.draft.id) == queued
        assert desk.store.deliveries(desk.draft.id) == (queued,)
        assert desk.store.deliveries(999_999) == ()
        assert desk.store.latest_deliveries(limit=9) == (queued,)
        assert desk.store.latest_deliveries(limit=9, states=[SENDING]) == ()

    def test_queued_many_times_at_once_it_is_one(self, desk: Desk) -> None:
        approve(desk.store, desk.draft)
        results = at_once(*[partial(queue, desk.store, desk.draft.id)] * 6)
        assert results == [desk.store.deliveries(desk.draft.id)[0]] * 6

    def test_what_is_not_approved_is_not_queued(self, desk: Desk) -> None:
        store, draft = desk.store, desk.draft.id
        with pytest.raises(RefusedError, match="approve it first"):
            queue(store, draft)
        approved = approve(store, desk.draft)
        for other in ("another text", "x"):
            with pytest.raises(RefusedError, match="approve it first"):
                queue(store, draft, other)
        late = replace(event(Action.QUEUED, "Anna"), at=AT + MOST)
        with pytest.raises(RefusedError, match="approve it first"):
            store.queue_delivery(draft, "folder", rendition().sha256, due_at=AT, event=late)
        edit(store, approved, "new words")
        with pytest.raises(RefusedError, match="approve it first"):
            queue(store, draft)
        assert store.deliveries(draft) == ()

    @pytest.mark.parametrize("state", [REFUSED, WAITING, CANCELLED, DeliveryState.EXPIRED])
    def test_what_is_surely_not_out_is_queued_again(
        self, state: DeliveryState, desk: Desk, queued: Delivery
    ) -> None:
        moved = move(desk, queued, state)
        assert (moved.state, moved.reason) == (state, "moved")
        assert queue(desk.store, desk.draft.id) == queued

    @pytest.mark.parametrize(
        "state", [SENDING, ACCEPTED, AMBIGUOUS, DeliveryState.AWAITING_PERSON], ids=str
    )
    def test_what_is_out_or_may_be_keeps_its_text(
        self, state: DeliveryState, desk: Desk, queued: Delivery
    ) -> None:
        store = desk.store
        if state is DeliveryState.AWAITING_PERSON:
            kept = hand_over(store, queued, state)
        else:
            kept = hand_over(store, queued)
            kept = kept if state is SENDING else finish(desk, kept, state)
        edited = edit(store, store.draft(desk.draft.id), "new words")
        approve(store, edited, rendition("new words"))
        with pytest.raises(RefusedError, match=f"{state.value}; it is not sent again"):
            queue(store, desk.draft.id, "new words")
        assert store.deliveries(desk.draft.id) == (kept,)
        assert store.rendition_of(kept.id) == rendition()


class TestClaiming:
    def test_it_is_claimed_when_it_is_due(self, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        early = AT - timedelta(microseconds=1)
        assert store.claim_delivery("a", now=early, until=LATER) is None
        assert store.claim_delivery("a", now=AT, until=LATER) == queued
        assert store.claim_delivery("b", now=LATER, until=LATER) is None
        after = LATER + timedelta(microseconds=1)
        assert store.claim_delivery("b", now=after, until=after + MOST) == queued

    def test_of_many_workers_one_claims(self, desk: Desk, queued: Delivery) -> None:
        now = AT
        for _ in range(ROUNDS):
            claims = [
                partial(desk.store.claim_delivery, name, now=now, until=now + MOST)
                for name in ("a", "b", "c", "d")
            ]
            won = [one for one in at_once(*claims) if one is not None]
            assert won == [queued]
            now += 2 * MOST

    def test_the_longest_due_goes_first(self, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        store.put_account(Account(name="other", platform="folder"))
        again = approve(store, store.draft(desk.draft.id), rendition(), rendition("post", "other"))
        earlier = AT - timedelta(minutes=1)
        queue(store, again.id)
        queue(store, again.id, account="other", due_at=earlier)
        first = store.claim_delivery("a", now=AT, until=LATER)
        second = store.claim_delivery("a", now=AT, until=LATER)
        assert first is not None
        assert second is not None
        assert [first.account, second.account] == ["other", queued.account]

    @pytest.mark.parametrize("account", ["folder", None], ids=["account", "house"])
    def test_nothing_held_is_claimed(
        self, account: str | None, desk: Desk, queued: Delivery
    ) -> None:
        store = desk.store
        store.hold(account, "wait", event(Action.HELD))
        assert store.claim_delivery("a", now=AT, until=LATER) is None
        store.release(account, event(Action.RELEASED))
        assert store.claim_delivery("a", now=AT, until=LATER) == queued

    def test_an_account_that_is_gone_gets_nothing(self, desk: Desk, queued: Delivery) -> None:
        desk.store.put_account(Account(name="folder", platform="folder", active=False))
        assert desk.store.claim_delivery("a", now=AT, until=LATER) is None
        desk.store.put_account(Account(name="folder", platform="folder"))
        assert desk.store.claim_delivery("a", now=AT, until=LATER) == queued


class TestTheFence:
    def test_it_keeps_an_attempt_before_the_first_byte(
        self, desk: Desk, queued: Delivery, engine: Engine
    ) -> None:
        sending = hand_over(desk.store, queued)
        assert sending == replace(queued, state=SENDING, attempts=1, sent_at=AT, first_sent_at=AT)
        sha256 = rendition().sha256
        assert attempts(engine) == [(queued.id, 1, sha256, AT, None, None, None, None)]
        assert actions(desk)[-1] is Action.SENT

    def test_only_whoever_claimed_it_gets_through(self, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        claimed = store.claim_delivery("a", now=AT, until=LATER)
        assert claimed == queued
        give = partial(store.hand_over, queued, until=LATER, event=event(Action.SENT))
        with pytest.raises(ConflictError, match="queued by now, you saw it queued"):
            give("b", SENDING)
        assert give("a", SENDING).state is SENDING
        with pytest.raises(ConflictError, match="is sending by now, you saw it queued"):
            give("a", SENDING)

    def test_of_many_senders_one_sends(self, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        for number in range(ROUNDS):
            assert store.claim_delivery("a", now=LATER, until=LATER) is not None
            seen = store.delivery(queued.id)
            give = partial(
                store.hand_over, seen, "a", SENDING, until=LATER, event=event(Action.SENT)
            )
            results = at_once(give, give, give)
            (sending,) = [one for one in results if isinstance(one, Delivery)]
            assert sum(isinstance(one, ConflictError) for one in results) == 2
            assert sending.attempts == number + 1
            finish(desk, sending, WAITING)

    @pytest.mark.parametrize("account", ["folder", None], ids=["account", "house"])
    def test_a_hold_stops_it(self, account: str | None, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        store.claim_delivery("a", now=AT, until=LATER)
        store.hold(account, "wait", event(Action.HELD))
        with pytest.raises(HeldError, match="held; release it"):
            store.hand_over(queued, "a", SENDING, until=LATER, event=event(Action.SENT))
        assert store.deliveries(desk.draft.id) == (queued,)

    def test_an_account_that_is_gone_stops_it(self, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        store.claim_delivery("a", now=AT, until=LATER)
        store.put_account(Account(name="folder", platform="folder", active=False))
        with pytest.raises(RefusedError, match="folder is not configured"):
            store.hand_over(queued, "a", SENDING, until=LATER, event=event(Action.SENT))

    @pytest.mark.parametrize("deed", ["edit", "withdraw", "time"])
    def test_an_approval_that_is_gone_stops_it(
        self, deed: str, desk: Desk, queued: Delivery
    ) -> None:
        store, sent = desk.store, event(Action.SENT)
        store.claim_delivery("a", now=AT, until=LATER)
        if deed == "edit":
            edit(store, store.draft(desk.draft.id), "new words")
        elif deed == "withdraw":
            withdraw(store, store.draft(desk.draft.id))
        else:
            sent = replace(sent, at=AT + MOST)
        with pytest.raises(RefusedError, match="not approved, or no longer"):
            store.hand_over(queued, "a", SENDING, until=LATER, event=sent)
        assert store.delivery(queued.id) == queued

    def test_a_text_approved_anew_has_to_be_queued_anew(self, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        store.claim_delivery("a", now=AT, until=LATER)
        edited = edit(store, store.draft(desk.draft.id), "new words")
        approve(store, edited, rendition("new words"))
        with pytest.raises(RefusedError, match="not approved"):
            store.hand_over(queued, "a", SENDING, until=LATER, event=event(Action.SENT))
        renewed = queue(store, desk.draft.id, "new words")
        assert renewed == replace(queued, rendition_sha256=rendition("new words").sha256)
        with pytest.raises(ConflictError):
            store.hand_over(queued, "a", SENDING, until=LATER, event=event(Action.SENT))
        assert hand_over(store, renewed).state is SENDING

    def test_a_hand_over_to_nobody_is_told(self, desk: Desk, queued: Delivery) -> None:
        with pytest.raises(NotFoundError, match="no delivery 999999"):
            desk.store.delivery(999_999)
        with pytest.raises(NotFoundError, match="no delivery 999999"):
            move(desk, replace(queued, id=999_999), CANCELLED)
        with pytest.raises(NotFoundError, match="no delivery 999999"):
            desk.store.rendition_of(999_999)


def hold_account(desk: Desk) -> Callable[[], object]:
    return partial(desk.store.hold, "folder", "wait", event(Action.HELD))


def hold_house(desk: Desk) -> Callable[[], object]:
    return partial(desk.store.hold, None, "wait", event(Action.HELD))


def change(desk: Desk) -> Callable[[], object]:
    return partial(edit, desk.store, desk.store.draft(desk.draft.id), "x")


@pytest.mark.usefixtures("queued")
@pytest.mark.parametrize("stop", [hold_account, hold_house, change], ids=lambda one: one.__name__)
def test_of_a_stop_and_a_sending_the_order_is_one(
    stop: Callable[[Desk], Callable[[], object]], desk: Desk, engine: Engine
) -> None:
    """Whoever comes second sees the first: once a stop has returned, nothing begins."""
    store, attempt_rows = desk.store, tables.attempts

    def stop_and_look(stop_now: Callable[[], object]) -> int:
        stop_now()
        with reading(engine) as connection:
            return len(connection.execute(select(attempt_rows)).all())

    for number in range(ROUNDS):
        claimed = store.claim_delivery("a", now=LATER, until=LATER)
        assert claimed is not None
        sent, begun = at_once(
            partial(store.hand_over, claimed, "a", SENDING, until=LATER, event=event(Action.SENT)),
            partial(stop_and_look, stop(desk)),
        )
        with reading(engine) as connection:
            assert len(connection.execute(select(attempt_rows)).all()) == begun
        if isinstance(sent, Delivery):
            finish(desk, sent, REFUSED)
        else:
            assert isinstance(sent, RefusedError | HeldError)
        store.release("folder", event(Action.RELEASED))
        store.release(None, event(Action.RELEASED))
        text = f"round {number}"
        again = edit(store, store.draft(desk.draft.id), text)
        approve(store, again, rendition(text))
        queue(store, desk.draft.id, text)


class TestAnswers:
    def test_each_attempt_keeps_its_own(
        self, desk: Desk, sending: Delivery, engine: Engine
    ) -> None:
        waiting = finish(desk, sending, WAITING)
        assert (waiting.state, waiting.due_at, waiting.tries) == (WAITING, LATER, 1)
        refused = finish(desk, hand_over(desk.store, waiting, now=LATER), REFUSED)
        assert (refused.state, refused.reason) == (REFUSED, "it is refused")
        again = hand_over(desk.store, queue(desk.store, desk.draft.id))
        accepted = finish(desk, again, ACCEPTED)
        assert (accepted.reference, accepted.reason) == ("post/1", None)
        sha256 = rendition().sha256
        assert [one[1:] for one in attempts(engine)] == [
            (1, sha256, AT, AT, WAITING, None, "it is waiting"),
            (2, sha256, AT, AT, REFUSED, None, "it is refused"),
            (3, sha256, AT, AT, ACCEPTED, "post/1", None),
        ]
        assert actions(desk)[2:] == [
            Action.QUEUED,
            Action.SENT,
            Action.WAITING,
            Action.SENT,
            Action.REFUSED,
            Action.QUEUED,
            Action.SENT,
            Action.ACCEPTED,
        ]

    @pytest.mark.parametrize("late", [ACCEPTED, REFUSED, WAITING], ids=str)
    def test_a_late_one_takes_the_place_of_nobody_knows(
        self, late: DeliveryState, desk: Desk, sending: Delivery, engine: Engine
    ) -> None:
        assert finish(desk, sending, AMBIGUOUS).state is AMBIGUOUS
        assert finish(desk, sending, late).state is late
        assert attempts(engine)[0][5] is late
        assert actions(desk)[-2:] == [Action.AMBIGUOUS, Action(late.value)]

    def test_that_it_is_out_is_kept_whatever_was_decided(
        self, desk: Desk, sending: Delivery
    ) -> None:
        unclear = finish(desk, sending, AMBIGUOUS)
        again = move(desk, unclear, QUEUED, "not there, says Anna")
        assert (again.state, again.due_at, again.tries) == (QUEUED, LATER, 0)
        desk.store.claim_delivery("b", now=LATER, until=LATER)
        assert finish(desk, sending, ACCEPTED).state is ACCEPTED
        with pytest.raises(ConflictError, match="is accepted by now"):
            desk.store.hand_over(again, "b", SENDING, until=LATER, event=event(Action.SENT))
        assert desk.store.claim_delivery("b", now=LATER + MOST, until=LATER) is None

    @pytest.mark.parametrize("late", [REFUSED, WAITING, AMBIGUOUS], ids=str)
    def test_a_late_no_changes_nothing_that_was_decided(
        self, late: DeliveryState, desk: Desk, sending: Delivery
    ) -> None:
        again = move(desk, finish(desk, sending, AMBIGUOUS), QUEUED, "not there")
        assert finish(desk, sending, late) == again
        gone = move(desk, again, CANCELLED, "stopped")
        assert finish(desk, sending, late) == gone

    @pytest.mark.parametrize("late", [ACCEPTED, REFUSED], ids=str)
    def test_after_a_further_attempt_only_the_first_one_tells(
        self, late: DeliveryState, desk: Desk, sending: Delivery, engine: Engine
    ) -> None:
        again = move(desk, finish(desk, sending, AMBIGUOUS), QUEUED, "not there")
        second = hand_over(desk.store, again, now=LATER)
        assert second.attempts == 2
        assert finish(desk, sending, late) == second
        assert [one[5] for one in attempts(engine)] == [late, None]
        told = actions(desk)[-1]
        assert told is (Action.ACCEPTED if late is ACCEPTED else Action.SENT)
        assert finish(desk, second, AMBIGUOUS).state is AMBIGUOUS

    def test_a_clear_answer_stands(self, desk: Desk, sending: Delivery) -> None:
        accepted = finish(desk, sending, ACCEPTED)
        for other in (REFUSED, WAITING, AMBIGUOUS):
            assert finish(desk, sending, other) == accepted
        assert finish(desk, sending, ACCEPTED, reference="post/2").reference == "post/1"

    @pytest.mark.parametrize("late", [REFUSED, AMBIGUOUS, WAITING], ids=str)
    def test_of_a_late_answer_and_the_next_attempt_the_order_is_one(
        self, late: DeliveryState, desk: Desk, sending: Delivery
    ) -> None:
        """The answer to the first attempt never moves the second, which is under way."""
        store, first = desk.store, sending
        for number in range(ROUNDS):
            again = move(desk, finish(desk, first, AMBIGUOUS), QUEUED, "not there")
            assert store.claim_delivery("a", now=LATER, until=LATER) is not None
            sent, _ = at_once(
                partial(
                    store.hand_over, again, "a", SENDING, until=LATER, event=event(Action.SENT)
                ),
                partial(finish, desk, first, late),
            )
            assert isinstance(sent, Delivery)
            first = store.delivery(again.id)
            assert (first.state, first.attempts) == (SENDING, number + 2)

    def test_senders_that_died_are_found(self, desk: Desk, sending: Delivery) -> None:
        assert desk.store.stalled_deliveries(LATER) == ()
        late = LATER + timedelta(microseconds=1)
        assert desk.store.stalled_deliveries(late) == (sending,)
        finish(desk, sending, AMBIGUOUS)
        assert desk.store.stalled_deliveries(late) == ()


class TestMoves:
    def test_it_moves_only_from_where_it_was_seen(self, desk: Desk, queued: Delivery) -> None:
        cancelled = move(desk, queued, CANCELLED)
        with pytest.raises(ConflictError, match="is cancelled by now, you saw it queued"):
            move(desk, queued, WAITING)
        assert desk.store.delivery(queued.id) == cancelled

    @pytest.mark.parametrize("state", [SENDING, ACCEPTED, DeliveryState.AWAITING_PERSON], ids=str)
    def test_there_is_one_way_out_of_the_house(
        self, state: DeliveryState, desk: Desk, queued: Delivery
    ) -> None:
        with pytest.raises(StateError, match="cannot become"):
            move(desk, queued, state)

    def test_there_is_one_way_out_of_sending(self, desk: Desk, sending: Delivery) -> None:
        for state in (QUEUED, CANCELLED, WAITING, REFUSED):
            with pytest.raises(StateError, match="cannot become"):
                move(desk, sending, state)

    def test_what_was_queued_again_is_not_what_was_seen(self, desk: Desk, queued: Delivery) -> None:
        """A worker or a clean-up that looked before must not undo a new order."""
        store = desk.store
        edited = edit(store, store.draft(desk.draft.id), "new words")
        approve(store, edited, rendition("new words"))
        renewed = queue(store, desk.draft.id, "new words", due_at=LATER)
        for state in (CANCELLED, WAITING):
            with pytest.raises(ConflictError):
                move(desk, queued, state)
        assert store.delivery(queued.id) == renewed

    def test_sending_again_stands_on_the_approval_of_now(
        self, desk: Desk, sending: Delivery
    ) -> None:
        store = desk.store
        unclear = finish(desk, sending, AMBIGUOUS)
        withdrawn = withdraw(store, store.draft(desk.draft.id))
        with pytest.raises(RefusedError, match="approve it first"):
            move(desk, unclear, QUEUED)
        assert store.delivery(unclear.id) == unclear
        approve(store, withdrawn)  # the same text once more
        again = move(desk, unclear, QUEUED)
        assert store.lapsed_deliveries(LATER) == ()
        assert hand_over(store, again, now=LATER).state is SENDING


class TestLapses:
    def test_what_lost_its_approval_is_found(self, desk: Desk, queued: Delivery) -> None:
        store = desk.store
        assert store.lapsed_deliveries(LATER) == ()
        edit(store, store.draft(desk.draft.id), "new words")
        (lapse,) = store.lapsed_deliveries(AT)
        assert (lapse.delivery, lapse.expired, lapse.reason) == (queued, False, "new words")

    def test_what_ran_out_of_time_is_found(self, desk: Desk, queued: Delivery) -> None:
        assert desk.store.lapsed_deliveries(AT + MOST - timedelta(microseconds=1)) == ()
        (lapse,) = desk.store.lapsed_deliveries(AT + MOST)
        assert (lapse.delivery, lapse.expired) == (queued, True)
        assert lapse.reason == "the approval ran out"

    def test_what_is_under_way_is_left_alone(self, desk: Desk, sending: Delivery) -> None:
        edit(desk.store, desk.store.draft(desk.draft.id), "new words")
        assert desk.store.lapsed_deliveries(AT + MOST) == ()
        finish(desk, sending, AMBIGUOUS)
        assert desk.store.lapsed_deliveries(AT + MOST) == ()


def test_a_rendition_changed_behind_our_back_is_noticed(
    desk: Desk, queued: Delivery, engine: Engine
) -> None:
    with writing(engine) as connection:
        connection.execute(update(tables.renditions).values(text="buy now"))
    with pytest.raises(StateError, match="not what was approved"):
        desk.store.approval(queued.draft)
    with pytest.raises(StateError, match="not what was approved"):
        desk.store.rendition_of(queued.id)


def test_an_event_of_a_delivery_is_of_its_draft(desk: Desk, sending: Delivery) -> None:
    told: Event = desk.store.events(draft=sending.draft)[0]
    assert (told.action, told.draft, told.revision) == (Action.SENT, desk.draft.id, 1)
