"""Past editions are followed in the markets that later ones were made from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from composer.errors import FiguresError
from composer.figures.calls import Call, call_of
from composer.figures.facts import facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.past import PastFigures
from composer.figures.rewind import replay, rewind
from composer.figures.scorecard import Scorecard
from composer.market.records import MarketSnapshot
from composer.market.snapshot_bytes import write_snapshot
from composer.newsroom.archive import open_edition
from composer.newsroom.following import PastStore, follow_editions
from composer.newsroom.observing import Observed, figures_of, identify
from composer.newsroom.records.editions import Commission
from tests.markets import AS_OF, SAMPLE_2, snapshot_of, trading_snapshot
from tests.unit.newsroom.house import small_house

DAY = timedelta(days=1)
RANGE = LevelPolicy.parse("range:0.02")


@dataclass
class Past:
    """A store of past editions; counts how many markets were asked for."""

    figures: Sequence[PastFigures]
    markets: Sequence[MarketSnapshot] = ()
    asked: int = 0

    def past_calls(
        self, symbol: str, before: datetime, limit: int, *, made_before: datetime
    ) -> tuple[Call, ...]:
        assert symbol == "BTC"
        calls = map(call_of, self.figures)  # made at the moment they are of
        return tuple(one for one in calls if one.as_of < min(before, made_before))[:limit]

    def first_market(self, symbol: str, since: datetime, *, made_before: datetime) -> bytes | None:
        assert symbol == "BTC"
        self.asked += 1
        later = [one for one in self.markets if since <= one.as_of < made_before]
        return write_snapshot(min(later, key=lambda one: one.as_of)) if later else None


def last_days(snapshot: MarketSnapshot, days: int) -> MarketSnapshot:
    """Return a look that reaches only so many days back."""
    candles = snapshot.candles
    assert candles is not None
    kept: dict[str, Any] = {
        name: getattr(candles, name)[-24 * days :]
        for name in ("open_ms", "open", "high", "low", "close", "turnover_usd")
    }
    return replace(snapshot, candles=replace(candles, **kept))


def editions(snapshot: MarketSnapshot, days: Sequence[int]) -> tuple[PastFigures, ...]:
    return replay(snapshot, [AS_OF - ago * DAY for ago in days], RANGE).past


def follow(
    market: MarketSnapshot, store: PastStore, *, made_before: datetime = AS_OF + DAY
) -> Scorecard:
    return follow_editions(market, store, made_before=made_before)


def test_what_came_after_is_read_from_the_candles_at_hand() -> None:
    market = trading_snapshot(days=20)
    store = Past(figures=editions(market, [1, 2, 3, 8]))
    card = follow(market, store)
    assert [call.as_of for call in card.editions] == [AS_OF - ago * DAY for ago in (8, 3, 2, 1)]
    assert {name: len(known) for name, known in card.outcomes.items()} == {
        "24h": 4,
        "72h": 2,
        "7d": 1,
    }
    assert store.asked == 0


def test_editions_made_later_do_not_count() -> None:
    market = trading_snapshot(days=20)
    store = Past(figures=editions(market, [1, 2, 3]))
    card = follow(market, store, made_before=AS_OF - 2 * DAY)
    assert [call.as_of for call in card.editions] == [AS_OF - 3 * DAY]


def test_markets_of_earlier_editions_reach_further_back() -> None:
    whole = trading_snapshot(days=40)
    past = editions(whole, [1, 5, 12, 20])
    # Every look sees ten days: those of editions 5 and 12 days ago, with the present one, reach
    # 22 days back.
    looks = [last_days(rewind(whole, one.as_of), 10) for one in past]
    store = Past(figures=past, markets=looks)
    found = follow(last_days(whole, 10), store)
    assert found.outcomes == follow(whole, Past(figures=past)).outcomes
    assert store.asked == 2


def test_an_edition_further_back_than_any_market_is_not_judged() -> None:
    whole = trading_snapshot(days=40)
    store = Past(figures=editions(whole, [2, 30]))
    card = follow(last_days(whole, 10), store)
    assert len(card.editions) == 2
    assert [outcome.call.as_of for outcome in card.outcomes["24h"]] == [AS_OF - 2 * DAY]


def test_where_there_is_no_past_there_is_no_record() -> None:
    with pytest.raises(FiguresError, match="no past calls"):
        follow(trading_snapshot(), Past(figures=()))


def test_a_simulated_market_has_no_record() -> None:
    simulated = trading_snapshot(method_simulated=True)
    with pytest.raises(FiguresError, match="simulated market"):
        follow(simulated, Past(figures=editions(trading_snapshot(), [1, 2])))


def test_a_market_without_candles_follows_nothing() -> None:
    store = Past(figures=editions(trading_snapshot(), [1]))
    with pytest.raises(FiguresError, match="no look at the market holds candles"):
        follow(snapshot_of(SAMPLE_2), store)


def test_the_store_of_the_house_can_be_followed(tmp_path: Path) -> None:
    whole = trading_snapshot(days=20)
    with small_house(tmp_path) as house:
        for ago in (2, 5):
            moment = AS_OF - ago * DAY
            house.clock.now = moment
            seen = observed(replace(house.commission, levels=RANGE), rewind(whole, moment))
            open_edition(seen, house.store)
        card = follow(whole, house.store)
    assert card.rows == follow(whole, Past(figures=editions(whole, [2, 5]))).rows
    assert {name: len(known) for name, known in card.outcomes.items()} == {
        "24h": 2,
        "72h": 1,
        "7d": 0,
    }


def observed(commission: Commission, snapshot: MarketSnapshot) -> Observed:
    figures = figures_of(commission, snapshot)
    return Observed(
        id=identify(figures),
        commission=commission,
        snapshot=snapshot,
        figures=figures,
        facts=facts_of(figures),
    )
