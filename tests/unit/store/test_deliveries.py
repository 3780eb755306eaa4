"""A draft goes to an account once, and only what is approved gets through the fence."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select, update

from composer.errors import ConflictError, NotFoundError, RefusedError, StateError
from composer.newsroom.records import Account, Action, Delivery, DeliveryState
from composer.store import tables
from composer.store.database import reading, writing
from tests.unit.store.makers import AT, Desk, approve, at_once, edit, event, rendition

ROUNDS = 10
SENT = event(Action.SENT, "Anna")


@pytest.fixture
def queued(desk: Desk) -> Delivery:
    approve(desk.store, desk.draft)
    return desk.store.queue_delivery(desk.draft.id, "folder", rendition().sha256)


def test_accounts_are_put_once_by_name(desk: Desk) -> None:
    desk.store.put_account(Account(name="Square", platform="binance_square"))
    desk.store.put_account(Account(name="Square", platform="binance_square", held=True))
    assert desk.store.accounts() == (
        Account(name="Square", platform="binance_square", held=True),
        Account(name="folder", platform="folder"),
    )


def test_a_delivery_is_queued_once(desk: Desk, queued: Delivery) -> None:
    assert queued.state is DeliveryState.QUEUED
    assert queued.rendition_sha256 == rendition().sha256
    again = desk.store.queue_delivery(desk.draft.id, "folder", rendition().sha256)
    assert again == queued
    assert desk.store.deliveries(desk.draft.id) == (queued,)
    assert desk.store.deliveries(999_999) == ()


def test_a_delivery_queued_many_times_at_once_is_one(desk: Desk) -> None:
    approve(desk.store, desk.draft)
    results = at_once(
        *[lambda: desk.store.queue_delivery(desk.draft.id, "folder", rendition().sha256)] * 6
    )
    assert results == [desk.store.deliveries(desk.draft.id)[0]] * 6


def test_what_is_not_approved_is_not_queued(desk: Desk) -> None:
    store, draft = desk.store, desk.draft
    with pytest.raises(RefusedError, match="approve it first"):
        store.queue_delivery(draft.id, "folder", rendition().sha256)
    approved = approve(store, draft)
    for other in (rendition("another text").sha256, "x"):
        with pytest.raises(RefusedError, match="approve it first"):
            store.queue_delivery(draft.id, "folder", other)
    edit(store, approved, "new words")
    with pytest.raises(RefusedError, match="approve it first"):
        store.queue_delivery(draft.id, "folder", rendition().sha256)


def test_sending_keeps_an_attempt_each_time(desk: Desk, queued: Delivery, engine: Engine) -> None:
    store = desk.store
    sending = store.move_delivery(queued, DeliveryState.SENDING, event=SENT)
    refused = store.move_delivery(
        sending, DeliveryState.REFUSED, event=event(Action.REFUSED), reason="too long"
    )
    assert (refused.state, refused.reason) == (DeliveryState.REFUSED, "too long")
    sending = store.move_delivery(refused, DeliveryState.SENDING, event=SENT)
    assert sending.reason is None
    accepted = store.move_delivery(
        sending, DeliveryState.ACCEPTED, event=event(Action.ACCEPTED), reference="post/1"
    )
    assert accepted == replace(queued, state=DeliveryState.ACCEPTED, reference="post/1")
    with reading(engine) as connection:
        kept = connection.execute(select(tables.attempts)).all()
    sha256 = rendition().sha256
    assert [tuple(one) for one in kept] == [
        (queued.id, 1, sha256, AT, AT, DeliveryState.REFUSED, None, "too long"),
        (queued.id, 2, sha256, AT, AT, DeliveryState.ACCEPTED, "post/1", None),
    ]
    told = [one.action for one in store.events(draft=desk.draft.id)]
    assert told[:4] == [Action.ACCEPTED, Action.SENT, Action.REFUSED, Action.SENT]


def test_a_delivery_moves_only_from_where_it_was_seen(desk: Desk, queued: Delivery) -> None:
    store = desk.store
    sending = store.move_delivery(queued, DeliveryState.SENDING, event=SENT)
    with pytest.raises(ConflictError, match="is sending by now, you saw it queued"):
        store.move_delivery(queued, DeliveryState.CANCELLED, event=SENT)
    with pytest.raises(StateError, match="sending already"):
        store.move_delivery(sending, DeliveryState.SENDING, event=SENT)
    with pytest.raises(NotFoundError, match="no delivery 999999"):
        store.move_delivery(replace(queued, id=999_999), DeliveryState.SENDING, event=SENT)


def test_of_many_senders_one_sends(desk: Desk, queued: Delivery) -> None:
    store = desk.store
    for _ in range(ROUNDS):
        send = partial(store.move_delivery, queued, DeliveryState.SENDING, event=SENT)
        results = at_once(send, send, send)
        (sending,) = [one for one in results if isinstance(one, Delivery)]
        assert sum(isinstance(one, ConflictError) for one in results) == 2
        queued = store.move_delivery(
            sending, DeliveryState.REFUSED, event=event(Action.REFUSED), reason="again"
        )


def test_nothing_is_sent_to_an_account_that_is_held(desk: Desk, queued: Delivery) -> None:
    desk.store.put_account(Account(name="folder", platform="folder", held=True))
    with pytest.raises(RefusedError, match="folder is held"):
        desk.store.move_delivery(queued, DeliveryState.SENDING, event=SENT)
    assert desk.store.deliveries(desk.draft.id) == (queued,)


def test_an_edit_stops_what_was_queued_until_the_new_text_is_approved(
    desk: Desk, queued: Delivery
) -> None:
    store = desk.store
    edited = edit(store, store.draft(desk.draft.id), "new words")
    with pytest.raises(RefusedError, match="not approved"):
        store.move_delivery(queued, DeliveryState.SENDING, event=SENT)
    approve(store, edited, rendition("new words"))
    with pytest.raises(RefusedError, match="not approved"):
        store.move_delivery(queued, DeliveryState.SENDING, event=SENT)
    renewed = store.queue_delivery(desk.draft.id, "folder", rendition("new words").sha256)
    assert renewed == replace(queued, rendition_sha256=rendition("new words").sha256)
    sending = store.move_delivery(renewed, DeliveryState.SENDING, event=SENT)
    assert sending.state is DeliveryState.SENDING


@pytest.mark.parametrize(
    "state", [DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS, DeliveryState.AWAITING_PERSON]
)
def test_what_is_out_or_may_be_keeps_its_text(
    state: DeliveryState, desk: Desk, queued: Delivery
) -> None:
    store = desk.store
    sending = store.move_delivery(queued, DeliveryState.SENDING, event=SENT)
    moved = store.move_delivery(sending, state, event=SENT)
    edited = edit(store, store.draft(desk.draft.id), "new words")
    approve(store, edited, rendition("new words"))
    kept = store.queue_delivery(desk.draft.id, "folder", rendition("new words").sha256)
    assert kept == moved


def test_an_approval_that_ran_out_sends_nothing(desk: Desk, queued: Delivery) -> None:
    late = replace(SENT, at=AT + timedelta(hours=1))
    with pytest.raises(RefusedError, match="no longer"):
        desk.store.move_delivery(queued, DeliveryState.SENDING, event=late)


def test_of_an_edit_and_a_sending_the_order_is_one(desk: Desk, queued: Delivery) -> None:
    """Whoever comes second sees the first: nothing is sent after its approval is void."""
    store = desk.store
    for number in range(ROUNDS):
        seen = store.draft(desk.draft.id)
        sent, edited = at_once(
            partial(store.move_delivery, queued, DeliveryState.SENDING, event=SENT),
            partial(edit, store, seen, "x"),
        )
        assert not isinstance(edited, Exception)
        if isinstance(sent, Delivery):
            store.move_delivery(sent, DeliveryState.REFUSED, event=SENT)
        else:
            assert isinstance(sent, RefusedError)
        text = f"round {number}"
        approve(store, store.draft(desk.draft.id), rendition(text))
        queued = store.queue_delivery(desk.draft.id, "folder", rendition(text).sha256)


def test_a_rendition_changed_behind_our_back_is_noticed(
    desk: Desk, queued: Delivery, engine: Engine
) -> None:
    with writing(engine) as connection:
        connection.execute(update(tables.renditions).values(text="buy now"))
    with pytest.raises(StateError, match="not what was approved"):
        desk.store.approval(queued.draft)
