"""The moods of a simulated market: what a regime does to price and to its traders."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np


class Regime(StrEnum):
    """The mood of a simulated market; mixed strings the others together."""

    MIXED = "mixed"
    TREND = "trend"
    RANGE = "range"
    CRASH = "crash"
    SQUEEZE = "squeeze"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of one mood.

    drift : log return from its first to its last bar
    heat : multiplies the coin's volatility
    pull : per day, towards the slow mean of log price
    appetite : leverage popularity is tilted by leverage to this power; longs, shorts
    crowding : multiplies the open interest traders gather to
    """

    days: float
    drift: float = 0.0
    heat: float = 1.0
    pull: float = 0.0
    appetite: tuple[float, float] = (0.0, 0.0)
    crowding: float = 1.0


def _cycle(regime: Regime, rng: np.random.Generator) -> tuple[Phase, ...]:
    """Return the phases of one turn of a regime."""
    if regime is Regime.MIXED:
        regime = list(Regime)[1 + int(rng.integers(4))]
    length, strength = rng.uniform(0.7, 1.3, 2).tolist()
    way = float(rng.choice((-1, 1)))
    if regime is Regime.TREND:
        appetite = (0.3, -0.2) if way > 0 else (-0.2, 0.3)
        return (Phase(days=6 * length, drift=0.06 * way * strength, appetite=appetite),)
    if regime is Regime.RANGE:
        return (Phase(days=5 * length, heat=0.7, pull=0.8),)
    # A crash is built up by a slow rise on which longs crowd; a squeeze is its mirror.
    way, crowded = (1, (0.7, -0.2)) if regime is Regime.CRASH else (-1, (-0.2, 0.7))
    return (
        Phase(days=6 * length, drift=0.06 * way, heat=0.7, appetite=crowded, crowding=1.2),
        Phase(days=0.4, drift=-0.08 * way * strength, heat=1.8, appetite=(-0.5, -0.5)),
        Phase(days=1.5 * length, heat=1.3, pull=0.8, appetite=(-0.3, -0.3), crowding=0.9),
    )


def moods(regime: Regime, rng: np.random.Generator, bars_per_day: float) -> Iterator[Phase]:
    """Yield the phase of every bar, for ever."""
    while True:
        for phase in _cycle(regime, rng):
            for _ in range(max(1, round(phase.days * bars_per_day))):
                yield phase
