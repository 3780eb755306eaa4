"""The figures of one symbol at one moment, as one record.

Field names and nesting are those of the published JSON; a fact's id is the dotted
path to its field. Prices and amounts are USD, distances are >= 0 on both sides,
shares are fractions, `None` means that the market offers no such figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from composer.figures.comparison import Change, Standing, Usual
from composer.figures.context import Context
from composer.market.records import Confidence, LiquidationMap, Method, Side


class Direction(StrEnum):
    """Which side the leverage around the price leans to; never where price will go."""

    SHORT_SQUEEZE = "short_squeeze"
    LONG_CASCADE = "long_cascade"
    BALANCED = "balanced"


class Strength(StrEnum):
    """How far it leans."""

    MILD = "mild"
    STRONG = "strong"
    EXTREME = "extreme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One of the two levels a post speaks of, with the intensity between price and it."""

    level: float
    intensity_usd: float
    distance_usd: float
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualNotional:
    """How far price must move each way to meet `notional_usd`; None if it never does."""

    notional_usd: float
    up_usd: float | None
    down_usd: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualDistance:
    """The distances of `EqualNotional` as fractions of price; None if it is never met."""

    up_distance: float | None
    down_distance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A run of bins that stands out; `distance` is from price to its peak, a fraction.

    `distance_atr` is the same in average true ranges, where the market tells one.
    """

    side: Side
    low: float
    peak: float
    high: float
    notional_usd: float
    distance: float
    distance_usd: float | None = None
    distance_atr: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCluster:
    """The next cluster beyond a printed level: its peak and its own sum."""

    level: float
    notional_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Intensity of each side within a fraction of price."""

    long_usd: float
    short_usd: float
    within: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """Highest and lowest traded price of a span."""

    high: float
    low: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where the leverage sits; `strength` is None when it is balanced."""

    direction: Direction
    strength: Strength | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSums:
    """What the clusters of each side hold together, and the largest of each; 0 if none."""

    long_usd: float
    short_usd: float
    largest_long_usd: float
    largest_short_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How each side's mass within the window lies; see `composer.figures.shape.shape_of`."""

    heaviest_long_usd: float
    heaviest_short_usd: float
    inner_long_usd: float
    inner_short_usd: float
    outer_long_usd: float
    outer_short_usd: float
    heaviest_long_share: float | None
    heaviest_short_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSpan:
    """The prices a map reaches to; `position` of the price is 0 at the low, 1 at the high."""

    low: float
    high: float
    position: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """Both sides within a fraction of price together; each as a share of open interest."""

    total_usd: float
    within: float
    open_interest_usd: float | None
    long_share: float | None
    short_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """What is known of one venue alone; its share is of all venues' open interest."""

    name: str
    open_interest_usd: float | None
    open_interest_share: float | None
    long_liquidations_24h_usd: float | None
    short_liquidations_24h_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How far an estimated map may be trusted: the stated confidence, the days of candles."""

    confidence: Confidence | None
    candle_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A claim that holds, and the facts it stands on."""

    claim: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """Every figure of one snapshot; `liquidation_map` is what they were read from.

    `warnings` maps the id of a finding to the numbers it is about; the check that
    turns them into findings has the words.
    """

    symbol: str
    price: float
    as_of: datetime
    source: str
    method: Method
    upper: Level
    lower: Level
    ratio: float | None
    heavier_side: Side | None
    skew: float
    equal_notional: EqualNotional
    clusters: tuple[Cluster, ...]
    next_lower: NextCluster | None
    next_upper: NextCluster | None
    totals: Totals
    range_7d: PriceRange | None
    outlook: Outlook
    context: Context
    equal_distance: EqualDistance | None = None
    range_skew: float | None = None
    at_risk: AtRisk | None = None
    round_levels: tuple[Level, ...] = ()
    cluster_sums: ClusterSums | None = None
    shape: Shape | None = None
    map_span: MapSpan | None = None
    venues: tuple[Venue, ...] = ()
    estimate: Estimate | None = None
    change: Change | None = None
    usual: Usual | None = None
    standing: Standing | None = None
    reasons: tuple[Reason, ...] = ()
    contradictions: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    liquidation_map: LiquidationMap

    def tree(self) -> dict[str, object]:
        """Return the published JSON: plain numbers, strings, lists and None."""
        return {
            item.name: _plain(getattr(self, item.name))
            for item in fields(self)
            if item.name not in {"warnings", "liquidation_map"}
        }


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
