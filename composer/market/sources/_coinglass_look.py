"""Turn the answers of Coinglass into a snapshot: the map must be there, the rest may be missing."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from composer.errors import SourceDataError, SourceError, SourceRefusedError
from composer.market.records import (
    Candles,
    LiquidationMap,
    Liquidations,
    MarketSnapshot,
    MaxPain,
    Origin,
    from_ms,
    to_ms,
)
from composer.market.sources._coinglass_api import ENVELOPE, NAME, TITLE
from composer.market.sources._coinglass_asks import PLAN, VENUE
from composer.market.sources._coinglass_map import PRICE_APART, find_levels, map_of
from composer.market.sources._coinglass_series import (
    price_now,
    read_accounts,
    read_bars,
    read_candles,
    read_etf_flows,
    read_funding,
    read_funding_interval,
    read_liquidations,
    read_liquidations_by_venue,
    read_max_pain,
    read_open_interest,
    read_open_interest_by_venue,
    read_pair_liquidations,
)
from composer.market.sources._grids import MAIN_INTERVAL, Grid
from composer.market.sources._notes import Notes
from composer.market.sources._provider import Raw

# A week and an hour, for the range of a week; every plan has bars of four hours.
_FINE = Grid(MAIN_INTERVAL, 2_028)
_COARSE = Grid(timedelta(hours=4), 48)
_BY_LEVEL: Mapping[str, Grid] = MappingProxyType(
    {"HOBBYIST": _COARSE, "STARTUP": Grid(timedelta(minutes=30), 338)}
)


def grid_of(raw: Raw) -> Grid:
    """Return how fine the bars are that the plan includes; the coarsest if it is not known.

    Raises SourceRefusedError if the key is refused, or its plan has ended.
    """
    try:
        return _BY_LEVEL.get(_level(raw), _FINE)
    except SourceRefusedError:
        raise
    except SourceError:
        return _COARSE


def _level(raw: Raw) -> str:
    plan = ENVELOPE.open(raw, PLAN.endpoint)
    level = plan.field("level").text().upper()
    if plan.field("expired").value is True:
        msg = f"{raw.where(PLAN.endpoint)}: the plan {level} has ended; renew it at {TITLE}"
        raise SourceRefusedError(msg)
    return level


def read_answers(raw: Raw) -> MarketSnapshot:
    """Return the snapshot of Coinglass's answers, as at the moment they were given.

    Raises a SourceError if there is no map: of the refusal, the outage or the mistake.
    """
    return _Look(raw).snapshot()


class _Look:
    """One snapshot in the making; collects notes on what could not be had."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._grid = grid_of(raw)
        self._notes = Notes(TITLE)

    def snapshot(self) -> MarketSnapshot:
        raw, grid = self._raw, self._grid
        self._notes.optional("word on its plan", lambda: _level(raw))
        candles, price = self._notes.optional("candles", self._candles) or (None, None)
        pain_then = self._notes.optional("max pain", lambda: read_max_pain(raw))
        found, venues = self._map(price or (pain_then and pain_then[1]))
        pain = pain_then and self._notes.optional("max pain", lambda: _at(found.price, *pain_then))
        interest = self._notes.optional("open interest", lambda: read_open_interest(raw, grid))
        by_venue = self._notes.optional(
            "open interest by exchange", lambda: read_open_interest_by_venue(raw, interest)
        )
        funding = self._notes.optional("funding rate", lambda: read_funding(raw, grid))
        accounts = self._notes.optional("long/short ratio", lambda: read_accounts(raw, grid))
        lost = self._lost(venues)
        lost_by_venue = self._notes.optional(
            "realised liquidations by exchange", lambda: read_liquidations_by_venue(raw)
        )
        flows = self._notes.optional("ETF flows", lambda: read_etf_flows(raw))
        now_ms = to_ms(raw.captured_at)
        stamps: dict[str, Any] = {  # numpy integers among them
            "price": to_ms(found.as_of),
            "liquidation_map": to_ms(found.as_of),
            "candles": candles and candles.known_ms[-1],
            "open_interest": interest and interest.stamp_ms[-1],
            "liquidations": lost and lost.open_ms[-1] + grid.interval_ms,
            "liquidations_by_venue": lost_by_venue and now_ms,
            "long_short_accounts": accounts and accounts.stamp_ms[-1],
            "funding_rate": funding and funding.stamp_ms[-1],
            "funding_rates": funding and funding.stamp_ms[-1],
            "etf_flows": flows and flows.known_ms[-1],
            "max_pain": pain and now_ms,
        }
        return MarketSnapshot(
            symbol=raw.symbol,
            price=found.price,
            as_of=found.as_of,
            fetched_at=raw.captured_at,
            source=TITLE,
            venues=venues,
            candles=candles,
            open_interest=interest,
            open_interest_by_venue=by_venue or {},
            liquidations=lost,
            liquidations_by_venue=lost_by_venue or {},
            long_short_accounts=accounts,
            funding_rate=None if funding is None else float(funding.rate[-1]),
            funding_interval=None
            if funding is None
            else self._notes.optional("funding interval", lambda: read_funding_interval(raw)),
            funding_rates=funding,
            etf_flows=flows,
            max_pain=pain,
            liquidation_map=found,
            notes=tuple(self._notes.lines),
            origins={
                name: Origin(source=TITLE, as_of=from_ms(int(stamp)), fetched_at=raw.captured_at)
                for name, stamp in stamps.items()
                if stamp is not None
            },
        )

    def _candles(self) -> tuple[Candles, float | None]:
        """Return the closed bars, and the price of the one that is forming."""
        bars = read_bars(self._raw, self._grid)
        candles = read_candles(self._raw, self._grid, bars)
        return candles, price_now(self._raw, self._grid, bars)

    def _map(self, price: float | None) -> tuple[LiquidationMap, tuple[str, ...]]:
        """Return the best map there is, and the exchanges it is of."""
        endpoint, levels, notes = find_levels(self._raw)
        of_whom = ", ".join(levels.venues) or "exchanges it does not name"
        self._notes.lines += [*notes, f"The map is {TITLE}'s {endpoint.what}, of {of_whom}."]
        return map_of(endpoint, levels, self._raw, price), levels.venues

    def _lost(self, venues: tuple[str, ...]) -> Liquidations | None:
        """Return what was liquidated on the map's exchange if it is of one, else on all of them."""
        found = None
        if venues == (VENUE,):
            found = self._notes.optional(
                f"realised liquidations of {VENUE} alone",
                lambda: read_pair_liquidations(self._raw, self._grid),
            )
        return found or self._notes.optional(
            "realised liquidations", lambda: read_liquidations(self._raw, self._grid)
        )


def _at(price: float, pain: MaxPain, price_then: float) -> MaxPain:
    """Return max pain if it is of this price."""
    if abs(price_then / price - 1) > PRICE_APART:
        msg = f"{NAME} max-pain: expected the price {price:.15g}, got {price_then:.15g}"
        raise SourceDataError(msg)
    return pain
