"""In which language the desk speaks, and how it names languages, moments and numbers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from flask import g, request
from markupsafe import Markup

from composer import resources
from composer.text.catalogs import SOURCE_LOCALE, Catalog, open_catalog
from web.session import signed_in

DOMAIN = "desk"

_ENGLISH_DAYS: Mapping[str, str] = MappingProxyType({"yMMMd": "d MMM y,", "MMMEd": "EEE d MMM,"})


@cache
def desk_locales() -> tuple[str, ...]:
    """Return the CLDR ids of the languages the desk speaks."""
    return tuple(
        locale
        for locale in resources.shipped_locales()
        if resources.catalog_file(locale, DOMAIN).is_file()
    )


def desk_locale() -> str:
    """Return the language of this request: the person's own, else what the browser asks for."""
    person = signed_in()
    if person is not None:
        return person.desk_locale if person.desk_locale in desk_locales() else SOURCE_LOCALE
    # Browsers say zh-CN where CLDR says zh_Hans; the language alone decides.
    by_language = {locale.partition("_")[0]: locale for locale in desk_locales()}
    asked = request.accept_languages.best_match(by_language, default=SOURCE_LOCALE)
    return by_language[asked]


def desk_catalog() -> Catalog:
    """Return the sentences of the desk for this request."""
    if "desk_catalog" not in g:
        g.desk_catalog = open_catalog(desk_locale(), domain=DOMAIN)
    catalog: Catalog = g.desk_catalog
    return catalog


def t(sentence: str, /, **values: object) -> str:
    """Return a sentence of the desk in the language of this request."""
    return desk_catalog().translate(sentence, **values)


def language_tag(locale: str) -> str:
    """Return a CLDR locale id as `lang` wants it: zh-Hans."""
    return locale.replace("_", "-")


def direction(locale: str) -> str:
    """Return `rtl` or `ltr`, for text in a locale."""
    cldr = _cldr(locale)
    return cldr.text_direction if cldr else "ltr"


def language_name(locale: str) -> str:
    """Return the name of a locale in the language of the desk, or its id if it has none.

    With a capital, where there are any: the desk has it at the beginning of a line.
    """
    cldr, desk = _cldr(locale), Locale.parse(desk_locale())
    whole = desk.languages.get(locale)  # better wording than a language with its script in brackets
    name = whole or (cldr.get_display_name(desk) if cldr else None) or locale
    return name[0].upper() + name[1:]


def moment(value: datetime) -> Markup:
    """Return a time in UTC, for people and for machines."""
    utc = value.astimezone(UTC)
    return Markup('<time datetime="{machine}">{people} UTC</time>').format(
        machine=utc.isoformat(timespec="seconds").replace("+00:00", "Z"),
        people=day_and_time(utc, "yMMMd"),
    )


def day_and_time(value: datetime, skeleton: str) -> str:
    """Return the day, with the parts a CLDR skeleton names, and the time on 24 hours.

    CLDR's English has the month first; ours does as the rest of the desk.
    """
    locale = desk_locale()
    if locale == SOURCE_LOCALE:
        day = format_date(value, _ENGLISH_DAYS[skeleton], locale=locale)
    else:
        day = format_skeleton(skeleton, value, locale=locale)
    return f"{day} {value:%H:%M}"


@cache
def _cldr(locale: str) -> Locale | None:
    try:
        return Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return None
