"""An earlier moment knows nothing later, and a replay tells why it has no figures."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from composer.errors import FiguresError
from composer.figures.compute import compute_figures
from composer.figures.levels import LevelPolicy
from composer.figures.rewind import backfill, replay, rewind
from composer.market.records import (
    Candles,
    EtfFlows,
    FundingRates,
    LeverageTerms,
    Liquidations,
    MarketSnapshot,
    to_ms,
)
from tests.markets import AS_OF, SAMPLE_2, snapshot_of, trading_snapshot

ROUND = LevelPolicy()
THEN = AS_OF - timedelta(days=3)


def with_the_future_changed(snapshot: MarketSnapshot, moment_ms: int) -> MarketSnapshot:
    """Return the market with every row that is known after a moment made wild."""
    candles, interest = snapshot.candles, snapshot.open_interest
    assert candles is not None
    assert interest is not None
    later = candles.known_ms > moment_ms
    return replace(
        snapshot,
        price=1.0,
        funding_rate=0.5,
        candles=replace(
            candles,
            high=np.where(later, candles.high * 9, candles.high),
            low=np.where(later, candles.low / 9, candles.low),
            close=np.where(later, candles.low, candles.close),
            turnover_usd=np.where(later, 1.0, np.asarray(candles.turnover_usd)),
        ),
        open_interest=replace(
            interest,
            open_interest_usd=np.where(
                interest.stamp_ms > moment_ms, 1.0, interest.open_interest_usd
            ),
        ),
    )


@pytest.mark.parametrize("hours", [0, 1, 40, 71])
def test_nothing_later_is_seen(hours: int) -> None:
    moment = AS_OF - timedelta(hours=hours)
    snapshot = trading_snapshot()
    other = with_the_future_changed(snapshot, to_ms(moment))
    one, two = (compute_figures(rewind(each, moment), levels=ROUND) for each in (snapshot, other))
    assert one.tree() == two.tree()


def test_a_bar_is_known_when_it_is_over() -> None:
    found = rewind(trading_snapshot(), THEN + timedelta(minutes=59))
    assert found.as_of == THEN
    assert rewind(trading_snapshot(), THEN + timedelta(minutes=60)).as_of > THEN


def test_what_is_known_of_the_present_alone_is_left_out() -> None:
    snapshot = replace(
        trading_snapshot(),
        liquidation_map=snapshot_of(SAMPLE_2).liquidation_map,
        open_interest_by_venue={"Binance": 8e9},
    )
    found = rewind(snapshot, THEN)
    assert found.liquidation_map is None
    assert found.funding_rate is None
    assert not found.open_interest_by_venue


def test_series_end_at_the_moment() -> None:
    snapshot = trading_snapshot()
    assert snapshot.candles is not None
    days = np.arange(-6, 1) * 86_400_000 + to_ms(THEN.replace(hour=0))
    found = rewind(
        replace(
            snapshot,
            liquidations=Liquidations(
                symbol="BTC",
                venues=("Binance",),
                interval=snapshot.candles.interval,
                open_ms=snapshot.candles.open_ms,
                long_usd=snapshot.candles.close,
                short_usd=snapshot.candles.close,
            ),
            etf_flows=EtfFlows(symbol="BTC", day_ms=days, flow_usd=np.ones(len(days))),
        ),
        THEN,
    )
    assert found.liquidations is not None
    assert found.etf_flows is not None
    assert found.liquidations.open_ms[-1] == to_ms(THEN - timedelta(hours=1))
    assert found.etf_flows.day_ms[-1] == days[-2]  # the day of the moment is not over


def test_a_finer_grid_that_begins_later_is_left_out() -> None:
    snapshot = trading_snapshot()
    fine = _minutes(20)
    found = rewind(replace(snapshot, other_candles=(fine,)), AS_OF - timedelta(minutes=5))
    # The last whole hour ended 55 minutes before; the fine bars know more.
    assert found.as_of == AS_OF - timedelta(minutes=5)
    assert [len(grid) for grid in found.candle_grids] == [15, len(snapshot.candles or ()) - 1]
    earlier = rewind(replace(snapshot, other_candles=(fine,)), THEN)
    assert earlier.other_candles == ()


@pytest.mark.parametrize(
    ("days", "what"), [(-9, "candles"), (1, "candles")], ids=["before", "after"]
)
def test_a_moment_outside_the_data_is_refused(days: int, what: str) -> None:
    with pytest.raises(FiguresError, match=f"has no {what} of BTC up to"):
        rewind(trading_snapshot(), AS_OF + timedelta(days=days))


def test_open_interest_of_days_ago_says_nothing() -> None:
    snapshot = trading_snapshot()
    interest = snapshot.open_interest
    assert interest is not None
    late = replace(
        interest,
        stamp_ms=interest.stamp_ms[-24:],
        open_interest_usd=interest.open_interest_usd[-24:],
    )
    with pytest.raises(FiguresError, match="has no open interest of BTC up to"):
        rewind(replace(snapshot, open_interest=late), THEN)


def test_a_replay_has_the_figures_of_each_moment_and_says_what_is_missing() -> None:
    moments = [AS_OF - timedelta(days=days) for days in (0, 2, 30)]
    found = replay(trading_snapshot(), moments, ROUND)
    assert [one.as_of for one in found.past] == [moments[1], moments[0]]
    assert list(found.missing) == [moments[2]]
    assert "has no candles" in found.missing[moments[2]]
    then = compute_figures(rewind(trading_snapshot(), moments[1]), levels=ROUND)
    assert found.past[0].number("skew") == pytest.approx(then.skew)


def test_days_without_an_edition_are_filled_as_far_as_a_week_of_candles_reaches() -> None:
    market = trading_snapshot(days=14)
    made = replay(market, [AS_OF - timedelta(days=2, hours=5)], ROUND).past
    found = backfill(market, made, ROUND)
    assert [(AS_OF - one.as_of).days for one in found] == [7, 6, 5, 4, 3, 1]
    assert backfill(trading_snapshot(days=7), (), ROUND) == ()


def test_no_more_than_a_month_is_filled() -> None:
    found = backfill(trading_snapshot(days=60), (), ROUND)
    assert [(AS_OF - one.as_of).days for one in found] == list(range(30, 0, -1))


def test_a_replay_speaks_of_the_notional_that_was_asked_for() -> None:
    (past,) = backfill(trading_snapshot(days=8), (), ROUND, 1e6)
    assert past.number("equal_notional.notional_usd") == 1e6


def test_a_replayed_map_stands_on_the_terms_of_its_market() -> None:
    terms = LeverageTerms(max_leverage=20, maintenance_margin_rate=0.02)
    market = replace(trading_snapshot(), leverage_terms=terms)
    assert rewind(market, THEN).leverage_terms == terms


def test_funding_is_the_latest_rate_known_then() -> None:
    stamps = [to_ms(AS_OF) - hours * 3_600_000 for hours in (80, 72, 64)]
    rates = FundingRates(symbol="BTC", stamp_ms=np.array(stamps), rate=np.array([1e-4, 2e-4, 3e-4]))
    found = rewind(replace(trading_snapshot(), funding_rates=rates), THEN)
    assert found.funding_rate == 2e-4


def test_a_finished_map_fills_nothing() -> None:
    assert backfill(snapshot_of(SAMPLE_2), (), ROUND) == ()


def _minutes(count: int) -> Candles:
    hours = trading_snapshot().candles
    assert hours is not None
    price = np.full(count, hours.close[-1])
    return Candles(
        symbol="BTC",
        venue="Binance",
        interval=timedelta(minutes=1),
        open_ms=to_ms(AS_OF) - 60_000 * np.arange(count, 0, -1),
        open=price,
        high=price,
        low=price,
        close=price,
    )
