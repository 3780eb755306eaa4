"""Whether a level was reached: at it counts as reached, and not knowing is no no."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from composer.errors import SourceUnavailableError
from composer.figures.facts import Fact, FactKind
from composer.figures.report import PriceRange
from composer.newsroom.crossing import CrossedError, UnjudgedError, require_uncrossed
from composer.newsroom.records.drafts import EditionCard, StoredSnapshot
from tests.unit.newsroom.house import Prices

AT = datetime(2026, 6, 10, 8, tzinfo=UTC)
LEVELS = {"lower.level": Decimal("86137.00"), "upper.level": Decimal(94_681)}
CARD = EditionCard(
    id="edition",
    symbol="BTC",
    made_at=AT,
    as_of=AT,
    source="test",
    levels="round",
    notional_usd=None,
    drafts=(),
)


def level(name: str, value: Decimal | datetime) -> Fact:
    kind = FactKind.PRICE if isinstance(value, Decimal) else FactKind.TIME
    return Fact(id=name, kind=kind, value=value, symbol="BTC", as_of=AT, source="test")


SNAPSHOT = StoredSnapshot(
    id="snapshot",
    edition="edition",
    as_of=AT,
    fetched_at=AT,
    looked_from=None,
    tree={},
    facts={name: level(name, value) for name, value in LEVELS.items()},
    warnings={},
)


@dataclass
class Asked:
    """A market that remembers since when it was asked."""

    since: datetime | None = None

    def range_since(self, source: str, symbol: str, since: datetime) -> PriceRange:
        assert (source, symbol) == ("test", "BTC")
        self.since = since
        return PriceRange(high=90_000.0, low=90_000.0)


@pytest.mark.parametrize(
    ("low", "high"), [(86_137.01, 94_680.99), (90_000.0, 90_000.0)], ids=["nearly", "still"]
)
def test_between_the_levels_nothing_is_said(low: float, high: float) -> None:
    require_uncrossed(CARD, SNAPSHOT, Prices(low=low, high=high))


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (86_137.0, 90_000.0, "has been at 86,137, the lower level is 86,137.00; refresh"),
        (80_000.5, 90_000.0, "has been at 80,000.5, the lower"),
        (90_000.0, 94_681.0, "has been at 94,681, the upper level is 94,681; refresh"),
        (80_000.0, 99_000.0, "the lower level"),
    ],
    ids=["at_lower", "below", "at_upper", "both"],
)
def test_at_a_level_or_beyond_it_is_crossed(low: float, high: float, told: str) -> None:
    with pytest.raises(CrossedError, match=told):
        require_uncrossed(CARD, SNAPSHOT, Prices(low=low, high=high))


def test_the_price_is_asked_for_since_the_data_were_known() -> None:
    market = Asked()
    require_uncrossed(CARD, SNAPSHOT, market)
    assert market.since == SNAPSHOT.as_of


@pytest.mark.parametrize(
    "error", [SourceUnavailableError("no answer"), OSError("no answer")], ids=["source", "fault"]
)
def test_a_market_that_does_not_say_judges_nothing(error: Exception) -> None:
    with pytest.raises(UnjudgedError, match="cannot be judged: no answer"):
        require_uncrossed(CARD, SNAPSHOT, Prices(error=error))


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("value", [None, AT], ids=["missing", "no_price"])
def test_without_its_levels_nothing_can_be_judged(name: str, value: datetime | None) -> None:
    others = {key: fact for key, fact in SNAPSHOT.facts.items() if key != name}
    facts = others if value is None else {**others, name: level(name, value)}
    with pytest.raises(UnjudgedError, match=f"no fact {name}"):
        require_uncrossed(CARD, replace(SNAPSHOT, facts=facts), Prices())
