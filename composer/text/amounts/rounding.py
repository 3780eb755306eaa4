"""How many digits an amount keeps. Half up, away from zero for losses; no locale is known here.

What is returned has the decimals that are shown: 150.50 for cents, 5.0 for a percentage.
"""

from decimal import ROUND_HALF_UP, Decimal

MINUTE, HOUR, DAY = Decimal(60), Decimal(3600), Decimal(86_400)
DAYS_FROM = 2 * DAY
ODDS = range(2, 11)

_SMALL_PRICE_DIGITS = 4
_WHOLE_DOLLARS_FROM = 1000
_WHOLE_DISTANCE_FROM = 100
_TWO_DECIMALS_BELOW = 10
_TWO_DIGITS_BELOW = Decimal("0.1")
_ODDS_TOLERANCE = Decimal("0.1")


def half_up(value: Decimal, decimals: int) -> Decimal:
    """Return the value with so many decimals."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def significant(value: Decimal, digits: int) -> Decimal:
    """Return the value to so many significant digits."""
    return half_up(value, digits - 1 - value.adjusted()) if value else Decimal(0)


def trim(value: Decimal) -> Decimal:
    """Return the value without trailing zeros behind the point."""
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def price(value: Decimal) -> Decimal:
    """Keep whole dollars from 1,000 on, cents from 1 on, four significant digits below."""
    if abs(value) >= _WHOLE_DOLLARS_FROM:
        return half_up(value, 0)
    if abs(value) >= 1:
        cents = half_up(value, 2)
        whole = cents.to_integral_value()
        return whole if cents == whole else cents
    return trim(significant(value, _SMALL_PRICE_DIGITS))


def distance(value: Decimal) -> Decimal:
    """Keep whole dollars from 100 on, else as a price."""
    return half_up(value, 0) if abs(value) >= _WHOLE_DISTANCE_FROM else price(value)


def money(value: Decimal, digits: int, scaled_from: Decimal) -> Decimal:
    """Keep so many significant digits where a scale word follows, else as a distance."""
    rounded = trim(significant(value, digits))
    return rounded if abs(rounded) >= scaled_from else distance(value)


def coin(value: Decimal, digits: int, scaled_from: Decimal) -> Decimal:
    """Keep so many digits where a scale word follows, else as a price without zeros."""
    rounded = trim(significant(value, digits))
    return rounded if abs(rounded) >= scaled_from else trim(price(value))


def axis_price(value: Decimal) -> Decimal:
    """Round as a price; neighbours on a scale have the same number of decimals."""
    return significant(value, _SMALL_PRICE_DIGITS) if 0 < value < 1 else price(value)


def axis_money(value: Decimal, digits: int, scaled_from: Decimal) -> Decimal:
    """Keep so many digits where a scale word follows, else as a price on a scale."""
    rounded = trim(significant(value, digits))
    return rounded if abs(rounded) >= scaled_from else axis_price(value)


def axis_fraction(value: Decimal) -> Decimal:
    """Keep two significant digits, without trailing zeros."""
    return trim(significant(value, 2))


def ratio(value: Decimal) -> Decimal:
    """Keep one decimal from ten on, two below, two significant digits below a tenth."""
    if abs(value) < _TWO_DIGITS_BELOW:
        return trim(significant(value, 2))
    return trim(half_up(value, 2 if abs(value) < _TWO_DECIMALS_BELOW else 1))


def odds(value: Decimal) -> Decimal:
    """Return a whole number from two to ten if that is true to a tenth of it, else a ratio."""
    whole = half_up(value, 0)
    if whole in ODDS and abs(value - whole) <= whole * _ODDS_TOLERANCE:
        return whole
    return ratio(value)


def percent(value: Decimal) -> Decimal:
    """Return the fraction whose percentage has one decimal, below one two significant digits."""
    size = abs(value)
    decimals = 1 if size >= Decimal("0.01") or size == 0 else 1 - size.adjusted() - 2
    return half_up(value, decimals + 2)


def plain_percent(value: Decimal) -> Decimal:
    """Return the fraction whose percentage has up to two decimals."""
    return trim(half_up(value, 4))


def count(value: Decimal) -> Decimal:
    """Return whole things."""
    return half_up(value, 0)


def duration(value: Decimal) -> Decimal:
    """Return seconds of whole minutes; tenths of hours from one on, of days from two on."""
    minutes = half_up(value / MINUTE, 0) * MINUTE
    if abs(minutes) < HOUR:
        return minutes
    hours = half_up(value / HOUR, 1) * HOUR
    return trim(hours if abs(hours) < DAYS_FROM else half_up(value / DAY, 1) * DAY)
