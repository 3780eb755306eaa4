"""The page of facts and claims tells the truth: its names exist, and the samples bear it out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from composer.figures import claims, claims_of_standing
from composer.figures.comparison import Place, Standing
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.past import PastFigures
from composer.figures.standing import NAMES
from composer.market.records import (
    EtfFlows,
    Liquidations,
    LongShortAccounts,
    MarketSnapshot,
    MaxPain,
    Query,
    TakerFlow,
    VenueLiquidations,
    to_ms,
)
from composer.market.sources import open_source
from tests.markets import AS_OF, trading_snapshot

REPOSITORY = Path(__file__).parents[3]
PAGE = (REPOSITORY / "docs" / "facts.md").read_text(encoding="utf-8")
DAY = timedelta(days=1)


def everything() -> MarketSnapshot:
    """A market of which all is known."""
    market = trading_snapshot(days=31)
    assert market.candles is not None
    open_ms, hours = market.candles.open_ms, len(market.candles)
    base = {"symbol": "BTC", "venues": ("Binance",)}
    bars = {"interval": market.candles.interval, "open_ms": open_ms}
    days_ms = to_ms(datetime(2026, 6, 9, tzinfo=UTC)) - 86_400_000 * np.arange(9)[::-1]
    flow = np.full(hours, 2e6)
    return replace(
        market,
        funding_interval=timedelta(hours=8),
        liquidations=Liquidations(**base, **bars, long_usd=flow, short_usd=flow),  # type: ignore[arg-type]
        taker_flow=TakerFlow(**base, **bars, buy_usd=flow, sell_usd=flow),  # type: ignore[arg-type]
        long_short_accounts=LongShortAccounts(
            **base,  # type: ignore[arg-type]
            stamp_ms=open_ms[-1:],
            long_share=np.array([0.6]),
        ),
        etf_flows=EtfFlows(
            symbol="BTC", day_ms=days_ms, flow_usd=np.full(9, 1e7), flow_coins=np.full(9, 100.0)
        ),
        max_pain=MaxPain(
            symbol="BTC", over=DAY, long_price=8e4, long_usd=1.0, short_price=1e5, short_usd=1.0
        ),
        open_interest_by_venue={"Binance": 8e9},
        liquidations_by_venue={"Binance": VenueLiquidations(over=DAY, long_usd=1.0, short_usd=1.0)},
    )


def known_facts() -> Mapping[str, Fact]:
    market, levels = everything(), LevelPolicy.parse("range:0.01")
    past = [
        PastFigures(
            as_of=(then := AS_OF - days * DAY),
            facts={
                fact_id: replace(fact, as_of=then)
                for fact_id, fact in facts_of(compute_figures(market, levels=levels)).items()
            },
        )
        for days in range(1, 6)
    ]
    return facts_of(compute_figures(market, levels=levels, past=past))


FACTS = known_facts()
NO_FIGURES = {"reasons", "contradictions", "outlook.direction", "null"}


def names_in(text: str) -> Iterator[str]:
    yield from re.findall(r"`([a-z_][a-z0-9_.*]*)`", text)


def samples() -> str:
    return PAGE[PAGE.index("### 1.") : PAGE.index("## Facts by group")]


def test_every_name_of_the_samples_is_a_fact_or_a_claim() -> None:
    names = set(names_in(samples()))
    assert len(names) > 40
    group = {"down_usd", ".notional_usd", "short_…"}
    unknown = names - set(FACTS) - set(claims.claim_ids()) - NO_FIGURES - group
    assert unknown == set()


def test_every_group_of_facts_is_on_the_page() -> None:
    groups = PAGE[PAGE.index("## Facts by group") : PAGE.index("## Guards")]
    listed = {name.partition(".")[0] for name in re.findall(r"`([a-z_0-9]+)[.`]", groups)}
    assert {fact_id.partition(".")[0] for fact_id in FACTS} <= listed


def test_every_name_of_the_standing_is_a_fact_or_a_claim() -> None:
    section = PAGE[PAGE.index("## Standing") : PAGE.index("## Guards")]
    names = {name for name in names_in(section) if "newsworthiness" not in name}
    places = {*NAMES.values(), *(item.name for item in fields(Place))}
    streaks = {item.name for item in fields(Standing)} - {*NAMES.values()}
    known = places | streaks | {f"standing.{name}" for name in streaks} | {"usual"}
    assert names - known - set(claims.claim_ids()) == set()
    listed = {one for one, *_ in claims_of_standing.TABLE}
    elided = re.compile(r".*_(rising|falling|72h|7d)")
    assert {one for one in listed if not elided.fullmatch(one)} <= names


SAMPLES = {
    "sample-1-headline": (
        "range:0.05",
        (
            *("short_heavy", "heavily_skewed", "nearer_fuel_up", "larger_clusters_above"),
            *("heavier_steps_above", "price_mid_map", "shorts_grow_with_distance"),
        ),
    ),
    "sample-2-analysis": (
        "explicit:86137,94681",
        ("short_heavy", "tilted", "more_short_at_levels", "range_leans_short"),
    ),
    "sample-3-pulse": (
        "explicit:93000,97000",
        (
            *("long_heavy", "lopsided", "more_long_at_levels", "cluster_beyond_lower_level"),
            "more_beyond_lower_level",
        ),
    ),
    "sample-4-brief": (
        "round",
        (
            *("short_heavy", "nearer_fuel_up", "heavier_steps_above", "longs_more_spread_out"),
            "price_mid_map",
        ),
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_claims_of_a_sample_hold_on_its_map(name: str) -> None:
    levels, expected = SAMPLES[name]
    source = open_source(str(REPOSITORY / "examples" / f"{name}.json"))
    market = source.snapshot(Query(now=datetime(2026, 11, 1, tzinfo=UTC)))
    notional = 1.1e9 if name == "sample-4-brief" else None
    facts = facts_of(
        compute_figures(market, levels=LevelPolicy.parse(levels), notional_usd=notional)
    )
    assert [claim for claim in expected if not claims.holds(claim, facts)] == []


def test_a_market_of_which_all_is_known_leaves_nothing_of_its_context_out() -> None:
    figures = compute_figures(everything(), levels=LevelPolicy.parse("range:0.01"))
    context = figures.tree()["context"]
    assert isinstance(context, dict)
    never_both = {"price_high_days", "price_low_days", "open_interest_low_days"}
    assert {name for name, value in context.items() if value is None} <= never_both
