"""Facts as JSON values and back, digit by digit."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from composer.figures.facts import Fact, FactKind


def fact_tree(fact: Fact) -> dict[str, str | None]:
    """Return a fact as strings: a figure must not pass through a binary fraction."""
    value = fact.value
    return {
        "id": fact.id,
        "kind": fact.kind.value,
        "value": value.isoformat() if isinstance(value, datetime) else str(value),
        "symbol": fact.symbol,
        "as_of": fact.as_of.isoformat(),
        "source": fact.source,
        "note": fact.note,
    }


def read_fact(tree: Mapping[str, str]) -> Fact:
    """Return the fact that `fact_tree` wrote."""
    kind = FactKind(tree["kind"])
    is_moment = kind in {FactKind.TIME, FactKind.DATE}
    return Fact(
        id=tree["id"],
        kind=kind,
        value=datetime.fromisoformat(tree["value"]) if is_moment else Decimal(tree["value"]),
        symbol=tree["symbol"],
        as_of=datetime.fromisoformat(tree["as_of"]),
        source=tree["source"],
        note=tree["note"],
    )
