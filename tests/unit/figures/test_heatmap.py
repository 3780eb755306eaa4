from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from composer.errors import FiguresError
from composer.figures.book import BOOK, COINGLASS_LOOK, BookModel
from composer.figures.heatmap import Heatmap, estimate_heatmap
from composer.figures.liquidation_map import estimate_map
from composer.market.records import Candles, FloatArray, LiquidationMap, Method, OpenInterest

MakeCandles = Callable[..., Candles]
Row = tuple[float, float, float, float]

CALM: Row = (100, 100.1, 99.9, 100)
EDGES = 100 * np.exp(np.linspace(-0.3, 0.3, 121))


def walk(bars: int) -> list[Row]:
    rng = np.random.default_rng(11)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.004, bars)))
    open_ = np.append(100, close[:-1])
    spread = np.exp(np.abs(rng.normal(0, 0.002, bars)))
    high, low = np.maximum(open_, close) * spread, np.minimum(open_, close) / spread
    return list(zip(open_.tolist(), high.tolist(), low.tolist(), close.tolist(), strict=True))


def constant(candles: Candles, open_interest_usd: float = 1e9) -> OpenInterest:
    return OpenInterest(
        symbol="BTC",
        venues=("Binance",),
        stamp_ms=candles.known_ms[-1:],
        open_interest_usd=np.array([open_interest_usd]),
    )


def map_of(candles: Candles, model: BookModel = BOOK) -> LiquidationMap:
    return estimate_map(
        candles,
        1e9,
        as_of=datetime(2026, 1, 10, 8, tzinfo=UTC),
        source="Binance",
        method=Method.ESTIMATED,
        model=model,
    )


def until(candles: Candles, known_ms: int) -> Candles:
    kept = candles.known_ms <= known_ms
    return Candles(
        symbol="BTC",
        venue=candles.venue,
        interval=candles.interval,
        open_ms=candles.open_ms[kept],
        open=candles.open[kept],
        high=candles.high[kept],
        low=candles.low[kept],
        close=candles.close[kept],
    )


def heatmap(candles: Candles, edges: FloatArray = EDGES, columns: int = 50) -> Heatmap:
    return estimate_heatmap(candles, constant(candles), edges=edges, columns=columns)


@pytest.mark.parametrize("model", [BOOK, COINGLASS_LOOK], ids=["default", "coinglass look"])
@pytest.mark.parametrize("minutes", [5, 60])
def test_last_column_is_the_map(make_candles: MakeCandles, minutes: int, model: BookModel) -> None:
    candles = make_candles(walk(3000), interval=timedelta(minutes=minutes))
    book = map_of(candles, model)
    found = estimate_heatmap(
        candles,
        constant(candles),
        edges=np.append(book.low, book.high[-1]),
        columns=40,
        model=model,
    )
    for column, mass in (
        (found.long_usd[-1], book.long_usd),
        (found.short_usd[-1], book.short_usd),
    ):
        assert np.abs(column - mass).sum() < 1e-3 * mass.sum()
        np.testing.assert_allclose(np.cumsum(column), np.cumsum(mass), atol=1e-3 * mass.sum())


def test_every_column_is_the_map_of_its_moment(make_candles: MakeCandles) -> None:
    candles = make_candles(walk(600))
    found = heatmap(candles, columns=12)
    for column in (3, 7, 11):
        book = map_of(until(candles, int(found.known_ms[column])))
        assert found.price[column] == book.price
        for mass, of_map in ((found.long_usd, book.long_usd), (found.short_usd, book.short_usd)):
            edges = np.append(book.low, book.high[-1])
            whole = np.interp(EDGES, edges, np.append(0, np.cumsum(of_map)))
            # The grid of the earlier map begins at its own price: a unit of entry or of
            # bucket falls elsewhere.
            np.testing.assert_allclose(
                np.cumsum(mass[column]), whole[1:] - whole[0], atol=0.01 * of_map.sum()
            )


@pytest.mark.parametrize("shown", [None, timedelta(0)])
def test_one_bar_is_one_column(make_candles: MakeCandles, shown: timedelta | None) -> None:
    candles = make_candles([CALM])
    found = estimate_heatmap(candles, constant(candles), edges=EDGES, shown=shown)
    assert found.long_usd.shape == (1, len(EDGES) - 1)
    assert found.price.tolist() == [100.0]


def test_nothing_later_than_a_column_is_used(make_candles: MakeCandles) -> None:
    last_bars: list[Row] = [CALM, (100, 130, 70, 100)]
    calm, wild = (heatmap(make_candles([*[CALM] * 60, bar]), columns=61) for bar in last_bars)
    total = calm.long_usd[-1].sum()
    np.testing.assert_allclose(wild.long_usd[:-1], calm.long_usd[:-1], atol=2e-3 * total)
    assert np.abs(wild.long_usd[-1] - calm.long_usd[-1]).sum() > 0.2 * total


def test_sweep_empties_the_column_and_not_the_one_before(make_candles: MakeCandles) -> None:
    dip: Row = (100, 100, 95, 100)
    turnover = [1.0] * 30 + [0.0] * 2
    candles = make_candles([*[CALM] * 30, dip, CALM], turnover_usd=turnover)
    found = heatmap(candles, columns=32)
    swept = (EDGES[:-1] >= 95) & (EDGES[1:] <= 100)
    background = BOOK.background * 1e9 * np.log(EDGES[1:] / EDGES[:-1])
    before, after = found.long_usd[-3] - background, found.long_usd[-2] - background
    assert before[swept].sum() > 0.2e9
    assert after[swept].sum() == pytest.approx(0, abs=1)


def test_columns_follow_the_open_interest_of_their_time(make_candles: MakeCandles) -> None:
    candles = make_candles([CALM] * 40)
    interest = OpenInterest(
        symbol="BTC",
        venues=("Binance",),
        stamp_ms=candles.known_ms[[19, 39]],
        open_interest_usd=np.array([1e9, 3e9]),
    )
    whole = 100 * np.exp(np.linspace(-0.6, 0, 61))
    found = estimate_heatmap(candles, interest, edges=whole, columns=4)
    totals = found.long_usd.sum(axis=1)
    # the second column ends at the first stamp, the first before it, the last at the second
    np.testing.assert_allclose(totals / totals[1], [1, 1, 1, 3], rtol=1e-3)


def test_shown_leaves_out_older_columns_but_not_their_positions(make_candles: MakeCandles) -> None:
    candles = make_candles(walk(400))
    whole = heatmap(candles, columns=400)
    recent = estimate_heatmap(
        candles, constant(candles), edges=EDGES, columns=10, shown=timedelta(hours=100)
    )
    assert len(recent.known_ms) == 10
    assert recent.known_ms[0] == candles.known_ms[-1] - 90 * 3_600_000
    np.testing.assert_allclose(
        recent.long_usd[-1], whole.long_usd[-1], atol=2e-3 * whole.long_usd[-1].sum()
    )


def test_there_are_no_more_columns_than_bars(make_candles: MakeCandles) -> None:
    found = heatmap(make_candles([CALM] * 7), columns=300)
    assert found.long_usd.shape == found.short_usd.shape == (7, 120)
    assert len(found.known_ms) == len(found.price) == 7


@pytest.mark.parametrize("edges", [[100.0], [90.0, 90.0], [110.0, 90.0], [0.0, 90.0]])
def test_edges_must_rise(make_candles: MakeCandles, edges: list[float]) -> None:
    with pytest.raises(FiguresError, match="two or more positive edges that rise"):
        heatmap(make_candles([CALM]), edges=np.array(edges))
