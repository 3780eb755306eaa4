"""Put the leverage terms of its market on a snapshot that a map is estimated from."""

from dataclasses import dataclass, replace
from pathlib import Path

from composer.market.records import LeverageTerms, MarketSnapshot, Query
from composer.market.sources import Source
from composer.market.tiers import tiers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TieredSource:
    """A source whose snapshots know the first leverage tier of the market of their candles.

    Tiers in the `home` folder come before shipped ones.
    """

    source: Source
    home: Path

    @property
    def name(self) -> str:
        """Return the name of the source."""
        return self.source.name

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the market; raise what the source raises."""
        found = self.source.snapshot(query)
        if found.candles is None or found.liquidation_map is not None or found.simulated:
            return found
        table = tiers_of(found.candles.venue, found.symbol, home=self.home)
        first = table.tiers[0]
        terms = LeverageTerms(
            max_leverage=first.max_leverage,
            maintenance_margin_rate=first.maintenance_margin_rate,
        )
        return replace(found, leverage_terms=terms, notes=(*found.notes, *table.notes))
