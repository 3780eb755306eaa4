"""Every locale that has a file: what it writes, that it reads what it writes, and its laws."""

import re
import tomllib
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import ConfigError, RenderError
from composer.figures.facts import Fact, FactKind
from composer.text.amounts import AmountFormatter
from composer.text.amounts.notation import Range
from composer.text.amounts.words import known_locales, parse_words

LOCALES = known_locales()
FORMATTERS = {locale: AmountFormatter(locale) for locale in LOCALES}
GOLDEN = tomllib.loads((Path(__file__).parent / "amounts_golden.toml").read_text("utf-8"))
SHOWN = {"⍽": "\u00a0", "⎵": "\u202f", "⟨LRM⟩": "\u200e"}

NUMBERS = [kind for kind in FactKind if kind not in {FactKind.TIME, FactKind.DATE}]


def styles_of(locale: str) -> list[tuple[FactKind, str]]:
    return [(kind, style) for kind in NUMBERS for style in FORMATTERS[locale].styles(kind)]


def fact(kind: FactKind, value: Decimal | datetime) -> Fact:
    now = datetime(2026, 6, 10, tzinfo=UTC)
    return Fact(id="a.figure", kind=kind, value=value, symbol="BTC", as_of=now, source="Coinglass")


def write(locale: str, kind: FactKind, style: str, value: Decimal | datetime) -> str:
    return FORMATTERS[locale].format(fact(kind, value), style)


def bare(text: str) -> str:
    return re.sub("^[\u2066\u2067](.*)\u2069$", r"\1", text)


def as_written(shown: str) -> str:
    for mark, char in SHOWN.items():
        shown = shown.replace(mark, char)
    return shown


def test_every_locale_has_its_golden_texts() -> None:
    assert set(GOLDEN) == set(LOCALES)
    assert len(LOCALES) == 18
    assert len({frozenset(texts) for texts in GOLDEN.values()}) == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_golden_texts_are_written_and_read(locale: str) -> None:
    amounts = FORMATTERS[locale]
    for key, shown in GOLDEN[locale].items():
        name, given_value = key.split()
        word, _, style = name.partition("|")
        kind = FactKind(word)
        value = (
            datetime.fromisoformat(given_value).replace(tzinfo=UTC)
            if kind in {FactKind.TIME, FactKind.DATE}
            else Decimal(given_value)
        )
        text = write(locale, kind, style, value)
        assert bare(text) == as_written(shown), key
        if isinstance(value, Decimal):
            assert amounts.parse(text, kind, style) == amounts.round(value, kind, style), key
        elif style not in {"clock", "recent"}:  # they do not tell the date
            assert amounts.parse(text, kind, style) == value, key


# A place in the range of a style, each power of ten alike; mantissas that tip over when rounded.
PLACES = st.floats(0, 1)
MANTISSAS = st.one_of(
    st.integers(10**9, 10**10).map(lambda number: Decimal(number).scaleb(-9)),
    st.sampled_from(["9.9995", "9.995", "9.99949", "9.5", "1", "2", "5", "2.1", "4.8", "6"]).map(
        Decimal
    ),
)


def size_at(place: float, mantissa: Decimal, within: Range) -> Decimal:
    low, high = within.least.adjusted(), within.most.adjusted() - 1
    return mantissa.scaleb(low + round(place * (high - low)))


@pytest.mark.parametrize("locale", LOCALES)
@given(place=PLACES, mantissa=MANTISSAS, negative=st.booleans())
@settings(max_examples=40)
def test_what_is_written_reads_as_what_was_rounded(
    locale: str, place: float, mantissa: Decimal, *, negative: bool
) -> None:
    amounts = FORMATTERS[locale]
    for kind, style in styles_of(locale):
        size = size_at(place, mantissa, amounts.range(kind, style))
        value = -size if negative else size
        text = write(locale, kind, style, value)
        read = amounts.parse(text, kind, style)
        assert read == amounts.round(value, kind, style)
        # However it is typed: any spaces and minus, no marks of direction.
        typed = bare(text).replace("\u200e", "").replace("\u00a0", " ").replace("\u202f", " ")
        typed = typed.replace("-", "−", 1) if typed.startswith("-") else typed
        assert amounts.parse(typed, kind, style) == read


