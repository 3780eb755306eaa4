"""What claims are made of: comparisons of facts that know which facts they read.

A comparison of a fact that the market does not offer is neither true nor false; it makes
the whole predicate false, however it is combined.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from composer.figures.facts import Fact, number_of

Facts = Mapping[str, Fact]


class _MissingFactError(Exception):
    """A comparison asked for a fact that the market does not offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A condition over facts, and the ids of those it reads; combine with `&`, `|` and `~`."""

    reads: tuple[str, ...]
    test: Callable[[Facts], bool]

    def holds(self, facts: Facts) -> bool:
        """Return whether it is true; about a missing fact it is not."""
        try:
            return self.test(facts)
        except _MissingFactError:
            return False

    def __and__(self, other: "Predicate") -> "Predicate":
        """Return the predicate that both hold."""
        return Predicate(
            reads=_joined(self, other), test=lambda facts: self.test(facts) and other.test(facts)
        )

    def __or__(self, other: "Predicate") -> "Predicate":
        """Return the predicate that one of them holds."""
        return Predicate(
            reads=_joined(self, other), test=lambda facts: self.test(facts) or other.test(facts)
        )

    def __invert__(self) -> "Predicate":
        """Return the predicate that it does not hold, of facts that are there."""
        return Predicate(reads=self.reads, test=lambda facts: not self.test(facts))


def at_least(fact_id: str, least: Decimal) -> Predicate:
    """Return the predicate `fact >= least`."""
    return _about(fact_id, test=lambda value: value >= least)


def at_most(fact_id: str, most: Decimal) -> Predicate:
    """Return the predicate `fact <= most`."""
    return _about(fact_id, test=lambda value: value <= most)


def above(fact_id: str, bound: Decimal | int) -> Predicate:
    """Return the predicate `fact > bound`."""
    return _about(fact_id, test=lambda value: value > bound)


def below(fact_id: str, bound: Decimal | int) -> Predicate:
    """Return the predicate `fact < bound`."""
    return _about(fact_id, test=lambda value: value < bound)


def zero(fact_id: str) -> Predicate:
    """Return the predicate `fact = 0`."""
    return _about(fact_id, test=lambda value: value == 0)


def size(fact_id: str, least: Decimal, bound: Decimal | None = None) -> Predicate:
    """Return the predicate `least <= |fact| < bound`."""
    return _about(
        fact_id, test=lambda value: least <= abs(value) and (bound is None or abs(value) < bound)
    )


def more(one: str, other: str, factor: Decimal | int = 1) -> Predicate:
    """Return the predicate `one > factor x other`."""
    return Predicate(
        reads=(one, other),
        test=lambda facts: _number(facts, one) > factor * _number(facts, other),
    )


def less(one: str, other: str, factor: Decimal | int = 1) -> Predicate:
    """Return the predicate `one < factor x other`."""
    return Predicate(
        reads=(one, other),
        test=lambda facts: _number(facts, one) < factor * _number(facts, other),
    )


def near(one: str, other: str, within: Decimal) -> Predicate:
    """Return the predicate `|one - other| <= within x other`."""
    return Predicate(
        reads=(one, other),
        test=lambda facts: (
            abs(_number(facts, one) - _number(facts, other)) <= within * _number(facts, other)
        ),
    )


def known(fact_id: str) -> Predicate:
    """Return the predicate that the market offers a fact."""
    return Predicate(reads=(fact_id,), test=lambda facts: fact_id in facts)


def _about(fact_id: str, *, test: Callable[[Decimal], bool]) -> Predicate:
    return Predicate(reads=(fact_id,), test=lambda facts: test(_number(facts, fact_id)))


def _joined(one: Predicate, other: Predicate) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one.reads, *other.reads)))


def _number(facts: Facts, fact_id: str) -> Decimal:
    found = number_of(facts, fact_id)
    if found is None:
        raise _MissingFactError(fact_id)
    return found
