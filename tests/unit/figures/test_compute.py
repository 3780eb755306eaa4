import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from composer.errors import ConfigError, FiguresError
from composer.figures.compute import compute_figures
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.report import Direction, Figures, Strength
from composer.market.records import (
    Candles,
    LiquidationMap,
    MarketSnapshot,
    Method,
    OpenInterest,
    Side,
    to_ms,
)

MakeBook = Callable[..., LiquidationMap]
MakeCandles = Callable[..., Candles]

AS_OF = datetime(2026, 1, 10, 8, tzinfo=UTC)
POLICIES = ("explicit:95,105", "round", "range:0.05", "cluster")


def snapshot_of(book: LiquidationMap) -> MarketSnapshot:
    return MarketSnapshot(
        symbol="BTC",
        price=book.price,
        as_of=AS_OF,
        fetched_at=AS_OF,
        source="Coinglass",
        venues=("Binance", "OKX", "Bybit"),
        liquidation_map=book,
    )


def hourly_snapshot(make_candles: MakeCandles, hours: int = 24 * 8) -> MarketSnapshot:
    close = 100 + np.arange(hours) * 0.01
    rows = [(c, c + 0.5, c - 0.5, c) for c in close.tolist()]
    stamps = to_ms(AS_OF) - 3_600_000 * np.arange(hours)[::-1]
    return MarketSnapshot(
        symbol="BTC",
        price=float(close[-1]),
        as_of=AS_OF,
        fetched_at=AS_OF,
        source="Binance",
        venues=("Binance",),
        candles=make_candles(rows),
        open_interest=OpenInterest(
            symbol="BTC",
            venues=("Binance",),
            stamp_ms=stamps,
            open_interest_usd=np.linspace(1e9, 1e9 + 1e6 * (hours - 1), hours),
        ),
        funding_rate=0.0001,
        notes=("One venue only.",),
    )


def figures(snapshot: MarketSnapshot, levels: str = "round") -> Figures:
    return compute_figures(snapshot, levels=LevelPolicy.parse(levels))


def test_sample_of_short_heavy_levels(make_book: MakeBook) -> None:
    book = make_book(90_131.71, (86_137, 90_131.71, 1.563e9, 0), (90_131.71, 94_681, 0, 2.705e9))
    result = figures(snapshot_of(book), "explicit:86137,94681")
    assert result.ratio == pytest.approx(1.7306, abs=1e-4)  # 2.705 / 1.563
    assert result.heavier_side is Side.SHORT
    assert result.upper.distance_usd == pytest.approx(4_549.29)  # 94,681 - 90,131.71
    assert result.lower.distance == pytest.approx(0.04432, abs=1e-5)  # 3,994.71 / 90,131.71
    # within ±4,506.5855: longs whole, shorts 2.705 x 4,506.5855 / 4,549.29 = 2.67961;
    # (2.67961 - 1.563) / (2.67961 + 1.563) = 0.26319
    assert result.skew == pytest.approx(0.26319, abs=1e-5)
    assert result.outlook.strength is Strength.MILD
    assert result.method is Method.REPORTED
    assert result.warnings == {}


def test_sample_of_long_heavy_levels(make_book: MakeBook) -> None:
    book = make_book(
        95_000,
        (88_990, 89_010, 1.127e9, 0),
        (93_000, 95_000, 1.062e9, 0),
        (95_000, 97_000, 0, 0.248e9),
    )
    result = figures(snapshot_of(book), "explicit:93000,97000")
    assert result.ratio == pytest.approx(4.28, abs=0.01)
    assert result.heavier_side is Side.LONG
    assert result.outlook.direction is Direction.LONG_CASCADE
    assert result.next_lower is not None
    assert result.next_lower.level == 89_000
    assert result.next_lower.notional_usd == 1.127e9
    assert result.next_upper is None


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("shape", ["bins", "points"])
def test_flat_book_is_balanced_under_every_policy(
    make_book: MakeBook, policy: str, shape: str
) -> None:
    half = 0.25 if shape == "bins" else 0
    below = [(99.75 - i / 2 - half, 99.75 - i / 2 + half, 5, 0) for i in range(40)]
    above = [(100.25 + i / 2 - half, 100.25 + i / 2 + half, 0, 5) for i in range(40)]
    result = figures(snapshot_of(make_book(100, *below, *above)), policy)
    assert result.skew == pytest.approx(0, abs=1e-12)
    assert result.outlook.direction is Direction.BALANCED
    assert result.heavier_side is None
    assert result.clusters == ()
    assert result.next_lower is result.next_upper is None
    assert result.ratio == pytest.approx(1)
    assert set(result.warnings) == ({"levels_fell_back"} if policy == "cluster" else set())


def test_levels_that_disagree_with_the_outlook_are_warned_of(make_book: MakeBook) -> None:
    book = make_book(100, (90, 100, 50, 0), (100, 110, 0, 100))
    result = figures(snapshot_of(book), "explicit:91,101")  # 45 long against 10 short
    assert result.outlook.direction is Direction.SHORT_SQUEEZE
    assert result.heavier_side is None
    assert set(result.warnings) == {"levels_disagree"}


