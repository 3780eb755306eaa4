from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from composer.figures.compute import compute_figures
from composer.figures.imbalance import totals
from composer.figures.levels import LevelPolicy
from composer.figures.report import Cluster, Figures
from composer.figures.shape import (
    at_risk,
    cluster_sums,
    measure_clusters,
    round_levels,
    shape_of,
    span_of,
    venues_of,
)
from composer.market.records import LiquidationMap, Side, VenueLiquidations
from tests.markets import SAMPLE_2, even_bins, figures_of, snapshot_of, trading_snapshot

MakeBook = Callable[..., LiquidationMap]


def cluster(side: Side, peak: float, notional_usd: float) -> Cluster:
    return Cluster(
        side=side,
        low=peak - 1,
        peak=peak,
        high=peak + 1,
        notional_usd=notional_usd,
        distance=abs(peak - 100) / 100,
    )


def test_distance_of_a_cluster_in_three_units() -> None:
    near, far = measure_clusters(
        [cluster(Side.LONG, 96, 1), cluster(Side.SHORT, 110, 1)], 100, atr_usd=2.5
    )
    assert (near.distance_usd, near.distance_atr) == (4, 1.6)
    assert (far.distance_usd, far.distance_atr) == (10, 4)
    (unknown,) = measure_clusters([cluster(Side.LONG, 96, 1)], 100, atr_usd=None)
    assert (unknown.distance_usd, unknown.distance_atr) == (4, None)


def test_sums_of_clusters() -> None:
    sums = cluster_sums(
        [cluster(Side.LONG, 96, 3), cluster(Side.LONG, 90, 5), cluster(Side.SHORT, 104, 4)]
    )
    assert (sums.long_usd, sums.largest_long_usd) == (8, 5)
    assert (sums.short_usd, sums.largest_short_usd) == (4, 4)
    assert cluster_sums([]).largest_short_usd == 0


def test_shape_of_a_side(make_book: MakeBook) -> None:
    # shorts even from 100 to 105: 20 steps of 0.25, each 1 of 20; longs in one step at 97
    book = make_book(100, (96.8, 96.9, 12, 0), (100, 105, 0, 20))
    shape = shape_of(book)
    assert shape.heaviest_short_usd == pytest.approx(3)
    assert shape.inner_short_usd == shape.outer_short_usd == pytest.approx(10)
    assert shape.heaviest_short_share == pytest.approx(0.15)  # 3 of 20
    assert shape.heaviest_long_usd == shape.outer_long_usd == pytest.approx(12)
    assert shape.inner_long_usd == 0
    assert shape.heaviest_long_share == pytest.approx(1)


def test_an_empty_side_has_no_share(make_book: MakeBook) -> None:
    shape = shape_of(make_book(100, (100, 105, 0, 20)))
    assert shape.heaviest_long_share is None
    assert shape.heaviest_long_usd == 0


def test_where_the_price_stands_in_the_map(make_book: MakeBook) -> None:
    span = span_of(make_book(100, (90, 100, 1, 0), (100, 130, 0, 1)))
    assert (span.low, span.high, span.position) == (90, 130, 0.25)
    assert span_of(make_book(100, (90, 90, 1, 0))).position is None


@pytest.mark.parametrize(
    ("price", "levels"),
    [
        (90_131.71, (88_000, 89_000, 90_000, 91_000, 92_000, 93_000)),
        (90_000.0, (87_000, 88_000, 89_000, 91_000, 92_000, 93_000)),
        (2_412.0, (2_360, 2_380, 2_400, 2_420, 2_440, 2_460)),
        (0.1834, (0.178, 0.18, 0.182, 0.184, 0.186, 0.188)),
    ],
)
def test_round_levels_around_a_price(price: float, levels: tuple[float, ...]) -> None:
    assert round_levels(price) == levels


def test_intensity_to_a_round_level() -> None:
    figures = figures_of(even_bins(9e9, 9e9), price=90_000, levels="round")
    found = {one.level: one for one in figures.round_levels}
    # 1,000 of the 9,000 dollars of the bin
    assert found[89_000].intensity_usd == pytest.approx(1e9)
    assert found[92_000].intensity_usd == pytest.approx(2e9)
    assert found[92_000].distance == pytest.approx(2_000 / 90_000)


def test_skew_within_the_printed_range() -> None:
    # (2.705 - 1.563) / (2.705 + 1.563) = 1.142 / 4.268
    assert figures_of(SAMPLE_2).range_skew == pytest.approx(0.267573, abs=1e-6)


def test_share_of_the_open_interest_of_the_venues() -> None:
    market = replace(
        snapshot_of(even_bins(2e9, 4e9), price=90_000),
        venues=("Binance", "OKX"),
        open_interest_by_venue={"Binance": 6e9, "OKX": 4e9, "Gate": 90e9},
    )
    assert market.liquidation_map is not None
    found = at_risk(totals(market.liquidation_map), market)
    # half of each bin of 10 % lies within 5 %: 1e9 and 2e9 of 10e9
    assert found.total_usd == pytest.approx(3e9)
    assert found.open_interest_usd == 10e9
    assert found.long_share == pytest.approx(0.1)
    assert found.short_share == pytest.approx(0.2)
    unknown = at_risk(totals(market.liquidation_map), replace(market, open_interest_by_venue={}))
    assert unknown.open_interest_usd is unknown.long_share is None
    traded = trading_snapshot()
    assert traded.open_interest is not None
    own = at_risk(totals(market.liquidation_map), traded)
    assert own.open_interest_usd == traded.open_interest.open_interest_usd[-1]


def test_venues_by_their_open_interest() -> None:
    day = timedelta(days=1)
    market = replace(
        snapshot_of(SAMPLE_2),
        open_interest_by_venue={"OKX": 1e9, "Binance": 3e9},
        liquidations_by_venue={
            "OKX": VenueLiquidations(over=day, long_usd=5.0, short_usd=7.0),
            "Gate": VenueLiquidations(over=day, long_usd=1.0, short_usd=2.0),
            "Binance": VenueLiquidations(over=day / 2, long_usd=1.0, short_usd=2.0),
        },
    )
    binance, okx, gate = venues_of(market)
    assert (binance.name, binance.open_interest_share) == ("Binance", 0.75)
    assert binance.long_liquidations_24h_usd is None  # of half a day
    assert (okx.open_interest_usd, okx.short_liquidations_24h_usd) == (1e9, 7)
    assert (gate.name, gate.open_interest_usd, gate.open_interest_share) == ("Gate", None, None)


def estimated(days: int) -> Figures:
    return compute_figures(trading_snapshot(days=days), levels=LevelPolicy())


def test_thin_data_is_said_in_the_notes() -> None:
    thin = estimated(6)
    assert thin.estimate is not None
    assert thin.estimate.candle_days == 6
    assert any("Thin data" in note and "6 whole days" in note for note in thin.notes)
    assert not any("Thin data" in note for note in estimated(7).notes)
    assert figures_of(SAMPLE_2).estimate is None


def test_a_small_market_is_said_in_the_notes() -> None:
    market = trading_snapshot()
    assert market.open_interest is not None
    small = replace(market.open_interest, open_interest_usd=[9e6] * 216)  # type: ignore[arg-type]
    notes = compute_figures(replace(market, open_interest=small), levels=LevelPolicy()).notes
    assert any("only 9000000 USD" in note for note in notes)
