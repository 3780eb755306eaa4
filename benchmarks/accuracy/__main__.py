"""Measure how good the estimate is and write docs/accuracy.md."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy import realised as real
from benchmarks.accuracy.bars import size_ratios
from benchmarks.accuracy.page import BARS, INTRO, PUBLISHED_ROWS, REALISED, TRUTH
from benchmarks.accuracy.published import Resemblance, resemblance
from benchmarks.accuracy.ranks import interval
from benchmarks.accuracy.recorded import (
    FIVE_MINUTES,
    HOUR_MS,
    PUBLISHED,
    REALISED_FOUR_HOURS,
    REALISED_HOURS,
    SHELF,
    realised_four_hours,
    realised_hours,
    recorded_span,
)
from benchmarks.accuracy.truth import DAYS, SEEDS, likeness
from composer.figures.book import BOOK, COINGLASS_LOOK
from composer.market.regimes import Regime

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
MEASURED = "2026-11-22"  # changes with the numbers below: write the day of the run by hand
REGIMES = (Regime.TREND, Regime.RANGE, Regime.CRASH, Regime.SQUEEZE)
BACKGROUNDS = (0.0, 0.05, 0.1, 0.25, 0.5, 1.0)
SETS = ((realised_hours, (1, 4, 12, 24)), (realised_four_hours, (4, 12, 24)))

Rows = Iterator[str]


def main() -> None:
    """Measure everything and write the page, or say which files are missing."""
    names = (REALISED_HOURS, REALISED_FOUR_HOURS, FIVE_MINUTES, PUBLISHED)
    missing = [name for name in names if not (SHELF / name).is_file()]
    if missing:
        print(f"skipped: the recorded files are not beside this checkout ({', '.join(missing)})")
        return
    sets = [real.measure(read(), hours) for read, hours in SETS]
    skills = [skill for measured in sets for skill in real.compare(measured)]
    page = [
        INTRO.format(day=MEASURED),
        REALISED.format(
            spans=" ".join(f"{s.data.name}: {recorded_span(s.data)}." for s in sets),
            group=real.GROUP_HOURS,
            times=real.RESAMPLES,
            days=real.HISTORY_HOURS // 24,
        ),
        *_skill_table(skills),
        "",
        "What the estimate gains on its earlier forms and on the sweep-and-turnover map (paired,",
        "95 % interval):",
        "",
        *_gain_table(skills),
        "",
        "Halves of each set, first → second:",
        "",
        *_halves_table(sets),
        "",
        "Blocks side by side instead, the lowest and the highest of the possible beginnings:",
        "",
        *_beginnings_table(sets),
        "",
        "Other backgrounds, all else equal; the default was chosen here:",
        "",
        *_background_table(sets),
        PUBLISHED_ROWS,
        *_published_table(),
        TRUTH.format(days=DAYS, seeds=len(SEEDS)),
        *_truth_table(),
        BARS.format(ratios=_bars()),
    ]
    PAGE.write_text("\n".join(page), encoding="utf-8")
    print(f"wrote {PAGE}", file=sys.stderr)


def _cells(values: np.ndarray) -> str:
    return " · ".join(f"{value:.2f}" for value in values)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _head(*cells: str) -> Rows:
    yield _row(*cells)
    yield f"|{'---|' * len(cells)}"


def _bars() -> str:
    ratios = {minutes: size_ratios(minutes) for minutes in (15, 60)}
    return ", ".join(
        f"{minutes}-minute bars {pair[0]:.2f} (longs) and {pair[1]:.2f} (shorts)"
        for minutes, pair in ratios.items()
    )


def _truth_table() -> Rows:
    yield from _head("regime", "maps", "rank correlation", "distance, %", "an even map's, %")
    for regime in REGIMES:
        found = likeness(regime)
        yield _row(
            found.regime,
            str(found.maps),
            f"{found.rho:.2f}",
            f"{found.distance:.2f}",
            f"{found.even:.2f}",
        )


def _skill_table(skills: list[real.Skill]) -> Rows:
    spans = list(dict.fromkeys((s.data, s.hours, s.rows) for s in skills))
    yield from _head("", *(f"{data} {hours} h (n {rows})" for data, hours, rows in spans))
    for name in dict.fromkeys(s.name for s in skills):
        yield _row(name, *(_cells(s.values) for s in skills if s.name == name))
    for which, what in ((1, "given range and volatility"), (2, "imbalance given both ranges")):
        yield _row(
            f"{real.OUR}, 95 % interval: {what}",
            *(_span(*s.interval(which)) for s in skills if s.name == real.OUR),
        )


def _span(low: float, high: float) -> str:
    return f"{low:.2f} to {high:.2f}"


def _gain_table(skills: list[real.Skill]) -> Rows:
    yield from _head("set, horizon", "against", "given range and volatility", "imbalance")
    for ours in (s for s in skills if s.name == real.OUR):
        for theirs in skills:
            same = (theirs.data, theirs.hours) == (ours.data, ours.hours)
            if same and theirs.name in real.RESAMPLED - {real.OUR}:
                gain = ours.values - theirs.values
                spans = [interval(column) for column in (ours.drawn - theirs.drawn).T]
                yield _row(
                    f"{ours.data} {ours.hours} h",
                    theirs.name,
                    *(f"{gain[i]:+.2f} [{_span(*spans[i])}]" for i in (1, 2)),
                )


def _halves_table(sets: list[real.Measured]) -> Rows:
    yield from _head("set, horizon", "", "given range and volatility", "imbalance")
    for measured in sets:
        for name, found in (
            (real.OUR, measured.ours),
            (real.ONE_LIFE_NAME, measured.one_life),
        ):
            for blocks, predicted in zip(measured.blocks, found, strict=True):
                halves = np.array_split(np.arange(len(blocks.bar)), 2)
                first, second = (real.correlations(blocks, predicted, rows) for rows in halves)
                yield _row(
                    f"{measured.data.name} {blocks.hours} h",
                    name,
                    *(f"{first[i]:.2f} → {second[i]:.2f}" for i in (1, 2)),
                )


def _beginnings_table(sets: list[real.Measured]) -> Rows:
    yield from _head("set, horizon", "given range and volatility", "imbalance")
    for measured in sets:
        for blocks, ours in zip(measured.blocks, measured.ours, strict=True):
            hour = measured.data.candles.open_ms[blocks.bar] // HOUR_MS % blocks.hours
            found = [
                real.correlations(blocks, ours, np.flatnonzero(hour == begin))
                for begin in np.unique(hour)
            ]
            if len(found) > 1:
                low, high = np.min(found, axis=0), np.max(found, axis=0)
                yield _row(
                    f"{measured.data.name} {blocks.hours} h",
                    *(_span(low[i], high[i]) for i in (1, 2)),
                )


def _background_table(sets: list[real.Measured]) -> Rows:
    found = [
        (f"{measured.data.name} {blocks.hours} h", blocks, ours)
        for measured in sets
        for blocks, ours in zip(measured.blocks, measured.ours, strict=True)
    ]
    yield from _head("background", *(name for name, _, _ in found))
    for background in BACKGROUNDS:
        cells = []
        for _, blocks, ours in found:
            # The background is an addition that does not change the rest.
            more = (background - BOOK.background) * blocks.open_interest_usd * blocks.ranges
            every = np.arange(len(blocks.bar))
            cells.append(_cells(real.correlations(blocks, ours + more, every)[1:]))
        yield _row(f"{background:g}", *cells)


def _published_table() -> Rows:
    yield from _head("", "same direction", "Spearman of log(long / short)", "median size, L, S")
    for name, model in (
        ("distance only", None),
        (f"book model, background {BOOK.background:g} (default)", BOOK),
        ("book model, background 1", replace(BOOK, background=1.0)),
        ("Coinglass look", COINGLASS_LOOK),
    ):
        yield _published_row(resemblance(name, model))


def _published_row(found: Resemblance) -> str:
    direction, rho, *sizes = (_span(*pair) for pair in found.intervals)
    return _row(
        found.name,
        f"{found.direction:.0%} [{direction}]",
        f"{found.rho:.2f} [{rho}]",
        f"{found.sizes[0]:.2f} [{sizes[0]}], {found.sizes[1]:.2f} [{sizes[1]}]",
    )


if __name__ == "__main__":
    main()
