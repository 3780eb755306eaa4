"""Choose the two levels a post speaks of, one below the price and one above."""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from composer.errors import ConfigError, FiguresError
from composer.figures.report import Cluster
from composer.market.records import Side

ROUND_STEP = Decimal("0.01")  # of price: what the step between round levels should be near
ROUND_NEAREST = Decimal("0.01")  # of price: round levels nearer than this say nothing
ROUND_FARTHEST = Decimal("0.04")
ROUND_EVEN = Decimal("1.25")  # the two distances may differ by this factor
LEAST_RANGE = Decimal("0.001")  # nearer levels would be the price itself
FALL_BACK = Decimal("0.05")  # of price, where a side has no cluster

LEVELS_FELL_BACK = "levels_fell_back"

_EXPECTED = "explicit:LOWER,UPPER (as explicit:86137,94681), round, range:FRACTION or cluster"


class PolicyName(StrEnum):
    """The ways to choose levels."""

    EXPLICIT = "explicit"
    ROUND = "round"
    RANGE = "range"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPair:
    """The chosen levels in USD, with warnings as `Figures` keeps them."""

    lower: float
    upper: float
    warnings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPolicy:
    """How to choose the levels: what `--levels` says, taken apart.

    numbers : lower and upper price for `explicit`, one fraction of price for `range`
    """

    name: PolicyName = PolicyName.ROUND
    numbers: tuple[Decimal, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the policy written in `text`.

        Raises ConfigError, naming --levels, if the text is none of the four policies.
        """
        word, colon, rest = text.strip().partition(":")
        if word not in list(PolicyName):
            near = difflib.get_close_matches(word.lower(), list(PolicyName), n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else ""
            raise _refusal(text, hint)
        name = PolicyName(word)
        numbers = _numbers(text, rest) if colon else ()
        match name, numbers:
            case (PolicyName.ROUND | PolicyName.CLUSTER, ()):
                pass
            case (PolicyName.EXPLICIT, (lower, upper)):
                if not 0 < float(lower) < float(upper) < math.inf:
                    raise _refusal(text, "the lower level comes first and both are above zero")
            case (PolicyName.RANGE, (within,)):
                if not LEAST_RANGE <= within < 1:
                    raise _refusal(
                        text,
                        f"the range is a fraction of price from {LEAST_RANGE}, as 0.05 for 5 %",
                    )
            case _:
                raise _refusal(text, f"{name} has the wrong number of values")
        return cls(name=name, numbers=numbers)

    def __str__(self) -> str:
        """Return the text that `parse` reads this policy from."""
        return ":".join(filter(None, (self.name.value, ",".join(map(str, self.numbers)))))

    def choose(self, price: float, clusters: Sequence[Cluster]) -> LevelPair:
        """Return the levels around `price`, USD per coin, > 0.

        `round`: the nearest pair of round levels at about the same distance.
        `cluster`: the outer edge of the largest cluster of each side; if a side has
        none, both levels are ±5 % and the warning `levels_fell_back` says so.
        Raises FiguresError if explicit levels do not enclose the price.
        """
        exact = Decimal(repr(float(price)))
        match self.name:
            case PolicyName.EXPLICIT:
                return _explicit(exact, *self.numbers)
            case PolicyName.RANGE:
                return _within(exact, self.numbers[0])
            case PolicyName.ROUND:
                return _round(exact)
            case PolicyName.CLUSTER:
                return _beyond_clusters(exact, clusters)


def _refusal(text: str, hint: str) -> ConfigError:
    return ConfigError(
        "; ".join(filter(None, (f"--levels: expected {_EXPECTED}, got {text!r}", hint)))
    )


def _numbers(text: str, listed: str) -> tuple[Decimal, ...]:
    try:
        numbers = tuple(Decimal(number.strip()) for number in listed.split(","))
    except InvalidOperation as error:
        raise _refusal(text, "values are plain numbers separated by a comma") from error
    if not all(number.is_finite() for number in numbers):
        raise _refusal(text, "values are finite numbers")
    return numbers


def _explicit(price: Decimal, lower: Decimal, upper: Decimal) -> LevelPair:
    if not lower < price < upper:
        msg = (
            f"the levels {lower} and {upper} do not enclose the price {price}; "
            "choose one below and one above it, or --levels round"
        )
        raise FiguresError(msg)
    return LevelPair(lower=float(lower), upper=float(upper))


def _within(price: Decimal, within: Decimal) -> LevelPair:
    return LevelPair(lower=float(price * (1 - within)), upper=float(price * (1 + within)))


def round_step(price: Decimal) -> Decimal:
    """Return the number of the form 1, 2 or 5 x 10^n nearest to 1 % of `price`."""
    target = price * ROUND_STEP
    unit = Decimal(1).scaleb(target.adjusted())
    return min((unit * digit for digit in (1, 2, 5, 10)), key=lambda step: abs(step - target))


def _round(price: Decimal) -> LevelPair:
    step = round_step(price)
    nearest, farthest = price * ROUND_NEAREST, price * ROUND_FARTHEST
    below = price // step
    above = below + 1
    count = int(farthest / step) + 1
    lowers = [step * (below - i) for i in range(count)]
    uppers = [step * (above + i) for i in range(count)]
    pairs = [
        (lower, upper)
        for lower in lowers
        for upper in uppers
        if nearest <= price - lower <= farthest and nearest <= upper - price <= farthest
    ]

    def unevenness(pair: tuple[Decimal, Decimal]) -> Decimal:
        down, up = price - pair[0], pair[1] - price
        return max(down, up) / min(down, up)

    even = [pair for pair in pairs if unevenness(pair) <= ROUND_EVEN]
    lower, upper = (
        min(even, key=lambda pair: (pair[1] - pair[0], unevenness(pair)))
        if even
        else min(pairs, key=unevenness)
    )
    return LevelPair(lower=float(lower), upper=float(upper))


def _beyond_clusters(price: Decimal, clusters: Sequence[Cluster]) -> LevelPair:
    strongest: dict[Side, Cluster] = {}
    for cluster in sorted(clusters, key=lambda item: item.notional_usd):
        strongest[cluster.side] = cluster
    missing = [side for side in Side if side not in strongest]
    if missing:
        pair = _within(price, FALL_BACK)
        return LevelPair(
            lower=pair.lower,
            upper=pair.upper,
            warnings=MappingProxyType(
                {LEVELS_FELL_BACK: f"no {' or '.join(missing)} cluster; range:{FALL_BACK} instead"}
            ),
        )
    return LevelPair(lower=strongest[Side.LONG].low, upper=strongest[Side.SHORT].high)
