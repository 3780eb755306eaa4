"""The crowd of a simulated market: who enters, for how long, and who is still there."""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from composer.market.margin import BTC_TIERS, liquidation_distance
from composer.market.records import FloatArray, Side

_SIGN = np.array([[1.0], [-1.0]])  # row 0 of every two-row array holds longs, row 1 shorts
_LEVERAGE = np.array([3.0, 5, 10, 20, 25, 50, 75, 100, 125])
_POPULARITY = np.array([0.26, 0.28, 0.22, 0.10, 0.05, 0.05, 0.015, 0.015, 0.01])
# A simulated trader stands for a crowd of small accounts: the first tier's terms apply.
_DISTANCE = np.stack(
    [liquidation_distance(_LEVERAGE, s, BTC_TIERS[0].maintenance_margin_rate) for s in Side]
)
# The tighter the position, the shorter it is meant to last. The exponent differs on
# purpose from the estimator's, which must not find its own assumption as the truth.
_MEAN_HOLD_HOURS = 26 * np.sqrt(_DISTANCE.mean(axis=0) / 0.01)
MEAN_STAY_HOURS = float(_POPULARITY @ _MEAN_HOLD_HOURS)  # of those who enter without appetite

_NEWCOMERS = 2  # per bar and side
_FIRST_TRADERS = 1_500  # per side


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traders:
    """Live positions, one row each, shape (n,); read-only.

    entry, liquidation_price : USD per coin · leverage : times · coins : size, > 0
    side : "long" or "short", comparable with `Side`
    """

    entry: FloatArray
    leverage: FloatArray
    side: NDArray[np.str_]
    coins: FloatArray
    liquidation_price: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for column in fields(self):
            getattr(self, column.name).setflags(write=False)


class Newcomers(NamedTuple):
    """Who enters over some bars; `tier` has shape (2, bars, newcomers), the rest one item per bar.

    tier : index of the leverage
    trigger : of an entry at 1 USD, see `Crowd`
    share : of the coins opened on the side, sums to 1
    """

    tier: NDArray[np.intp]
    trigger: list[FloatArray]
    share: list[FloatArray]


def draw_newcomers(appetite: FloatArray, rng: np.random.Generator) -> Newcomers:
    """Draw who enters, leverage popularity tilted by an appetite of shape (2, bars)."""
    each = (*appetite.shape, _NEWCOMERS)
    weight = _POPULARITY * (_LEVERAGE / 20) ** appetite[..., None]
    below = np.cumsum(weight, axis=2) / weight.sum(axis=2, keepdims=True)
    tier = (rng.random(each)[..., None] > below[:, :, None, :-1]).sum(axis=3)
    distance = np.stack([_DISTANCE[row][tier[row]] for row in range(2)])
    size = rng.lognormal(0, 1, each)
    return Newcomers(
        tier=tier,
        trigger=list((_SIGN[..., None] - distance).transpose(1, 0, 2)),
        share=list((size / size.sum(axis=2, keepdims=True)).transpose(1, 0, 2)),
    )


def draw_hold_bars(tier: NDArray[np.intp], hours: float, rng: np.random.Generator) -> FloatArray:
    """Draw how many bars of `hours` each newcomer means to stay, at least one."""
    bars: FloatArray = 1 + np.floor(rng.exponential(_MEAN_HOLD_HOURS[tier] / hours))
    return bars


_EMPTY_SLOT = {
    "leverage": 1.0,
    "entry": 1.0,
    "trigger": -np.inf,
    "exit_bar": np.inf,
    "coins": 0.0,
}


