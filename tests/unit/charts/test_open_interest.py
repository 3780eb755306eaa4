"""The plot of open interest: what was known when, on scales of their own over one time."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D

from composer.charts import draw_chart
from composer.charts.interest_plot import OpenInterestPlot
from composer.charts.open_interest import KIND, draw
from composer.charts.page import SQUARE, WIDE, Page
from composer.charts.recent_series import funding_bars, interest_line, price_line, span_of
from composer.charts.scene import Scene
from composer.charts.theme import LIGHT
from composer.errors import RenderError
from composer.market.records import FloatArray, FundingRates, MarketSnapshot, OpenInterest, to_ms
from tests.markets import SAMPLE_2, snapshot_of
from tests.unit.charts.shapes import AS_OF, make_figures, make_market, make_scene
from tests.unit.charts.test_words_on_plots import assert_whole_and_apart
from tests.unit.charts.wordings import written

HOUR_MS = 3_600_000
NOW_MS = to_ms(AS_OF)


market_of = partial(make_market, price=90_409, symbol="BTC")


def scene_of(market: MarketSnapshot) -> Scene:
    return make_scene(make_figures(), market)


def line(plot: OpenInterestPlot, gid: str) -> tuple[FloatArray, FloatArray]:
    [found] = plot.figure.findobj(lambda artist: artist.get_gid() == gid)
    assert isinstance(found, Line2D)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def heights(plot: OpenInterestPlot, gid: str) -> list[float]:
    """Return how far each bar stands above the line, or hangs below it."""
    [found] = plot.figure.findobj(lambda artist: artist.get_gid() == gid)
    assert isinstance(found, PolyCollection)
    extents = [path.get_extents() for path in found.get_paths()]
    return [float(extent.y0 + extent.y1) for extent in extents]  # one of them is zero


@pytest.fixture(params=[WIDE, SQUARE], ids=["wide", "square"])
def page(request: pytest.FixtureRequest) -> Page:
    wanted: Page = request.param
    return wanted


def test_lines_hold_what_was_known_and_end_on_the_present(page: Page) -> None:
    market = market_of()
    plot = draw(scene_of(market), page, LIGHT)
    assert market.candles is not None
    assert market.open_interest is not None
    stamps, prices = line(plot, "price")
    known = dict(zip(market.candles.known_ms.tolist(), market.candles.close.tolist(), strict=True))
    assert all(known[stamp] == price for stamp, price in zip(stamps[:-1], prices[:-1], strict=True))
    assert (stamps[-1], prices[-1]) == (NOW_MS, 90_409)
    stamps, values = line(plot, "interest")
    assert values[-1] == market.open_interest.open_interest_usd[-1]
    assert len(stamps) == len(market.open_interest.stamp_ms)


def test_a_month_is_the_most_that_is_shown() -> None:
    start_ms, end_ms = span_of(market_of(days=50))
    assert (start_ms, end_ms) == (NOW_MS - 30 * 24 * HOUR_MS, NOW_MS)


def test_the_span_begins_when_both_are_known() -> None:
    market = market_of()
    assert market.open_interest is not None
    late = OpenInterest(
        symbol="BTC",
        venues=("Binance",),
        stamp_ms=market.open_interest.stamp_ms[100:],
        open_interest_usd=market.open_interest.open_interest_usd[100:],
    )
    assert span_of(replace(market, open_interest=late))[0] == late.stamp_ms[0]


def test_of_many_values_the_last_of_each_stretch_is_shown() -> None:
    market = market_of(days=30)
    start_ms, _ = span_of(market)
    shown = interest_line(market, start_ms)
    assert market.open_interest is not None
    known = market.open_interest
    assert len(shown.value) < len(known.stamp_ms)
    assert np.isin(shown.value, known.open_interest_usd).all()
    assert (np.diff(shown.stamp_ms) > 0).all()


def test_a_line_breaks_where_a_day_is_missing() -> None:
    market = market_of()
    assert market.open_interest is not None
    kept = np.r_[0:100, 130:240]
    holed = OpenInterest(
        symbol="BTC",
        venues=("Binance",),
        stamp_ms=market.open_interest.stamp_ms[kept],
        open_interest_usd=market.open_interest.open_interest_usd[kept],
    )
    shown = interest_line(replace(market, open_interest=holed), float(holed.stamp_ms[0]))
    assert np.flatnonzero(np.isnan(shown.value)).tolist() == [100]


def test_the_price_comes_from_the_finest_candles_that_reach_back() -> None:
    market = market_of()
    fine = market_of(days=1).candles
    assert fine is not None
    minutes = replace(fine, interval=timedelta(minutes=5))
    two_grids = replace(market, other_candles=(minutes,))
    start_ms, _ = span_of(two_grids)
    assert len(price_line(two_grids, start_ms).value) == 240


def test_funding_stands_or_hangs_by_its_sign(page: Page) -> None:
    hours = np.arange(1, 49)
    rates = FundingRates(
        symbol="BTC",
        # The first day begins with the stretch from 8 to 16 h: 1e-4, then -5e-5.
        stamp_ms=NOW_MS - 48 * HOUR_MS + hours * HOUR_MS,
        rate=np.array([1e-4] * 24 + [-5e-5] * 24),
    )
    plot = draw(scene_of(replace(market_of(), funding_rates=rates)), page, LIGHT)
    assert heights(plot, "longs_pay") == pytest.approx([1e-4] * 3)
    assert heights(plot, "shorts_pay") == pytest.approx([-5e-5] * 3)


def test_a_bar_of_funding_is_the_mean_of_its_stretch() -> None:
    rates = FundingRates(
        symbol="BTC",
        stamp_ms=NOW_MS - HOUR_MS * np.arange(7, -1, -1),
        rate=np.linspace(0, 7e-5, 8),
    )
    bars = funding_bars(replace(market_of(), funding_rates=rates), NOW_MS - 48 * HOUR_MS)
    assert bars is not None
    assert bars.mean.tolist() == pytest.approx([3.5e-5])  # (0 + … + 7) / 8
    assert bars.start_ms.tolist() == [NOW_MS - 8 * HOUR_MS]


def test_without_funding_the_others_take_its_room(page: Page) -> None:
    with_it, without = (
        draw(scene_of(market), page, LIGHT)
        for market in (market_of(), replace(market_of(), funding_rates=None))
    )
    assert list(with_it.panels) == ["price", "interest", "funding"]
    assert list(without.panels) == ["price", "interest"]
    assert without.panels["price"].box.height > with_it.panels["price"].box.height
    last = list(with_it.panels.values())[-1].box.bottom
    assert list(without.panels.values())[-1].box.bottom == pytest.approx(last)


def test_time_runs_to_the_right_in_every_language() -> None:
    scene = scene_of(market_of())
    plot = draw(scene, WIDE, LIGHT)
    for locale, early, late in (
        ("en", "Jan 12", "Jan 19"),
        ("ar", "\u206712 يناير\u2069", "\u206719 يناير\u2069"),
    ):
        sheet = KIND.lay_out(plot, scene, written(locale, scene, "open_interest"))
        left = {found.text: found.left for found in sheet.lines}
        assert left[early] < left[late]


def test_scales_are_written_by_the_locale() -> None:
    scene = scene_of(market_of())
    plot = draw(scene, WIDE, LIGHT)
    sheet = KIND.lay_out(plot, scene, written("zh_Hans", scene, "open_interest"))
    assert {"100亿", "90,000", "+0.015%", "1月19日"} <= {found.text for found in sheet.lines}


@pytest.mark.parametrize(
    ("market", "what"),
    [
        (snapshot_of(SAMPLE_2), "candles"),
        (
            replace(
                market_of(), open_interest=None, liquidation_map=make_figures().liquidation_map
            ),
            "open",
        ),
        (
            replace(
                market_of(),
                open_interest=OpenInterest(
                    symbol="BTC",
                    venues=("Binance",),
                    stamp_ms=np.array([NOW_MS]),
                    open_interest_usd=np.array([8e9]),
                ),
            ),
            "day of open-interest history",
        ),
    ],
    ids=["a map alone", "no open interest", "one value"],
)
def test_a_market_without_history_is_refused(market: MarketSnapshot, what: str) -> None:
    scene = scene_of(market)
    chart = written("en", scene, "open_interest")
    with pytest.raises(RenderError, match=f"no {what}"):
        draw_chart("open_interest", scene, chart, edition="e1")


@pytest.mark.parametrize("locale", ["en", "ar", "pt_BR", "th"])
@pytest.mark.parametrize("days", [1, 4, 30])
def test_no_two_words_meet_however_long_the_history(locale: str, days: int, page: Page) -> None:
    scene = scene_of(
        replace(market_of(days=days + 1), funding_rates=None if days == 4 else FUNDING)
    )
    sheet = KIND.lay_out(draw(scene, page, LIGHT), scene, written(locale, scene, "open_interest"))
    assert_whole_and_apart(sheet)


FUNDING = FundingRates(
    symbol="BTC", stamp_ms=np.array([NOW_MS - HOUR_MS, NOW_MS]), rate=np.array([1e-4, -1e-4])
)
