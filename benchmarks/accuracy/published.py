"""Real 2: beside the sizes and directions that published sentences give."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from benchmarks.accuracy.ranks import interval, resamples, spearman
from benchmarks.accuracy.recorded import PUBLISHED, all_hours, numbers, part, table
from composer.figures.book import BookModel
from composer.figures.imbalance import intensity_to
from composer.figures.liquidation_map import estimate_map
from composer.market.records import Candles, FloatArray, Method, to_ms

HOURS_AROUND = range(-8, 8)  # of the printed day's midnight UTC; the minute is not known
THREE_VENUES = 0.338  # share of Binance, OKX and Bybit in all-exchange open interest
HISTORY_HOURS = 60 * 24
PER_LN_PRICE = 0.8  # of all-exchange open interest: the sentences' own size per distance
RESAMPLES = 1000


class Sentence(NamedTuple):
    """What was printed on one day, and the all-exchange open interest of that day."""

    day: datetime
    down: float
    long_usd: float
    up: float
    short_usd: float
    open_interest_usd: float


def sentences() -> list[Sentence]:
    """Return the two-sided BTC rows."""
    columns = table(PUBLISHED)
    names = (
        "down_level",
        "long_intensity_usd",
        "up_level",
        "short_intensity_usd",
        "coinglass_oi_all_usd",
    )
    values = np.stack([numbers(columns[name]) for name in names], axis=1)
    return [
        Sentence(datetime.fromisoformat(day).replace(tzinfo=UTC), *row.tolist())
        for day, coin, row in zip(columns["date"], columns["coin"], values, strict=True)
        if coin == "BTC" and np.all(np.isfinite(row))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """How a model's sizes look beside the published ones, with 95 % intervals.

    direction : share of rows on which the heavier side is the same
    rho : Spearman of log(long / short) · sizes : median model / published, long and short
    """

    name: str
    rows: int
    direction: float
    rho: float
    sizes: tuple[float, float]
    intervals: tuple[tuple[float, float], ...]


def resemblance(name: str, model: BookModel | None) -> Resemblance:
    """Return how a model compares; None stands for distance alone."""
    hours = all_hours()
    pairs = [(row, _sizes(hours, row, model)) for row in sentences()]
    kept = [(row, sizes) for row, sizes in pairs if sizes is not None]
    actual = np.array([(row.long_usd, row.short_usd) for row, _ in kept])
    ours = np.array([sizes for _, sizes in kept])

    def figures(rows: np.ndarray) -> FloatArray:
        lean, our_lean = (np.log(side[rows, 0] / side[rows, 1]) for side in (actual, ours))
        median = np.median(ours[rows] / actual[rows], axis=0)
        return np.array([np.mean(lean * our_lean > 0), spearman(lean, our_lean), *median])

    every = np.arange(len(kept))
    drawn = resamples(every, figures, times=RESAMPLES, seed=2)
    values = figures(every)
    return Resemblance(
        name=name,
        rows=len(kept),
        direction=values[0],
        rho=values[1],
        sizes=(values[2], values[3]),
        intervals=tuple(interval(column) for column in drawn.T),
    )


def _sizes(hours: Candles, row: Sentence, model: BookModel | None) -> tuple[float, float] | None:
    """Return the geometric means over the hours at which price lay between the levels."""
    moments = [to_ms(row.day + timedelta(hours=hour)) for hour in HOURS_AROUND]
    read = (_read(hours, moment, row, model) for moment in moments)
    found = [pair for pair in read if pair is not None]
    if not found:
        return None
    long, short = np.exp(np.mean(np.log(found), axis=0))
    return float(long), float(short)


def _read(
    hours: Candles, moment_ms: int, row: Sentence, model: BookModel | None
) -> tuple[float, float] | None:
    """Return the model's long and short size at one moment, None if the row does not fit it."""
    bar = int(np.searchsorted(hours.known_ms, moment_ms, side="right"))
    if bar == 0 or hours.known_ms[bar - 1] != moment_ms:
        return None
    price = float(hours.close[bar - 1])
    if not row.down < price < row.up:
        return None
    if model is None:
        scale = PER_LN_PRICE * row.open_interest_usd
        return scale * np.log(price / row.down), scale * np.log(row.up / price)
    book = estimate_map(
        part(hours, slice(max(bar - HISTORY_HOURS, 0), bar)),
        THREE_VENUES * row.open_interest_usd,
        as_of=row.day,
        source="recorded",
        method=Method.ESTIMATED,
        model=model,
    )
    return intensity_to(book, row.down), intensity_to(book, row.up)
