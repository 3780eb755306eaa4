from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from composer.figures.compute import compute_figures
from composer.figures.context import Context, context_of
from composer.figures.facts import FactKind, facts_of
from composer.figures.levels import LevelPolicy
from composer.market.records import (
    Candles,
    EtfFlows,
    Liquidations,
    LongShortAccounts,
    MarketSnapshot,
    MaxPain,
    OpenInterest,
    TakerFlow,
    to_ms,
)
from tests.markets import AS_OF, SAMPLE_2, snapshot_of, trading_snapshot

MakeCandles = Callable[..., Candles]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def hours_before(as_of: datetime, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the opens of `count` hourly bars that end at a moment."""
    return to_ms(as_of) - HOUR_MS * np.arange(count, 0, -1)


def interest_of(values: list[float]) -> OpenInterest:
    """Return a value a day, the last of them as of now."""
    return OpenInterest(
        symbol="BTC",
        venues=("Binance",),
        stamp_ms=to_ms(AS_OF) - DAY_MS * np.arange(len(values))[::-1],
        open_interest_usd=np.array(values),
    )


def about(**parts: object) -> Context:
    return context_of(replace(trading_snapshot(), **parts))  # type: ignore[arg-type]


def test_a_map_alone_has_no_context() -> None:
    assert context_of(snapshot_of(SAMPLE_2)) == Context()


def test_funding_of_a_year() -> None:
    # 0.01 % every 8 h is 3 x 365 x 0.0001 a year
    assert about(funding_interval=8 * HOUR).funding_annualised == pytest.approx(0.1095)
    assert about(funding_interval=HOUR).funding_annualised == pytest.approx(0.876)
    assert about().funding_annualised is None
    assert about(funding_rate=None, funding_interval=HOUR).funding_annualised is None


def test_open_interest_in_its_own_history() -> None:
    found = about(open_interest=interest_of([5, 9, 3, 4, 6, 7, 2, 8]))
    # above 6 of the 7 earlier ones, not since the second day
    assert found.open_interest_percentile == pytest.approx(6 / 7)
    assert found.open_interest_high_days == 6
    assert found.open_interest_low_days == 1
    assert found.open_interest_change_24h == pytest.approx(3)
    assert found.open_interest_change_7d == pytest.approx(0.6)
    short = about(open_interest=interest_of([9, 3, 4, 6, 7, 2, 8]))
    assert short.open_interest_percentile is short.open_interest_high_days is None


def test_record_of_open_interest_goes_no_farther_than_its_history() -> None:
    assert about(open_interest=interest_of([*range(1, 11)])).open_interest_high_days == 9


def test_who_is_long() -> None:
    accounts = LongShortAccounts(
        symbol="BTC",
        venues=("Binance",),
        stamp_ms=np.array([to_ms(AS_OF)]),
        long_share=np.array([0.6]),
    )
    found = about(long_short_accounts=accounts)
    assert found.long_accounts_share == 0.6
    assert found.long_short_ratio == pytest.approx(1.5)
    everyone = replace(accounts, long_share=np.array([1.0]))
    assert about(long_short_accounts=everyone).long_short_ratio is None


def test_what_was_liquidated_in_a_day() -> None:
    fills = Liquidations(
        symbol="BTC",
        venues=("Binance",),
        interval=HOUR,
        open_ms=hours_before(AS_OF, 30),
        long_usd=np.r_[np.full(6, 9e9), np.full(24, 2e6)],
        short_usd=np.r_[np.full(6, 9e9), np.full(24, 5e5)],
    )
    found = about(liquidations=fills)
    assert found.long_liquidations_24h_usd == 48e6
    assert found.short_liquidations_24h_usd == 12e6
    old = replace(fills, open_ms=fills.open_ms - 4 * HOUR_MS)
    assert about(liquidations=old).long_liquidations_24h_usd is None


def test_what_takers_bought() -> None:
    flow = TakerFlow(
        symbol="BTC",
        venues=("Binance",),
        interval=HOUR,
        open_ms=hours_before(AS_OF, 24),
        buy_usd=np.full(24, 3.0),
        sell_usd=np.full(24, 2.0),
    )
    assert about(taker_flow=flow).taker_buy_24h_share == pytest.approx(0.6)


def test_volume_against_its_month(make_candles: MakeCandles) -> None:
    turnover = [1e6] * 24 * 29 + [3e6] * 24
    candles = make_candles([(100, 101, 99, 100)] * 24 * 30, turnover_usd=turnover)
    ended = replace(candles, open_ms=hours_before(AS_OF, len(candles)))
    found = about(candles=ended)
    assert found.volume_24h_usd == 72e6
    # 29 days of 24 and one of 72: (696 + 72) / 30 = 25.6
    assert found.volume_mean_30d_usd == pytest.approx(25.6e6)
    assert found.volume_ratio_30d == pytest.approx(72 / 25.6)
    assert about().volume_mean_30d_usd is None  # nine days are no month


def test_prices_of_the_last_day_and_since_when(make_candles: MakeCandles) -> None:
    highs = [120.0, *[110.0] * 215, *[115.0] * 24]  # ten days; the first bar was higher
    candles = make_candles(
        [(100, high, 99 if i < 216 else 98, 100) for i, high in enumerate(highs)]
    )
    found = about(candles=replace(candles, open_ms=hours_before(AS_OF, 240)))
    assert (found.high_24h, found.low_24h) == (115, 98)
    assert found.price_high_days == 9  # since the first hour of ten days was over
    assert found.price_low_days == 9  # of ten days, counted from the close of their first bar
    assert found.candle_days == 10
    assert found.last_price == 100
    late = replace(candles, open_ms=hours_before(AS_OF - HOUR, 240))
    assert about(candles=late).last_price is None


def test_the_last_minutes_are_known_from_the_finer_grid(make_candles: MakeCandles) -> None:
    fine = make_candles([(100, 130, 99, 104)] * 3, interval=timedelta(minutes=5))
    fine = replace(fine, open_ms=to_ms(AS_OF) - 300_000 * np.arange(3, 0, -1))
    coarse = make_candles([(100, 101, 99, 100)] * 24 * 8)
    coarse = replace(coarse, open_ms=hours_before(AS_OF - timedelta(minutes=30), 24 * 8))
    found = about(candles=fine, other_candles=(coarse,))
    assert (found.last_price, found.high_24h) == (104, 130)
    assert found.price_change_24h == pytest.approx(0.04)
    assert found.price_change_7d == pytest.approx(0.04)


def flows(days: int, *, coins: bool = True) -> EtfFlows:
    usd = np.arange(1.0, days + 1) * 1e6
    return EtfFlows(
        symbol="BTC",
        day_ms=to_ms(datetime(2026, 6, 9, tzinfo=UTC)) - DAY_MS * np.arange(days)[::-1],
        flow_usd=usd,
        flow_coins=usd / 1e5 if coins else None,
    )


def test_what_went_into_the_funds() -> None:
    etf = about(etf_flows=flows(9)).etf
    assert etf is not None
    assert etf.day == datetime(2026, 6, 9, tzinfo=UTC)
    assert (etf.day_usd, etf.day_coins) == (9e6, 90)
    # 3 + 4 + … + 9 = 42
    assert (etf.week_usd, etf.week_coins) == (42e6, 420)
    without = about(etf_flows=flows(9, coins=False)).etf
    assert without is not None
    assert without.day_coins is without.week_coins is None
    short = about(etf_flows=flows(7)).etf
    assert short is not None
    assert short.week_usd is None


def test_a_day_is_a_fact_of_its_own() -> None:
    market = replace(trading_snapshot(), etf_flows=flows(9))
    facts = facts_of(compute_figures(market, levels=LevelPolicy()))
    assert facts["context.etf.day"].kind is FactKind.DATE
    assert facts["context.etf.day"].value == datetime(2026, 6, 9, tzinfo=UTC)
    assert facts["context.etf.week_coins"].kind is FactKind.COIN
    assert facts["as_of"].value == market.as_of


def test_max_pain_is_of_a_day_or_not_told() -> None:
    pain = MaxPain(
        symbol="BTC", over=DAY, long_price=90.0, long_usd=1.0, short_price=110.0, short_usd=2.0
    )
    told = about(max_pain=pain).max_pain_24h
    assert told is not None
    assert (told.long_price, told.short_usd) == (90, 2)
    assert about(max_pain=replace(pain, over=7 * DAY)).max_pain_24h is None


@pytest.mark.parametrize("snapshot", [trading_snapshot(), snapshot_of(SAMPLE_2)])
def test_every_figure_of_the_context_is_a_fact(snapshot: MarketSnapshot) -> None:
    figures = compute_figures(snapshot, levels=LevelPolicy())
    told = {
        f"context.{name}"
        for name, value in figures.tree()["context"].items()  # type: ignore[attr-defined]
        if value is not None
    }
    assert {fact_id for fact_id in facts_of(figures) if fact_id.startswith("context.")} == told
