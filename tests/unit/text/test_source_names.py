"""Several sources are listed as each language lists."""

from dataclasses import replace

import pytest

from composer.figures.facts import facts_of
from composer.market.records import AND
from composer.text.notices import SOURCE
from composer.text.writing import write_post
from tests.markets import SAMPLE_2, figures_of


@pytest.mark.parametrize(
    ("locale", "listed"),
    [("en", "Binance, OKX, and Bybit"), ("zh_Hans", "Binance、OKX和Bybit")],
)
def test_sources_are_listed_in_the_language_of_the_post(locale: str, listed: str) -> None:
    figures = replace(figures_of(SAMPLE_2), source=AND.join(["Binance", "OKX", "Bybit"]))
    post = write_post("brief", locale=locale, facts=facts_of(figures))
    (line,) = (passage.text for passage in post.passages if passage.key == SOURCE)
    assert listed in line


def test_a_name_with_a_comma_stays_as_it_is() -> None:
    figures = replace(figures_of(SAMPLE_2), source="Acme, Ltd.")
    post = write_post("brief", locale="en", facts=facts_of(figures))
    (line,) = (passage.text for passage in post.passages if passage.key == SOURCE)
    assert "Acme, Ltd." in line
