"""How a locale writes an amount: the one place where a value becomes characters, and back.

A locale is one file, `locales/<CLDR id>.toml`, found by its name; the engine has no list
of languages. Rounding is half up on Decimals and comes first; the scale (million, 亿) and
the plural follow from what is shown, so 999,999,999 reads "$1 billion".

Babel supplies what CLDR is right about: separators, signs, percent patterns, plural rules
and dates. Its compact and currency formats are not publishable prose: no significant
digits, `1000M`, `1 millions`, `KeyError` in Chinese, `USD` for `$`, and "2,7 M" or "T" for
a billion. Words, currencies and durations are therefore the locale's own file.
"""

from composer.text.amounts.formatter import AmountFormatter

__all__ = ["AmountFormatter"]
