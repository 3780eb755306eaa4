"""Replay recorded history day by day and keep score of the calls it would have made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from composer.errors import ConfigError, FiguresError
from composer.figures.aftermath import Aftermath
from composer.figures.calls import call_of
from composer.figures.rewind import replay
from composer.figures.scorecard import Scorecard, keep_score
from composer.market.collect import collect
from composer.market.records import MarketSnapshot
from composer.market.sources import Source
from composer.newsroom.records.editions import Commission

EDITION_AT = time(8, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What came of replaying the days from `first` to `last`, an edition a day.

    levels : the policy, as `--levels` writes it
    missing : moments that could not be replayed, and why
    """

    snapshot: MarketSnapshot
    levels: str
    first: date
    last: date
    missing: Mapping[datetime, str]
    card: Scorecard


def run_backtest(
    commission: Commission, sources: Sequence[Source], first: date, last: date
) -> Backtest:
    """Return the scorecard of one edition a day, each with what was known at its moment.

    What happened after an edition is read from the same data, beyond `last` too.
    Raises ConfigError if `last` is before `first`, FiguresError if no day can be replayed,
    and what collecting raises.
    """
    if last < first:
        msg = f"--to: expected a day not before --from {first}, got {last}"
        raise ConfigError(msg)
    snapshot = collect(sources, commission.query)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    moments = [datetime.combine(day, EDITION_AT) for day in days]
    replayed = replay(snapshot, moments, commission.levels)
    if not replayed.past:
        msg = f"no day from {first} to {last} can be replayed: {replayed.missing[moments[0]]}"
        raise FiguresError(msg)
    return Backtest(
        snapshot=snapshot,
        levels=str(commission.levels),
        first=first,
        last=last,
        missing=replayed.missing,
        card=keep_score(map(call_of, replayed.past), Aftermath.of([snapshot])),
    )
