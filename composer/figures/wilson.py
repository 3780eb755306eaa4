"""How far a share that was counted may be from the true one."""

from typing import NamedTuple

Z = 1.959963984540054  # of the normal distribution, for 95 %


class Interval(NamedTuple):
    """A 95 % interval of a share, fractions in [0, 1]."""

    low: float
    high: float


def wilson(hits: float, n: float) -> Interval:
    """Return the Wilson score interval of `hits` out of `n` independent trials.

    hits : 0 <= hits <= n; both may be fractional, as a share of an effective number

    Without a trial it is all of [0, 1]. Formula: E. B. Wilson, JASA 22 (1927) 209-212,
    without continuity correction.
    """
    if n <= 0:
        return Interval(0.0, 1.0)
    share, wide = hits / n, Z * Z / n
    centre = (share + wide / 2) / (1 + wide)
    half = (wide * (share * (1 - share) + wide / 4)) ** 0.5 / (1 + wide)
    # At the ends one bound is the share itself; rounding must not pass it.
    return Interval(max(min(centre - half, share), 0.0), min(max(centre + half, share), 1.0))
