"""Several looks at one market are one history; where two saw a time, the later look counts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from composer.errors import FiguresError
from composer.figures.aftermath import Aftermath, Bars
from composer.figures.rewind import rewind
from composer.market.records import Liquidations, MarketSnapshot, to_ms
from tests.markets import AS_OF, SAMPLE_2, snapshot_of, trading_snapshot
from tests.unit.figures.aftermaths import HOUR, HOUR_MS, START, aftermath_of, flat

DAY = timedelta(days=1)


def _last(snapshot: MarketSnapshot, days: int) -> MarketSnapshot:
    """Return a look that reaches only so many days back."""
    candles = snapshot.candles
    assert candles is not None
    kept: dict[str, Any] = {
        name: getattr(candles, name)[-24 * days :]
        for name in ("open_ms", "open", "high", "low", "close", "turnover_usd")
    }
    return replace(snapshot, candles=replace(candles, **kept))


def test_looks_are_chained_without_overlap() -> None:
    whole = trading_snapshot(days=20)
    newest, older = _last(whole, 10), _last(rewind(whole, AS_OF - 5 * DAY), 10)
    bars = Aftermath.of([newest, older]).bars
    assert whole.candles is not None
    assert bars.open_ms.tolist() == whole.candles.open_ms[-15 * 24 :].tolist()
    assert bars.close.tolist() == whole.candles.close[-15 * 24 :].tolist()


def test_the_later_look_counts() -> None:
    whole = trading_snapshot(days=3)
    assert whole.candles is not None
    high = whole.candles.high + 1
    revised = replace(whole, candles=replace(whole.candles, high=high))
    assert Aftermath.of([revised, whole]).bars.high.tolist() == high.tolist()


def test_liquidations_of_two_looks_are_chained_too() -> None:
    newest = trading_snapshot(days=2)
    assert newest.candles is not None
    opens = newest.candles.open_ms

    def seen(first: int, stop: int, usd: float) -> Liquidations:
        return Liquidations(
            symbol="BTC",
            venues=("Binance",),
            interval=HOUR,
            open_ms=opens[first:stop],
            long_usd=np.full(stop - first, usd),
            short_usd=np.full(stop - first, usd),
        )

    later = replace(newest, liquidations=seen(10, 20, 2.0))
    earlier = replace(newest, liquidations=seen(5, 12, 1.0))
    found = Aftermath.of([later, earlier]).liquidated
    assert found.open_ms.tolist() == opens[5:20].tolist()
    assert found.long_usd.tolist() == [1.0] * 5 + [2.0] * 10


def test_a_market_without_candles_cannot_be_followed() -> None:
    with pytest.raises(FiguresError, match="no look at the market holds candles"):
        Aftermath.of([snapshot_of(SAMPLE_2)])


def test_the_price_at_a_moment_is_the_close_before_it() -> None:
    aftermath = aftermath_of([(5, 5, 5), (7, 7, 7)])
    # Before the first bar has ended, at the end of each, and a whole bar later.
    ends_ms = to_ms(START) + np.array([HOUR_MS - 1, HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS])
    np.testing.assert_equal(aftermath.prices_at(ends_ms), [np.nan, 5, 7, np.nan])


def test_a_hole_of_five_percent_is_borne() -> None:
    whole = aftermath_of(flat(72))
    for lost, known in ((3, True), (4, False)):  # 5 % of 72 hours are 3.6
        kept = np.r_[0:30, 30 + lost : 72]
        bars = Bars(**{name: column[kept] for name, column in whole.bars._asdict().items()})
        found = replace(whole, bars=bars).span(START, timedelta(hours=72))
        assert (found is not None) is known
