"""The statistics of the accuracy report, in plain numpy."""

from collections.abc import Callable, Sequence

import numpy as np

from composer.market.records import FloatArray


def ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 1; ties share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse])


def pearson(x: FloatArray, y: FloatArray) -> float:
    """Return the linear correlation, or 0 where one of the two does not vary."""
    x, y = x - x.mean(), y - y.mean()
    size = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / size) if size > 0 else 0.0


def spearman(x: FloatArray, y: FloatArray) -> float:
    """Return the rank correlation."""
    return pearson(ranks(x), ranks(y))


def partial_spearman(x: FloatArray, y: FloatArray, given: Sequence[FloatArray]) -> float:
    """Return the rank correlation of what two controls leave of x and y.

    The ranks of x and y are each regressed on a cubic in the ranks of the two controls and
    their product; the residuals are correlated.
    """
    first, second = (ranks(control) / len(control) - 0.5 for control in given)
    cubic = [part**power for part in (first, second) for power in (1, 2, 3)]
    basis, _ = np.linalg.qr(np.column_stack([np.ones_like(first), *cubic, first * second]))
    # Rounded, so that what the controls explain whole leaves nothing and not its dust.
    rest = (np.round(rank - basis @ (basis.T @ rank), 6) for rank in (ranks(x), ranks(y)))
    return pearson(*rest)


def earth_movers_distance(x: FloatArray, y: FloatArray, step: float) -> float:
    """Return how far mass must travel to turn one histogram into the other.

    x, y : on the same even bins, any positive sums; each counts as shares of its own
    step : width of a bin, the unit of the result
    """
    return float(np.abs(np.cumsum(x / x.sum() - y / y.sum())).sum() * step)


def resamples(
    group: np.ndarray, statistic: Callable[[np.ndarray], FloatArray], *, times: int, seed: int
) -> FloatArray:
    """Return the statistic of rows resampled in whole groups, shape (times, *statistic).

    group : label of each row; neighbours in time share one, so their likeness is kept
    statistic : of the row numbers it is given
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(group, kind="stable")
    _, first = np.unique(group[order], return_index=True)
    rows = np.split(order, first[1:])
    drawn = rng.integers(len(rows), size=(times, len(rows)))
    return np.array([statistic(np.concatenate([rows[i] for i in draw])) for draw in drawn])


def interval(values: FloatArray) -> tuple[float, float]:
    """Return the 95 % interval of resampled values."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
