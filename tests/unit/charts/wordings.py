"""The words of `wordings.toml` as charts are given them, with the amounts of their figures."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from composer.figures.facts import Fact, FactKind
from composer.figures.report import Figures
from composer.text.amounts import AmountFormatter
from composer.text.writing import WrittenChart

WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8")
)
LOCALES = tuple(WORDS)


def _moment(figures: Figures) -> Fact:
    return Fact(
        id="as_of",
        kind=FactKind.TIME,
        value=figures.as_of,
        symbol=figures.symbol,
        as_of=figures.as_of,
        source=figures.source,
    )


def written(
    locale: str, figures: Figures, *, simulated: bool = False, **others: str
) -> WrittenChart:
    """Return the words of a liquidation map of `figures`, its amounts as the locale has them."""
    amounts = AmountFormatter(locale)

    def price(value: float) -> str:
        return amounts.axis_price(Decimal(repr(value)))

    def usd(value: float) -> str:
        return amounts.axis_money(Decimal(f"{value:.4g}"))

    said = {
        "symbol": figures.symbol,
        "price": price(figures.price),
        "source": "Binance, Bybit, OKX",
        "time": amounts.format(_moment(figures)),
        "upper": usd(figures.upper.intensity_usd),
        "lower": usd(figures.lower.intensity_usd),
    }
    levels = {"lower": price(figures.lower.level), "upper": price(figures.upper.level)}
    strings = {
        # "upper_label" speaks of the upper level, "upper_intensity" of the amount up to it.
        key: text.format(**said, level=levels.get(key[:5]), amount=said.get(key[:5]))
        for key, text in WORDS[locale].items()
    }
    strings["price_label"] = f"{figures.symbol} {said['price']}"
    if not simulated:
        del strings["watermark"]
    return WrittenChart(locale=locale, strings={**strings, **others}, gaps=())
