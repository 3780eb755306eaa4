"""A seeded market of traders whose positions, and so whose liquidations, are known.

Price is a stochastic-volatility walk that liquidations push a little further. Traders
enter in pairs, long and short, with a leverage and a planned exit; whoever is touched
first is liquidated. The estimator of the figures sees candles and open interest only,
as on a real market; here the map it looks for is known.

Rules of a bar, in this order:

1. Price moves. Every trader of earlier bars whose liquidation price lies in the bar's
   range is liquidated; every other whose planned exit has come closes.
2. If more left on one side, half of the difference is taken over by newcomers of that
   side and half by the other side, where every trader reduces by the same share. Long
   and short coins therefore stay equal, as each contract has one of either.
3. Newcomers enter at the close and are exposed from the next bar on.

Random numbers are drawn per block of bars, each from a generator of its own, so that
a longer simulation adds bars and changes none.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zlib import crc32

import numpy as np

from composer.market.crowd import (
    MEAN_STAY_HOURS,
    Crowd,
    Newcomers,
    Traders,
    draw_hold_bars,
    draw_newcomers,
)
from composer.market.records import (
    Candles,
    FloatArray,
    LiquidationMap,
    Liquidations,
    Method,
    OpenInterest,
    Side,
    from_ms,
    to_ms,
)
from composer.market.regimes import Phase, Regime, moods

VENUE = "Simulated"


class _Coin(NamedTuple):
    """Rough size of a coin's market: USD per coin, USD of open interest, a year's volatility."""

    level: float
    open_interest_usd: float
    volatility: float


COINS = {
    "BTC": _Coin(90_000, 10e9, 0.40),
    "ETH": _Coin(3_000, 5e9, 0.55),
    "SOL": _Coin(150, 1.8e9, 0.65),
    "BNB": _Coin(850, 0.6e9, 0.45),
    "XRP": _Coin(2, 1e9, 0.65),
    "DOGE": _Coin(0.15, 0.7e9, 0.75),
}

_BLOCK_BARS = 96
_CALM_HALF_LIFE_HOURS = 12.0  # of a burst of volatility
_LOG_VOLATILITY_SPREAD = 0.45
_SLOW_MEAN_DAYS = 3.0  # what a range is pulled to
_HOMING_PER_DAY = 0.02  # keeps a year's prices recognisable as the coin's
_IMPACT = 0.03  # log price per share of open interest liquidated in the bar before
_MAX_PUSH = 0.002


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulation:
    """What a simulated venue published, and the traders alive at its last close.

    long_coins, short_coins : shape (bars,), coins held per side at every close; equal
    but for rounding. The open interest is their common value times the close.
    """

    candles: Candles
    open_interest: OpenInterest
    liquidations: Liquidations
    long_coins: FloatArray
    short_coins: FloatArray
    traders: Traders

    def true_map(self, bins: int = 400) -> LiquidationMap:
        """Return the liquidation map that the live traders are.

        bins : how many per side, evenly spaced in log price between the last close and
            the farthest liquidation price of that side
        Each trader counts coins times last close, in USD.
        """
        price, traders = float(self.candles.close[-1]), self.traders
        edges, mass = [], []
        for side in Side:
            own = traders.side == side
            triggers = traders.liquidation_price[own]
            far = triggers.min() if side is Side.LONG else triggers.max()
            edge = np.sort(np.geomspace(price, far, bins + 1))
            edges.append(edge)
            mass.append(np.histogram(triggers, edge, weights=traders.coins[own] * price)[0])
        nothing = np.zeros(bins)
        return LiquidationMap(
            symbol=self.candles.symbol,
            price=price,
            as_of=from_ms(int(self.candles.known_ms[-1])),
            source="simulated market",
            method=Method.SIMULATED,
            low=np.concatenate([edge[:-1] for edge in edges]),
            high=np.concatenate([edge[1:] for edge in edges]),
            long_usd=np.concatenate([mass[0], nothing]),
            short_usd=np.concatenate([nothing, mass[1]]),
        )


class _Block(NamedTuple):
    """The random numbers of `_BLOCK_BARS` bars."""

    shock: list[float]  # of price, unit variance, fat tails
    shock_of_volatility: list[float]
    wick: list[list[float]]  # above and below the body, in standard deviations of the bar
    activity: list[float]  # multiplies openings, mean 1
    newcomers: Newcomers
    hold_bars: FloatArray  # of the newcomers


def _draw(phases: list[Phase], hours: float, rng: np.random.Generator) -> _Block:
    """Draw a whole block, however few of its bars are played: prefixes must not differ."""
    bars = len(phases)
    newcomers = draw_newcomers(np.array([phase.appetite for phase in phases]).T, rng)
    return _Block(
        shock=np.clip(rng.standard_t(4, bars) / math.sqrt(2), -8, 8).tolist(),
        shock_of_volatility=rng.normal(0, 1, bars).tolist(),
        wick=rng.exponential(0.5, (bars, 2)).tolist(),
        activity=rng.lognormal(-0.08, 0.4, bars).tolist(),
        newcomers=newcomers,
        hold_bars=draw_hold_bars(newcomers.tier, hours, rng),
    )


class _Row(NamedTuple):
    """What a bar leaves behind."""

    open: float
    high: float
    low: float
    close: float
    turnover_usd: float
    long_usd: float  # liquidated
    short_usd: float
    long_coins: float
    short_coins: float


class _Market:
    """The state that one bar hands to the next."""

    def __init__(self, coin: _Coin, hours: float, rng: np.random.Generator) -> None:
        """Open the market near the coin's level, with its traders seated."""
        self.coin, self.hours = coin, hours
        self.home = self.slow_mean = math.log(coin.level)
        self.close = coin.level * math.exp(rng.normal(0, 0.03))
        self.target_coins = coin.open_interest_usd / coin.level
        self.coins = self.target_coins
        self.crowd = Crowd(self.close, self.coins, hours, rng)
        self.turn = hours / MEAN_STAY_HOURS
        self.log_volatility = rng.normal(0, _LOG_VOLATILITY_SPREAD)
        self.push = 0.0

    def run(self, first_bar: int, bars: int, phases: list[Phase], block: _Block) -> list[_Row]:
        """Play the first `bars` bars of a block."""
        self.crowd.seat(first_bar, block.newcomers.tier, block.hold_bars)
        return [self._bar(i, phases[i], block) for i in range(bars)]

    def _move(self, i: int, phase: Phase, block: _Block) -> tuple[float, float, float, float]:
        """Return open, high, low and close of the next bar."""
        days = self.hours / 24
        calm = 0.5 ** (self.hours / _CALM_HALF_LIFE_HOURS)
        jolt = _LOG_VOLATILITY_SPREAD * math.sqrt(1 - calm * calm)
        self.log_volatility = calm * self.log_volatility + jolt * block.shock_of_volatility[i]
        deviation = (
            self.coin.volatility
            * phase.heat
            * math.sqrt(days / 365)
            * math.exp(self.log_volatility - _LOG_VOLATILITY_SPREAD**2)
        )
        before = math.log(self.close)
        pull = phase.pull * (self.slow_mean - before) + _HOMING_PER_DAY * (self.home - before)
        drift = (phase.drift / phase.days + pull) * days
        after = before + drift + deviation * block.shock[i] + self.push
        self.slow_mean += (after - self.slow_mean) * days / _SLOW_MEAN_DAYS
        above, below = block.wick[i]
        open_, close = self.close, math.exp(after)
        high = max(open_, close) * math.exp(deviation * above)
        low = min(open_, close) * math.exp(-deviation * below)
        return open_, high, low, close

    def _bar(self, i: int, phase: Phase, block: _Block) -> _Row:
        """Play one bar by the three rules of the module."""
        crowd = self.crowd
        prices = self._move(i, phase, block)
        _, high, low, close = prices
        (hit_long, hit_short), (long_usd, short_usd) = crowd.liquidate(low, high)
        left_long, left_short = crowd.leave(i)
        gone_long, gone_short = hit_long + left_long, hit_short + left_short

        target = self.target_coins * phase.crowding
        opened = target * self.turn * block.activity[i] * math.exp(self.log_volatility)
        opened *= (target / self.coins) ** 2
        to_longs, to_shorts = max(gone_long - gone_short, 0) / 2, max(gone_short - gone_long, 0) / 2
        longs, shorts = crowd.coins
        if to_longs > 0:
            shorts *= 1 - to_longs / (self.coins - gone_short)
        elif to_shorts > 0:
            longs *= 1 - to_shorts / (self.coins - gone_long)
        opened_coins = np.array([[opened + to_longs], [opened + to_shorts]])
        crowd.enter(
            i, close, close * block.newcomers.trigger[i], opened_coins * block.newcomers.share[i]
        )

        push = _IMPACT * (hit_short - hit_long) / self.coins
        self.push = min(max(push, -_MAX_PUSH), _MAX_PUSH)
        held_long, held_short = float(longs.sum()), float(shorts.sum())
        self.close, self.coins = close, held_long
        # Buyers open longs or close shorts; by the identity they meet as many sellers.
        bought = (opened + to_longs) + (gone_short + to_longs)
        turnover_usd = bought * sum(prices) / 4
        return _Row(*prices, turnover_usd, long_usd, short_usd, held_long, held_short)


