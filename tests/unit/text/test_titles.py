"""A title is worded so that the strictest feed takes it, figures written out."""

import pytest

from composer import resources
from composer.figures.facts import facts_of
from composer.publishers import limits, platforms
from composer.text import writing
from composer.text.amounts import AmountFormatter
from composer.text.templates import post_formats
from composer.text.tokens import render_tokens
from composer.text.writing import TITLE_FITS, Writer
from tests.markets import SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))


def title(seed: int, post_format: str, locale: str, amounts: AmountFormatter) -> str:
    """Return the title of an edition as readers see it."""
    passages = Writer(FACTS, str(seed)).post(post_format, locale).passages
    return render_tokens(passages[0].text, FACTS, amounts).text


def longest_titles() -> dict[str, int]:
    """Return how long the longest title of each language is, over many editions."""
    longest = {}
    for locale in resources.shipped_locales():
        amounts = AmountFormatter(locale)
        longest[locale] = max(
            len(title(seed, name, locale, amounts)) for seed in range(30) for name in post_formats()
        )
    return longest


def test_where_none_fits_the_shortest_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = AmountFormatter("en")
    first = [len(title(seed, "brief", "en", amounts)) for seed in range(20)]
    monkeypatch.setattr(writing, "TITLE_FITS", 5)
    shortest = [len(title(seed, "brief", "en", amounts)) for seed in range(20)]
    assert all(short <= one for short, one in zip(shortest, first, strict=True))
    assert sum(shortest) < sum(first)


def test_titles_fit_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(longest_titles().values()) <= TITLE_FITS
    monkeypatch.setattr(writing, "_WAYS", 1)
    assert max(longest_titles().values()) > TITLE_FITS


def test_the_strictest_platform_takes_that_much() -> None:
    modes = [{}, {"mode": "article"}]
    declared = [limits()[name](options) for name in platforms() for options in modes]
    most = [one.max_title_characters for one in declared if one.max_title_characters is not None]
    assert min(most) == TITLE_FITS