def test_empty_side_has_no_ratio(make_book: MakeBook) -> None:
    result = figures(snapshot_of(make_book(100, (100, 110, 0, 10))))
    assert result.ratio is None
    assert result.skew == 1
    assert result.equal_notional.down_usd is None
    json.dumps(result.tree(), allow_nan=False)


def test_estimate_from_candles_with_context(make_candles: MakeCandles) -> None:
    result = figures(hourly_snapshot(make_candles))
    assert result.method is Method.ESTIMATED
    assert result.source == result.liquidation_map.source == "Binance"
    assert result.price == pytest.approx(101.91)  # 100 + 191 x 0.01
    assert result.context.open_interest_usd == 1.191e9
    # 1.191 / 1.167 - 1 and 101.91 / 101.67 - 1
    assert result.context.open_interest_change_24h == pytest.approx(0.0205656, abs=1e-7)
    assert result.context.price_change_24h == pytest.approx(0.0023606, abs=1e-7)
    assert result.context.funding_rate == 0.0001
    # the last 168 closes run from 100.24 to 101.91, half a dollar beyond either way
    assert result.range_7d is not None
    assert result.range_7d.high == pytest.approx(102.41)
    assert result.range_7d.low == pytest.approx(99.74)
    assert result.notes[0] == "One venue only."
    assert "book model" in result.notes[1]


@pytest.mark.parametrize(
    ("hours", "change", "week"),
    [
        (20, False, False),
        (23, False, False),
        (24, True, False),
        (167, True, False),
        (168, True, True),
    ],
)
def test_context_only_as_far_as_the_data_reach(
    make_candles: MakeCandles, hours: int, *, change: bool, week: bool
) -> None:
    result = figures(hourly_snapshot(make_candles, hours))
    # n hourly values reach n - 1 hours back: 24 values reach 23 h, within 5 % of 24 h
    assert (result.context.open_interest_change_24h is not None) is change
    assert (result.context.price_change_24h is not None) is change
    assert (result.range_7d is not None) is week


def test_week_with_a_hole_is_no_week(make_candles: MakeCandles) -> None:
    whole = make_candles([(100, 101, 99, 100)] * 200)
    kept = np.r_[0:60, 80:200]
    candles = Candles(
        symbol="BTC",
        venue="Binance",
        interval=timedelta(hours=1),
        open_ms=whole.open_ms[kept],
        open=whole.open[kept],
        high=whole.high[kept],
        low=whole.low[kept],
        close=whole.close[kept],
    )
    assert figures(replace(hourly_snapshot(make_candles), candles=candles)).range_7d is None


def test_simulated_data_stay_simulated(make_book: MakeBook, make_candles: MakeCandles) -> None:
    for snapshot in (
        snapshot_of(make_book(100, (90, 100, 5, 0), (100, 110, 0, 5))),
        hourly_snapshot(make_candles),
    ):
        result = figures(replace(snapshot, simulated=True))
        assert result.method is result.liquidation_map.method is Method.SIMULATED


def test_explicit_levels_and_notional_are_checked(make_book: MakeBook) -> None:
    snapshot = snapshot_of(make_book(100, (90, 100, 5, 0), (100, 110, 0, 5)))
    with pytest.raises(FiguresError, match="do not enclose the price 100"):
        figures(snapshot, "explicit:101,105")
    with pytest.raises(ConfigError, match="--notional"):
        compute_figures(snapshot, levels=LevelPolicy(), notional_usd=0)


def _numbers(value: object, path: str = "") -> dict[str, float]:
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = dict(enumerate(value)).items()
    else:
        return {path: value} if isinstance(value, int | float) else {}
    return {
        name: number
        for key, item in items
        for name, number in _numbers(item, f"{path}.{key}" if path else str(key)).items()
    }


@pytest.mark.parametrize("policy", ["round", "range:0.05", "cluster"])
def test_every_number_is_a_fact(make_candles: MakeCandles, policy: str) -> None:
    result = figures(hourly_snapshot(make_candles), policy)
    tree = json.loads(json.dumps(result.tree(), allow_nan=False))
    facts = facts_of(result)
    numbers = _numbers(tree)
    assert len(numbers) > 20
    for path, number in numbers.items():
        assert facts[path].value == Decimal(repr(number))
    assert set(facts) - set(numbers) == {"as_of"}


@pytest.mark.parametrize("price", [610.3, 68_123.4, 0.18341, 97.0])
@pytest.mark.parametrize("rung", [0.05, 0.025, 0.01])
@pytest.mark.parametrize("levels", ["round", "range:0.05", "range:0.02", "cluster"])
def test_an_even_ladder_is_balanced_at_any_price(
    make_book: MakeBook, price: float, rung: float, levels: str
) -> None:
    """Also where the edge of the window meets a rung, whatever its last digit."""
    book = make_book(
        price,
        *((price * (1 - rung * i), price * (1 - rung * i), 10, 0) for i in range(1, 10)),
        *((price * (1 + rung * i), price * (1 + rung * i), 0, 10) for i in range(1, 10)),
    )
    result = figures(snapshot_of(book), levels)
    assert result.skew == pytest.approx(0, abs=1e-9)
    assert result.outlook.direction is Direction.BALANCED
    assert result.heavier_side is None
