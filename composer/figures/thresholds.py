"""Every threshold that decides what may be said, and what is held back; fractions unless named."""

from decimal import Decimal

# How far |skew| has to go for a lean to be mild, strong and extreme.
MILD = Decimal("0.15")
STRONG = Decimal("0.35")
EXTREME = Decimal("0.6")
LEAN_MOVED = Decimal("0.1")  # change of skew since the previous edition

# One amount against another: from this factor on they differ.
DIFFERS = Decimal("1.2")
NEARER = Decimal("0.8")  # of the way it takes on the other side
MUCH_MORE = Decimal(2)

# Among editions, today's and those before.
RECORD_EDITIONS = Decimal(30)
STREAK_EDITIONS = Decimal(3)
ABOVE_USUAL = Decimal("1.2")  # times the median
BELOW_USUAL = Decimal("0.8")
CITED_FROM = Decimal(30)  # horizons that do not overlap: a rate of fewer is not told

# Prices.
TOUCHED = Decimal("0.005")  # of the extreme: this near counts as touched
FELL_BACK = Decimal("0.01")  # of the extreme: this far is back from it
MIDDLE = (Decimal("0.4"), Decimal("0.6"))  # of the map's span
MOVED_24H = Decimal("0.02")
CLUSTER_MOVED = Decimal("0.005")  # of price
CLUSTER_GREW = Decimal("0.2")

# The market around.
INTEREST_MOVED_24H = Decimal("0.03")
HIGH_PERCENTILE = Decimal("0.9")
LOW_PERCENTILE = Decimal("0.1")
RECORD_DAYS = Decimal(7)
FUNDING_HIGH = Decimal("0.3")  # a year, either way
MOSTLY = Decimal("0.55")  # of accounts
HALVED = Decimal("0.5")  # of the 30-day mean
BUSY = Decimal("1.5")
CALMER = Decimal("0.75")  # volatility of 7 days against that of 30
WILDER = Decimal("1.25")

# Too little to stand on.
THIN_DAYS = Decimal(7)
THIN_INTEREST_USD = Decimal(10_000_000)
TOO_THIN_DAYS = Decimal(1)

# Guards. Published figures reach 13 % of the open interest within 5 % of price.
SHARE_HELD = Decimal("0.25")
SHARE_DOUBTED = Decimal("0.1")
MEDIAN_FACTOR = Decimal(10)
RATIO_HELD = Decimal(20)
# 亿 is 10^8 and a billion 10^9; 万 is 10^4: a slip between them is off by one of these factors.
SLIPS = (Decimal(10), Decimal(10_000))
SLIP_WITHIN = Decimal("1.5")  # as a factor
PRICES_APART = Decimal("0.01")
INTEREST_APART = Decimal("1.5")  # as a factor
