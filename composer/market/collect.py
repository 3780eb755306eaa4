"""Ask the sources: exchanges of a set side by side, alternatives one after the other.

A text names them: `binance` alone; `binance,okx,bybit` together, or `exchanges`, which is
those three, the "major exchanges" of published sentences; `exchanges|simulated` the
second only if the first gives nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from composer.errors import SourceError, SourceUnavailableError
from composer.market.merge import merge
from composer.market.records import MarketSnapshot, Query
from composer.market.side_by_side import side_by_side
from composer.market.sources import Source, SourceOptions, open_source

SETS: Mapping[str, tuple[str, ...]] = {"exchanges": ("binance", "okx", "bybit")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherSource:
    """Several exchanges as one, asked side by side within one deadline."""

    name: str
    members: Mapping[str, Source]
    deadline_s: float

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the market of those that answered; those that did not become notes.

        Raises SourceUnavailableError with every reason if none answered, and what `merge`
        raises.
        """
        found = side_by_side(
            {name: partial(member.snapshot, query) for name, member in self.members.items()},
            deadline_s=self.deadline_s,
            at_once=len(self.members),
        )
        answered = [one for one in found.values() if isinstance(one, MarketSnapshot)]
        refusals = [str(one) for one in found.values() if isinstance(one, SourceError)]
        if not answered:
            msg = f"none of {', '.join(found)} gave a market: {'; '.join(refusals)}"
            raise SourceUnavailableError(msg)
        merged = merge(answered)
        return replace(merged, notes=(*merged.notes, *(f"Left out: {why}." for why in refusals)))


def open_sources(text: str, options: SourceOptions | None = None) -> tuple[Source, ...]:
    """Return the sources a user named, in the order they are to be asked.

    Raises ConfigError if a part of `text` is neither a known source nor a path.
    """
    if Path(text).is_file():  # whatever marks its name holds
        return (open_source(text, options),)
    return tuple(_open_one(part.strip(), options or SourceOptions()) for part in text.split("|"))


def _open_one(text: str, options: SourceOptions) -> Source:
    names = SETS.get(text) or tuple(part.strip() for part in text.split(","))
    if len(names) == 1:
        return open_source(names[0], options)
    members = {name: open_source(name, options) for name in names}
    return TogetherSource(name=text, members=members, deadline_s=options.deadline_s)


def collect(sources: Sequence[Source], query: Query) -> MarketSnapshot:
    """Return the snapshot of the first source that gives one, with notes on those before it.

    Raises the source's own SourceError if it was the only one asked,
    SourceUnavailableError with every reason if several were asked and none answered.
    """
    refusals: list[str] = []
    for source in sources:
        try:
            found = source.snapshot(query)
        except SourceError as error:
            if len(sources) == 1:
                raise
            refusals.append(f"{source.name}: {error}")
        else:
            instead = tuple(f"{found.source} stands in: {refusal}." for refusal in refusals)
            return replace(found, notes=(*instead, *found.notes))
    msg = "no source gave a snapshot. " + " ".join(refusals)
    raise SourceUnavailableError(msg)
