"""Read a finished liquidation map from a JSON file.

`{"symbol", "price", "as_of", "source", "method", "bins": [{"low", "high", "long_usd",
"short_usd"}, ...]}`. Nothing is guessed or mended: a map decides what a post says, so a
field that is missing, unknown or impossible is an error that names the file, bin and field.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np

from composer.errors import SourceDataError
from composer.market.records import (
    FIRST_MOMENT,
    FloatArray,
    LiquidationMap,
    MarketSnapshot,
    Method,
    Origin,
    Query,
)
from composer.market.sources._fields import Fields

_MAP_FIELDS = ("symbol", "price", "as_of", "source", "method", "bins")
_EDGES = ("low", "high")
_AMOUNTS = ("long_usd", "short_usd")


def map_snapshot(path: Path, tree: object, query: Query) -> MarketSnapshot:
    """Return the market a map is of; raise SourceDataError if it is none, or too new.

    tree : the parsed JSON of the file at `path`
    """
    found = _read_map(path, tree)
    if found.as_of > query.cutoff:
        raise SourceDataError(_too_new(path, found.as_of, query))
    return MarketSnapshot(
        symbol=found.symbol,
        price=found.price,
        as_of=found.as_of,
        fetched_at=query.now,
        source=found.source,
        venues=(),
        simulated=found.method is Method.SIMULATED,
        liquidation_map=found,
        origins=MappingProxyType(
            {"liquidation_map": Origin(source=path.name, as_of=found.as_of, fetched_at=query.now)}
        ),
    )


def _too_new(path: Path, as_of: datetime, query: Query) -> str:
    limit, remedy = (
        ("the clock", "correct it, or the clock")
        if query.as_of is None
        else ("--as-of", f"the map was not known then, use --as-of {as_of.isoformat()} or later")
    )
    return (
        f"{path.name}: as_of: expected a time up to {limit}, {query.cutoff.isoformat()}, "
        f"got {as_of.isoformat()}; {remedy}"
    )


def _read_map(path: Path, tree: object) -> LiquidationMap:
    fields = Fields(path.name, tree, _MAP_FIELDS, SourceDataError)
    columns = _bins(fields)
    return LiquidationMap(
        symbol=fields.text("symbol"),
        price=fields.price("price"),
        as_of=_moment(fields),
        source=fields.text("source"),
        method=fields.choice("method", Method),
        low=columns["low"],
        high=columns["high"],
        long_usd=columns["long_usd"],
        short_usd=columns["short_usd"],
    )


def _moment(fields: Fields) -> datetime:
    expected = "an ISO 8601 time with its zone, like 2026-01-20T08:00:00Z"
    text = fields.text("as_of")
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            fields.refuse("as_of", expected, text)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        fields.refuse("as_of", expected, text)
    if moment < FIRST_MOMENT:
        fields.refuse("as_of", f"a time from {FIRST_MOMENT.year} on", text)
    return moment


def _bins(fields: Fields) -> dict[str, FloatArray]:
    items = fields.items("bins")
    columns: dict[str, list[float]] = {name: [] for name in (*_EDGES, *_AMOUNTS)}
    floor = 0.0
    for number, item in enumerate(items, start=1):
        where = f"{fields.where}, bin {number} of {len(items)}"
        one = Fields(where, item, columns, SourceDataError)
        low, high = (one.price(name) for name in _EDGES)
        if high < low:
            one.refuse("high", f"at least its low {low:.15g}", high)
        if low < floor:
            expected = f"at least {floor:.15g}, where the bin before it ends (sort, do not overlap)"
            one.refuse("low", expected, low)
        floor = high
        for name, value in zip(_EDGES, (low, high), strict=True):
            columns[name].append(value)
        for name in _AMOUNTS:
            columns[name].append(one.number(name))
    return {name: np.array(values) for name, values in columns.items()}
