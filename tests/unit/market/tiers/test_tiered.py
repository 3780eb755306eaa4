"""What a market asks of small positions comes with its snapshot, and the estimate reads it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from composer.figures.compute import compute_figures
from composer.figures.levels import LevelPolicy
from composer.market.records import LeverageTerms, MarketSnapshot, Query
from composer.market.sources import open_source
from composer.market.sources._options import SourceOptions
from composer.market.tiers.tiered import TieredSource
from tests.markets import SAMPLE_2, snapshot_of

NOW = datetime(2026, 6, 10, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A source that gives what it was given."""

    found: MarketSnapshot
    name: str = "given"

    def snapshot(self, query: Query) -> MarketSnapshot:
        assert query.now == NOW
        return self.found


def look(found: MarketSnapshot, home: Path) -> MarketSnapshot:
    source = TieredSource(source=Given(found=found), home=home)
    assert source.name == "given"
    return source.snapshot(Query(now=NOW))


@pytest.fixture(scope="module")
def estimated() -> MarketSnapshot:
    """Return bars of the simulated market as if an exchange had published them."""
    simulated = open_source("simulated", SourceOptions()).snapshot(Query(now=NOW))
    assert simulated.candles is not None
    from_exchange = {
        name: getattr(simulated.candles, name)
        for name in ("symbol", "interval", "open_ms", "open", "high", "low", "close")
    }
    return MarketSnapshot(
        symbol="BTC",
        price=simulated.price,
        as_of=simulated.as_of,
        fetched_at=NOW,
        source="Binance",
        venues=("Binance",),
        candles=type(simulated.candles)(venue="Binance", **from_exchange),
        open_interest=simulated.open_interest,
    )


def test_a_market_gets_its_own_first_tier(estimated: MarketSnapshot, tmp_path: Path) -> None:
    """Binance's bitcoin, shipped: 0.4 % of maintenance margin, 150 times at most."""
    found = look(estimated, tmp_path)
    assert found.leverage_terms == LeverageTerms(max_leverage=150, maintenance_margin_rate=0.004)
    assert found.notes == estimated.notes


def test_whoever_has_a_map_or_is_simulated_needs_none(tmp_path: Path) -> None:
    assert look(snapshot_of(SAMPLE_2), tmp_path).leverage_terms is None
    simulated = open_source("simulated", SourceOptions())
    found = TieredSource(source=simulated, home=tmp_path).snapshot(Query(now=NOW))
    assert found.leverage_terms is None


def test_stricter_terms_leave_nothing_as_near(estimated: MarketSnapshot, tmp_path: Path) -> None:
    """At 20 times at most no position is liquidated within 4 % of where it was opened."""
    strict = LeverageTerms(max_leverage=20, maintenance_margin_rate=0.01)
    levels = LevelPolicy.parse("range:0.05")
    own = compute_figures(look(estimated, tmp_path), levels=levels).liquidation_map
    bound = compute_figures(
        replace(estimated, leverage_terms=strict), levels=levels
    ).liquidation_map
    near = 0.002
    shares = [
        float(book.long_usd[book.low > book.price * (1 - near)].sum() / book.long_usd.sum())
        for book in (own, bound)
    ]
    assert shares[1] < shares[0]
    assert np.all(bound.long_usd >= 0)
