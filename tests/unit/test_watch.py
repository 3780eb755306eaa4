"""The price since an edition: from whole, fresh candles, or not at all."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from composer.errors import SourceDataError, SourceUnavailableError
from composer.figures.report import PriceRange
from composer.market.records import Candles, MarketSnapshot, to_ms
from composer.watch import NEWEST, SHARED_FOR, PriceWatch
from tests.markets import SAMPLE_2, snapshot_of

NOW = datetime(2026, 6, 10, 8, 2, tzinfo=UTC)
MINUTES_5 = timedelta(minutes=5)
BARS = 12
LAST_OPEN = datetime(2026, 6, 10, 7, 55, tzinfo=UTC)  # its bar is known at 08:00


def candles(*, ends: datetime = LAST_OPEN, missing: int | None = None) -> Candles:
    """Return bars whose lows fall and highs rise by 1 from bar to bar, one perhaps missing."""
    steps = np.array([step for step in range(BARS) if step != missing], dtype=np.int64)
    open_ms = to_ms(ends) - (BARS - 1 - steps) * 300_000
    middle, up = np.full(len(steps), 90_000.0), steps.astype(np.float64)
    return Candles(
        symbol="BTC",
        venue="Binance",
        interval=MINUTES_5,
        open_ms=open_ms,
        open=middle,
        high=middle + 100 + up,
        low=middle - 100 - up,
        close=middle,
    )


def snapshot(
    bars: Candles | None, *, price: float = 90_000.0, at: datetime = NOW
) -> MarketSnapshot:
    return replace(snapshot_of(SAMPLE_2, as_of=at), candles=bars, price=price)


@dataclass
class Source:
    """A source that counts how often it is asked."""

    answer: MarketSnapshot | Exception
    asked: list[tuple[str, str]] = field(default_factory=list)

    def look(self, source: str, symbol: str) -> MarketSnapshot:
        self.asked.append((source, symbol))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class Clock:
    """A clock that moves when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def seen(answer: MarketSnapshot, since: datetime, now: datetime = NOW) -> PriceRange:
    return PriceWatch(look=Source(answer).look, clock=Clock(now)).range_since(
        "binance", "BTC", since
    )


def test_every_bar_known_since_counts_and_no_other() -> None:
    # 07:45 is known at 07:50, so of the three last bars (steps 9, 10, 11) two follow it.
    since = datetime(2026, 6, 10, 7, 50, tzinfo=UTC)
    assert seen(snapshot(candles()), since) == PriceRange(high=90_111.0, low=89_889.0)


def test_a_bar_that_began_before_counts_whole() -> None:
    since = datetime(2026, 6, 10, 7, 59, 59, tzinfo=UTC)
    assert seen(snapshot(candles()), since) == PriceRange(high=90_111.0, low=89_889.0)


@pytest.mark.parametrize("price", [80_000.0, 99_000.0])
def test_the_price_of_now_counts_too(price: float) -> None:
    found = seen(snapshot(candles(), price=price), NOW - MINUTES_5)
    assert price in {found.high, found.low}


def test_before_the_next_bar_is_known_there_is_the_price_of_now() -> None:
    since = datetime(2026, 6, 10, 8, 0, tzinfo=UTC)
    assert seen(snapshot(candles()), since) == PriceRange(high=90_000.0, low=90_000.0)


@pytest.mark.parametrize("missing", [8, 9, 10])
def test_a_hole_is_told(missing: int) -> None:
    since = datetime(2026, 6, 10, 7, 40, tzinfo=UTC)
    with pytest.raises(SourceDataError, match="have a hole since 2026-06-10 07:40"):
        seen(snapshot(candles(missing=missing)), since)


def test_a_hole_before_does_not_matter() -> None:
    since = datetime(2026, 6, 10, 7, 50, tzinfo=UTC)
    assert seen(snapshot(candles(missing=3)), since).high == 90_111.0


def test_candles_that_begin_too_late_are_told() -> None:
    since = datetime(2026, 6, 10, 6, 59, tzinfo=UTC)
    with pytest.raises(SourceDataError, match="have a hole"):
        seen(snapshot(candles()), since)
    assert seen(snapshot(candles()), since + timedelta(minutes=1)).low == 89_889.0


def test_old_prices_say_nothing_about_now() -> None:
    since = NOW - timedelta(hours=1)
    fresh = snapshot(candles())
    edge = LAST_OPEN + MINUTES_5 + NEWEST
    with pytest.raises(SourceDataError, match="newest price of binance is of 2026-06-10 08:02"):
        seen(fresh, since, NOW + NEWEST + timedelta(seconds=1))
    with pytest.raises(SourceDataError, match="candles of binance end before"):
        seen(snapshot(candles(), at=edge), since, edge + timedelta(milliseconds=1))
    assert seen(snapshot(candles(), at=edge), since, edge).high == 90_111.0


def test_a_map_without_candles_says_nothing() -> None:
    with pytest.raises(SourceDataError, match="has no candles"):
        seen(snapshot(None), NOW - MINUTES_5)


def test_prices_of_no_market_say_nothing() -> None:
    made_up = replace(snapshot(candles()), simulated=True)
    with pytest.raises(SourceDataError, match="binance gave simulated prices"):
        seen(made_up, NOW - MINUTES_5)


def test_what_the_source_says_is_raised() -> None:
    watch = PriceWatch(look=Source(SourceUnavailableError("down")).look, clock=Clock())
    with pytest.raises(SourceUnavailableError, match="down"):
        watch.range_since("binance", "BTC", NOW)


def test_deliveries_of_one_moment_share_one_look() -> None:
    source, clock = Source(snapshot(candles())), Clock()
    watch = PriceWatch(look=source.look, clock=clock)
    for _ in range(3):
        watch.range_since("binance", "BTC", NOW - MINUTES_5)
    clock.now += SHARED_FOR
    watch.range_since("binance", "BTC", NOW - MINUTES_5)
    assert source.asked == [("binance", "BTC")]
    watch.range_since("bybit", "BTC", NOW - MINUTES_5)
    watch.range_since("binance", "ETH", NOW - MINUTES_5)
    assert source.asked[1:] == [("bybit", "BTC"), ("binance", "ETH")]
    clock.now += timedelta(milliseconds=1)
    watch.range_since("binance", "BTC", NOW - MINUTES_5)
    assert len(source.asked) == 4


def test_a_clock_set_back_looks_again() -> None:
    source, clock = Source(snapshot(candles())), Clock()
    watch = PriceWatch(look=source.look, clock=clock)
    watch.range_since("binance", "BTC", NOW - MINUTES_5)
    clock.now -= timedelta(seconds=1)
    watch.range_since("binance", "BTC", NOW - MINUTES_5)
    assert len(source.asked) == 2


def test_a_look_that_failed_is_not_shared() -> None:
    source = Source(SourceUnavailableError("down"))
    watch = PriceWatch(look=source.look, clock=Clock())
    with pytest.raises(SourceUnavailableError):
        watch.range_since("binance", "BTC", NOW)
    source.answer = snapshot(candles())
    assert watch.range_since("binance", "BTC", NOW - MINUTES_5).high == 90_111.0
