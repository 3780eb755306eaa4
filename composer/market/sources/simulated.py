"""The simulated market: candles and open interest that need no network and no key.

The world of a symbol begins with the calendar month before the one asked about and is
played up to the moment asked about: a later run of the same month sees the same past with
more bars, the next month is another world. Only the last days are handed out; the rest
lets the traders forget how they were seated.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta
from difflib import get_close_matches

from composer.errors import ConfigError
from composer.market.records import (
    Candles,
    Liquidations,
    MarketSnapshot,
    OpenInterest,
    Query,
    from_ms,
)
from composer.market.regimes import Regime
from composer.market.simulator import COINS, VENUE, simulate
from composer.market.sources._options import SourceOptions

HISTORY = timedelta(days=30)
_DEFAULT_SYMBOL = "BTC"
_NOTE = "No market produced these numbers: they come from a simulation of traders."


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSource:
    """A market of simulated traders in one regime."""

    regime: Regime = Regime.MIXED
    name: str = "simulated"

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the last 30 days of 5-minute bars known by the query's cutoff.

        Raises ConfigError if the symbol is not one of the simulated coins.
        """
        symbol = query.symbol or _DEFAULT_SYMBOL
        if symbol not in COINS:
            msg = f"no simulated market for {symbol!r}; the simulated symbols: {', '.join(COINS)}"
            raise ConfigError(msg)
        cutoff = query.cutoff.astimezone(UTC)
        month = cutoff.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        start = (month - timedelta(days=1)).replace(day=1)
        world = simulate(
            symbol=symbol,
            start=start,
            end=cutoff,
            seed=100 * start.year + start.month,
            regime=self.regime,
        )
        candles, interest, fills = world.candles, world.open_interest, world.liquidations
        last = slice(-(HISTORY // candles.interval), None)
        return MarketSnapshot(
            symbol=symbol,
            price=float(candles.close[-1]),
            as_of=from_ms(int(candles.known_ms[-1])),
            fetched_at=query.now,
            source="simulated market",
            venues=(VENUE,),
            simulated=True,
            candles=Candles(
                symbol=symbol,
                venue=VENUE,
                interval=candles.interval,
                open_ms=candles.open_ms[last],
                open=candles.open[last],
                high=candles.high[last],
                low=candles.low[last],
                close=candles.close[last],
                turnover_usd=None if candles.turnover_usd is None else candles.turnover_usd[last],
            ),
            open_interest=OpenInterest(
                symbol=symbol,
                venues=interest.venues,
                stamp_ms=interest.stamp_ms[last],
                open_interest_usd=interest.open_interest_usd[last],
            ),
            liquidations=Liquidations(
                symbol=symbol,
                venues=fills.venues,
                interval=fills.interval,
                open_ms=fills.open_ms[last],
                long_usd=fills.long_usd[last],
                short_usd=fills.short_usd[last],
            ),
            notes=(_NOTE,),
        )


def open_source(
    argument: str | None,
    _options: SourceOptions | None = None,
) -> SimulatedSource:
    """Return the source for `simulated` or `simulated:<regime>`.

    Raises ConfigError if the argument names no regime.
    """
    if argument is None:
        return SimulatedSource()
    known = [regime.value for regime in Regime]
    if argument not in known:
        near = get_close_matches(argument, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        msg = (
            f"unknown regime {argument!r} of the simulated market, known: {', '.join(known)}{hint}"
        )
        raise ConfigError(msg)
    return SimulatedSource(regime=Regime(argument))
