"""How a locale writes an amount: the one place where a value becomes characters.

Rounding is half up on Decimals; the scale (million, 亿) is chosen after rounding, so
999,999,999 reads "$1 billion" and never "$1000 million". Babel supplies separators,
percent patterns and dates; its compact currency formats are not publishable prose.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from composer.errors import RenderError
from composer.figures.facts import Fact, FactKind

_MONEY_DIGITS = 4
_SHORT_MONEY_DIGITS = 3
_SMALL_PRICE_DIGITS = 4
_WHOLE_DOLLARS_FROM = 1000
_WHOLE_DISTANCE_FROM = 100
_TWO_DECIMALS_BELOW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWords:
    """The words around numbers in one locale.

    `scales` are (power of ten, word), largest first; below the smallest an amount is
    written out. `{n}` is the number, `{scale}` the word. On the axis of a chart, whose
    label names the currency, both are as short as the locale allows.
    """

    scales: tuple[tuple[int, str], ...]
    scaled_money: str
    money: str
    group_mantissa: bool
    axis_scales: tuple[tuple[int, str], ...]
    axis_money: str
    multiple: str
    multiple_in_prose: str
    moment: str
    clock: str


_WORDS: Mapping[str, AmountWords] = MappingProxyType(
    {
        "en": AmountWords(
            scales=((12, "trillion"), (9, "billion"), (6, "million")),
            scaled_money="${n} {scale}",
            money="${n}",
            group_mantissa=True,
            axis_scales=((12, "T"), (9, "B"), (6, "M"), (3, "K")),
            axis_money="${n}{scale}",
            multiple="{n}×",
            multiple_in_prose="{n} times",
            moment="{time} UTC, {date}",
            clock="{time} UTC",
        ),
        "zh_Hans": AmountWords(
            scales=((12, "万亿"), (8, "亿"), (4, "万")),
            scaled_money="{n} {scale}美元",
            money="{n} 美元",
            group_mantissa=False,
            axis_scales=((12, "万亿"), (8, "亿"), (4, "万")),
            axis_money="{n}{scale}",
            multiple="{n} 倍",
            multiple_in_prose="{n} 倍",
            moment="{date} {time} UTC",
            clock="{time} UTC",
        ),
    }
)


def _round_half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _round_significant(value: Decimal, digits: int) -> Decimal:
    if value == 0:
        return Decimal(0)
    return _round_half_up(value, digits - 1 - value.adjusted())


def _decimals_of(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class AmountFormatter:
    """Writes facts in one locale. Raises RenderError for a locale without words."""

    def __init__(self, locale: str) -> None:
        """Look up the words and the CLDR data of a CLDR locale id such as `zh_Hans`."""
        if locale not in _WORDS:
            msg = f"amounts cannot be written in {locale!r}; known are {', '.join(sorted(_WORDS))}"
            raise RenderError(msg)
        self.locale = locale
        self._words = _WORDS[locale]
        self._cldr = Locale.parse(locale)
        self._styles: Mapping[tuple[FactKind, str], Callable[[Decimal], str]] = {
            (FactKind.PRICE, ""): self.price,
            (FactKind.USD, ""): self.money,
            (FactKind.USD, "short"): self.short_money,
            (FactKind.USD, "distance"): self.distance,
            (FactKind.RATIO, ""): self._multiple,
            (FactKind.RATIO, "prose"): self._multiple_in_prose,
            (FactKind.FRACTION, ""): self.percent,
            (FactKind.FRACTION, "plain"): self._plain_percent,
            (FactKind.FRACTION, "signed"): self._signed_percent,
        }
        self._time_styles: Mapping[tuple[FactKind, str], Callable[[datetime], str]] = {
            (FactKind.TIME, ""): self._moment,
            (FactKind.TIME, "clock"): self._clock,
            (FactKind.DATE, ""): self._date,
        }

    def knows(self, kind: FactKind, style: str) -> bool:
        """Tell whether this kind of fact can be written in this style."""
        return (kind, style) in self._styles or (kind, style) in self._time_styles

    def format(self, fact: Fact, style: str = "") -> str:
        """Return the fact as this locale writes it.

        Raises RenderError if the kind has no such style, or the value no such digits.
        """
        write_time = self._time_styles.get((fact.kind, style))
        if write_time is not None and isinstance(fact.value, datetime):
            return write_time(fact.value)
        write_number = self._styles.get((fact.kind, style))
        if write_number is not None and isinstance(fact.value, Decimal):
            try:
                return write_number(fact.value)
            except InvalidOperation as error:
                msg = f"fact {fact.id} is beyond what can be written: {fact.value}"
                raise RenderError(msg) from error
        msg = f"fact {fact.id} of kind {fact.kind} cannot be written in the style {style!r}"
        raise RenderError(msg)

    def price(self, value: Decimal) -> str:
        """Return a price or a small sum: $94,681 · $150.25 · $0.1834 · 94,681 美元.

        Whole dollars from 1,000 on, cents from 1 on, four significant digits below.
        """
        if value < 0:  # the sign stands before the currency
            return f"-{self.price(-value)}"
        rounded, decimals = _round_price(value)
        return self._words.money.format(n=self._number(rounded, decimals))

    def distance(self, value: Decimal) -> str:
        """Return a distance in price: whole dollars from 100 on, else as a price."""
        if value >= _WHOLE_DISTANCE_FROM:
            return self._words.money.format(n=self._number(_round_half_up(value, 0), 0))
        return self.price(value)

    def money(self, value: Decimal) -> str:
        """Return an amount to four significant digits: $2.705 billion, 27.05 亿美元."""
        return self._money(value, _MONEY_DIGITS)

    def short_money(self, value: Decimal) -> str:
        """Return an amount to three significant digits: $2.71 billion, 27.1 亿美元."""
        return self._money(value, _SHORT_MONEY_DIGITS)

    def percent(self, value: Decimal) -> str:
        """Return a fraction as a percentage with one decimal, more below one percent."""
        size = abs(value)
        decimals = 1 if size >= Decimal("0.01") or size == 0 else 1 - size.adjusted() - 2
        return self._percent(value, decimals)

    def axis_price(self, value: Decimal) -> str:
        """Return a price for the scale of a chart: $86,000, 86,000, $0.1800."""
        rounded, decimals = _round_price(value)
        if 0 < value < 1:  # neighbours on a scale have the same number of decimals
            decimals = _SMALL_PRICE_DIGITS - 1 - value.adjusted()
        return self._words.axis_money.format(n=self._number(rounded, decimals), scale="")

    def axis_money(self, value: Decimal) -> str:
        """Return an amount for the scale of a chart: $160M, 1.6亿."""
        return self._scaled(
            value, _MONEY_DIGITS, self._words.axis_scales, self._words.axis_money
        ) or self.axis_price(value)

    def _money(self, value: Decimal, digits: int) -> str:
        if value < 0:
            return f"-{self._money(-value, digits)}"
        return self._scaled(
            value, digits, self._words.scales, self._words.scaled_money
        ) or self.distance(value)

    def _scaled(
        self, value: Decimal, digits: int, scales: tuple[tuple[int, str], ...], pattern: str
    ) -> str:
        """Return the amount with its scale word, or nothing if it is below every scale."""
        rounded = _round_significant(value, digits)
        for power, word in scales:
            mantissa = rounded.scaleb(-power)
            if mantissa >= 1:
                number = self._number(
                    mantissa, _decimals_of(mantissa), group=self._words.group_mantissa
                )
                return pattern.format(n=number, scale=word)
        return ""

    def _multiple(self, value: Decimal) -> str:
        return self._words.multiple.format(n=self._ratio(value))

    def _multiple_in_prose(self, value: Decimal) -> str:
        return self._words.multiple_in_prose.format(n=self._ratio(value))

    def _ratio(self, value: Decimal) -> str:
        rounded = _round_half_up(value, 2 if value < _TWO_DECIMALS_BELOW else 1)
        return self._number(rounded, _decimals_of(rounded))

    def _plain_percent(self, value: Decimal) -> str:
        rounded = _round_half_up(value * 100, 2) / 100
        return self._percent(rounded, max(0, _decimals_of(rounded) - 2))

    def _signed_percent(self, value: Decimal) -> str:
        return f"+{self.percent(value)}" if value > 0 else self.percent(value)

    def _percent(self, value: Decimal, decimals: int) -> str:
        # Half up before Babel sees it: Babel rounds half even and keeps a negative zero.
        rounded = _round_half_up(value * 100, decimals) / 100 + Decimal(0)
        pattern = copy(self._cldr.percent_formats[None])
        pattern.frac_prec = (decimals, decimals)
        return str(pattern.apply(rounded, self._cldr, decimal_quantization=True))

    def _number(self, value: Decimal, decimals: int, *, group: bool = True) -> str:
        pattern = ("#,##0." if group else "0.") + "0" * decimals
        return format_decimal(value, format=pattern.rstrip("."), locale=self._cldr)

    def _moment(self, value: datetime) -> str:
        return self._words.moment.format(
            time=f"{value.astimezone(UTC):%H:%M}", date=self._date(value)
        )

    def _clock(self, value: datetime) -> str:
        return self._words.clock.format(time=f"{value.astimezone(UTC):%H:%M}")

    def _date(self, value: datetime) -> str:
        return format_date(value.astimezone(UTC), format="long", locale=self._cldr)


def _round_price(value: Decimal) -> tuple[Decimal, int]:
    size = abs(value)
    if size >= _WHOLE_DOLLARS_FROM:
        return _round_half_up(value, 0), 0
    if size >= 1:
        cents = _round_half_up(value, 2)
        return cents, 0 if cents == cents.to_integral_value() else 2
    rounded = _round_significant(value, _SMALL_PRICE_DIGITS)
    return rounded, _decimals_of(rounded)