@pytest.mark.parametrize("locale", LOCALES)
@given(
    place=PLACES,
    mantissa=MANTISSAS,
    factor=st.decimals(min_value=1000, max_value=Decimal("1e9"), places=3),
)
@settings(max_examples=30)
def test_a_thousandfold_never_reads_the_same(
    locale: str, place: float, mantissa: Decimal, factor: Decimal
) -> None:
    amounts = FORMATTERS[locale]
    for kind, style in styles_of(locale):
        within = amounts.range(kind, style)
        smaller = size_at(place, mantissa, within)
        larger = min(smaller * factor, within.most)
        if larger >= smaller * 1000:
            assert write(locale, kind, style, smaller) != write(locale, kind, style, larger)


@pytest.mark.parametrize("locale", LOCALES)
@given(st.decimals(min_value=Decimal("1e-8"), max_value=Decimal("1e15"), places=8))
@settings(max_examples=15)
def test_rounding_is_within_half_a_unit_of_the_last_place(locale: str, value: Decimal) -> None:
    cent = Decimal("0.005") if value >= 1 else Decimal(0)
    dollar = Decimal("0.5") if value >= 100 else cent
    for kind, style, relative, absolute in (
        (FactKind.PRICE, "", "0.0005", cent if value < 1000 else Decimal("0.5")),
        (FactKind.USD, "", "0.0005", dollar),
        (FactKind.USD, "short", "0.005", dollar),
        (FactKind.USD, "distance", "0.0005", dollar),
        (FactKind.COIN, "", "0.0005", dollar),
        (FactKind.RATIO, "", "0.05", Decimal("0.05") if value >= 10 else Decimal("0.005")),
        (FactKind.FRACTION, "", "0.05", Decimal("0.0005")),
    ):
        read = FORMATTERS[locale].parse(write(locale, kind, style, value), kind, style)
        assert isinstance(read, Decimal)
        assert abs(read - value) <= max(value * Decimal(relative), absolute)


