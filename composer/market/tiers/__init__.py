"""Leverage tiers by exchange and coin: shipped as data, newer ones in the home folder preferred.

The estimate needs the first tier alone, for nobody outside knows how large positions are:
a shipped table may hold no more than that. `squaredesk tiers refresh` brings whole ones.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from composer.market.margin import LeverageTier
from composer.market.tiers.table import FOLDER, read_tables

__all__ = ["TierTable", "tiers_of"]

_SHIPPED = Path(__file__).parent
_STAND_IN = "Binance"
_DEFAULT = LeverageTier(
    notional_cap_usd=math.inf,
    maintenance_margin_rate=0.01,
    max_leverage=50,
    maintenance_amount_usd=0.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTable:
    """The tiers of a market, smallest positions first, whose they are, and of when.

    notes : what a reader must know: that tiers of another market stand in
    """

    tiers: tuple[LeverageTier, ...]
    source: str
    as_of: str
    notes: tuple[str, ...] = ()


def tiers_of(venue: str, symbol: str, *, home: Path | None = None) -> TierTable:
    """Return the leverage tiers of a coin on an exchange.

    venue : its name or title · home : the folder squaredesk keeps its state in

    Where they are not known, Binance's of that coin stand in, and without those one tier
    with a maintenance margin of 1 % and at most 50x; a note says so.
    Raises SourceDataError if a file is malformed.
    """
    unknown = f"The leverage tiers of {symbol} on {venue} are not known;"
    folders = [*([] if home is None else [home / FOLDER]), _SHIPPED]
    for name, notes in (
        (venue, ()),
        (_STAND_IN, (f"{unknown} those of {_STAND_IN} stand in.",)),
    ):
        for folder in folders:
            tables = read_tables(folder, name.lower())
            if tables is not None and symbol in tables.tiers:
                return TierTable(
                    tiers=tables.tiers[symbol],
                    source=tables.source,
                    as_of=tables.as_of,
                    notes=notes,
                )
    note = f"{unknown} one tier with 1 % maintenance margin and at most 50x stands in."
    return TierTable(tiers=(_DEFAULT,), source="assumed", as_of="assumed", notes=(note,))
