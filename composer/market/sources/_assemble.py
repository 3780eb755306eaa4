"""Turn the answers of one exchange into a snapshot: what must be there, what may be missing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np

from composer.errors import SourceDataError
from composer.market.records import (
    Candles,
    FundingRates,
    Liquidations,
    LongShortAccounts,
    MarketSnapshot,
    Origin,
    TakerFlow,
    from_ms,
    to_ms,
)
from composer.market.sources._grids import (
    MAIN_INTERVAL,
    Grid,
    candles_of,
    require_fresh,
    require_past,
)
from composer.market.sources._interest import interest_of, values_of
from composer.market.sources._notes import Notes
from composer.market.sources._provider import Funding, Provider, Raw, ReadSides, ReadValues, Value

_OLDEST_FUNDING = timedelta(minutes=30)
_OLDEST_PAYMENT = timedelta(hours=8, minutes=30)  # funding is paid every eight hours or more often
_MINUTE_MS = 60_000
_OLDEST_STATISTICS = timedelta(hours=2)
_SAME_PRICE = 0.01  # between grids, at one moment
_MARK_APART = 0.05  # the mark price is of now, the last close up to five minutes old
_ENOUGH_BARS = 0.9


class Assembly:
    """One snapshot in the making; collects notes on what could not be had."""

    def __init__(self, provider: Provider, raw: Raw, grids: Sequence[Grid], now: datetime) -> None:
        """Take the answers; nothing is read yet. `now` is when they were given."""
        self._provider = provider
        self._raw = raw
        self._grids = grids
        self._now = now
        self._notes = Notes(provider.title)

    def snapshot(self) -> MarketSnapshot:
        """Return the snapshot. Raises a SourceError if candles or open interest are missing."""
        provider, raw = self._provider, self._raw
        main, others = self._candles()
        finest = min((main, *others), key=lambda candles: candles.interval)
        price = float(finest.close[-1])
        interest, confidence, notes = interest_of(provider, raw, price, self._now)
        self._notes.lines += notes
        funding = self._notes.optional("funding rate", lambda: self._funding(price))
        rates = self._notes.optional("history of funding", lambda: self._funding_rates(funding))
        accounts = self._notes.optional("long/short ratio", lambda: self._accounts(price))
        taker = self._notes.optional("taker flow", lambda: self._taker(price))
        liquidations = self._notes.optional(
            "realised liquidations", lambda: self._liquidations(price)
        )
        stamps = {
            "price": finest.known_ms[-1],
            "candles": main.known_ms[-1],
            "open_interest": interest.stamp_ms[-1],
            "funding_rate": None if funding is None else funding.stamp_ms,
            "funding_rates": None if rates is None else rates.stamp_ms[-1],
            "long_short_accounts": None if accounts is None else accounts.stamp_ms[-1],
            "taker_flow": None if taker is None else taker.open_ms[-1] + _MAIN_MS,
            "liquidations": None if liquidations is None else liquidations.open_ms[-1] + _MAIN_MS,
        }
        return MarketSnapshot(
            symbol=raw.symbol,
            price=price,
            as_of=from_ms(int(finest.known_ms[-1])),
            fetched_at=raw.captured_at,
            source=provider.title,
            venues=(provider.title,),
            candles=main,
            other_candles=tuple(others),
            open_interest=interest,
            open_interest_by_venue={provider.title: float(interest.open_interest_usd[-1])},
            liquidations=liquidations,
            long_short_accounts=accounts,
            taker_flow=taker,
            funding_rate=None if funding is None else funding.rate,
            funding_interval=None if funding is None else funding.interval,
            funding_rates=rates,
            confidence=confidence,
            notes=tuple(self._notes.lines),
            origins=MappingProxyType(
                {
                    name: Origin(
                        source=provider.title,
                        as_of=from_ms(int(stamp)),
                        fetched_at=raw.captured_at,
                    )
                    for name, stamp in stamps.items()
                    if stamp is not None
                }
            ),
        )

    def _candles(self) -> tuple[Candles, list[Candles]]:
        """Return the main grid and, finest first, what else there is."""
        (main_grid,) = (grid for grid in self._grids if grid.interval == MAIN_INTERVAL)
        main = self._grid(main_grid)
        others: list[Candles] = []
        for grid in self._grids:
            if grid is not main_grid:
                what = f"{grid.name} candles"
                found = self._notes.optional(what, lambda grid=grid: self._like(main, grid))  # type: ignore[misc] # binds the loop's grid now
                others += [found] if found else []
        return main, others

    def _grid(self, grid: Grid) -> Candles:
        candles = candles_of(
            self._provider.read_bars(self._raw, grid),
            grid,
            where=f"{self._raw.source} {grid.name} candles",
            symbol=self._raw.symbol,
            venue=self._provider.title,
            now=self._now,
        )
        span = (int(candles.open_ms[-1]) - int(candles.open_ms[0])) // grid.interval_ms + 1
        if len(candles) < max(_ENOUGH_BARS * grid.bars, span):
            came = f"{len(candles)} of {grid.bars} {grid.name} candles"
            gaps = f", {span - len(candles)} missing in between" if span > len(candles) else ""
            self._notes.lines.append(f"{self._provider.title} gave {came}{gaps}.")
        return candles

    def _like(self, main: Candles, grid: Grid) -> Candles:
        """Return another grid that closes where the main one does at the same moment."""
        other = self._grid(grid)
        common, at_main, at_other = np.intersect1d(
            main.known_ms, other.known_ms, return_indices=True
        )
        if len(common):
            apart = np.abs(other.close[at_other] / main.close[at_main] - 1)
            if apart.max() > _SAME_PRICE:
                moment = from_ms(int(common[apart.argmax()])).isoformat()
                msg = (
                    f"{self._raw.source} {grid.name} candles: expected the closes of the 5m "
                    f"candles, got others, as at {moment}"
                )
                raise SourceDataError(msg)
        return other

    def _funding(self, price: float) -> Funding | None:
        if self._provider.read_funding is None:
            return None
        found = self._provider.read_funding(self._raw)
        where = f"{self._raw.source} funding"
        require_fresh(found.stamp_ms, _OLDEST_FUNDING, where=where, now=self._now)
        if found.mark_price is not None and abs(found.mark_price / price - 1) > _MARK_APART:
            msg = (
                f"{where}: expected a mark price near the last close {price:.15g}, "
                f"got {found.mark_price:.15g}"
            )
            raise SourceDataError(msg)
        read_interval = self._provider.read_funding_interval
        if read_interval is None:
            return found
        interval = self._notes.optional("funding interval", lambda: read_interval(self._raw))
        return found._replace(interval=interval)

    def _funding_rates(self, present: Funding | None) -> FundingRates | None:
        """Return the rates that were paid, and the present one last."""
        read = self._provider.read_funding_history
        if read is None or present is None:
            return None
        where = f"{self._raw.source} history of funding"
        # Exchanges stamp a payment some milliseconds after the hour that it is of.
        found = (
            Value(stamp_ms // _MINUTE_MS * _MINUTE_MS, rate) for stamp_ms, rate in read(self._raw)
        )
        paid = values_of(found, where=where, now=self._now)
        require_fresh(paid[-1].stamp_ms, _OLDEST_PAYMENT, where=where, now=self._now)
        known = _of_one_interval(paid)
        known.append(Value(max(present.stamp_ms, known[-1].stamp_ms + 1), present.rate))
        return FundingRates(
            symbol=self._raw.symbol,
            stamp_ms=np.array([one.stamp_ms for one in known]),
            rate=np.array([one.value for one in known]),
        )

    def _accounts(self, price: float) -> LongShortAccounts | None:
        read: ReadValues | None = self._provider.read_accounts
        if read is None:
            return None
        where = f"{self._raw.source} long/short ratio"
        found = values_of(read(self._raw, price), where=where, now=self._now)
        if not found:
            msg = f"{where}: expected at least one value, got none"
            raise SourceDataError(msg)
        require_fresh(found[-1].stamp_ms, _OLDEST_STATISTICS, where=where, now=self._now)
        return LongShortAccounts(
            symbol=self._raw.symbol,
            venues=(self._provider.title,),
            stamp_ms=np.array([value.stamp_ms for value in found]),
            long_share=np.array([value.value for value in found]),
        )

    def _taker(self, price: float) -> TakerFlow | None:
        found = self._sides("taker flow", self._provider.read_taker, price)
        if found is None:
            return None
        return TakerFlow(
            symbol=self._raw.symbol,
            venues=(self._provider.title,),
            interval=MAIN_INTERVAL,
            open_ms=found[0],
            buy_usd=found[1],
            sell_usd=found[2],
        )

    def _liquidations(self, price: float) -> Liquidations | None:
        found = self._sides("liquidations", self._provider.read_liquidations, price)
        if found is None:
            return None
        return Liquidations(
            symbol=self._raw.symbol,
            venues=(self._provider.title,),
            interval=MAIN_INTERVAL,
            open_ms=found[0],
            long_usd=found[1],
            short_usd=found[2],
        )

    def _sides(
        self, what: str, read: ReadSides | None, price: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """Return opens, first and second side of the closed bars, oldest first."""
        if read is None:
            return None
        where = f"{self._raw.source} {what}"
        now_ms = to_ms(self._now)
        rows = {row.open_ms: row for row in read(self._raw, price)}
        for open_ms in rows:
            require_past(open_ms, where=where, now=self._now)
        closed = [rows[open_ms] for open_ms in sorted(rows) if open_ms + _MAIN_MS <= now_ms]
        if not closed:
            msg = f"{where}: expected at least one closed bar, got none"
            raise SourceDataError(msg)
        require_fresh(closed[-1].open_ms + _MAIN_MS, _OLDEST_STATISTICS, where=where, now=self._now)
        opens, first, second = (np.array(column) for column in zip(*closed, strict=True))
        return opens, first, second


def _of_one_interval(paid: list[Value]) -> list[Value]:
    """Return the latest payments as far back as they are equally far apart.

    Exchanges change how often a contract pays; a rate per hour and one per eight do not compare.
    """
    apart = np.diff([one.stamp_ms for one in paid])
    others = np.flatnonzero(apart != apart[-1:])
    return paid[others[-1] + 1 if len(others) else 0 :]


_MAIN_MS = MAIN_INTERVAL // timedelta(milliseconds=1)
