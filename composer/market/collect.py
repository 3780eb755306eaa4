"""Ask the sources in order and return the first snapshot that stands."""

from collections.abc import Sequence

from composer.errors import SourceError, SourceUnavailableError
from composer.market.records import MarketSnapshot, Query
from composer.market.sources import Source


def collect(sources: Sequence[Source], query: Query) -> MarketSnapshot:
    """Return the snapshot of the first source that gives one.

    Raises the source's own SourceError if it was the only one asked,
    SourceUnavailableError with every reason if several were asked and none answered.
    """
    refusals: list[str] = []
    for source in sources:
        try:
            return source.snapshot(query)
        except SourceError as error:
            if len(sources) == 1:
                raise
            refusals.append(f"{source.name}: {error}")
    msg = "no source gave a snapshot. " + " ".join(refusals)
    raise SourceUnavailableError(msg)
