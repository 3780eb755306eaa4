"""Editions, snapshots and images go in once and come out exact."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.errors import NotFoundError, StateError
from composer.figures.calls import Call
from composer.figures.facts import FactKind
from composer.newsroom.records.people import Action
from composer.store.fact_rows import fact_tree, read_fact
from composer.store.store import SqlStore
from composer.store.tables import MAX_IMAGE_BYTES
from tests.unit.store.makers import (
    AT,
    CARD,
    EDITION,
    PNG,
    PNG_SHA256,
    SNAPSHOT,
    Desk,
    at_once,
    event,
    fact,
    revision,
    snapshot,
)


def test_an_edition_comes_back_as_it_went_in(desk: Desk) -> None:
    assert desk.store.edition(EDITION) == replace(CARD, drafts=(desk.draft,))
    assert desk.store.snapshot(SNAPSHOT) == snapshot()
    assert list(desk.store.snapshot(SNAPSHOT).facts) == list(snapshot().facts)
    assert desk.store.image(PNG_SHA256) == PNG


def test_the_same_edition_again_changes_nothing(desk: Desk) -> None:
    later = replace(CARD, made_at=AT + timedelta(days=1), symbol="ETH")
    desk.store.add_edition(later, snapshot("another"), [])
    assert desk.store.edition(EDITION) == replace(CARD, drafts=(desk.draft,))
    with pytest.raises(NotFoundError, match="no snapshot another"):
        desk.store.snapshot("another")


def test_an_edition_made_twice_at_once_is_one(store: SqlStore) -> None:
    def make() -> object:
        store.add_edition(CARD, snapshot(), [(PNG_SHA256, PNG)])
        return store.add_draft(EDITION, "th", "brief", revision(1), event(Action.MADE))

    first, *others = at_once(*[make] * 4)
    assert others == [first] * 3
    assert len(store.editions(limit=9)) == 1
    assert len(store.events()) == 1


def test_a_refresh_adds_a_snapshot_once(desk: Desk) -> None:
    further = snapshot(f"{EDITION}:2", looked_from=AT)
    desk.store.add_snapshot(further, [])
    desk.store.add_snapshot(replace(further, fetched_at=AT + timedelta(days=1)), [])
    assert desk.store.snapshot(further.id) == further


def test_editions_are_listed_newest_first(store: SqlStore) -> None:
    cards = [
        replace(CARD, id=f"e{day}", made_at=AT + timedelta(days=day), as_of=AT) for day in (1, 3, 2)
    ]
    for card in cards:
        store.add_edition(card, replace(snapshot(f"{card.id}:1"), edition=card.id), [])
    assert [card.id for card in store.editions(limit=2)] == ["e3", "e2"]
    third_day = AT + timedelta(days=3)
    assert [card.id for card in store.editions(limit=9, before=third_day)] == ["e2", "e1"]


def keep(store: SqlStore, name: str, *, day: int, **changes: object) -> None:
    """Add an edition as of AT and so many days, made two minutes later."""
    as_of = AT + timedelta(days=day)
    made = {"made_at": as_of + timedelta(minutes=2), **changes}
    card = replace(CARD, id=name, as_of=as_of, **made)  # type: ignore[arg-type]
    store.add_edition(card, replace(snapshot(f"{name}:1"), edition=name, as_of=as_of), [])


def test_the_past_is_the_latest_editions_before(store: SqlStore) -> None:
    for day in (3, 1, 2, 4):
        keep(store, f"e{day}", day=day)
    keep(store, "ether", day=2, symbol="ETH")
    refreshed = replace(
        snapshot("e2:2"), edition="e2", as_of=AT + timedelta(days=2, hours=5), looked_from=AT
    )
    store.add_snapshot(refreshed, [])
    fourth = AT + timedelta(days=4)
    days = [(one.as_of - AT).days for one in store.past_figures("BTC", fourth, 9)]
    assert days == [3, 2, 1]
    past = store.past_figures("BTC", fourth, 2)
    assert [one.as_of for one in past] == [AT + timedelta(days=3), AT + timedelta(days=2)]
    assert past[0].facts == snapshot().facts
    assert store.past_figures("SOL", fourth, 9) == ()


def test_of_one_moment_and_source_one_edition_is_past(store: SqlStore) -> None:
    for name in ("by_plan", "by_hand"):
        keep(store, name, day=1)
    keep(store, "other", day=1, source="simulated")
    assert len(store.past_figures("BTC", AT + timedelta(days=2), 9)) == 2


def test_what_was_made_later_is_not_remembered(store: SqlStore) -> None:
    keep(store, "then", day=1)
    keep(store, "looked_back", day=2, made_at=AT + timedelta(days=9))
    now = AT + timedelta(days=3)
    assert len(store.past_figures("BTC", now, 9)) == 2
    (past,) = store.past_figures("BTC", now, 9, made_before=now)
    assert past.as_of == AT + timedelta(days=1)


def test_past_calls_are_those_of_the_past_figures(store: SqlStore) -> None:
    for day, method in ((1, "estimated"), (2, "simulated"), (3, "reported")):
        card = replace(CARD, id=f"e{day}", as_of=AT + timedelta(days=day))
        tree = {
            "price": 90_131.71 + day,
            "method": method,
            "lower": {"level": 86_137.0},
            "upper": {"level": 94_681.5},
            "skew": -0.25,
        }
        stored = replace(snapshot(f"{card.id}:1"), edition=card.id, as_of=card.as_of, tree=tree)
        store.add_edition(card, stored, [])
    fourth = AT + timedelta(days=4)
    latest, first = store.past_calls("BTC", fourth, 9, made_before=fourth)
    assert latest == Call(
        as_of=AT + timedelta(days=3), price=90_134.71, lower=86_137, upper=94_681.5, skew=-0.25
    )
    assert first.price == 90_132.71
    assert store.past_calls("BTC", fourth, 1, made_before=fourth) == (latest,)
    assert store.past_calls("ETH", fourth, 9, made_before=fourth) == ()
    assert store.past_calls("BTC", fourth, 9, made_before=AT) == ()


def test_what_is_not_there_is_said_to_be_missing(desk: Desk) -> None:
    store = desk.store
    for ask in (
        lambda: store.edition("x"),
        lambda: store.snapshot("x"),
        lambda: store.image("x"),
        lambda: store.draft(999_999),
        lambda: store.revision(desk.draft.id, 999_999),
        lambda: store.revisions(999_999),
        lambda: store.person(999_999),
        lambda: store.password_hash(999_999),
    ):
        with pytest.raises(NotFoundError, match="; "):
            ask()


def test_an_image_is_what_its_fingerprint_says_and_small_enough(desk: Desk) -> None:
    large = bytes(MAX_IMAGE_BYTES + 1)
    with pytest.raises(StateError, match="not the one of fingerprint"):
        desk.store.add_snapshot(snapshot("2"), [(PNG_SHA256, large)])
    with pytest.raises(StateError, match="draw it smaller"):
        desk.store.add_snapshot(snapshot("2"), [(hashlib.sha256(large).hexdigest(), large)])
    with pytest.raises(NotFoundError):
        desk.store.snapshot("2")


def test_a_snapshot_needs_its_edition(store: SqlStore) -> None:
    with pytest.raises(NotFoundError, match="not in the store"):
        store.add_snapshot(snapshot(), [])


@given(value=st.decimals(allow_nan=False, allow_infinity=False))
def test_a_fact_keeps_every_digit(value: Decimal) -> None:
    stored = read_fact(fact_tree(fact("price", FactKind.PRICE, value)))  # type: ignore[arg-type]
    assert stored.value == value
    assert str(stored.value) == str(value)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)))
def test_figures_come_back_exact(tree: dict[str, float], desk: Desk) -> None:
    identity = hashlib.sha256(repr(tree).encode("utf-8", "surrogatepass")).hexdigest()
    desk.store.add_snapshot(replace(snapshot(identity), tree=tree), [])
    assert desk.store.snapshot(identity).tree == tree
