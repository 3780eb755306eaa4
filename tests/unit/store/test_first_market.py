"""The market of the first edition from a moment on, whatever was made in which order."""

from dataclasses import replace
from datetime import datetime, timedelta

from composer.store.store import SqlStore
from tests.unit.store.makers import AT, CARD, snapshot

DAY = timedelta(days=1)


def first_market(store: SqlStore, since: datetime, symbol: str = "BTC") -> bytes | None:
    return store.first_market(symbol, since, made_before=AT + 9 * DAY)


def keep(store: SqlStore, number: int, *, made_at: datetime = AT) -> None:
    card = replace(CARD, id=f"edition {number}", as_of=AT + number * DAY, made_at=made_at)
    first = replace(snapshot(f"snapshot {number}"), edition=card.id)
    store.add_edition(card, first, (), market=b"market %d" % number)


def test_the_first_edition_from_a_moment_on_counts(store: SqlStore) -> None:
    for number in (2, 1, 3):
        keep(store, number)
    assert first_market(store, AT) == b"market 1"
    assert first_market(store, AT + DAY) == b"market 1"
    assert first_market(store, AT + timedelta(days=1, microseconds=1)) == b"market 2"
    assert first_market(store, AT + 4 * DAY) is None
    assert first_market(store, AT, "ETH") is None


def test_an_edition_made_later_does_not_count(store: SqlStore) -> None:
    keep(store, 1, made_at=AT + 9 * DAY)
    keep(store, 2)
    assert first_market(store, AT) == b"market 2"


def test_an_edition_whose_market_was_not_kept_is_passed_over(store: SqlStore) -> None:
    store.add_edition(CARD, snapshot(), ())
    assert first_market(store, AT - 9 * DAY) is None
