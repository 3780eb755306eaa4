"""Time pieces of work in turn: a machine that is slow for a while is slow for all of them."""

import math
import time
from collections.abc import Callable


def shortest(
    rounds: int, *works: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Return the shortest run of each piece of work, in seconds of `clock`."""
    found = [math.inf] * len(works)
    for _ in range(rounds):
        for i, work in enumerate(works):
            start = clock()
            work()
            found[i] = min(found[i], clock() - start)
    return found
