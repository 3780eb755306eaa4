"""The market of the first edition from a moment on, whatever was made in which order."""

from dataclasses import replace
from datetime import timedelta

from composer.store.store import SqlStore
from tests.unit.store.makers import AT, CARD, snapshot


def test_the_first_edition_from_a_moment_on_counts(store: SqlStore) -> None:
    for number in (2, 1, 3):
        card = replace(CARD, id=f"edition {number}", as_of=AT + timedelta(days=number))
        first = replace(snapshot(f"snapshot {number}"), edition=card.id)
        store.add_edition(card, first, (), market=b"market %d" % number)
    assert store.first_market("BTC", AT) == b"market 1"
    assert store.first_market("BTC", AT + timedelta(days=1)) == b"market 1"
    assert store.first_market("BTC", AT + timedelta(days=1, microseconds=1)) == b"market 2"
    assert store.first_market("BTC", AT + timedelta(days=4)) is None
    assert store.first_market("ETH", AT) is None


def test_an_edition_whose_market_was_not_kept_is_passed_over(store: SqlStore) -> None:
    store.add_edition(CARD, snapshot(), ())
    assert store.first_market("BTC", AT - timedelta(days=9)) is None
