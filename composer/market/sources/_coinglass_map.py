"""The liquidation maps of Coinglass, best first: of several exchanges, of one, of a heatmap.

Traps met: the aggregated map has another shape than documented, a map per exchange; several
rows stand at one price, and count together; which side a level is on is not said, but
follows from the price; the documented shape has no price; a heatmap holds one picture per
column of time, of which the last is the present and their sum is nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from composer.errors import SourceDataError, SourceError, SourceRefusedError
from composer.market.records import LiquidationMap, Method, from_ms
from composer.market.sources._coinglass_api import ENVELOPE, NAME, TITLE
from composer.market.sources._coinglass_asks import VENUE
from composer.market.sources._grids import require_fresh
from composer.market.sources._http import Ask
from composer.market.sources._provider import Raw
from composer.market.sources._reading import Node

PRICE_APART = 0.01

_FROM_ITS_KEY = 0.01  # how far a row's price may be from the one it stands under
_OLDEST = timedelta(minutes=30)
_SECOND_MS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What a map endpoint shows: USD by price, of whom, the price then and when, if it says so."""

    usd_by_price: Mapping[float, float]
    venues: tuple[str, ...]
    price: float | None
    stamp_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEndpoint:
    """One way to a map; `what` describes it in a note."""

    name: str
    path: str
    what: str
    span: str
    one_market: bool
    read: Callable[[Node, str], Levels]

    def ask(self, symbol: str) -> Ask:
        """Return the request for a coin's map."""
        market = {"exchange": VENUE, "symbol": f"{symbol}USDT"}
        params = {**(market if self.one_market else {"symbol": symbol}), "range": self.span}
        return Ask(endpoint=self.name, path=f"/api/futures/liquidation/{self.path}", params=params)


def find_levels(raw: Raw) -> tuple[MapEndpoint, Levels, list[str]]:
    """Return the first map that was not refused, and notes on those that were.

    Raises SourceRefusedError if all were, SourceUnavailableError or SourceDataError if one
    did not come, or is not what it should be: another one would be of other exchanges.
    """
    refusals: list[str] = []
    for endpoint in MAPS:
        try:
            content = ENVELOPE.open(raw, endpoint.name)
        except SourceRefusedError as error:
            refusals.append(str(error))
        else:
            notes = [f"{TITLE} gave no better map ({why})." for why in refusals]
            return endpoint, endpoint.read(content, raw.symbol), notes
    msg = (
        f"{NAME}: no liquidation map of {raw.symbol} ({refusals[0]}); check the symbol, take a "
        "plan that has maps, or name exchanges as the source, from which one is estimated"
    )
    raise SourceRefusedError(msg)


def is_refused(raw: Raw, endpoint: MapEndpoint) -> bool:
    """Return whether a map was asked for and refused, so that the next one is worth asking."""
    try:
        ENVELOPE.open(raw, endpoint.name)
    except SourceRefusedError:
        return True
    except SourceError:
        return False
    return False


def map_of(
    endpoint: MapEndpoint, levels: Levels, raw: Raw, price_now: float | None
) -> LiquidationMap:
    """Return the map: longs below the price, shorts above it; a level at the price is neither's.

    price_now : from elsewhere, for a map that has none, and to hold its own against
    Raises SourceDataError if there is no price, it is not the market's, or has no levels
    on one side, or the map is not of now.
    """
    where = raw.where(endpoint.name)
    price = levels.price or price_now
    if price is None:
        msg = f"{where}: expected a price, or candles or max pain to take one from, got none"
        raise SourceDataError(msg)
    if price_now is not None and abs(price / price_now - 1) > PRICE_APART:
        msg = f"{where}: expected a price near the market's, {price_now:.15g}, got {price:.15g}"
        raise SourceDataError(msg)
    prices = np.array(sorted(levels.usd_by_price))
    usd = np.array([levels.usd_by_price[one] for one in prices])
    if not prices[0] < price < prices[-1]:
        msg = (
            f"{where}: expected levels on both sides of the price {price:.15g}, got "
            f"{prices[0]:.15g} to {prices[-1]:.15g}"
        )
        raise SourceDataError(msg)
    if not usd.any():
        msg = f"{where}: expected a map with something in it, got zero everywhere"
        raise SourceDataError(msg)
    return LiquidationMap(
        symbol=raw.symbol,
        price=price,
        as_of=_moment(levels, where, raw.captured_at),
        source=TITLE,
        method=Method.REPORTED,
        low=prices,
        high=prices,
        long_usd=np.where(prices < price, usd, 0.0),
        short_usd=np.where(prices > price, usd, 0.0),
    )


