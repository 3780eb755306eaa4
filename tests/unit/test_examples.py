from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from composer.market.records import LiquidationMap, Method, Query, Side
from composer.market.sources import open_source

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("sample-1-headline", "sample-2-analysis", "sample-3-pulse", "sample-4-brief")


def example(name: str) -> LiquidationMap:
    path = EXAMPLES / f"{name}.json"
    found = open_source(str(path)).snapshot(Query(now=datetime(2026, 11, 1, tzinfo=UTC)))
    assert found.liquidation_map is not None
    return found.liquidation_map


def mass(chart: LiquidationMap, side: Side, low: float, high: float) -> float:
    """Sum the bins that lie wholly within, after checking that none is cut."""
    amounts = chart.long_usd if side is Side.LONG else chart.short_usd
    within = (chart.low >= low) & (chart.high <= high)
    touched = (chart.low < high) & (chart.high > low)
    assert np.array_equal(within, touched)
    return float(amounts[within].sum())


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_a_reported_map_with_longs_below_and_shorts_above(name: str) -> None:
    chart = example(name)
    assert chart.symbol == "BTC"
    assert chart.method is Method.REPORTED
    assert not chart.long_usd[chart.high > chart.price].any()
    assert not chart.short_usd[chart.low < chart.price].any()


def test_the_headline_has_its_shorts_growing_with_the_price() -> None:
    chart = example("sample-1-headline")
    shorts = chart.short_usd[chart.low >= chart.price]
    assert shorts.sum() == 4.34e9
    assert np.all(np.diff(shorts) > 0)
    assert chart.long_usd.sum() == 1.9e9
    # The price is the middle of the span: 68,000 - 64,600 = 71,400 - 68,000.
    assert (chart.low[0], chart.price, chart.high[-1]) == (64600, 68000, 71400)


def test_the_analysis_has_both_amounts_at_its_levels() -> None:
    chart = example("sample-2-analysis")
    assert (chart.source, chart.price) == ("Coinglass", 90131.71)
    longs = mass(chart, Side.LONG, 86137, chart.price)
    shorts = mass(chart, Side.SHORT, chart.price, 94681)
    assert (longs, shorts) == (1.563e9, 2.705e9)
    assert shorts / longs == pytest.approx(1.7306, abs=5e-5)
    # +5 % of 90,131.71 is 94,638.2955, 42.7045 short of the last bin's end, 454.929 wide.
    shorts_within = 2.705e9 - 42.7045 / 454.929 * 270.5e6
    skew = (shorts_within - longs) / (shorts_within + longs)
    assert 0.15 <= skew < 0.35


def test_the_pulse_has_a_separate_pocket_at_its_next_level() -> None:
    chart = example("sample-3-pulse")
    assert mass(chart, Side.LONG, 93000, chart.price) == 1.062e9
    assert mass(chart, Side.SHORT, chart.price, 97000) == 0.248e9
    assert mass(chart, Side.LONG, 88900, 89100) == 1.127e9
    peak = int(np.argmax(chart.long_usd))
    assert (chart.low[peak] + chart.high[peak]) / 2 == 89000
    assert mass(chart, Side.LONG, 89100, 93000) == 0


def test_the_brief_meets_the_same_amount_after_770_up_and_2000_down() -> None:
    chart = example("sample-4-brief")
    assert mass(chart, Side.SHORT, chart.price, chart.price + 770) == 1.1e9
    assert mass(chart, Side.LONG, chart.price - 2000, chart.price) == 1.1e9
    assert chart.low[0] <= 0.95 * chart.price
    assert chart.high[-1] >= 1.05 * chart.price
    assert np.array_equal(chart.low[1:], chart.high[:-1])
