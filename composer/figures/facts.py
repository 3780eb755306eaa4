"""Typed facts: the only numbers a post may print.

A fact's id is the dotted path of its figure in the published JSON, so whoever
holds the figures can verify a text, and whoever holds the text can name its figures.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from composer.errors import FiguresError
from composer.figures.report import Figures
from composer.market.records import AND, Method


class FactKind(StrEnum):
    """What a fact measures; it decides how the number may be written."""

    PRICE = "price"
    USD = "usd"
    COIN = "coin"
    RATIO = "ratio"
    FRACTION = "fraction"
    COUNT = "count"
    DURATION = "duration"
    TIME = "time"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number with what it is of, when it was true and where it is from.

    `value` is a Decimal in the unit of its kind (USD, a fraction, ...) and an aware
    datetime for the kinds time and date. `note` says how it came about: reported,
    estimated or simulated.
    """

    id: str
    kind: FactKind
    value: Decimal | datetime
    symbol: str
    as_of: datetime
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a set of facts is from; every one of them says the same."""

    symbol: str
    source: str
    method: Method
    as_of: datetime

    @property
    def sources(self) -> tuple[str, ...]:
        """The names the source is made of, one or several."""
        return tuple(self.source.split(AND))

    @property
    def simulated(self) -> bool:
        """Whether no market produced the numbers."""
        return self.method is Method.SIMULATED


# The last word of a figure's name decides its kind, once `_was`, `_24h` and the like are off.
# A figure whose last word is not here is no fact.
_KIND_BY_WORD: Mapping[str, FactKind] = MappingProxyType(
    {
        "usd": FactKind.USD,
        "coins": FactKind.COIN,
        **dict.fromkeys(("price", "level", "low", "peak", "high"), FactKind.PRICE),
        **dict.fromkeys(("ratio", "atr"), FactKind.RATIO),
        **dict.fromkeys(
            ("skew", "distance", "within", "change", "rate", "share", "percentile", "position"),
            FactKind.FRACTION,
        ),
        **dict.fromkeys(("annualised", "volatility", "score"), FactKind.FRACTION),
        **dict.fromkeys(("days", "editions", "turned"), FactKind.COUNT),
        **dict.fromkeys(("as_of", "since"), FactKind.TIME),
        "day": FactKind.DATE,
    }
)
_WHEN = re.compile(r"(_was|_\d+[hd])+$")


@lru_cache(maxsize=4096)  # the same few hundred names in every edition
def kind_of(path: str) -> FactKind | None:
    """Return the kind of the figure at a dotted path, or None if it is not a number."""
    name = _WHEN.sub("", path.rpartition(".")[2])
    return _KIND_BY_WORD.get(name) or _KIND_BY_WORD.get(name.rpartition("_")[2])


def number_of(facts: Mapping[str, Fact], fact_id: str) -> Decimal | None:
    """Return the number of a fact, or None if there is no such fact or it is a time."""
    fact = facts.get(fact_id)
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}.{index}")
    elif value is not None:
        yield path, value


def facts_of(figures: Figures) -> dict[str, Fact]:
    """Return the facts of `figures` by id, in the order of the published JSON.

    Raises FiguresError if a number has no kind, so that a new figure cannot
    slip into the JSON without becoming a fact.
    """
    facts: dict[str, Fact] = {}
    for path, value in _leaves(figures.tree(), ""):
        kind = kind_of(path)
        if kind is None:
            if isinstance(value, int | float):
                msg = f"figure {path} = {value} has no kind; add its name to facts.py"
                raise FiguresError(msg)
            continue
        facts[path] = Fact(
            id=path,
            kind=kind,
            value=(
                datetime.fromisoformat(value) if isinstance(value, str) else Decimal(repr(value))
            ),
            symbol=figures.symbol,
            as_of=figures.as_of,
            source=figures.source,
            note=figures.method.value,
        )
    return facts


def provenance(facts: Mapping[str, Fact]) -> Provenance:
    """Return where facts are from.

    Raises FiguresError if they do not say, as figures of a market always do, or if
    they do not all say the same.
    """
    moment = facts.get("as_of")
    if moment is None or not isinstance(moment.value, datetime) or moment.note not in list(Method):
        msg = "the facts hold no as_of with its method, so nobody can say what they are figures of"
        raise FiguresError(msg)
    for fact in facts.values():
        if (fact.symbol, fact.source, fact.note, fact.as_of) != (
            moment.symbol,
            moment.source,
            moment.note,
            moment.value,
        ):
            msg = f"the fact {fact.id} is not of the same market moment as the others"
            raise FiguresError(msg)
    return Provenance(
        symbol=moment.symbol,
        source=moment.source,
        method=Method(moment.note),
        as_of=moment.value,
    )
