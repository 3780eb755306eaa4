"""How amounts are written. Expected texts are worked out by hand from the rule beside them."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import RenderError
from composer.figures.facts import Fact, FactKind
from composer.text.amounts import AmountFormatter

EN = AmountFormatter("en")
ZH = AmountFormatter("zh_Hans")
FORMATTERS = {"en": EN, "zh_Hans": ZH}

MOMENT = datetime(2026, 6, 10, 8, 5, tzinfo=UTC)


def write(locale: str, kind: FactKind, value: str | datetime, style: str = "") -> str:
    fact = Fact(
        id="a.figure",
        kind=kind,
        value=value if isinstance(value, datetime) else Decimal(value),
        symbol="BTC",
        as_of=MOMENT,
        source="Coinglass",
    )
    return FORMATTERS[locale].format(fact, style)


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        # Four significant digits; a trailing zero is not written.
        ("2705000000", "$2.705 billion", "27.05 亿美元"),
        ("1563000000", "$1.563 billion", "15.63 亿美元"),
        ("4340000000", "$4.34 billion", "43.4 亿美元"),
        ("248000000", "$248 million", "2.48 亿美元"),
        ("1100000000", "$1.1 billion", "11 亿美元"),
        ("1234567890123", "$1.235 trillion", "1.235 万亿美元"),
        # Half up, where half even would give 2.704.
        ("2704500000", "$2.705 billion", "27.05 亿美元"),
        ("2704499999.99", "$2.704 billion", "27.04 亿美元"),
        ("2705500000", "$2.706 billion", "27.06 亿美元"),
        # The scale is chosen after rounding: no "1000 million" and no "10000 万".
        ("999999999", "$1 billion", "10 亿美元"),
        ("999950000", "$1 billion", "10 亿美元"),
        ("999949999", "$999.9 million", "9.999 亿美元"),
        ("99999999", "$100 million", "1 亿美元"),
        ("99995000", "$100 million", "1 亿美元"),
        ("99994999", "$99.99 million", "9999 万美元"),
        ("999999999999", "$1 trillion", "1 万亿美元"),
        ("999950", "$1 million", "100 万美元"),
        # Below the smallest scale word an amount is written out.
        ("999949", "$999,949", "99.99 万美元"),
        ("12345", "$12,345", "1.235 万美元"),
        ("9999.4", "$9,999", "9,999 美元"),
        ("150.5", "$151", "151 美元"),  # whole dollars from 100 on
        ("0", "$0", "0 美元"),
    ],
)
def test_money(value: str, english: str, chinese: str) -> None:
    assert write("en", FactKind.USD, value) == english
    assert write("zh_Hans", FactKind.USD, value) == chinese


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        # Three significant digits.
        ("2705000000", "$2.71 billion", "27.1 亿美元"),
        ("2704999999", "$2.7 billion", "27 亿美元"),
        ("999499999", "$999 million", "9.99 亿美元"),
        ("999500000", "$1 billion", "10 亿美元"),
        ("99949999", "$99.9 million", "9990 万美元"),
        ("99950000", "$100 million", "1 亿美元"),
    ],
)
def test_short_money(value: str, english: str, chinese: str) -> None:
    assert write("en", FactKind.USD, value, "short") == english
    assert write("zh_Hans", FactKind.USD, value, "short") == chinese


def test_half_a_unit_in_the_last_place_is_exact_also_when_the_figure_was_a_float() -> None:
    # repr(2704500000.0) is exact; a binary division by 1e9 would not be.
    assert write("en", FactKind.USD, repr(2.7045e9)) == "$2.705 billion"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ("94681", "$94,681", "94,681 美元"),
        ("90131.71", "$90,132", "90,132 美元"),
        ("90131.5", "$90,132", "90,132 美元"),
        ("90132.5", "$90,133", "90,133 美元"),
        ("1000", "$1,000", "1,000 美元"),
        ("999.994", "$999.99", "999.99 美元"),
        ("999.995", "$1,000", "1,000 美元"),
        ("150.25", "$150.25", "150.25 美元"),
        ("150.50", "$150.50", "150.50 美元"),
        ("150.00", "$150", "150 美元"),
        ("150.004", "$150", "150 美元"),
        ("1", "$1", "1 美元"),
        ("0.1834", "$0.1834", "0.1834 美元"),
        ("0.18345", "$0.1835", "0.1835 美元"),
        ("0.99996", "$1", "1 美元"),
        ("0.0000123456", "$0.00001235", "0.00001235 美元"),
        ("0", "$0", "0 美元"),
    ],
)
def test_price(value: str, english: str, chinese: str) -> None:
    assert write("en", FactKind.PRICE, value) == english
    assert write("zh_Hans", FactKind.PRICE, value) == chinese


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        # Whole dollars from 100 on, never a scale word; below that like a price.
        ("770.0", "$770", "770 美元"),
        ("478.7193973634652", "$479", "479 美元"),
        ("478.5", "$479", "479 美元"),
        ("2000.0", "$2,000", "2,000 美元"),
        ("1234567", "$1,234,567", "1,234,567 美元"),
        ("100", "$100", "100 美元"),
        ("99.5", "$99.50", "99.50 美元"),
        ("0.01834", "$0.01834", "0.01834 美元"),
    ],
)
def test_distance(value: str, english: str, chinese: str) -> None:
    assert write("en", FactKind.USD, value, "distance") == english
    assert write("zh_Hans", FactKind.USD, value, "distance") == chinese


@pytest.mark.parametrize(
    ("value", "symbol", "prose", "chinese"),
    [
        # 2.705 / 1.563 = 1.7306...; 1.062 / 0.248 = 4.2822...
        ("1.7306461932", "1.73×", "1.73 times", "1.73 倍"),
        ("4.282258064516129", "4.28×", "4.28 times", "4.28 倍"),
        ("1.735", "1.74×", "1.74 times", "1.74 倍"),
        ("1.2", "1.2×", "1.2 times", "1.2 倍"),
        ("2", "2×", "2 times", "2 倍"),
        # Two decimals below ten, one from there on.
        ("9.994", "9.99×", "9.99 times", "9.99 倍"),
        ("10.26", "10.3×", "10.3 times", "10.3 倍"),
        ("1234.56", "1,234.6×", "1,234.6 times", "1,234.6 倍"),
    ],
)
def test_ratio(value: str, symbol: str, prose: str, chinese: str) -> None:
    assert write("en", FactKind.RATIO, value) == symbol
    assert write("en", FactKind.RATIO, value, "prose") == prose
    assert write("zh_Hans", FactKind.RATIO, value, "prose") == chinese


@pytest.mark.parametrize("locale", FORMATTERS)
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.0504", "5.0%"),
        ("0.0505", "5.1%"),
        ("0.0515", "5.2%"),
        ("-0.0504", "-5.0%"),
        ("-0.0505", "-5.1%"),
        ("-0.0123", "-1.2%"),  # Babel's own formatter drops the decimal: -1%
        ("0.01", "1.0%"),
        ("1.5", "150.0%"),
        ("12.345", "1,234.5%"),
        # Below one percent two significant digits are kept.
        ("0.005", "0.50%"),
        ("0.0001", "0.010%"),
        ("-0.0000806", "-0.0081%"),
        # Zero has no sign, whichever way it came.
        ("0", "0.0%"),
        ("-0", "0.0%"),
        ("-0.0", "0.0%"),
    ],
)
def test_percent(locale: str, value: str, written: str) -> None:
    assert write(locale, FactKind.FRACTION, value) == written


@pytest.mark.parametrize("locale", FORMATTERS)
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.05", "5%"),
        ("0.025", "2.5%"),
        ("0.0504", "5.04%"),
        ("0.050449", "5.04%"),
        ("0.05045", "5.05%"),
        ("-0.00004", "0%"),  # rounded to nothing: no "-0%"
        ("0", "0%"),
    ],
)
def test_plain_percent_has_no_padding(locale: str, value: str, written: str) -> None:
    assert write(locale, FactKind.FRACTION, value, "plain") == written


@pytest.mark.parametrize("locale", FORMATTERS)
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.0123", "+1.2%"),
        ("-0.0123", "-1.2%"),
        ("0", "0.0%"),
        ("-0", "0.0%"),
        ("2e-5", "+0.0020%"),
    ],
)
def test_signed_percent(locale: str, value: str, written: str) -> None:
    assert write(locale, FactKind.FRACTION, value, "signed") == written


def test_times_are_utc_whatever_zone_they_came_in() -> None:
    tokyo = MOMENT.astimezone(timezone(timedelta(hours=9)))
    late = datetime(2026, 6, 11, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    for moment in (MOMENT, tokyo):
        assert write("en", FactKind.TIME, moment) == "08:05 UTC, June 10, 2026"
        assert write("zh_Hans", FactKind.TIME, moment) == "2026年6月10日 08:05 UTC"
        assert write("en", FactKind.TIME, moment, "clock") == "08:05 UTC"
    # 00:30 in Tokyo is still the evening before in UTC.
    assert write("en", FactKind.TIME, late) == "15:30 UTC, June 10, 2026"
    assert write("zh_Hans", FactKind.DATE, late) == "2026年6月10日"


@pytest.mark.parametrize(
    ("kind", "value", "style"),
    [
        (FactKind.USD, "1", "prose"),
        (FactKind.PRICE, "1", "short"),
        (FactKind.RATIO, "1", "plain"),
        (FactKind.FRACTION, "1", "Plain"),
        (FactKind.TIME, MOMENT, "short"),
        (FactKind.PRICE, MOMENT, ""),
        (FactKind.TIME, "1", ""),
    ],
)
def test_what_a_kind_cannot_be_written_as_is_refused(
    kind: FactKind, value: str | datetime, style: str
) -> None:
    with pytest.raises(RenderError, match=re.escape(f"a.figure of kind {kind}")):
        write("en", kind, value, style)


@pytest.mark.parametrize("locale", FORMATTERS)
def test_what_is_known_can_be_written_and_what_is_not_known_cannot(locale: str) -> None:
    amounts = FORMATTERS[locale]
    for kind in FactKind:
        value = MOMENT if kind in {FactKind.TIME, FactKind.DATE} else "1"
        for style in ("", "short", "distance", "prose", "plain", "signed", "clock", "no_such"):
            if amounts.knows(kind, style):
                assert write(locale, kind, value, style)
            else:
                with pytest.raises(RenderError, match=re.escape(repr(style))):
                    write(locale, kind, value, style)


def test_all_locales_know_the_same_styles() -> None:
    pairs = [
        (kind, style) for kind in FactKind for style in ("", "short", "distance", "prose", "plain")
    ]
    known = [{pair for pair in pairs if one.knows(*pair)} for one in FORMATTERS.values()]
    assert known[0] == known[1]
    assert (FactKind.USD, "short") in known[0]


@pytest.mark.parametrize("locale", FORMATTERS)
@pytest.mark.parametrize("kind", [FactKind.PRICE, FactKind.USD, FactKind.RATIO, FactKind.FRACTION])
@pytest.mark.parametrize("value", ["1e40", "1e-40"])
def test_a_figure_beyond_all_measure_is_written_or_refused(
    locale: str, kind: FactKind, value: str
) -> None:
    """An editor may add any figure as a fact; no such figure may end in a traceback."""
    with suppress(RenderError):
        assert write(locale, kind, value)


@pytest.mark.parametrize("locale", ["xx", "zh", "pt", "en_GB", "EN", "", "../en"])
def test_a_locale_without_words_is_refused_and_the_known_are_named(locale: str) -> None:
    with pytest.raises(RenderError, match=r"known are ar, de, en, .*zh_Hans, zh_Hant"):
        AmountFormatter(locale)


# Laws. Values are of the size a market has: a satoshi to a thousand trillion dollars.
_VALUES = st.decimals(
    min_value=Decimal("0.00000001"), max_value=Decimal("1e15"), allow_nan=False, places=8
)
_LOCALES = st.sampled_from(sorted(FORMATTERS))


_SCALES = {
    "trillion": 12,
    "billion": 9,
    "million": 6,
    "万亿": 12,
    "亿": 8,
    "万": 4,
    "": 0,
}


def read_back(text: str) -> Decimal:
    """Read an amount as a person would; this is the test's own reading, not the program's."""
    match = re.fullmatch(r"\$?([\d,]*\.?\d+)(?: (trillion|billion|million))?", text) or (
        re.fullmatch(r"([\d,]*\.?\d+) (万亿|亿|万)?美元", text)
    )
    assert match, text
    return Decimal(match[1].replace(",", "")).scaleb(_SCALES[match[2] or ""])


@given(_LOCALES, _VALUES)
@settings(max_examples=60)
def test_what_is_written_is_what_was_meant(locale: str, value: Decimal) -> None:
    """Read back, an amount is within half a unit of its last significant digit."""
    cent = Decimal("0.005") if value >= 1 else Decimal(0)
    dollar = Decimal("0.5") if value >= 100 else cent
    for kind, style, relative, absolute in (
        (FactKind.PRICE, "", Decimal("0.0005"), cent),
        (FactKind.USD, "distance", Decimal("0.0005"), dollar),
        (FactKind.USD, "", Decimal("0.0005"), dollar),
        (FactKind.USD, "short", Decimal("0.005"), dollar),
    ):
        error = abs(read_back(write(locale, kind, str(value), style)) - value)
        assert error <= max(value * relative, absolute)


@given(_LOCALES, _VALUES)
@settings(max_examples=60)
def test_a_mantissa_stays_below_its_next_scale(locale: str, value: Decimal) -> None:
    """Nobody reads "1000 million" or "10000 万"."""
    for style in ("", "short"):
        text = write(locale, FactKind.USD, str(value), style)
        number = Decimal(re.sub(r"[^\d.]", "", text))
        if "million" in text or "billion" in text:
            assert 1 <= number < 1000
        elif "万" in text or "亿" in text:
            assert 1 <= number < 10_000


@given(_LOCALES, st.decimals(min_value=-2, max_value=2, places=7), st.sampled_from(["", "signed"]))
@settings(max_examples=60)
def test_a_percentage_keeps_its_sign_and_its_size(locale: str, value: Decimal, style: str) -> None:
    text = write(locale, FactKind.FRACTION, str(value), style)
    read = Decimal(text.removesuffix("%")) / 100
    assert (read > 0) == (value > 0)
    assert (read < 0) == (value < 0)
    assert abs(read - value) <= max(Decimal("0.0005"), abs(value) / 20)
    assert text.startswith("+") == (style == "signed" and value > 0)


@given(_LOCALES, _VALUES)
@settings(max_examples=40)
def test_a_loss_is_the_gain_with_a_minus(locale: str, value: Decimal) -> None:
    for kind in (FactKind.PRICE, FactKind.USD):
        assert write(locale, kind, str(-value)) == f"-{write(locale, kind, str(value))}"