@pytest.mark.parametrize("locale", LOCALES)
@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
@settings(max_examples=15)
def test_moments_and_dates_round_trip(locale: str, naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    amounts = FORMATTERS[locale]
    minute = moment.replace(second=0, microsecond=0)
    assert amounts.parse(write(locale, FactKind.TIME, "", moment), FactKind.TIME) == minute
    day = minute.replace(hour=0, minute=0)
    assert amounts.parse(write(locale, FactKind.DATE, "", moment), FactKind.DATE) == day


@pytest.mark.parametrize("locale", LOCALES)
def test_every_day_of_a_year_round_trips(locale: str) -> None:
    first = datetime(2028, 1, 1, tzinfo=UTC)
    for number in range(366):
        day = first + timedelta(days=number)
        written = write(locale, FactKind.DATE, "", day)
        assert FORMATTERS[locale].parse(written, FactKind.DATE) == day


@pytest.mark.parametrize("locale", LOCALES)
def test_a_clock_without_its_day_is_no_moment(locale: str) -> None:
    text = write(locale, FactKind.TIME, "clock", datetime(2026, 6, 1, 8, 5, tzinfo=UTC))
    with pytest.raises(RenderError, match="does not tell the date"):
        FORMATTERS[locale].parse(text, FactKind.TIME, "clock")


@pytest.mark.parametrize(
    ("locale", "kind", "style", "text"),
    [
        ("en", "usd", "", "$2,70 billion"),  # a comma where none can stand
        ("en", "usd", "", "2.705 billion"),  # of what?
        ("en", "usd", "", "$2.705 milliard"),
        ("en", "price", "", "$94.681,00"),
        ("en", "price", "", "$٩٤"),
        ("en", "price", "", ""),
        ("en", "price", "", "--$5"),
        ("de", "usd", "", "2.705 Milliarden US-Dollar "[:-12]),
        ("de", "price", "", "94.68 US-Dollar"),
        ("es", "usd", "", "2.705,1 billion de dólares"),
        ("tr", "fraction", "", "5,0%"),
        ("en", "fraction", "", "5.0 percent"),
        ("en", "date", "", "June 31, 2026"),
        ("en", "date", "", "January 20"),
        ("en", "time", "", "25:00 UTC, June 1, 2026"),
        ("hi", "price", "", "123,456 डॉलर"),
    ],
)
def test_what_is_no_such_amount_is_refused(locale: str, kind: str, style: str, text: str) -> None:
    with pytest.raises(RenderError, match="expected one like"):
        FORMATTERS[locale].parse(text, FactKind(kind), style)


def test_arabic_figures_are_isolated_in_the_direction_of_their_words() -> None:
    left_to_right, right_to_left = "\u2066", "\u2067"
    for kind, style, value, opening in (
        (FactKind.FRACTION, "", Decimal("-0.0427"), left_to_right),
        (FactKind.RATIO, "", Decimal("1.73"), left_to_right),
        (FactKind.COUNT, "", Decimal(12), left_to_right),
        (FactKind.USD, "", Decimal(2_705_000_000), right_to_left),
        (FactKind.PRICE, "", Decimal(94_681), right_to_left),
        (FactKind.DATE, "", datetime(2026, 6, 1, tzinfo=UTC), right_to_left),
        (FactKind.TIME, "clock", datetime(2026, 6, 1, tzinfo=UTC), left_to_right),
    ):
        text = write("ar", kind, style, value)
        assert (text[0], text[-1]) == (opening, "\u2069")
    # A loss keeps its sign on the left of the number, also among words.
    assert write("ar", FactKind.PRICE, "", Decimal(-5)) == "\u2067\u200e-5 دولارات\u2069"
    assert FORMATTERS["ar"].axis_price(Decimal(86_000)) == "\u206686,000\u2069"
    assert FORMATTERS["ar"].axis_money(Decimal(160_000_000)) == "\u2067160 مليون\u2069"


@pytest.mark.parametrize(
    ("locale", "positive", "negative"),
    [
        ("en", "+0.01%", "-0.0025%"),
        ("de", "+0,01⍽%", "-0,0025⍽%"),
        ("tr", "+%0,01", "-%0,0025"),
        ("ar", "\u2066\u200e+0.01%\u2069", "\u2066\u200e-0.0025%\u2069"),
    ],
)
def test_fractions_on_scales_carry_their_sign(locale: str, positive: str, negative: str) -> None:
    formatter = FORMATTERS[locale]
    values = (Decimal("0.0001"), Decimal("-0.000025"))
    written = [formatter.axis_percent(value) for value in values]
    assert written == [as_written(positive), as_written(negative)]


@pytest.mark.parametrize(
    ("locale", "day", "clock"),
    [
        ("en", "Jun 1", "08:05"),
        ("zh_Hans", "6月1日", "08:05"),
        ("de", "1. Juni", "08:05"),
        ("id", "1 Jun", "08.05"),
        ("ar", "\u20671 يونيو\u2069", "\u206608:05\u2069"),
    ],
)
def test_moments_on_scales_are_short_and_in_utc(locale: str, day: str, clock: str) -> None:
    moment = datetime(2026, 5, 31, 23, 5, tzinfo=timezone(-timedelta(hours=9)))
    assert FORMATTERS[locale].axis_day(moment) == day
    assert FORMATTERS[locale].axis_clock(moment) == clock


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "ar"])
def test_no_other_locale_needs_marks(locale: str) -> None:
    for key in GOLDEN[locale]:
        kind, style = (*key.split()[0].split("|"), "")[:2]
        if FactKind(kind) in NUMBERS:
            text = write(locale, FactKind(kind), style, Decimal(key.split()[1]))
            assert not any(unicodedata.category(char) == "Cf" for char in text)


