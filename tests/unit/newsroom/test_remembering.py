"""Editions remember those before them: what changed, and what would be unusual."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from composer.charts.scene import Scene
from composer.checks.records import Severity
from composer.figures.claims import holds
from composer.figures.facts import Fact, facts_of, provenance
from composer.figures.levels import LevelPolicy
from composer.figures.rewind import rewind
from composer.market.records import MarketSnapshot, Query
from composer.newsroom.archive import open_edition, reopen_edition
from composer.newsroom.making import make_and_keep
from composer.newsroom.observing import Observed, look
from composer.newsroom.records.editions import Commission, Edition
from composer.newsroom.remembering import remember, set_beside
from composer.store.store import SqlStore
from composer.text.writing import WrittenChart
from tests.markets import AS_OF, SAMPLE_2, Bin, snapshot_of, trading_snapshot

DAY = timedelta(days=1)


def draw(kind: str, scene: Scene, chart: WrittenChart, *, edition: str) -> bytes:
    return f"{kind} {edition} {scene.figures.symbol} {chart.locale}".encode()


class Given:
    """A source that gives one market."""

    name = "given"

    def __init__(self, market: MarketSnapshot) -> None:
        self.market = market

    def snapshot(self, query: Query) -> MarketSnapshot:
        return replace(self.market, fetched_at=query.now)


def times(factor: float) -> Sequence[Bin]:
    return [(low, high, longs * factor, shorts * factor) for low, high, longs, shorts in SAMPLE_2]


def looked_at(day: int, bins: Sequence[Bin] = SAMPLE_2) -> Observed:
    as_of = AS_OF + day * DAY
    commission = Commission(
        query=Query(now=as_of + timedelta(minutes=2), symbol="BTC"),
        source="given",
        levels=LevelPolicy.parse("explicit:86137,94681"),
        notional_usd=None,
        locales=("en",),
        formats=("brief",),
        max_age=timedelta(hours=2),
    )
    return look(commission, [Given(snapshot_of(bins, as_of=as_of))])


def make(store: SqlStore, day: int, bins: Sequence[Bin] = SAMPLE_2) -> Edition:
    return make_and_keep(looked_at(day, bins), store, draw)


def blocks(edition: Edition) -> set[str]:
    (draft,) = edition.drafts
    return {one.id for one in draft.findings if one.severity is Severity.BLOCK}


def test_the_first_edition_has_no_past(store: SqlStore) -> None:
    assert make(store, 0).figures.change is None


def test_the_second_edition_knows_what_changed(store: SqlStore) -> None:
    make(store, 0)
    second = make(store, 1, times(1.5))
    change = second.figures.change
    assert change is not None
    assert change.since == AS_OF
    assert change.long_usd_change == 0.5
    assert (
        second.facts["change.long_usd_change"].value
        == second.drafts[0].facts["change.long_usd_change"].value
    )
    stored = store.revision(store.edition(second.id).drafts[0].id, 1).snapshot
    assert store.snapshot(stored).facts == second.facts


def test_an_edition_far_from_its_median_is_held(store: SqlStore) -> None:
    for day in range(5):
        assert blocks(make(store, day)) == set()
    assert blocks(make(store, 5, times(9))) == set()
    assert blocks(make(store, 6, times(11))) == {"unusual_intensity"}
    assert blocks(make(store, 7, times(1 / 11))) == {"unusual_intensity"}


def test_an_edition_taken_up_remembers_what_it_did_then(store: SqlStore) -> None:
    make(store, 0)
    second = make(store, 1)
    # Made later, about a moment in between: it was not known when the second was made.
    between = looked_at(1)
    later = replace(
        between,
        commission=replace(between.commission, query=Query(now=AS_OF + 9 * DAY, symbol="BTC")),
        figures=replace(between.figures, as_of=AS_OF + DAY / 2),
        snapshot=replace(between.snapshot, as_of=AS_OF + DAY / 2),
    )
    make_and_keep(later, store, draw)
    again = reopen_edition(second.id, second.commission, store)
    assert again.id == second.id
    assert again.facts == second.facts


def test_the_figures_of_the_map_stay_what_they_were(store: SqlStore) -> None:
    make(store, 0)
    bare = looked_at(1)
    remembered = remember(bare, store)
    before, after = bare.figures.tree(), remembered.figures.tree()
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"change", "standing"}
    assert remembered.id != bare.id


def traded(market: MarketSnapshot) -> Observed:
    """Look at a market that candles tell of."""
    commission = replace(
        looked_at(0).commission,
        query=Query(now=market.as_of + timedelta(minutes=2), symbol="BTC"),
        levels=LevelPolicy.parse("range:0.02"),
    )
    return look(commission, [Given(market)])


def test_on_day_one_a_figure_stands_among_replayed_days(store: SqlStore) -> None:
    bare = traded(trading_snapshot(days=31))
    first = remember(bare, store)
    assert first.figures.standing is not None
    skew = first.figures.standing.skew
    assert skew is not None
    assert (skew.editions, skew.replayed_editions) == (0, 24)
    assert first.figures.change is None
    assert first.facts == facts_of(first.figures)
    # The same market and past are the same edition, also where it is taken up again.
    assert remember(bare, store).id == first.id != bare.id
    open_edition(first, store)
    assert reopen_edition(first.id, first.commission, store).facts == first.facts
    # What keeps nothing sees what a new house would see.
    assert set_beside(bare).facts == first.facts


def test_with_thirty_editions_nothing_is_replayed(store: SqlStore) -> None:
    whole = trading_snapshot(days=70)
    days = range(30, 0, -1)
    for ago in days:
        open_edition(traded(rewind(whole, AS_OF - ago * DAY)), store)
    found = remember(traded(whole), store).figures.standing
    assert found is not None
    assert found.open_interest is not None
    assert (found.open_interest.editions, found.open_interest.replayed_editions) == (30, 0)
    # Open interest has risen all the time.
    assert (found.open_interest.high_editions, found.open_interest.rising_editions) == (30, 30)


def test_editions_in_a_row_are_counted(store: SqlStore) -> None:
    for day in range(4):
        observed = remember(looked_at(day), store)
        open_edition(observed, store)
        standing = observed.figures.standing
        # The skew of the sample is .26, every day.
        counted = None if standing is None else standing.short_heavy_editions
        assert counted == (day + 1 if day else None)
        assert holds("short_heavy_streak", observed.facts) is (day >= 2)


def record_of(observed: Observed) -> dict[str, Fact]:
    return {key: fact for key, fact in observed.facts.items() if key.startswith("scorecard.")}


def keep_calls(store: SqlStore, count: int) -> None:
    """Keep an edition of each of the last days: leaning, its levels about 5 % away."""
    for ago in range(count, 0, -1):
        open_edition(looked_at(-ago), store)


def test_a_post_may_cite_what_became_of_thirty_calls(store: SqlStore) -> None:
    keep_calls(store, 31)
    market = trading_snapshot(days=40)
    assert market.candles is not None
    days = market.candles.high.reshape(-1, 24)[-31:]  # what came after each call
    bare = traded(market)
    found = remember(bare, store)
    record = record_of(found)
    assert record["scorecard.24h.any.hits"].value == int((days >= 94_681).any(axis=1).sum())
    assert record["scorecard.24h.any.n"].value == Decimal(31)
    assert {key.split(".")[1] for key in record} == {"24h"}  # longer ones overlap
    assert holds("record_known", found.facts)
    assert not holds("record_known_7d", found.facts)
    assert provenance(found.facts).as_of == AS_OF
    assert found.id == remember(bare, store).id
    assert found.id != set_beside(bare, store.past_figures("BTC", AS_OF, 90)).id


def test_of_fewer_calls_no_market_is_read(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_calls(store, 29)
    monkeypatch.setattr(SqlStore, "past_calls", None)
    assert record_of(remember(traded(trading_snapshot(days=40)), store)) == {}


def test_a_market_that_cannot_be_read_leaves_no_record(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_calls(store, 40)
    # The candles do not tell of the first call: the market of another edition would.
    bare = traded(trading_snapshot(days=35))
    assert record_of(remember(bare, store)) != {}
    monkeypatch.setattr(SqlStore, "first_market", lambda *_args, **_more: b"damaged")
    assert record_of(remember(bare, store)) == {}


def test_a_simulated_market_has_no_record(store: SqlStore) -> None:
    keep_calls(store, 31)
    assert record_of(remember(traded(trading_snapshot(method_simulated=True)), store)) == {}
