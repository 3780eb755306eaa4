"""Print what the text of one edition costs: every format in every language."""

from collections.abc import Mapping
from functools import partial
from time import process_time

from benchmarks.timing import shortest
from benchmarks.variety import mornings
from composer import resources
from composer.figures.facts import Fact
from composer.text.templates import post_formats
from composer.text.variety import NO_MEMORY, REMEMBERED, Memory
from composer.text.writing import Writer, write_post

GOAL_MS = 50
_PAST_MORNINGS = 8  # enough different posts to remember; they are repeated up to `REMEMBERED`

_Memories = Mapping[tuple[str, str], Memory]


def print_texts() -> None:
    """Measure an edition without and with earlier posts in mind, after one to warm up."""
    *past, (seed, facts) = mornings(_PAST_MORNINGS + 1)
    pairs = [(locale, name) for locale in resources.shipped_locales() for name in post_formats()]
    none: _Memories = dict.fromkeys(pairs, NO_MEMORY)
    full: _Memories = {
        (locale, name): Memory(
            [
                write_post(name, locale=locale, facts=then, seed=f"{when} {again}").passages
                for again in range(REMEMBERED // _PAST_MORNINGS + 1)
                for when, then in past
            ],
            locale,
        )
        for locale, name in pairs
    }
    for what, memories in (("none before them", none), (f"{REMEMBERED} posts before each", full)):
        edition = partial(_edition, facts, seed, memories)
        edition()
        milliseconds = 1000 * shortest(7, edition, clock=process_time)[0]
        print(
            f"text of an edition, {len(pairs)} posts, {what:<24}{milliseconds:>8.1f} ms"
            f"   goal {GOAL_MS} ms"
        )


def _edition(facts: Mapping[str, Fact], seed: str, memories: _Memories) -> None:
    writer = Writer(facts, seed)
    for (locale, name), memory in memories.items():
        writer.post(name, locale, memory)


if __name__ == "__main__":
    print_texts()