class Crowd:
    """Every trader's position in arrays of shape (2, slots): row 0 longs, row 1 shorts.

    `trigger` is the liquidation price of a long and its negative for a short, so that
    on both rows a trader is touched once the trigger is no longer below the price
    with the same sign. An empty slot holds no coins and never triggers or exits.
    """

    def __init__(self, price: float, coins: float, hours: float, rng: np.random.Generator) -> None:
        """Seat the first traders around `price`, holding `coins` on each side."""
        shape = (2, _FIRST_TRADERS)
        # Who holds for long is met more often than he enters.
        met = _POPULARITY * _MEAN_HOLD_HOURS
        tier = rng.choice(len(_LEVERAGE), size=shape, p=met / met.sum())
        self.edge = np.zeros((2, 1))
        self.leverage = _LEVERAGE[tier]
        self.entry = price * np.exp(rng.normal(0, 0.03, shape))
        self.trigger = _SIGN * self.entry * (1 - _SIGN * np.take_along_axis(_DISTANCE, tier, 1))
        # Exponential lives have no memory: what is left of one is as long as a new one.
        self.exit_bar = np.ceil(rng.exponential(_MEAN_HOLD_HOURS[tier] / hours))
        size = rng.lognormal(0, 1, shape) * (self.trigger < _SIGN * price)
        self.coins = size * (coins / size.sum(axis=1, keepdims=True))

    def seat(self, first_bar: int, tier: NDArray[np.intp], hold_bars: FloatArray) -> None:
        """Drop the empty slots and append one for each newcomer of the coming bars.

        tier, hold_bars : shape (2, bars, newcomers)
        """
        bars = np.arange(first_bar, first_bar + tier.shape[1])
        coming = {"leverage": _LEVERAGE[tier], "exit_bar": hold_bars + bars[:, None]}
        live = [np.flatnonzero(row) for row in self.coins]
        self.first_coming = max(len(slots) for slots in live)
        width = self.first_coming + tier[0].size
        for name, blank in _EMPTY_SLOT.items():
            old, new = getattr(self, name), np.full((2, width), blank)
            for row, slots in enumerate(live):
                new[row, : len(slots)] = old[row, slots]
            if name in coming:
                new[:, self.first_coming :] = coming[name].reshape(2, -1)
            setattr(self, name, new)
        order = np.argsort(self.exit_bar, axis=None)
        first_of_bar = np.searchsorted(self.exit_bar.ravel()[order], [*bars, bars[-1] + 1])
        self.exits = np.split(order, first_of_bar)[1:-1]

    def enter(self, i: int, close: float, trigger: FloatArray, coins: FloatArray) -> None:
        """Let the newcomers of the block's i-th bar in at its close; shapes (2, newcomers)."""
        first = self.first_coming + _NEWCOMERS * i
        slots = slice(first, first + _NEWCOMERS)
        self.entry[:, slots] = close
        self.trigger[:, slots] = trigger
        self.coins[:, slots] = coins

    def liquidate(self, low: float, high: float) -> tuple[list[float], list[float]]:
        """Remove who was touched in the range; return their coins and USD, long and short.

        A venue counts a liquidation at the price of its order: the liquidation price.
        """
        self.edge[:, 0] = low, -high
        slots = (self.trigger >= self.edge).ravel().nonzero()[0]
        if not slots.size:
            return [0.0, 0.0], [0.0, 0.0]
        coins, trigger = self.coins.ravel(), self.trigger.ravel()
        row, gone = slots >= coins.size // 2, coins[slots]
        usd = np.bincount(row, gone * np.abs(trigger[slots]), minlength=2)
        coins[slots], trigger[slots] = 0.0, -np.inf
        return np.bincount(row, gone, minlength=2).tolist(), usd.tolist()

    def leave(self, i: int) -> list[float]:
        """Remove who planned to exit in the block's i-th bar; return their coins."""
        slots = self.exits[i]
        coins = self.coins.ravel()
        gone = np.bincount(slots >= coins.size // 2, coins[slots], minlength=2)
        coins[slots], self.trigger.ravel()[slots] = 0.0, -np.inf
        return list(gone.tolist())

    def live(self) -> Traders:
        """Return who holds a position now, longs first."""
        alive = self.coins > 0
        side = np.broadcast_to(np.array([[Side.LONG.value], [Side.SHORT.value]]), alive.shape)
        return Traders(
            entry=self.entry[alive],
            leverage=self.leverage[alive],
            side=side[alive],
            coins=self.coins[alive],
            liquidation_price=np.abs(self.trigger[alive]),
        )
