"""Open interest of one exchange: of now, of the past, and both held against each other."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from composer.errors import SourceDataError, SourceError
from composer.market.records import Confidence, OpenInterest
from composer.market.sources._grids import require_fresh, require_past
from composer.market.sources._provider import Provider, Raw, Value

_OLDEST = timedelta(minutes=30)  # exchanges publish statistics some minutes late
_APART = 1.5  # factor within half an hour; a slip of unit or of sides is more


def interest_of(
    provider: Provider, raw: Raw, price: float, now: datetime
) -> tuple[OpenInterest, Confidence, list[str]]:
    """Return open interest with its latest value last, how far to trust it, and notes.

    Either of the two readings may fail. Raises the SourceError of the last one if both
    do, SourceDataError if they disagree.
    """
    where = f"{raw.source} open interest"
    parts: list[list[Value]] = []
    notes: list[str] = []
    refusal: SourceError = SourceDataError(f"{where}: expected a value, got none")
    for read in (_read_history, _read_present):
        part: list[Value] = []
        try:
            part = values_of(read(provider, raw, price), where=where, now=now)
            if part:
                require_fresh(part[-1].stamp_ms, _OLDEST, where=where, now=now)
        except SourceError as error:
            part, refusal = [], error
            notes.append(f"{provider.title} gave not all of its open interest ({error}).")
        parts.append(part)
    history, present = parts
    if not (history or present):
        raise refusal
    if history and present:
        _require_alike(where, present[-1], history[-1])
    if not history:
        notes.append(
            f"{provider.title} gave no history of open interest: the estimate stands on its "
            "present value and on candles, and deserves little confidence."
        )
    values = {value.stamp_ms: value.value for value in (*history, *present)}
    interest = OpenInterest(
        symbol=raw.symbol,
        venues=(provider.title,),
        stamp_ms=np.array(sorted(values)),
        open_interest_usd=np.array([values[stamp] for stamp in sorted(values)]),
    )
    return interest, Confidence.MEDIUM if history else Confidence.LOW, notes


def values_of(found: Iterable[Value], *, where: str, now: datetime) -> list[Value]:
    """Return values oldest first, each stamp once, the first given of equals.

    Raises SourceDataError if a stamp is later than the clock.
    """
    by_stamp: dict[int, Value] = {}
    for value in found:
        require_past(value.stamp_ms, where=where, now=now)
        by_stamp.setdefault(value.stamp_ms, value)
    return [by_stamp[stamp] for stamp in sorted(by_stamp)]


def _read_history(provider: Provider, raw: Raw, price: float) -> Iterable[Value]:
    read = provider.read_open_interest_history
    return () if read is None else read(raw, price)


def _read_present(provider: Provider, raw: Raw, price: float) -> Iterable[Value]:
    read = provider.read_open_interest
    return () if read is None else (read(raw, price),)


def _require_alike(where: str, present: Value, latest: Value) -> None:
    if max(present.value, latest.value) > _APART * min(present.value, latest.value):
        msg = (
            f"{where}: expected the present value near the latest of its history, "
            f"{latest.value:.0f} USD, got {present.value:.0f} USD"
        )
        raise SourceDataError(msg)
