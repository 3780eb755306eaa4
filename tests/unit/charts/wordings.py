"""The words of `wordings.toml` as charts are given them, with the amounts of their figures.

What a kind says in words of its own stands in `words/<kind>.toml`.
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from composer.charts.scene import Scene
from composer.figures.facts import Fact, FactKind, facts_of
from composer.figures.report import Figures
from composer.text.amounts import AmountFormatter
from composer.text.writing import WrittenChart

Words = Mapping[str, Mapping[str, str]]

_FOLDER = Path(__file__).parent
WORDS: Words = tomllib.loads((_FOLDER / "wordings.toml").read_text(encoding="utf-8"))
LOCALES = tuple(WORDS)


@cache
def _own_words(kind: str) -> Words:
    file = _FOLDER / "words" / f"{kind}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _moment(figures: Figures) -> Fact:
    return Fact(
        id="as_of",
        kind=FactKind.TIME,
        value=figures.as_of,
        symbol=figures.symbol,
        as_of=figures.as_of,
        source=figures.source,
    )


# What words say by the name of a fact; one that is missing is said as a dash.
_SAID = {
    "notional": ("equal_notional.notional_usd", ""),
    "up": ("equal_notional.up_usd", "distance"),
    "up_share": ("equal_distance.up_distance", ""),
    "down": ("equal_notional.down_usd", "distance"),
    "down_share": ("equal_distance.down_distance", ""),
    "interest_change": ("context.open_interest_change_24h", "signed"),
    "price_change": ("context.price_change_24h", "signed"),
}


def _facts_said(figures: Figures, amounts: AmountFormatter) -> dict[str, str]:
    facts = facts_of(figures)
    return {
        name: amounts.format(facts[fact_id], style) if fact_id in facts else "–"
        for name, (fact_id, style) in _SAID.items()
    }


def _meet_or_never(strings: dict[str, str], figures: Figures) -> None:
    """Leave the words that the figures bear out, as the template does."""
    equal = figures.equal_notional
    for way, distance in (("up", equal.up_usd), ("down", equal.down_usd)):
        never, less = strings.pop(f"{way}_never"), strings.pop(f"{way}_less")
        if equal.notional_usd == 0:
            del strings[f"{way}_label"], strings[f"{way}_amount"]
        elif distance is None:
            strings |= {f"{way}_label": never, f"{way}_amount": less}
    if equal.notional_usd == 0:
        del strings["amount_label"]


def _name_clusters(strings: dict[str, str], figures: Figures, amounts: AmountFormatter) -> None:
    """Say what each cluster and each next one holds, as the template does."""
    facts = facts_of(figures)
    plain, following = strings.pop("cluster"), strings.pop("next_cluster")
    names = {f"cluster_{n}": f"clusters.{n}" for n in range(len(figures.clusters))}
    names |= {name: name for name in ("next_lower", "next_upper") if f"{name}.level" in facts}
    for key, owner in names.items():
        amount = amounts.format(facts[f"{owner}.notional_usd"], "short")
        if owner == key:
            level = amounts.format(facts[f"{owner}.level"])
            strings[key] = following.format(level=level, amount=amount)
        else:
            strings[key] = plain.format(amount=amount)


def written(
    locale: str,
    scene: Scene,
    kind: str = "liquidation_map",
    *,
    simulated: bool = False,
    **others: str,
) -> WrittenChart:
    """Return the words of a chart of `scene`, its amounts as the locale has them."""
    figures, amounts = scene.figures, AmountFormatter(locale)

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
        "upper_level": price(figures.upper.level),
        "lower_level": price(figures.lower.level),
    }
    said |= _facts_said(figures, amounts)
    strings = {
        # "upper_label" speaks of the upper level, "upper_intensity" of the amount up to it.
        key: text.format(**said, level=said.get(f"{key[:5]}_level"), amount=said.get(key[:5]))
        for key, text in {**WORDS[locale], **_own_words(kind).get(locale, {})}.items()
    }
    if kind == "equal_distance":
        _meet_or_never(strings, figures)
    if kind == "price_levels":
        _name_clusters(strings, figures, amounts)
    strings["price_label"] = f"{figures.symbol} {said['price']}"
    if not simulated:
        del strings["watermark"]
    return WrittenChart(locale=locale, strings={**strings, **others}, gaps=())
