"""Pages of a grid leave no bar out; bars that cannot be the market's are refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import SourceDataError
from composer.market.records import Candles, to_ms
from composer.market.sources._grids import Bar, Grid, candles_of, pages_of

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
GRID = Grid(timedelta(minutes=5), 4)
STEP = GRID.interval_ms
LAST = to_ms(datetime(2026, 6, 10, 7, 55, tzinfo=UTC))  # opens of the last closed bar


def bar(open_ms: int, close: float = 100.0) -> Bar:
    return Bar(open_ms, 100.0, 101.0, 99.0, close, 1_000.0)


def candles(*bars: Bar, now: datetime = NOW) -> Candles:
    return candles_of(bars, GRID, where="x candles", symbol="BTC", venue="X", now=now)


@given(
    minutes=st.sampled_from([1, 5, 30]),
    bars=st.integers(1, 3_000),
    most=st.integers(3, 1_500),
    late_s=st.integers(0, 86_400),
)
def test_pages_cover_the_grid_and_hold_what_they_say(
    minutes: int, bars: int, most: int, late_s: int
) -> None:
    grid = Grid(timedelta(minutes=minutes), bars)
    now = NOW + timedelta(seconds=late_s)
    pages = list(pages_of(grid, now, most=most))
    covered: set[int] = set()
    for page in pages:
        opens = range(page.first_ms, page.last_ms + 1, grid.interval_ms)
        assert len(opens) == page.bars <= most
        assert page.open_ended == (page is pages[0])
        covered.update(opens)
    newest = to_ms(now) // grid.interval_ms * grid.interval_ms
    assert covered == {newest - back * grid.interval_ms for back in range(bars)}
    overlaps = [newer.first_ms for newer in pages[:-1]]
    assert [page.last_ms for page in pages[1:]] == [first + grid.interval_ms for first in overlaps]


def test_one_request_is_enough_where_its_limit_is_the_grid() -> None:
    assert [page.bars for page in pages_of(Grid(timedelta(minutes=1), 1_500), NOW, most=1_500)] == [
        1_500
    ]


def test_closed_bars_are_kept_in_order_and_once() -> None:
    forming = bar(LAST + STEP, 107.0)
    found = candles(forming, bar(LAST), bar(LAST - STEP), bar(LAST))
    assert found.open_ms.tolist() == [LAST - STEP, LAST]


def test_no_more_bars_are_kept_than_the_grid_wants() -> None:
    found = candles(*(bar(LAST - back * STEP) for back in range(9)))
    assert len(found) == GRID.bars
    assert found.open_ms[-1] == LAST


def test_turnover_that_one_bar_lacks_is_not_published() -> None:
    found = candles(bar(LAST), bar(LAST - STEP)._replace(turnover_usd=None))
    assert found.turnover_usd is None


@pytest.mark.parametrize(
    ("bars", "words"),
    [
        ([], "a bar closed by"),
        ([bar(LAST + STEP)], "a bar closed by"),
        ([bar(LAST + 1)], "on the 5m grid"),
        ([bar(LAST), bar(LAST, 100.5)], "two different bars"),
        ([bar(LAST), bar(LAST + 3 * STEP)], "times up to the clock"),
        ([bar(LAST - 3 * STEP)], "it has stopped"),
        ([bar(LAST, 102.0)], "low <= open, close <= high"),
    ],
    ids=["none", "forming", "off the grid", "twice", "future", "frozen", "impossible"],
)
def test_bars_that_cannot_be_are_refused(bars: list[Bar], words: str) -> None:
    with pytest.raises(SourceDataError, match=words):
        candles(*bars)


def test_a_clock_a_minute_behind_the_exchange_is_forgiven() -> None:
    behind = NOW.replace(minute=4, second=30)
    assert candles(bar(LAST), bar(LAST + 2 * STEP), now=behind).open_ms.tolist() == [LAST]
