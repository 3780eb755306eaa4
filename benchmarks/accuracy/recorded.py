"""Read the recorded market files that the accuracy report is measured on."""

import csv
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from composer.market.records import Candles, FloatArray, from_ms

SHELF = Path(__file__).parents[3] / "shared" / "data" / "market"
BINANCE_HOURS = "binance_um_btcusdt_1h_2024_2025.csv"
REALISED_HOURS = "coinglass_btc_1h_price_oi_liq_funding_2025-12-04_2026-03-31.csv"
REALISED_FOUR_HOURS = "coinglass_btc_4h_stitched_2024-11_2025-11.csv"
FIVE_MINUTES = "binance_um_btcusdt_5m_klines_oi_gapfree_2026-05-25_2026-06-14.csv"
PUBLISHED = "coinglass_published_intensity.csv"

HOUR_MS = 3_600_000
WARM_UP_HOURS = 120 * 24  # bars before the first realised liquidation


def table(name: str) -> dict[str, list[str]]:
    """Return a file's columns by name."""
    with (SHELF / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {column: [row[column] for row in rows] for column in rows[0]}


def numbers(texts: list[str]) -> FloatArray:
    """Return numbers, NaN where the file has none."""
    return np.array([float(text) if text else np.nan for text in texts])


def bars(columns: dict[str, list[str]], names: tuple[str, ...], interval: timedelta) -> Candles:
    """Return candles without turnover from columns (time, open, high, low, close)."""
    time, *prices = names
    open_, high, low, close = (numbers(columns[name]) for name in prices)
    return Candles(
        symbol="BTC",
        venue="recorded",
        interval=interval,
        open_ms=np.array([int(text) for text in columns[time]]),
        open=open_,
        high=high,
        low=low,
        close=close,
    )


def part(candles: Candles, keep: np.ndarray | slice) -> Candles:
    """Return some of the bars."""
    turnover = candles.turnover_usd
    return replace(
        candles,
        open_ms=candles.open_ms[keep],
        open=candles.open[keep],
        high=candles.high[keep],
        low=candles.low[keep],
        close=candles.close[keep],
        turnover_usd=None if turnover is None else turnover[keep],
    )


def _relative_range(candles: Candles) -> FloatArray:
    return (candles.high - candles.low) / candles.close


def _hour(candles: Candles) -> np.ndarray:
    return candles.open_ms // HOUR_MS % 24


def _together(older: Candles, newer: Candles) -> Candles:
    return replace(
        older,
        open_ms=np.append(older.open_ms, newer.open_ms),
        open=np.append(older.open, newer.open),
        high=np.append(older.high, newer.high),
        low=np.append(older.low, newer.low),
        close=np.append(older.close, newer.close),
        turnover_usd=None,
    )


def binance_hours() -> Candles:
    """Return Binance's hourly perpetual candles of 2024 and 2025, with turnover."""
    columns = table(BINANCE_HOURS)
    times = [
        datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC) for text in columns["Date"]
    ]
    columns["time"] = [str(round(time.timestamp() * 1000)) for time in times]
    candles = bars(columns, ("time", "Open", "High", "Low", "Close"), timedelta(hours=1))
    return replace(candles, turnover_usd=numbers(columns["Volume"]) * candles.close)


def all_hours() -> Candles:
    """Return hours from 2024 to March 2026, without turnover: Binance's, then spot's."""
    older = binance_hours()
    newer = spot_hours()
    return _together(older, part(newer, newer.open_ms > older.open_ms[-1]))


def spot_hours() -> Candles:
    """Return the hourly candles that come with the realised liquidations."""
    names = ("timestamp", "price_open", "price_high", "price_low", "price_close")
    return bars(table(REALISED_HOURS), names, timedelta(hours=1))


def five_minutes() -> tuple[Candles, FloatArray]:
    """Return the recorded 5-minute candles and the open interest of each."""
    columns = table(FIVE_MINUTES)
    names = ("timestamp", "open", "high", "low", "close")
    return bars(columns, names, timedelta(minutes=5)), numbers(
        columns["sum_open_interest_value_usd"]
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Realised:
    """Hourly candles with what was liquidated and the open interest, one value a bar.

    Liquidations and open interest are NaN where the file does not reach.
    every_hours : what was liquidated is known from one multiple of it to the next
    """

    name: str
    every_hours: int
    candles: Candles
    open_interest_usd: FloatArray
    long_usd: FloatArray
    short_usd: FloatArray


def realised_hours() -> Realised:
    """Return set A: December 2025 to March 2026, spot candles.

    The file has no turnover. A bar's relative range stands in for it, times how much
    turnover a unit of range brought at that hour of the day on Binance before set A.
    """
    columns = table(REALISED_HOURS)
    own, older = spot_hours(), binance_hours()
    before = (older.open_ms < own.open_ms[0]) & (
        older.open_ms >= own.open_ms[0] - WARM_UP_HOURS * HOUR_MS
    )
    earlier = older.open_ms < own.open_ms[0]
    turned = np.bincount(_hour(older)[earlier], np.asarray(older.turnover_usd)[earlier])
    ranged = np.bincount(_hour(older)[earlier], _relative_range(older)[earlier])
    candles = _together(part(older, before), own)
    turnover = _relative_range(candles) * (turned / ranged)[_hour(candles)]
    unknown = np.full(int(before.sum()), np.nan)
    return Realised(
        name="A",
        every_hours=1,
        candles=replace(candles, turnover_usd=turnover),
        open_interest_usd=np.append(unknown, numbers(columns["oi_close"])),
        long_usd=np.append(unknown, numbers(columns["liquidation_long_usd"])),
        short_usd=np.append(unknown, numbers(columns["liquidation_short_usd"])),
    )


def realised_four_hours() -> Realised:
    """Return set B: November 2024 to November 2025, perpetual candles with turnover."""
    columns = table(REALISED_FOUR_HOURS)
    time_ms = np.array([int(text) for text in columns["time"]])
    values = {
        name: numbers(columns[name]) for name in ("oi_close", "liq_long_usd", "liq_short_usd")
    }
    known = np.all([np.isfinite(column) for column in values.values()], axis=0)
    time_ms = time_ms[known]
    hours = binance_hours()
    hours = part(
        hours,
        (hours.open_ms >= time_ms[0] - WARM_UP_HOURS * HOUR_MS)
        & (hours.open_ms < time_ms[-1] + 4 * HOUR_MS),
    )
    row = np.searchsorted(time_ms, hours.open_ms, side="right") - 1
    inside = (row >= 0) & (hours.open_ms - time_ms[row] < 4 * HOUR_MS)
    closes = inside & (hours.open_ms - time_ms[row] == 3 * HOUR_MS)
    spread = {
        name: np.where(inside, column[known][row] / 4, np.nan) for name, column in values.items()
    }
    interest = np.where(closes, values["oi_close"][known][row], np.nan)  # known at the close
    return Realised(
        name="B",
        every_hours=4,
        candles=hours,
        open_interest_usd=interest,
        long_usd=spread["liq_long_usd"],
        short_usd=spread["liq_short_usd"],
    )


def recorded_span(data: Realised) -> str:
    """Return the first and last day of what was liquidated."""
    known = np.flatnonzero(np.isfinite(data.long_usd))
    first, last = data.candles.open_ms[known[0]], data.candles.known_ms[known[-1]] - 1
    return f"{from_ms(int(first)):%Y-%m-%d} to {from_ms(int(last)):%Y-%m-%d}"
