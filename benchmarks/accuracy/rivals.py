"""What the estimate is measured against: answers that need less, and another map."""

from typing import NamedTuple

import numpy as np

from composer.market.records import Candles, FloatArray


class Blocks(NamedTuple):
    """Spans of `hours` whose liquidations are known; one row each.

    bar : the first bar of each block · price : the close before it
    low, high : the extremes within · long_usd, short_usd : liquidated within
    open_interest_usd : at its beginning · volatility : of hourly log closes, 168 h before
    """

    hours: int
    bar: np.ndarray
    price: FloatArray
    low: FloatArray
    high: FloatArray
    long_usd: FloatArray
    short_usd: FloatArray
    open_interest_usd: FloatArray
    volatility: FloatArray

    @property
    def ranges(self) -> FloatArray:
        """How far price went down and up, in ln(price), shape (2, blocks)."""
        down = np.log(self.price / np.minimum(self.low, self.price))
        return np.stack([down, np.log(np.maximum(self.high, self.price) / self.price)])


def beyond_extremes(candles: Candles, blocks: Blocks, hours: int = 24) -> FloatArray:
    """Return the ranges plus twice the part beyond the extremes of the hours before."""
    lows = np.array([candles.low[bar - hours : bar].min() for bar in blocks.bar])
    highs = np.array([candles.high[bar - hours : bar].max() for bar in blocks.bar])
    fresh = np.stack([np.log(lows / blocks.low), np.log(blocks.high / highs)])
    return np.asarray(blocks.ranges + 2 * np.maximum(fresh, 0))


_LEVERAGE = np.array([10, 25, 50, 100])
_SPLIT = np.array([0.35, 0.30, 0.20, 0.15])
_HALF_LIFE_HOURS = np.array([120, 48, 24, 12])
_BUCKETS = 1100
_ENTRIES = (("close", 0.45), ("high", 0.275), ("low", 0.275))
_SPREAD = ((-1, 0.25), (0, 0.5), (1, 0.25))


def sweep_and_turnover(
    candles: Candles, flow: FloatArray, open_interest_usd: FloatArray, all_blocks: list[Blocks]
) -> list[FloatArray]:
    """Return what a known open map holds in the blocks' ranges, shape (2, blocks) each.

    Its rule, rebuilt from a description: even price buckets; per bar decay by leverage,
    clear the buckets in [low, high], then put turnover, boosted by the rise of open
    interest, at entry x (1 -+ 1/leverage) around close, high and low, half on each side,
    spread over three buckets. All mass below price is scaled to open interest, all above
    likewise.
    """
    bottom, top = candles.low.min() * 0.9, candles.high.max() * 1.1
    width = (top - bottom) / _BUCKETS
    kept = 0.5 ** (1 / _HALF_LIFE_HOURS)[:, None]
    rise = np.nan_to_num(np.diff(open_interest_usd, prepend=np.nan) / open_interest_usd)
    seeded = flow * np.clip(1 + 8 * rise, 1, 3)
    starts = [{int(bar): row for row, bar in enumerate(blocks.bar)} for blocks in all_blocks]
    found = [np.zeros((2, len(blocks.bar))) for blocks in all_blocks]
    book = np.zeros((len(_LEVERAGE), _BUCKETS))
    edges = bottom + width * np.arange(_BUCKETS + 1)
    factors = np.stack([1 - 1 / _LEVERAGE, 1 + 1 / _LEVERAGE])
    rows = np.broadcast_to(np.arange(len(_LEVERAGE)), factors.shape)
    for bar in range(len(candles)):
        for blocks, rows_of, out in zip(all_blocks, starts, found, strict=True):
            if bar in rows_of:
                out[:, rows_of[bar]] = _held(book, edges, blocks, rows_of[bar])
        book *= kept
        low, high = ((prices[bar] - bottom) // width for prices in (candles.low, candles.high))
        book[:, int(low) : int(high) + 1] = 0
        for name, share in _ENTRIES:
            levels = ((getattr(candles, name)[bar] * factors - bottom) // width).astype(int)
            for aside, part in _SPREAD:
                at = np.clip(levels + aside, 0, _BUCKETS - 1)
                np.add.at(book, (rows, at), seeded[bar] * share * part / 2 * _SPLIT)
    return found


def _held(book: FloatArray, edges: FloatArray, blocks: Blocks, row: int) -> tuple[float, float]:
    price = blocks.price[row]
    points = [min(blocks.low[row], price), price, max(blocks.high[row], price)]
    mass = np.append(0, np.cumsum(book.sum(axis=0)))
    low, here, high = np.interp(points, edges, mass)
    scale = blocks.open_interest_usd[row]
    below, above = max(here, 1e-300), max(mass[-1] - here, 1e-300)
    return (here - low) / below * scale, (high - here) / above * scale
