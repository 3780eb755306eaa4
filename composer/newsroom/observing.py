"""Look at a market moment: collect it, compute its figures, name it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from structlog import get_logger
from structlog.typing import FilteringBoundLogger as BoundLogger

from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, facts_of
from composer.figures.report import Figures
from composer.market.collect import collect
from composer.market.records import MarketSnapshot
from composer.market.sources import Source
from composer.newsroom.records.editions import Commission

_LOG: BoundLogger = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A market moment as a commission looks at it: all that an edition is made from."""

    id: str
    commission: Commission
    snapshot: MarketSnapshot
    figures: Figures
    facts: Mapping[str, Fact]


def look(commission: Commission, sources: Sequence[Source]) -> Observed:
    """Return what an edition is made from, as the market is now."""
    snapshot, figures = observe(commission, sources)
    edition = identify(figures, commission.occasion)
    _LOG.info(
        "figures_computed",
        edition=edition,
        source=commission.source,
        as_of=figures.as_of.isoformat(),
        method=figures.method.value,
    )
    return Observed(
        id=edition,
        commission=commission,
        snapshot=snapshot,
        figures=figures,
        facts=facts_of(figures),
    )


def observe(commission: Commission, sources: Sequence[Source]) -> tuple[MarketSnapshot, Figures]:
    """Return the market as a commission looks at it, and its figures."""
    snapshot = collect(sources, commission.query)
    return snapshot, figures_of(commission, snapshot)


def figures_of(commission: Commission, snapshot: MarketSnapshot) -> Figures:
    """Return the figures of a market as a commission wants them read."""
    return compute_figures(snapshot, levels=commission.levels, notional_usd=commission.notional_usd)


def identify(
    figures: Figures, occasion: str = "", record: Mapping[str, Fact] = MappingProxyType({})
) -> str:
    """Return an id that figures share only with the same figures of the same map and occasion.

    It reads time, symbol and a fingerprint. Facts beside the figures count as well.
    """
    canonical = json.dumps(figures.tree(), sort_keys=True, allow_nan=False)
    digest = hashlib.sha256(f"{canonical}{occasion}".encode())
    for fact_id in sorted(record):
        digest.update(f"{fact_id} {record[fact_id].value}".encode())
    book = figures.liquidation_map
    for column in (book.low, book.high, book.long_usd, book.short_usd):
        digest.update(column.tobytes())
    fingerprint = digest.hexdigest()[:8]
    return f"{figures.as_of:%Y%m%dT%H%MZ}-{figures.symbol}-{fingerprint}"
