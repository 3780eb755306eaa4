"""What the file of a locale says: the words and signs around numbers.

docs/adding-a-language.md has its keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from composer.errors import RenderError
from composer.text.amounts.locale_file import Forms, LocaleFile, Scales


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWords:
    """Everything one file says; `{n}` is where the number goes.

    On the axis of a chart, whose label names the currency, amounts are as short as they
    can be without being taken for others. `odds` are a ratio as people say it: `about` by
    whole number, `exact` for what is none; a language without such a saying has neither.
    """

    minimum_grouping: int
    group_scaled: bool
    money: Forms
    scaled_money: str
    scales: Scales
    axis_money: str
    axis_scales: Scales
    scaled_coin: str
    multiple: Forms
    multiple_in_prose: Forms
    odds_about: Mapping[Decimal, str]
    odds_exact: Forms | None
    duration: Mapping[str, Forms]
    short_duration: Mapping[str, Forms]
    edition: Forms
    clock: str
    moment: str
    recent: str
    first_of_month: str


def known_locales() -> tuple[str, ...]:
    """Return the CLDR ids of the locales that have a file, sorted."""
    names = (item.name for item in (files("composer.text.amounts") / "locales").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def words_of(locale: str) -> AmountWords:
    """Return the words of a locale.

    Raises RenderError if it has no file, ConfigError naming the key that is wrong in it.
    """
    known = known_locales()
    if locale not in known:
        msg = f"amounts cannot be written in {locale!r}; known are {', '.join(known)}"
        raise RenderError(msg)
    file = files("composer.text.amounts") / "locales" / f"{locale}.toml"
    return parse_words(file.read_text("utf-8"), locale)


def parse_words(text: str, locale: str) -> AmountWords:
    """Read the file of a locale. Raises ConfigError naming the key that is wrong."""
    file = LocaleFile(text, locale)
    moment = file.text("moment", "{clock}", "{date}")
    scales = file.scales("scales")
    about, exact = file.odds()
    words = AmountWords(
        minimum_grouping=file.take("minimum_grouping", int, default=1),
        group_scaled=file.take("group_scaled", bool, default=True),
        money=file.forms("money"),
        scaled_money=file.text("scaled_money", "{n}"),
        scales=scales,
        axis_money=file.text("axis_money", "{n}", default="{n}"),
        axis_scales=file.scales("axis_scales", default=scales),
        scaled_coin=file.text("scaled_coin", "{n}", "{symbol}", default="{n} {symbol}"),
        multiple=file.forms("multiple"),
        multiple_in_prose=file.forms("multiple_in_prose"),
        odds_about=about,
        odds_exact=exact,
        duration=file.durations("duration"),
        short_duration=file.durations("short_duration"),
        edition=file.forms("edition"),
        clock=file.text("clock", "{hour}", "{minute}", default="{hour}:{minute} UTC"),
        moment=moment,
        recent=file.text("recent", "{clock}", "{date}", default=moment),
        first_of_month=file.text("first_of_month", default="1"),
    )
    file.finish()
    return words
