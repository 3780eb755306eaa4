"""Facts as JSON values and back, digit by digit."""

from collections.abc import Iterable, Iterator, Mapping
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


class FactRows(Mapping[str, Fact]):
    """Stored facts by id, each read when it is asked for: of the past most never are."""

    def __init__(self, trees: Iterable[Mapping[str, str]]) -> None:
        """Hold what `fact_tree` wrote of each fact."""
        self._trees = {tree["id"]: tree for tree in trees}

    def __getitem__(self, fact_id: str) -> Fact:
        """Return one fact."""
        return read_fact(self._trees[fact_id])

    def __iter__(self) -> Iterator[str]:
        """Return the ids, in the order they were stored in."""
        return iter(self._trees)

    def __len__(self) -> int:
        """Return how many facts there are."""
        return len(self._trees)


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
