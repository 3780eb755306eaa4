"""The tiers of one exchange as a file: how it is written and read, and what tiers must obey."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from composer.errors import SourceDataError
from composer.market.margin import LeverageTier
from composer.market.sources._reading import Node

FOLDER = "tiers"  # in the home folder
_COLUMNS = ["up_to_usd", "maintenance_margin_rate", "max_leverage"]


class Bracket(NamedTuple):
    """Terms of positions up to a notional, infinite where the exchange names no bound."""

    up_to_usd: float
    maintenance_margin_rate: float
    max_leverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tiers of an exchange by symbol, whose words they are, and of when."""

    source: str
    as_of: str
    tiers: Mapping[str, tuple[LeverageTier, ...]]


def tiers_from(brackets: Iterable[Bracket], *, where: str) -> tuple[LeverageTier, ...]:
    """Return brackets as tiers, with the amounts that make the margin continuous in notional.

    Raises SourceDataError if there is none, bounds do not rise, a larger position gets
    better terms, or the margin at entry would not cover the maintenance margin.
    """
    tiers: list[LeverageTier] = []
    below, amount = Bracket(0.0, 0.0, math.inf), 0.0
    for number, one in enumerate(brackets, start=1):
        ordered = (
            one.up_to_usd > below.up_to_usd
            and below.maintenance_margin_rate <= one.maintenance_margin_rate
            and one.max_leverage <= below.max_leverage
        )
        rate = one.maintenance_margin_rate
        if not (ordered and rate > 0 and 1 <= one.max_leverage <= 1 / rate):
            expected = "tiers with rising bounds, terms that get stricter and margin that covers"
            msg = f"{where}, tier {number}: expected {expected}, got {tuple(one)}"
            raise SourceDataError(msg)
        amount += below.up_to_usd * (rate - below.maintenance_margin_rate)
        tiers.append(
            LeverageTier(
                notional_cap_usd=one.up_to_usd,
                maintenance_margin_rate=rate,
                max_leverage=one.max_leverage,
                maintenance_amount_usd=round(amount, 6),  # 1,500 and not a hair less
            )
        )
        below = one
    if not tiers:
        msg = f"{where}: expected at least one tier, got none"
        raise SourceDataError(msg)
    return tuple(tiers)


def tables_text(tables: Tables) -> str:
    """Return the tiers of an exchange as JSON, a tier in a line."""
    rows = {
        symbol: [
            [
                None if math.isinf(tier.notional_cap_usd) else tier.notional_cap_usd,
                tier.maintenance_margin_rate,
                tier.max_leverage,
            ]
            for tier in tiers
        ]
        for symbol, tiers in tables.tiers.items()
    }
    head = {"source": tables.source, "as_of": tables.as_of, "columns": _COLUMNS}
    lines = [f" {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    symbols = [
        f"  {json.dumps(symbol)}: [\n   " + ",\n   ".join(map(json.dumps, tiers)) + "\n  ]"
        for symbol, tiers in rows.items()
    ]
    return "\n".join(["{", *lines, ' "tiers": {', ",\n".join(symbols), " }", "}", ""])


def read_tables(folder: Path, name: str) -> Tables | None:
    """Return the tiers of the exchange `name` in a folder, None if it has no such file.

    Raises SourceDataError that says what to do if the file is malformed.
    """
    file = folder / f"{name}.json"
    if not name.isalnum() or not file.is_file():
        return None
    try:
        return _tables(Node(file.name, json.loads(file.read_text(encoding="utf-8"))))
    except (OSError, ValueError, SourceDataError) as error:
        msg = f"leverage tiers in {file} cannot be read ({error}); refresh or remove them"
        raise SourceDataError(msg) from error


def _tables(found: Node) -> Tables:
    columns = found.field("columns")
    if columns.value != _COLUMNS:
        columns.refuse(", ".join(_COLUMNS))
    return Tables(
        source=found.field("source").text(),
        as_of=found.field("as_of").text(),
        tiers={
            symbol.text(): tiers_from(map(_bracket, rows.rows()), where=rows.where)
            for symbol, rows in found.field("tiers").items()
        },
    )


def _bracket(row: Node) -> Bracket:
    bound = row.cell(0)
    return Bracket(
        math.inf if bound.value is None else bound.positive(),
        row.cell(1).positive(),
        row.cell(2).positive(),
    )
