"""Which styles there are, over which sizes, and how the words of a locale make each.

The same styles in every locale; only `words` is left out where nobody speaks so.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial

from babel import Locale

from composer.figures.facts import FactKind
from composer.text.amounts import rounding
from composer.text.amounts.locale_file import Forms, Scales
from composer.text.amounts.notation import Notation, Range, Unit
from composer.text.amounts.words import AmountWords

Rounding = Callable[[Decimal], Decimal]

_MONEY_DIGITS, _SHORT_DIGITS = 4, 3
_COINS = {"other": "{n}\u00a0{symbol}"}
_COUNT = {"other": "{n}"}
_DURATIONS = {
    "day": (rounding.DAY, rounding.DAYS_FROM),
    "hour": (rounding.HOUR, rounding.HOUR),
    "minute": (rounding.MINUTE, Decimal(0)),
}


def _range(least: str, most: str) -> Range:
    return Range(least=Decimal(least), most=Decimal(most))


_PRICES = _range("1e-30", "1e15")
_SUMS = _range("1e-30", "1e18")
_RATIOS = _range("1e-30", "1e15")
_FRACTIONS = _range("1e-30", "1e15")
_PLAIN_FRACTIONS = _range("1e-4", "1e15")  # two decimals of a percent; less reads as zero
_COUNTS = _range("1", "1e15")
_SPANS = _range("60", "1e10")  # seconds


def notations(words: AmountWords, cldr: Locale) -> Mapping[tuple[FactKind, str], Notation]:
    """Return how a locale writes every kind of number in every style it has."""
    scaled_from = Decimal(10) ** words.scales[-1][0]
    sums = partial(rounding.money, scaled_from=scaled_from)
    coins = partial(rounding.coin, digits=_MONEY_DIGITS, scaled_from=scaled_from)

    dollars = (_unit(words.money),)
    scaled_dollars = (*_scaled(words, words.scales, words.scaled_money), *dollars)
    scaled_coins = (*_scaled(words, words.scales, words.scaled_coin), _unit(_COINS))
    times, times_in_prose = (_unit(words.multiple),), (_unit(words.multiple_in_prose),)
    percents = (_unit({"other": _percent(cldr)}, factor=Decimal("0.01")),)

    rows: list[tuple[FactKind, str, Rounding, tuple[Unit, ...], Range]] = [
        (FactKind.PRICE, "", rounding.price, dollars, _PRICES),
        (FactKind.USD, "", partial(sums, digits=_MONEY_DIGITS), scaled_dollars, _SUMS),
        (FactKind.USD, "short", partial(sums, digits=_SHORT_DIGITS), scaled_dollars, _SUMS),
        (FactKind.USD, "distance", rounding.distance, dollars, _SUMS),
        (FactKind.COIN, "", coins, scaled_coins, _SUMS),
        (FactKind.RATIO, "", rounding.ratio, times, _RATIOS),
        (FactKind.RATIO, "prose", rounding.ratio, times_in_prose, _RATIOS),
        (FactKind.FRACTION, "", rounding.percent, percents, _FRACTIONS),
        (FactKind.FRACTION, "plain", rounding.plain_percent, percents, _PLAIN_FRACTIONS),
        (FactKind.COUNT, "", rounding.count, (_unit(_COUNT),), _COUNTS),
        (FactKind.COUNT, "days", rounding.count, (_unit(words.duration["day"]),), _COUNTS),
        (FactKind.COUNT, "editions", rounding.count, (_unit(words.edition),), _COUNTS),
        (FactKind.DURATION, "", rounding.duration, _spans(words.duration), _SPANS),
        (FactKind.DURATION, "short", rounding.duration, _spans(words.short_duration), _SPANS),
    ]
    found = {
        (kind, style): Notation(rounding=rule, units=units, within=within)
        for kind, style, rule, units, within in rows
    }
    found[FactKind.FRACTION, "signed"] = replace(found[FactKind.FRACTION, ""], gains_signed=True)
    if words.odds_exact is not None:
        found[FactKind.RATIO, "words"] = Notation(
            rounding=rounding.odds,
            units=(_unit(words.odds_exact),),
            within=_RATIOS,
            sayings=words.odds_about,
        )
    return found


def axis_notations(words: AmountWords) -> tuple[Notation, Notation]:
    """Return how the scales of charts show prices and amounts; they are never read back."""
    plain = _unit({"other": words.axis_money})
    amounts = (*_scaled(words, words.axis_scales, words.axis_money), plain)
    scaled_from = amounts[-2].start
    return (
        Notation(rounding=rounding.axis_price, units=(plain,), within=_PRICES),
        Notation(
            rounding=partial(rounding.axis_money, digits=_MONEY_DIGITS, scaled_from=scaled_from),
            units=amounts,
            within=_SUMS,
        ),
    )


def axis_percent(cldr: Locale) -> Notation:
    """Return how the scales of charts show fractions; they are never read back."""
    return Notation(
        rounding=rounding.axis_fraction,
        units=(_unit({"other": _percent(cldr)}, Decimal("0.01")),),
        within=_FRACTIONS,
        gains_signed=True,
    )


def _scaled(words: AmountWords, scales: Scales, pattern: str) -> tuple[Unit, ...]:
    """Return a unit for each scale word, within a pattern such as `{n} de dólares`."""
    return tuple(
        Unit(
            factor=Decimal(10) ** power,
            start=Decimal(10) ** power,
            forms={category: pattern.replace("{n}", form) for category, form in forms.items()},
            group=words.group_scaled,
        )
        for power, forms in scales
    )


def _unit(forms: Forms, factor: Decimal = Decimal(1)) -> Unit:
    return Unit(factor=factor, start=Decimal(0), forms=forms)


def _spans(forms: Mapping[str, Forms]) -> tuple[Unit, ...]:
    return tuple(
        Unit(factor=factor, start=start, forms=forms[name])
        for name, (factor, start) in _DURATIONS.items()
    )


def _percent(cldr: Locale) -> str:
    """Return CLDR's pattern: the sign first in Turkish, a hard space before it in German."""
    pattern = cldr.percent_formats[None]
    return f"{pattern.prefix[0]}{{n}}{pattern.suffix[0]}"
