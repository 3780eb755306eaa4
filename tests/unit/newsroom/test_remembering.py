"""Editions remember those before them: what changed, and what would be unusual."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from composer.checks.records import Severity
from composer.figures.levels import LevelPolicy
from composer.figures.report import Figures
from composer.market.records import MarketSnapshot, Query
from composer.newsroom.archive import remember, reopen_edition
from composer.newsroom.editions import Observed, look
from composer.newsroom.making import make_and_keep
from composer.newsroom.records import Commission, Edition
from composer.store.store import SqlStore
from composer.text.writing import WrittenChart
from tests.markets import AS_OF, SAMPLE_2, Bin, snapshot_of

DAY = timedelta(days=1)


def draw(kind: str, figures: Figures, chart: WrittenChart, *, edition: str) -> bytes:
    return f"{kind} {edition} {figures.symbol} {chart.locale}".encode()


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
    assert changed == {"change"}
    assert remembered.id != bare.id
