"""Read a column description from TOML, naming the key that is wrong."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import TypeVar

from composer.errors import ConfigError
from composer.market.sources._columns import (
    Description,
    FundingColumn,
    LiquidationColumns,
    Match,
    OpenInterestColumn,
    PriceColumns,
    RateUnit,
    Stamp,
    TimeColumn,
    TurnoverColumn,
    Unit,
)
from composer.market.sources._fields import Fields

Part = TypeVar("Part")


def parse_description(text: str, where: str) -> Description:
    """Read a description; raise ConfigError naming `where` and the key that is wrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{where}: expected TOML: {error}"
        raise ConfigError(msg) from error
    top = Fields(where, table, _keys(Description), ConfigError)
    return Description(
        source=top.text("source"),
        symbol=top.text("symbol"),
        venue=top.text("venue"),
        interval=_interval(top),
        time=_time(top.table("time", _keys(TimeColumn))),
        price=_price(top.table("price", _keys(PriceColumns))),
        open_interest=_optional(top, "open_interest", OpenInterestColumn, _open_interest),
        turnover=_optional(top, "turnover", TurnoverColumn, _turnover),
        liquidations=_optional(top, "liquidations", LiquidationColumns, _liquidations),
        funding_rate=_optional(top, "funding_rate", FundingColumn, _funding),
        notes=top.texts("notes") if "notes" in top else (),
        match=_optional(top, "match", Match, _match),
    )


def _keys(record: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(record))


def _optional(
    top: Fields, name: str, record: type[Part], read: Callable[[Fields], Part]
) -> Part | None:
    return read(top.table(name, _keys(record))) if name in top else None


def _interval(top: Fields) -> timedelta:
    text = top.text("interval")
    match = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", text)
    if match is None:
        top.refuse("interval", "a span like 5m, 4h or 1d", text)
    unit = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
    return int(match[1]) * unit[match[2]]


def _time(part: Fields) -> TimeColumn:
    written = part.text("format")
    if written not in {"epoch_ms", "iso"} and "%" not in written:
        part.refuse("format", "epoch_ms, iso or a format like %d-%m-%Y %H:%M", written)
    return TimeColumn(column=part.text("column"), format=written, stamp=part.choice("stamp", Stamp))


def _price(part: Fields) -> PriceColumns:
    return PriceColumns(
        open=part.text("open"),
        high=part.text("high"),
        low=part.text("low"),
        close=part.text("close"),
    )


def _may_be_empty(part: Fields) -> bool:
    return "may_be_empty" in part and part.flag("may_be_empty")


def _open_interest(part: Fields) -> OpenInterestColumn:
    return OpenInterestColumn(
        column=part.text("column"),
        unit=part.choice("unit", Unit),
        stamp=part.choice("stamp", Stamp),
        single_sided=part.flag("single_sided"),
        venues=part.texts("venues"),
        may_be_empty=_may_be_empty(part),
    )


def _turnover(part: Fields) -> TurnoverColumn:
    return TurnoverColumn(column=part.text("column"), unit=part.choice("unit", Unit))


def _liquidations(part: Fields) -> LiquidationColumns:
    return LiquidationColumns(
        long_usd=part.text("long_usd"),
        short_usd=part.text("short_usd"),
        venues=part.texts("venues"),
        may_be_empty=_may_be_empty(part),
    )


def _funding(part: Fields) -> FundingColumn:
    return FundingColumn(
        column=part.text("column"),
        unit=part.choice("unit", RateUnit),
        may_be_empty=_may_be_empty(part),
    )


def _match(part: Fields) -> Match:
    return Match(file=part.text("file"), header=part.texts("header"))
