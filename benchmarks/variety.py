"""How alike the posts of a simulated year are: `make bench-variety`.

Every morning of a year an edition is made of the simulated market, and every post worded with
the 60 before it in mind. Likeness is measured as the wording itself measures it; titles and
leads are compared as readers see them.
"""

import argparse
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

from composer import resources
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.past import PastFigures
from composer.figures.rewind import DAY, rewind
from composer.market.records import MarketSnapshot
from composer.market.simulator import VENUE, simulate
from composer.text.amounts import AmountFormatter
from composer.text.passages import Passage
from composer.text.templates import post_formats
from composer.text.tokens import render_tokens
from composer.text.variety import REMEMBERED, Memory, likeness
from composer.text.writing import write_post

FIRST_MORNING = datetime(2025, 1, 1, 8, tzinfo=UTC)
DAYS = 365
GOAL = 0.6
_HISTORY = timedelta(days=30)
_PAST = 90  # editions

Morning = tuple[str, Mapping[str, Fact]]


def mornings(days: int) -> Iterator[Morning]:
    """Yield the seed and the facts of one edition a day, each with its past."""
    past = deque[PastFigures](maxlen=_PAST)
    year = _market(days)
    for number in range(days):
        now = FIRST_MORNING + number * DAY
        figures = compute_figures(
            rewind(year, now), levels=LevelPolicy.parse("round"), past=tuple(reversed(past))
        )
        facts = facts_of(figures)
        past.append(PastFigures(as_of=figures.as_of, facts=facts))
        yield f"bench {now:%Y-%m-%d}", facts


def _market(days: int) -> MarketSnapshot:
    """Return all that is ever known of the simulated market, from a month before the first day."""
    end = FIRST_MORNING + days * DAY
    world = simulate(symbol="BTC", start=FIRST_MORNING - _HISTORY, end=end, seed=1)
    return MarketSnapshot(
        symbol="BTC",
        price=float(world.candles.close[-1]),
        as_of=end,
        fetched_at=end,
        source="simulated market",
        venues=(VENUE,),
        simulated=True,
        candles=world.candles,
        open_interest=world.open_interest,
        liquidations=world.liquidations,
    )


class Year:
    """What a year of posts in one locale and format came to."""

    def __init__(self, locale: str, post_format: str) -> None:
        """Begin without posts."""
        self._locale, self._format = locale, post_format
        self._amounts = AmountFormatter(locale)
        self._posts: deque[tuple[Passage, ...]] = deque(maxlen=REMEMBERED)
        self._openings: deque[tuple[str, ...]] = deque(maxlen=REMEMBERED)
        self.likest: list[float] = []
        self.repeated = 0
        self.seconds = 0.0

    def add(self, seed: str, facts: Mapping[str, Fact]) -> None:
        """Write the post of a morning and hold it against those before."""
        start = time.perf_counter()
        memory = Memory(self._posts, self._locale)
        post = write_post(
            self._format, locale=self._locale, facts=facts, seed=seed, memory=memory
        ).passages
        self.seconds += time.perf_counter() - start
        if self._posts:
            self.likest.append(max(likeness(post, one, self._locale) for one in self._posts))
        opening = tuple(
            render_tokens(passage.text, facts, self._amounts).text
            for passage in post
            if passage.key in {"title", "lead"}
        )
        self.repeated += any(set(opening) & set(earlier) for earlier in self._openings)
        self._posts.appendleft(post)
        self._openings.appendleft(opening)

    def row(self) -> str:
        """Return the year as a line of a table."""
        worst = max(self.likest)
        verdict = "met" if worst <= GOAL and not self.repeated else "MISSED"
        per_post = self.seconds / (len(self.likest) + 1) * 1000
        return (
            f"{self._locale:<9}{self._format:<10}{worst:>8.1%}{median(self.likest):>8.1%}"
            f"{self.repeated:>10}{per_post:>9.2f} ms   {verdict}"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print worst and median likeness, and repeated titles or leads, of every combination."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--locale", action="append")
    parser.add_argument("--format", action="append", dest="formats")
    asked = parser.parse_args(arguments)
    days = list(mornings(asked.days))
    print(f"{asked.days} mornings, each post against the {REMEMBERED} before it")
    print(f"{'locale':<9}{'format':<10}{'worst':>8}{'median':>8}{'repeated':>10}{'a post':>12}")
    for locale in asked.locale or resources.shipped_locales():
        for post_format in asked.formats or post_formats():
            year = Year(locale, post_format)
            for seed, facts in days:
                year.add(seed, facts)
            print(year.row(), flush=True)


if __name__ == "__main__":
    main()