def _moment(levels: Levels, where: str, now: datetime) -> datetime:
    """Return when the map was so; most do not say, and are documented as of this moment."""
    if levels.stamp_ms is None:
        return now
    require_fresh(levels.stamp_ms, _OLDEST, where=where, now=now)
    return min(from_ms(levels.stamp_ms), now)


def _read_map(content: Node, symbol: str) -> Levels:
    """Read `{data: {price: [[price, usd, ...], ...]}}`, or a list of such with an instrument."""
    data = content.field("data")
    by_venue: dict[str, Mapping[float, float]] = {}
    if isinstance(data.value, list):
        for one in data.rows():
            venue = _venue(one.field("instrument"), symbol)
            if venue in by_venue:
                one.refuse(f"one map of {venue}")
            by_venue[venue] = dict(_levels(one.field("liqMapV2")))
    else:
        by_venue = {"": dict(_levels(data))}
    total: dict[float, float] = {}
    for levels in by_venue.values():
        for price, usd in levels.items():
            total[price] = total.get(price, 0.0) + usd
    return Levels(
        usd_by_price=total,
        venues=tuple(filter(None, by_venue)),
        price=content.field("last_price").positive() if "last_price" in content else None,
        stamp_ms=_update_time(content),
    )


def _read_pair_map(content: Node, symbol: str) -> Levels:
    return replace(_read_map(content, symbol), venues=(VENUE,))


def _venue(instrument: Node, symbol: str) -> str:
    market = instrument.field("instrumentId")
    coin = instrument.field("baseAsset") if "baseAsset" in instrument else market
    if not coin.text().startswith(symbol):
        coin.refuse(f"a market of {symbol}")
    return instrument.field("exName").text()


def _levels(found: Node) -> Iterator[tuple[float, float]]:
    """Yield price and USD of every level; rows below one price are added up."""
    for key, rows in found.items():
        price = key.positive()
        usd = 0.0
        for row in rows.rows():
            cell = row.cell(0)
            if abs(cell.positive() / price - 1) > _FROM_ITS_KEY:
                cell.refuse(f"a price near {price:.15g}, under which it stands")
            usd += row.cell(1).amount()
        yield price, usd


def _read_heatmap(content: Node, _symbol: str) -> Levels:
    """Read the last column of `[column, row, usd]`, with its price and time."""
    rows = [row.positive() for row in content.field("y_axis").rows()]
    candles = list(content.field("price_candlesticks").rows())
    cells = content.field("liquidation_leverage_data")
    by_column: dict[int, dict[float, float]] = {}
    for cell in cells.rows():
        column = _index(cell.cell(0), len(candles))
        price = rows[_index(cell.cell(1), len(rows))]
        picture = by_column.setdefault(column, {})
        picture[price] = picture.get(price, 0.0) + cell.cell(2).amount()
    last = max(by_column)
    # The column of the moment may not be there yet; an older one is not the present.
    if last < len(candles) - 2:
        cells.refuse(f"levels up to the last of {len(candles)} columns, not the {last + 1}th")
    opens = [candle.cell(0).stamp_ms(unit_ms=_SECOND_MS) for candle in candles]
    return Levels(
        usd_by_price=by_column[last],
        venues=(VENUE,),
        price=candles[-1].cell(4).positive(),
        stamp_ms=_update_time(content) or opens[-1],
    )


def _index(cell: Node, size: int) -> int:
    found = cell.amount()
    if found != int(found) or found >= size:
        cell.refuse(f"a whole number below {size}")
    return int(found)


def _update_time(content: Node) -> int | None:
    return content.field("update_time").stamp_ms() if "update_time" in content else None


MAPS = (
    MapEndpoint(
        name="aggregated-map",
        path="aggregated-map",
        what="aggregated map of one day",
        span="1d",
        one_market=False,
        read=_read_map,
    ),
    MapEndpoint(
        name="map",
        path="map",
        what=f"map of one day of {VENUE} alone",
        span="1d",
        one_market=True,
        read=_read_pair_map,
    ),
    MapEndpoint(
        name="heatmap",
        path="heatmap/model1",
        what=f"heatmap of 24 hours of {VENUE} alone, its last column",
        span="24h",
        one_market=True,
        read=_read_heatmap,
    ),
)