def simulate(
    *,
    symbol: str,
    start: datetime,
    end: datetime,
    seed: int,
    regime: Regime = Regime.MIXED,
    interval: timedelta = timedelta(minutes=5),
) -> Simulation:
    """Play a market from `start` to the last full bar known by `end`.

    The same arguments give the same arrays, and a later `end` only adds bars.
    A symbol that is not in `COINS` gets a price level and a size drawn from its name.
    Raises ValueError if a time has no zone or no bar fits between the two.
    """
    step_ms = round(interval.total_seconds() * 1000)
    bars = (to_ms(end) - to_ms(start)) // step_ms if step_ms > 0 else 0
    if bars < 1:
        msg = f"no bar of {interval} fits between {start.isoformat()} and {end.isoformat()}"
        raise ValueError(msg)
    hours = step_ms / 3_600_000

    def generator(*key: int) -> np.random.Generator:
        names = (crc32(symbol.encode()), crc32(regime.encode()))
        return np.random.default_rng(np.random.SeedSequence((seed, *names), spawn_key=key))

    drawn = np.random.default_rng(crc32(symbol.encode()))
    unlisted = _Coin(round(10 ** drawn.uniform(-1, 2), 2), 10 ** drawn.uniform(7.7, 8.7), 0.8)
    market = _Market(COINS.get(symbol, unlisted), hours, generator(0))
    coming = moods(regime, generator(1), 24 / hours)
    rows: list[_Row] = []
    while len(rows) < bars:
        phases = list(islice(coming, _BLOCK_BARS))
        block = _draw(phases, hours, generator(2, len(rows)))
        rows += market.run(len(rows), min(len(phases), bars - len(rows)), phases, block)

    open_ms = to_ms(start) + step_ms * np.arange(bars, dtype=np.int64)
    column = dict(zip(_Row._fields, np.array(rows).T, strict=True))
    long_coins, short_coins = column["long_coins"], column["short_coins"]
    long_coins.setflags(write=False)
    short_coins.setflags(write=False)
    return Simulation(
        candles=Candles(
            symbol=symbol,
            venue=VENUE,
            interval=interval,
            open_ms=open_ms,
            open=column["open"],
            high=column["high"],
            low=column["low"],
            close=column["close"],
            turnover_usd=column["turnover_usd"],
        ),
        open_interest=OpenInterest(
            symbol=symbol,
            venues=(VENUE,),
            stamp_ms=open_ms + step_ms,
            open_interest_usd=long_coins * column["close"],
        ),
        liquidations=Liquidations(
            symbol=symbol,
            venues=(VENUE,),
            interval=interval,
            open_ms=open_ms,
            long_usd=column["long_usd"],
            short_usd=column["short_usd"],
        ),
        long_coins=long_coins,
        short_coins=short_coins,
        traders=market.crowd.live(),
    )
