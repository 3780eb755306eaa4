"""Arrays and times as the records of a market hold them, and what every record checks."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from composer.errors import SourceDataError

FloatArray = NDArray[np.float64]
TimeArray = NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Return the epoch milliseconds of an aware datetime.

    Raises ValueError if `moment` carries no zone.
    """
    if moment.tzinfo is None:
        msg = f"a time needs its zone, got the naive {moment.isoformat()}"
        raise ValueError(msg)
    # Downwards: what is known a moment later is not known yet.
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """Return the aware UTC datetime of epoch milliseconds."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def frozen_floats(values: ArrayLike) -> FloatArray:
    """Return a read-only copy as float64."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def frozen_times(values: ArrayLike) -> TimeArray:
    """Return a read-only copy as int64, for epoch milliseconds."""
    array = np.array(values, dtype=np.int64)
    array.setflags(write=False)
    return array


def require_same_length(owner: str, **arrays: FloatArray | TimeArray | None) -> None:
    """Raise SourceDataError, which names the columns, unless all are as long; None is none."""
    lengths = {name: len(array) for name, array in arrays.items() if array is not None}
    if len(set(lengths.values())) > 1:
        msg = f"{owner}: all columns need the same length, got {lengths}"
        raise SourceDataError(msg)


def require_some(owner: str, times: TimeArray) -> None:
    """Raise SourceDataError if there is no row."""
    if len(times) == 0:
        msg = f"{owner}: expected at least one value, got none"
        raise SourceDataError(msg)


def require_ascending(owner: str, name: str, times: TimeArray) -> None:
    """Raise SourceDataError, which names the row, unless times rise from row to row."""
    if np.any(np.diff(times) <= 0):
        first = int(np.argmax(np.diff(times) <= 0)) + 1
        msg = (
            f"{owner}: {name} must rise from row to row, but row {first} "
            f"({from_ms(int(times[first])).isoformat()}) does not come after the one before it"
        )
        raise SourceDataError(msg)
