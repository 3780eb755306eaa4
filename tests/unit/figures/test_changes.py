from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from composer.figures import claims
from composer.figures.changes import change_since, usual_of
from composer.figures.comparison import Change
from composer.figures.compute import compare, compute_figures
from composer.figures.facts import FactKind, facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.past import PastFigures, comparable
from composer.figures.report import Figures
from composer.market.records import Method
from tests.markets import AS_OF, Bin, figures_of, snapshot_of, trading_snapshot

DAY = timedelta(days=1)
LEVELS = "explicit:95,105"

# A pocket at 96 below and one at 104 above, in thin books.
BEFORE: Sequence[Bin] = (
    *((90 + i, 91 + i, 2.0, 0.0) for i in range(5)),
    (95.5, 96.5, 20.0, 0.0),
    *((97 + i, 98 + i, 2.0, 0.0) for i in range(3)),
    *((100 + i, 101 + i, 0.0, 2.0) for i in range(3)),
    (103.5, 104.5, 0.0, 10.0),
    *((105 + i, 106 + i, 0.0, 2.0) for i in range(5)),
)


def past_of(figures: Figures, *, ago: timedelta = DAY) -> PastFigures:
    moment = figures.as_of - ago
    facts = {
        fact_id: replace(fact, as_of=moment, value=moment if fact_id == "as_of" else fact.value)
        for fact_id, fact in facts_of(figures).items()
    }
    return PastFigures(as_of=moment, facts=facts)


def figures(bins: Sequence[Bin] = BEFORE, price: float = 100.0) -> Figures:
    return figures_of(bins, price=price, levels=LEVELS)


def change(now: Figures, *past: PastFigures) -> Change:
    found = change_since(past, now, facts_of(now), ())
    assert found is not None
    return found


def test_what_was_there_before() -> None:
    found = change(figures(), past_of(figures()))
    assert found.since == AS_OF - DAY
    assert (found.price_was, found.price_change) == (100, 0)
    assert (found.upper_level_was, found.lower_level_was) == (105, 95)
    assert found.skew_change == found.lean_change == found.long_usd_change == 0
    assert found.high is found.low is None  # no candles tell where price has been
    assert found.upper_cluster is not None
    assert found.upper_cluster.peak_was == found.upper_cluster.peak == 104


def test_a_cluster_that_grew_and_moved() -> None:
    moved = [
        *BEFORE[:-6],
        (104.0, 105.0, 0.0, 14.0),
        *((105 + i, 106 + i, 0.0, 2.0) for i in range(5)),
    ]
    upper = change(figures(moved), past_of(figures())).upper_cluster
    assert upper is not None
    assert (upper.peak, upper.peak_change_usd) == (104.5, 0.5)
    assert upper.notional_usd_was == 10
    assert upper.notional_usd_change == pytest.approx(0.4)  # 14 / 10 - 1


def test_a_cluster_that_is_gone() -> None:
    flat = [one for one in BEFORE if one[:2] != (103.5, 104.5)]
    upper = change(figures(flat), past_of(figures())).upper_cluster
    assert upper is not None
    assert upper.peak_was == 104
    assert upper.peak is upper.notional_usd_change is None


def test_where_price_has_been_since() -> None:
    """Hourly bars, each 120 beyond its open and close; the last hour is at its own price."""
    market = trading_snapshot()
    now = compute_figures(market, levels=LevelPolicy())
    assert market.candles is not None
    found = change_since([past_of(now)], now, facts_of(now), market.candle_grids)
    assert found is not None
    assert found.high == market.candles.high[-24:].max()
    assert found.low == market.candles.low[-24:].min()
    short = replace(
        market.candles,
        **{
            name: getattr(market.candles, name)[-20:]
            for name in ("open_ms", "open", "high", "low", "close", "turnover_usd")
        },
    )
    unknown = change_since([past_of(now)], now, facts_of(now), [short])
    assert unknown is not None
    assert unknown.high is unknown.low is None


@pytest.mark.parametrize(
    ("ago", "counts"),
    [
        (timedelta(hours=4), True),
        (timedelta(hours=4, seconds=-1), False),
        (timedelta(days=7), True),
        (timedelta(days=7, seconds=1), False),
        (-DAY, False),
    ],
)
def test_how_long_ago_a_previous_edition_may_be(ago: timedelta, *, counts: bool) -> None:
    now = figures()
    found = change_since([past_of(now, ago=ago)], now, facts_of(now), ())
    assert (found is not None) is counts


def test_the_latest_that_compares_is_the_previous_one() -> None:
    now = figures()
    other = past_of(
        compute_figures(
            snapshot_of(BEFORE, price=100, method=Method.SIMULATED),
            levels=LevelPolicy.parse(LEVELS),
        ),
        ago=timedelta(hours=5),
    )
    past = [past_of(now, ago=3 * DAY), other, past_of(now, ago=2 * DAY)]
    assert change(now, *past).since == AS_OF - 2 * DAY
    assert [one.as_of for one in comparable(past, facts_of(now))] == [
        AS_OF - 2 * DAY,
        AS_OF - 3 * DAY,
    ]


def sized(long_usd: float) -> PastFigures:
    return past_of(figures([(95, 100, long_usd, 0.0), (100, 105, 0.0, 10.0)]), ago=long_usd * DAY)


def test_what_is_usual_is_the_median_of_thirty_editions() -> None:
    now = facts_of(figures())
    found = usual_of([sized(day) for day in range(1, 41)], now)
    assert found is not None
    assert found.editions == 30
    assert found.long_usd == pytest.approx(15.5)  # of 1 … 30, the latest
    assert found.short_usd == 10
    assert found.open_interest_usd is None
    assert usual_of([sized(day) for day in range(1, 5)], now) is None
    assert usual_of([sized(day) for day in range(1, 6)], now) is not None


def test_compared_figures_carry_change_and_claims() -> None:
    market = snapshot_of(BEFORE, price=100)
    now = figures()
    mirrored = figures([(200 - high, 200 - low, s, lo) for low, high, lo, s in reversed(BEFORE)])
    found = compare(now, market, [past_of(mirrored)])
    facts = facts_of(found)
    assert facts["change.since"].kind is FactKind.TIME
    assert facts["change.since"].value == AS_OF - DAY
    assert facts["change.skew_was"].value == -facts["skew"].value  # type: ignore[operator]
    assert claims.holds("lead_reversed_since_previous", facts)
    assert compare(found, market, [past_of(mirrored)]).tree() == found.tree()
    assert compare(found, market, []).tree() == now.tree()
