"""A backtest as JSON, and as the page people read: every number with what it is out of."""

from collections.abc import Iterator
from datetime import timedelta

from composer.figures.calls import Call
from composer.figures.outcome import Outcome
from composer.figures.report import Direction
from composer.figures.scorecard import AfterTouch, Firsts, Row
from composer.market.records import Side
from composer.newsroom.backtest import EDITION_AT, Backtest

MINUTE = timedelta(minutes=1)

_SITS = {
    Direction.SHORT_SQUEEZE: "more above",
    Direction.LONG_CASCADE: "more below",
    Direction.BALANCED: "balanced",
}


def backtest_tree(found: Backtest, data: str) -> dict[str, object]:
    """Return a backtest as plain JSON; `data` names what was replayed."""
    by_call: dict[Call, dict[str, object]] = {call: {} for call in found.card.editions}
    for horizon, outcomes in found.card.outcomes.items():
        for outcome in outcomes:
            by_call[outcome.call][horizon] = _outcome_tree(outcome)
    return {
        "symbol": found.snapshot.symbol,
        "source": found.snapshot.source,
        "data": data,
        "levels": found.levels,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "missing": {moment.isoformat(): why for moment, why in found.missing.items()},
        "rows": [_row_tree(row) for row in found.card.rows],
        "firsts": [_firsts_tree(firsts) for firsts in found.card.firsts],
        "editions": [
            {
                "as_of": call.as_of.isoformat(),
                "price": call.price,
                "lower": call.lower,
                "upper": call.upper,
                "skew": call.skew,
                "direction": call.direction.value,
                "strength": call.strength and call.strength.value,
                "outcomes": outcomes,
            }
            for call, outcomes in by_call.items()
        ],
    }


def backtest_page(found: Backtest, data: str) -> str:
    """Return a backtest as a section of Markdown; `data` names what was replayed."""
    return "\n".join([*_heading(found, data), *_reached(found), *_touched(found)])


def _heading(found: Backtest, data: str) -> Iterator[str]:
    calls, snapshot = found.card.editions, found.snapshot
    balanced = sum(call.side is None for call in calls)
    bars = " and ".join(f"{grid.interval // MINUTE}" for grid in snapshot.candle_grids)
    yield f"## {snapshot.symbol}, {calls[0].as_of:%Y-%m-%d} to {calls[-1].as_of:%Y-%m-%d}"
    yield ""
    yield (
        f"Data: `{data}` ({snapshot.source}; bars of {bars} minutes). "
        f"{len(calls)} editions, one a day at {EDITION_AT:%H:%M} UTC, levels `{found.levels}`; "
        f"{balanced} of them balanced, with no heavier side. Days that could not be replayed: "
        f"{len(found.missing)}."
    )
    for note in snapshot.notes:
        yield f"- {note}"
    yield ""


def _reached(found: Backtest) -> Iterator[str]:
    yield "Was the level on the heavier side reached?"
    yield ""
    yield from _head(
        *("horizon", "strength", "reached", "share [95 %]", "horizons apart", "base rate"),
        *("lighter side, same distance", "median way to heavier, lighter side"),
    )
    for row in found.card.rows:
        low, high = row.reached.interval
        yield _line(
            row.horizon,
            row.strength,
            f"{row.reached.hits} of {row.reached.n}",
            f"{_percent(row.reached.share)} [{_percent(low)} to {_percent(high)}]",
            str(row.reached.apart),
            "not known" if row.base is None else _percent(row.base),
            _percent(row.mirrored),
            f"{_percent(row.toward)}, {_percent(row.away)}",
        )
    yield ""
    yield _verdict(found.card.rows)
    yield ""


def _verdict(rows: tuple[Row, ...]) -> str:
    """Return which rows differ from chance by their own interval."""
    apart = [
        f"{row.horizon} {row.strength} ({'above' if row.reached.share > row.base else 'below'})"
        for row in rows
        if row.base is not None
        and not row.reached.interval.low <= row.base <= row.reached.interval.high
    ]
    told = f"Rows whose interval leaves out their base rate: {len(apart)} of {len(rows)}"
    if apart:
        return f"{told}: {', '.join(apart)}."
    return (
        f"{told}. These days cannot tell a level on the heavier side from any level at the same "
        "distance."
    )


def _touched(found: Backtest) -> Iterator[str]:
    yield "Which level was touched first, and what was liquidated then?"
    yield ""
    yield from _head(
        *("horizon", "leverage", "editions", "upper first", "lower first", "both in one bar"),
        *("neither", "shorts after the upper", "longs after the lower"),
    )
    for row in found.card.firsts:
        yield _line(
            row.horizon,
            _SITS[row.direction],
            *map(str, (row.n, row.upper, row.lower, row.both)),
            str(row.n - row.upper - row.lower - row.both),
            _above(row.liquidated[Side.SHORT]),
            _above(row.liquidated[Side.LONG]),
        )
    yield ""


def _above(found: AfterTouch) -> str:
    if found.multiple is None:
        return "not known"
    return f"{found.above} of {found.known} above usual, median {found.multiple:.1f}×"


def _outcome_tree(outcome: Outcome) -> dict[str, object]:
    upper, lower = outcome.touched_at[Side.SHORT], outcome.touched_at[Side.LONG]
    return {
        "upper_touched_at": upper and upper.isoformat(),
        "lower_touched_at": lower and lower.isoformat(),
        "first": outcome.first and outcome.first.value,
        "up": outcome.up,
        "down": outcome.down,
        "liquidated_against_usual": outcome.liquidated,
    }


def _row_tree(row: Row) -> dict[str, object]:
    low, high = row.reached.interval
    return {
        "horizon": row.horizon,
        "strength": row.strength,
        "hits": row.reached.hits,
        "n": row.reached.n,
        "apart": row.reached.apart,
        "share": row.reached.share,
        "low": low,
        "high": high,
        "base_rate": row.base,
        "mirrored": row.mirrored,
        "toward": row.toward,
        "away": row.away,
    }


def _firsts_tree(row: Firsts) -> dict[str, object]:
    return {
        "horizon": row.horizon,
        "direction": row.direction.value,
        "n": row.n,
        "upper": row.upper,
        "lower": row.lower,
        "both": row.both,
        "liquidated": {
            side.value: {"known": one.known, "above": one.above, "multiple": one.multiple}
            for side, one in row.liquidated.items()
        },
    }


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _head(*cells: str) -> Iterator[str]:
    yield _line(*cells)
    yield f"|{'---|' * len(cells)}"
