"""A slot is one row, in one pair of hands at a time, and ends once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from composer.errors import ConflictError, NotFoundError, StateError
from composer.newsroom.records.editions import Orders
from composer.newsroom.records.slots import Claim, PlanHistory, Slot, SlotState
from composer.store.store import SqlStore
from tests.unit.store.makers import CARD, SNAPSHOT, at_once, snapshot

NOW = datetime(2026, 6, 10, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
ROUNDS = 10


def moments(*days: int, hour: int = 7) -> Sequence[tuple[date, time, datetime]]:
    return [
        (date(2026, 6, day), time(hour), datetime(2026, 6, day, hour, tzinfo=UTC)) for day in days
    ]


@pytest.fixture
def slot(store: SqlStore) -> Slot:
    store.know_plan("早报", NOW)
    store.add_slots("早报", "BTC", moments(10))
    (added,) = store.open_slots()
    return added


def claim(store: SqlStore, slot: Slot, token: str, now: datetime = NOW) -> Slot | None:
    return store.claim_slot(Claim(slot=slot.id, token=token), now=now, until=now + LEASE)


def test_a_plan_is_known_since_the_earliest_moment(store: SqlStore) -> None:
    """A clock that was ahead when it first saw a plan must not silence it until then."""
    assert store.plan_histories() == {}
    for hours in (3, 5, 1, 2):
        store.know_plan("早报", NOW + timedelta(hours=hours))
    store.know_plan("p", NOW)
    assert store.plan_histories() == {
        "早报": PlanHistory(known_since=NOW + timedelta(hours=1), latest=None),
        "p": PlanHistory(known_since=NOW, latest=None),
    }


def test_a_slot_comes_back_as_it_went_in(store: SqlStore, slot: Slot) -> None:
    assert slot == Slot(
        id=slot.id,
        plan="早报",
        symbol="BTC",
        local_date=date(2026, 6, 10),
        local_time=time(7),
        due_at=NOW,
        state=SlotState.DUE,
    )
    store.add_slots("早报", "BTC", moments(11, 12))
    assert [one.local_date.day for one in store.open_slots()] == [10, 11, 12]
    assert [one.local_date.day for one in store.slots(since=NOW)] == [12, 11, 10]
    assert [one.local_date.day for one in store.slots(since=NOW + LEASE)] == [12, 11]
    history = PlanHistory(known_since=NOW, latest=date(2026, 6, 12))
    assert store.plan_histories() == {"早报": history}


def test_a_date_has_one_slot_whatever_its_hour_or_symbol(store: SqlStore, slot: Slot) -> None:
    store.add_slots("早报", "BTC", moments(10))
    store.add_slots("早报", "ETH", moments(9, 10, hour=9))
    assert store.open_slots() == (slot,)
    store.add_slots("早报", "ETH", moments(10, 11, hour=9))
    assert [one.symbol for one in store.open_slots()] == ["BTC", "ETH"]


def test_of_many_that_add_a_date_one_does(store: SqlStore) -> None:
    store.know_plan("p", NOW)
    for day in range(1, ROUNDS):
        hours = (7, 8, 9, 7)
        at_once(*[partial(store.add_slots, "p", "BTC", moments(day, hour=h)) for h in hours])
        assert len(store.open_slots()) == day


def test_a_slot_needs_a_plan_that_was_seen(store: SqlStore) -> None:
    with pytest.raises(NotFoundError, match="not in the store"):
        store.add_slots("nobody's", "BTC", moments(10))


def test_a_claim_is_one_s_own_until_its_lease_is_over(store: SqlStore, slot: Slot) -> None:
    mine = claim(store, slot, "a")
    assert mine == replace(slot, state=SlotState.MAKING, tries=1)
    assert claim(store, slot, "b") is None
    assert claim(store, slot, "a") is None
    assert claim(store, slot, "b", NOW + LEASE - timedelta(seconds=1)) is None
    taken = claim(store, slot, "b", NOW + LEASE)
    assert taken is not None
    assert taken.tries == 2


def test_a_claim_of_a_clock_far_ahead_is_no_claim(store: SqlStore, slot: Slot) -> None:
    assert claim(store, slot, "a")
    assert claim(store, slot, "b", NOW - LEASE) is None
    assert claim(store, slot, "b", NOW - LEASE - timedelta(seconds=1))


def test_of_many_that_claim_one_gets_it(store: SqlStore, slot: Slot) -> None:
    for number in range(ROUNDS):
        now = NOW + number * LEASE
        got = at_once(*[partial(claim, store, slot, token, now) for token in "abcd"])
        assert len([one for one in got if isinstance(one, Slot)]) == 1
        assert got.count(None) == 3


def test_a_claim_can_be_held_on_to(store: SqlStore, slot: Slot) -> None:
    claim(store, slot, "a")
    store.extend_claim(Claim(slot=slot.id, token="a"), until=NOW + 2 * LEASE)  # noqa: S106 - no secret
    assert claim(store, slot, "b", NOW + LEASE) is None


def test_what_is_put_off_waits_and_is_tried_again(store: SqlStore, slot: Slot) -> None:
    claim(store, slot, "a")
    mine = Claim(slot=slot.id, token="a")  # noqa: S106 - no secret
    store.put_off_slot(mine, reason="no answer", until=NOW + timedelta(minutes=2))
    (waiting,) = store.open_slots()
    assert waiting == replace(slot, reason="no answer", tries=1)
    assert claim(store, slot, "a", NOW + timedelta(minutes=1)) is None
    again = claim(store, slot, "b", NOW + timedelta(minutes=2))
    assert again is not None
    assert (again.tries, again.reason) == (2, "no answer")


@pytest.mark.parametrize("state", [SlotState.DRAFTED, SlotState.HELD, SlotState.MISSED])
def test_a_slot_ends_once(store: SqlStore, slot: Slot, state: SlotState) -> None:
    claim(store, slot, "a")
    mine = Claim(slot=slot.id, token="a")  # noqa: S106 - no secret
    ended = store.end_slot(mine, state, "because")
    assert ended == replace(slot, state=state, reason="because", tries=1)
    assert store.open_slots() == ()
    assert store.slots(since=NOW) == (ended,)
    assert claim(store, slot, "b", NOW + timedelta(days=1)) is None
    for late in (
        lambda: store.end_slot(mine, SlotState.FAILED, "again"),
        lambda: store.put_off_slot(mine, reason="again", until=None),
        lambda: store.extend_claim(mine, until=NOW + LEASE),
        lambda: store.add_edition(CARD, snapshot(), [], claim=mine),
    ):
        with pytest.raises(ConflictError, match="other hands"):
            late()
    assert store.slots(since=NOW) == (ended,)


def test_the_edition_comes_with_the_slot_or_not_at_all(store: SqlStore, slot: Slot) -> None:
    orders = Orders(
        plan="早报",
        accounts=("folder", "广场"),
        approval_lasts=timedelta(minutes=90),
        max_age=timedelta(minutes=45),
        four_eyes=True,
    )
    card = replace(CARD, orders=orders)
    claim(store, slot, "a")
    claim(store, slot, "b", NOW + LEASE)
    lost, mine = (Claim(slot=slot.id, token=token) for token in "ab")
    with pytest.raises(ConflictError):
        store.add_edition(card, snapshot(), [], market=b"\0market", claim=lost)
    assert store.editions(limit=9) == ()
    store.add_edition(card, snapshot(), [], market=b"\0market", claim=mine)
    assert store.edition(CARD.id) == card
    assert store.market_of(CARD.id) == b"\0market"
    (making,) = store.open_slots()
    assert making.edition == CARD.id


def test_an_edition_without_its_market_says_so(store: SqlStore) -> None:
    store.add_edition(CARD, snapshot(), [])
    with pytest.raises(NotFoundError, match="was not kept"):
        store.market_of(CARD.id)
    store.add_snapshot(snapshot(f"{SNAPSHOT}b"), [])
    with pytest.raises(NotFoundError, match="was not kept"):
        store.market_of(CARD.id)


def test_words_no_database_keeps_are_refused(store: SqlStore, slot: Slot) -> None:
    claim(store, slot, "a")
    with pytest.raises(StateError, match="NUL"):
        store.end_slot(Claim(slot=slot.id, token="a"), SlotState.FAILED, "\0")  # noqa: S106 - no secret
