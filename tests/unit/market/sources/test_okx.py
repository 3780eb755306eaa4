"""OKX's answers, a few rows written by hand to the documented shapes, and their sums.

docs: https://www.okx.com/docs-v5/en/
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import SourceDataError, SourceRefusedError, SourceUnavailableError
from composer.market.records import Confidence, MarketSnapshot, to_ms
from composer.market.sources._grids import GRIDS, Grid
from composer.market.sources._http import Answer
from composer.market.sources._live import read_raw
from composer.market.sources._provider import Raw
from composer.market.sources.okx import PROVIDER
from tests.unit.market.sources.payments import BEFORE_MS, PAID_MS, assert_paid

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
LAST_MS = to_ms(datetime(2026, 6, 10, 7, 55, tzinfo=UTC))
STEP_MS = 300_000
ONE_GRID = (Grid(timedelta(minutes=5), 2),)
MARKET = {"instType": "SWAP", "instId": "BTC-USDT-SWAP"}


def order(
    ts: int, *, position: str = "long", side: str = "sell", sz: str = "200", price: str = "90000"
) -> dict[str, str]:
    return {"bkPx": price, "posSide": position, "side": side, "sz": sz, "ts": str(ts)}


# Newest first; the first candle is forming.
CANDLES = (
    [str(LAST_MS + STEP_MS), "90200", "90300", "90100", "90250", "100", "1", "90200", "0"],
    [str(LAST_MS), "90000", "90500", "89500", "90200", "1000", "10", "900000.5", "1"],
    [str(LAST_MS - STEP_MS), "89000", "90100", "88900", "90000", "2000", "20", "1790000", "1"],
)
ORDERS = (
    order(LAST_MS + 200_000, position="net", sz="100"),
    order(LAST_MS + 100_000, position="short", side="buy", sz="50", price="90400"),
    order(LAST_MS + 1, sz="200"),
    order(LAST_MS - 2 * STEP_MS + 5, sz="7"),
    order(LAST_MS - 3 * STEP_MS, sz="7"),
    order(LAST_MS - 3 * STEP_MS - 1, sz="7"),
)
FUNDING: Mapping[str, object] = {
    **MARKET,
    "fundingRate": "-0.000045",
    "fundingTime": str(to_ms(NOW.replace(hour=12, minute=0, second=0))),
    "nextFundingTime": str(to_ms(NOW.replace(hour=16, minute=0, second=0))),
    "ts": str(to_ms(NOW)),
}
DATA: Mapping[str, object] = {
    "candles-5m": CANDLES,
    "instruments": [{**MARKET, "ctVal": "0.01", "ctMult": "1", "ctValCcy": "BTC"}],
    "open-interest": [
        # 3,000,000 contracts of 0.01 are 30,000 coins, at 90,200
        {
            **MARKET,
            "oi": "3000000",
            "oiCcy": "30000",
            "oiUsd": "2706000000",
            "ts": str(to_ms(NOW)),
        }
    ],
    "funding-rate": [FUNDING],
    "funding-rate-history": [
        # What was paid is the realized rate.
        {
            **MARKET,
            "fundingRate": "-0.0003",
            "realizedRate": "-0.0002",
            "fundingTime": str(PAID_MS + 2),
        },
        {
            **MARKET,
            "fundingRate": "0.0003",
            "realizedRate": "0.0001",
            "fundingTime": str(BEFORE_MS),
        },
    ],
    "open-interest-history-5m": [[str(LAST_MS + STEP_MS), "2990000", "29900", "2696980000"]],
    "open-interest-history-1H": [
        # The same moment as above, of another statistic: the finer one is taken.
        [str(LAST_MS + STEP_MS), "1", "1", "2600000000"],
        [str(LAST_MS - 11 * STEP_MS), "2900000", "29000", "2590000000"],
    ],
    "long-short-account-ratio": [[str(LAST_MS), "1.5"]],
    "taker-volume": [
        [str(LAST_MS + STEP_MS), "1", "2"],
        [str(LAST_MS), "550000.5", "350000"],
    ],
    "liquidation-orders": [{**MARKET, "details": ORDERS}],
}


def read(**changed: object) -> MarketSnapshot:
    """Read the answers; `changed` replaces data, or whole answers."""
    data = {**DATA, **{name.replace("__", "-"): value for name, value in changed.items()}}
    raw = Raw(
        source="okx",
        symbol="BTC",
        captured_at=NOW,
        asked={one.endpoint: one for one in PROVIDER.asks("BTC", ONE_GRID, NOW)},
        answers={
            name: found
            if isinstance(found, Answer)
            else Answer(status=200, body=json.dumps({"code": "0", "msg": "", "data": found}))
            for name, found in data.items()
        },
    )
    return read_raw(PROVIDER, raw, ONE_GRID)


def test_the_numbers_by_hand() -> None:
    found = read()
    assert found.candles is not None
    assert found.candles.turnover_usd is not None
    assert found.open_interest is not None
    assert found.price == 90_200.0
    assert found.candles.turnover_usd.tolist() == [1_790_000.0, 900_000.5]  # USD, not contracts
    assert found.open_interest.open_interest_usd.tolist() == [
        *(2_590_000_000.0, 2_696_980_000.0, 2_706_000_000.0),
    ]
    assert (found.funding_rate, found.funding_interval) == (-0.000045, timedelta(hours=4))
    assert_paid(found, now=NOW, rates=[0.0001, -0.0002, -0.000045])
    assert found.long_short_accounts is not None
    assert found.long_short_accounts.long_share.tolist() == [0.6]  # 1.5 / (1 + 1.5)
    assert found.taker_flow is not None
    assert found.taker_flow.buy_usd.tolist() == [350_000.0]  # sold stands before bought
    assert found.taker_flow.sell_usd.tolist() == [550_000.5]
    assert found.confidence is Confidence.MEDIUM
    assert (found.source, found.venues, found.notes) == ("OKX", ("OKX",), ())


@pytest.mark.parametrize("later", ["", None])
def test_where_the_funding_after_the_next_is_not_told_no_interval_is(later: str | None) -> None:
    found = read(funding__rate=[{**FUNDING, "nextFundingTime": later}])
    assert (found.funding_rate, found.funding_interval) == (-0.000045, None)


@pytest.mark.parametrize("hour", [4, 12])
def test_fundings_out_of_order_are_refused(hour: int) -> None:
    later = str(to_ms(NOW.replace(hour=hour, minute=0, second=0)))
    found = read(funding__rate=[{**FUNDING, "nextFundingTime": later}])
    assert found.funding_rate is None
    assert any("a time up to a day after fundingTime" in note for note in found.notes)


def test_liquidations_are_contracts_times_coins_times_price_from_the_first_whole_bar() -> None:
    found = read().liquidations
    assert found is not None
    # The oldest order is within the bar that opens 4 steps before the last: what that bar had
    # before is not in the list.
    assert found.open_ms.tolist() == [LAST_MS - step * STEP_MS for step in (3, 2, 1, 0)]
    # 7 x 0.01 x 90,000 twice, no orders at all, (200 + 100) x 0.01 x 90,000
    assert found.long_usd.tolist() == pytest.approx([6_300.0, 6_300.0, 0.0, 270_000.0])
    # 50 x 0.01 x 90,400
    assert found.short_usd.tolist() == pytest.approx([0.0, 0.0, 0.0, 45_200.0])


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        ([order(LAST_MS, position="long", side="buy")], "the side that closes a long position"),
        ([order(LAST_MS, sz="-3")], "row 1: sz: expected a number of zero or more"),
        ([order(LAST_MS)], "at least one closed bar"),  # when its bar began to be told is unknown
        ([], "not an empty one"),
    ],
)
def test_orders_that_do_not_add_up_become_a_note(orders: list[dict[str, str]], words: str) -> None:
    found = read(liquidation__orders=[{**MARKET, "details": orders}])
    assert found.liquidations is None
    assert [note for note in found.notes if "no realised liquidations" in note and words in note]


def test_orders_of_an_unknown_size_are_not_guessed() -> None:
    inverse = [{**MARKET, "ctVal": "100", "ctMult": "1", "ctValCcy": "USD"}]
    found = read(instruments=inverse)
    assert found.liquidations is None
    assert any("ctValCcy: expected BTC, got 'USD'" in note for note in found.notes)


def test_a_list_of_liquidations_that_is_gone_costs_nothing_else() -> None:
    gone = Answer(status=400, body='{"code":"50014","msg":"","data":[]}')
    found = read(liquidation__orders=gone)
    assert found.liquidations is None
    assert len(found.notes) == 1
    assert "OKX gave no realised liquidations (okx liquidation-orders: HTTP 400" in found.notes[0]


def test_a_candle_that_is_not_confirmed_is_not_known() -> None:
    late = [[*CANDLES[1][:8], "0"], CANDLES[2]]
    assert read(candles__5m=late).price == 90_000.0


@pytest.mark.parametrize(
    ("code", "words", "error", "told"),
    [
        ("51001", "Instrument ID doesn't exist", SourceRefusedError, "check the symbol"),
        ("50011", "Too Many Requests", SourceUnavailableError, "try later"),
        ("about 7", "", SourceDataError, "a code, 0 for success"),
    ],
)
def test_an_error_in_an_answer_of_200_is_told_in_its_own_words(
    code: str, words: str, error: type[Exception], told: str
) -> None:
    refused = Answer(status=200, body=json.dumps({"code": code, "msg": words, "data": []}))
    with pytest.raises(error, match=rf"okx candles-5m: .*{words}.*{told}"):
        read(candles__5m=refused)


def test_open_interest_of_another_market_is_not_taken_for_this_one() -> None:
    other = [{**MARKET, "instId": "ETH-USDT-SWAP", "oiUsd": "1", "ts": str(to_ms(NOW))}]
    found = read(open__interest=other)
    assert found.open_interest is not None
    assert found.open_interest.open_interest_usd[-1] == 2_696_980_000.0
    assert any("expected BTC-USDT-SWAP, got 'ETH-USDT-SWAP'" in note for note in found.notes)


@given(bars=st.integers(1, 3_000), seconds=st.integers(0, 10**6))
def test_pages_cover_a_grid_from_the_endpoint_that_has_it(bars: int, seconds: int) -> None:
    """Newer bars of the one that keeps 1,440, in pages of 300; older ones in pages of 100."""
    now = NOW + timedelta(seconds=seconds)
    grid = (Grid(timedelta(minutes=5), bars),)
    asked = [one for one in PROVIDER.asks("BTC", grid, now) if "candles" in one.endpoint]
    forming_ms = to_ms(now) // STEP_MS * STEP_MS
    opens: set[int] = set()
    for one in asked:
        after_ms = int(one.params.get("after", forming_ms + STEP_MS))  # what is older than that
        limit = int(one.params["limit"])
        page = {after_ms - number * STEP_MS for number in range(1, limit + 1)}
        assert not opens or len(opens & page) == 2
        opens |= page
        recent = one.path.endswith("/market/candles")
        assert limit <= (300 if recent else 100)
        assert not recent or min(page) > forming_ms - 1_440 * STEP_MS
    assert sorted(opens) == [forming_ms - number * STEP_MS for number in reversed(range(bars))]
    assert len({one.endpoint for one in asked}) == len(asked)


def test_a_look_keeps_within_the_limits_of_each_endpoint() -> None:
    asked = Counter(one.path.removeprefix("/api/v5/") for one in PROVIDER.asks("BTC", GRIDS, NOW))
    assert asked.pop("market/candles") == 15  # of 40 in two seconds
    assert asked.pop("market/history-candles") == 8  # of 20
    assert asked.pop("rubik/stat/contracts/open-interest-history") == 2  # of 10
    assert set(asked.values()) == {1}  # of 5 and more
