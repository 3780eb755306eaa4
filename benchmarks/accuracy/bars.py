"""Whether the size of the bars changes the map, on the recorded 5-minute file."""

from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.accuracy.recorded import HOUR_MS, five_minutes, part
from composer.figures.imbalance import intensities_to
from composer.figures.liquidation_map import estimate_map
from composer.market.records import Candles, FloatArray, Method

REACH = 0.01
DAY_MS = 24 * HOUR_MS
FIRST_DAYS = 4  # too little is remembered before


def coarser(candles: Candles, minutes: int) -> Candles:
    """Return the candles merged into bars of so many minutes; only bars that are whole."""
    times = round(timedelta(minutes=minutes) / candles.interval)
    label = candles.open_ms // (minutes * 60_000)
    _, first, count = np.unique(label, return_index=True, return_counts=True)
    first = first[count == times]
    return Candles(
        symbol=candles.symbol,
        venue=candles.venue,
        interval=timedelta(minutes=minutes),
        open_ms=candles.open_ms[first],
        open=candles.open[first],
        high=np.max([candles.high[first + i] for i in range(times)], axis=0),
        low=np.min([candles.low[first + i] for i in range(times)], axis=0),
        close=candles.close[first + times - 1],
    )


def size_ratios(minutes: int) -> FloatArray:
    """Return the median size within 1 % of price, coarse bars / 5-minute bars, per side."""
    candles, interest = five_minutes()
    midnights = np.arange(candles.open_ms[0] // DAY_MS + FIRST_DAYS, candles.open_ms[-1] // DAY_MS)
    ratios = []
    for midnight_ms in (midnights + 1) * DAY_MS:
        known = candles.known_ms <= midnight_ms
        fine = part(candles, known)
        sizes = [
            _sizes(bars, float(interest[known][-1])) for bars in (coarser(fine, minutes), fine)
        ]
        ratios.append(sizes[0] / sizes[1])
    return np.asarray(np.median(ratios, axis=0))


def _sizes(candles: Candles, open_interest_usd: float) -> FloatArray:
    book = estimate_map(
        candles,
        open_interest_usd,
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
        source="recorded",
        method=Method.ESTIMATED,
    )
    return intensities_to(book, book.price * np.array([1 - REACH, 1 + REACH]))