@pytest.mark.parametrize(
    ("locale", "price", "amounts"),
    [
        ("en", "$86,000", ["$160M", "$2.5B"]),
        ("zh_Hans", "86,000", ["1.6亿", "25亿"]),
        ("zh_Hant", "86,000", ["1.6億", "25億"]),
        ("ja", "86,000", ["1.6億", "25億"]),
        ("ko", "86,000", ["1.6억", "25억"]),
        ("ru", "86⍽000", ["160⍽млн", "2,5⍽млрд"]),
        ("uk", "86⍽000", ["160⍽млн", "2,5⍽млрд"]),
        ("es", "86.000", ["160⍽M", "2,5⍽mil⍽M"]),
        ("pt_PT", "86⍽000", ["160⍽M", "2,5⍽mil⍽M"]),
        ("pt_BR", "86.000", ["160⍽mi", "2,5⍽bi"]),
        ("fr", "86⎵000", ["160⍽M", "2,5⍽Md"]),
        ("de", "86.000", ["160⍽Mio.", "2,5⍽Mrd."]),
        ("id", "86.000", ["160 juta", "2,5 miliar"]),
        ("vi", "86.000", ["160 triệu", "2,5 tỷ"]),
        ("tr", "86.000", ["160 milyon", "2,5 milyar"]),
        ("hi", "86,000", ["16 करोड़", "2.5 अरब"]),
        ("th", "86,000", ["160 ล้าน", "2.5 พันล้าน"]),
    ],
)
def test_scales_of_charts(locale: str, price: str, amounts: list[str]) -> None:
    formatter = FORMATTERS[locale]
    assert formatter.axis_price(Decimal(86_000)) == as_written(price)
    values = (Decimal(160_000_000), Decimal(2_500_000_000))
    assert [formatter.axis_money(value) for value in values] == [as_written(one) for one in amounts]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        # Four times, a tenth more or less: 3.6 to 4.4.
        ("3.5999", "3.6 to 1"),
        ("3.6", "about four to one"),
        ("4.4", "about four to one"),
        ("4.4001", "4.4 to 1"),
        ("1.73", "1.73 to 1"),  # nearer to two, but not two
        ("1.05", "1.05 to 1"),
        ("10.4", "about ten to one"),
        ("10.6", "10.6 to 1"),
        ("0.25", "0.25 to 1"),
    ],
)
def test_odds_are_words_only_where_they_are_true(value: str, said: str) -> None:
    assert write("en", FactKind.RATIO, "words", Decimal(value)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("29", "0 minutes"),
        ("60", "1 minute"),
        ("3569", "59 minutes"),
        ("3570", "1 hour"),  # 59.5 minutes
        ("28800", "8 hours"),
        ("172619", "47.9 hours"),
        ("172620", "2 days"),  # 47.95 hours
        ("216000", "2.5 days"),
    ],
)
def test_durations_take_their_unit_after_rounding(seconds: str, said: str) -> None:
    assert write("en", FactKind.DURATION, "", Decimal(seconds)) == said


@pytest.mark.parametrize("locale", LOCALES)
def test_values_beyond_a_range_are_refused(locale: str) -> None:
    for kind, value in (
        (FactKind.PRICE, "1.1e15"),
        (FactKind.USD, "1e-31"),
        (FactKind.COIN, "NaN"),
        (FactKind.RATIO, "Infinity"),
        (FactKind.COUNT, "1e30"),
    ):
        with pytest.raises(RenderError, match=r"a\.figure.*beyond what can be written"):
            write(locale, kind, "", Decimal(value))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("money = ", "mony = "), "money: expected a text"),
        (("moment", "colour = 1\nmoment"), "colour: expected no such key"),
        (("[odds]", "colour = 1\n[odds]"), "axis_scales: expected powers of ten"),
        (('"${n}"\nscaled', '"$"\nscaled'), r"money\.other: expected a text with {n}"),
        (("one = ", "few = "), r"edition: expected a text, or one for each of one, other"),
        (('12 = "{n} trillion"', 'T = "{n} trillion"'), "powers of ten"),
        (("{clock}, ", ""), "moment: expected a text with {clock}"),
        (('"two", ', ""), "odds: expected about, exact"),
        (("[short_duration]", "[short]"), "short_duration: expected a value of type dict"),
        (("money = ", "money = = "), "expected TOML"),
    ],
)
def test_a_file_with_a_fault_says_which(change: tuple[str, str], complaint: str) -> None:
    text = (files("composer.text.amounts") / "locales" / "en.toml").read_text("utf-8")
    with pytest.raises(ConfigError, match=complaint):
        parse_words(text.replace(*change, 1), "en")
