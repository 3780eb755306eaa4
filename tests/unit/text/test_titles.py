"""A title is worded so that the strictest feed takes it, figures written out."""

from collections.abc import Iterable

import pytest

from composer import resources
from composer.figures.facts import facts_of
from composer.publishers import limits, platforms
from composer.text import writing
from composer.text.amounts import AmountFormatter
from composer.text.passages import Passage
from composer.text.templates import post_formats
from composer.text.tokens import render_tokens
from composer.text.variety import Memory
from composer.text.writing import TITLE_FITS, Writer, write_post
from tests.markets import SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))
# Written out, the price of the sample is "$90,132": 7 characters.
FITS, TOO_LONG = "x" * (TITLE_FITS - 7) + "[[price]]", "x" * (TITLE_FITS - 6) + "[[price]]"


class Offering(Memory):
    """Offers posts of its own, the least reminding first."""

    def __init__(self, *titles: str) -> None:
        super().__init__((), "en")
        self._titles = titles

    def rank(self, posts: Iterable[list[Passage]]) -> Iterable[list[Passage]]:
        _, *body = next(iter(posts))
        return [[Passage(key="title", text=title), *body] for title in self._titles]


def title(*offered: str) -> str:
    post = write_post("brief", locale="en", facts=FACTS, memory=Offering(*offered))
    return post.passages[0].text


def longest_titles() -> dict[str, int]:
    """Return how long the longest title of each language is, over many editions."""
    longest = {}
    for locale in resources.shipped_locales():
        amounts = AmountFormatter(locale)
        longest[locale] = max(
            len(render_tokens(post.passages[0].text, FACTS, amounts).text)
            for seed in range(30)
            for post in (Writer(FACTS, str(seed)).post(name, locale) for name in post_formats())
        )
    return longest


def test_the_first_that_fits_is_taken_and_its_figures_count() -> None:
    assert title(TOO_LONG, FITS, "short") == FITS


def test_where_none_fits_the_shortest_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "TITLE_FITS", 5)
    assert title("eight ch", "six ch", "seven c") == "six ch"


def test_titles_fit_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(longest_titles().values()) <= TITLE_FITS
    for most in ("CANDIDATES", "_MOST_CANDIDATES"):
        monkeypatch.setattr(writing, most, 1)
    assert max(longest_titles().values()) > TITLE_FITS


def test_the_strictest_platform_takes_that_much() -> None:
    modes = [{}, {"mode": "article"}]
    declared = [limits()[name](options) for name in platforms() for options in modes]
    most = [one.max_title_characters for one in declared if one.max_title_characters is not None]
    assert min(most) == TITLE_FITS
