"""Hyperliquid's answers, a few rows written by hand to the documented shapes, and their sums.

docs: https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from composer.errors import SourceDataError, SourceRefusedError
from composer.market.records import Confidence, MarketSnapshot, to_ms
from composer.market.sources._grids import Grid
from composer.market.sources._http import Answer
from composer.market.sources._live import read_raw
from composer.market.sources._provider import Raw
from composer.market.sources.hyperliquid import PROVIDER
from tests.unit.market.sources.payments import BEFORE_MS, PAID_MS, assert_paid

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
BAR_MS = to_ms(datetime(2026, 6, 10, 7, 55, tzinfo=UTC))
STEP_MS = 300_000
GRIDS = (Grid(timedelta(minutes=5), 2),)
PRICES = {"o": "90000.0", "h": "90600.0", "l": "89600.0", "c": "90200.0"}


def candle(open_ms: int, coin: str = "BTC", **changed: object) -> dict[str, object]:
    bar = {"t": open_ms, "T": open_ms + STEP_MS - 1, "s": coin, "i": "5m"}
    return {**bar, **PRICES, "v": "10.0", "n": 46, **changed}


def context(**changed: object) -> dict[str, object]:
    numbers = {"funding": "-0.0000015186", "openInterest": "27353.17682"}
    return {**numbers, "markPx": "90210.0", "midPx": None, **changed}


def contexts(*universe: object, rows: list[object] | None = None) -> list[object]:
    rows = [context() for _ in universe] if rows is None else rows
    return [{"universe": list(universe)}, rows]


BTC: Mapping[str, object] = {
    "szDecimals": 5,
    "name": "BTC",
    "maxLeverage": 40,
    "marginTableId": 56,
}
ETH: Mapping[str, object] = {**BTC, "name": "ETH", "isDelisted": None}
BODIES: Mapping[str, object] = {
    "candleSnapshot-5m": [candle(BAR_MS), candle(BAR_MS + STEP_MS)],  # the second is forming
    "metaAndAssetCtxs": contexts(
        ETH, BTC, rows=[context(openInterest="701234.5", markPx="3100.5"), context()]
    ),
    "fundingHistory": [
        {"coin": "BTC", "fundingRate": rate, "premium": "0.0005", "time": stamp_ms}
        for stamp_ms, rate in ((BEFORE_MS + 48, "0.0001"), (PAID_MS + 31, "-0.0002"))
    ],
}


def read(
    symbol: str = "BTC", *, bars: object = None, meta: object = None, status: int = 200
) -> MarketSnapshot:
    bodies = {
        "candleSnapshot-5m": bars or BODIES["candleSnapshot-5m"],
        "metaAndAssetCtxs": meta or BODIES["metaAndAssetCtxs"],
        "fundingHistory": BODIES["fundingHistory"],
    }
    raw = Raw(
        source="hyperliquid",
        symbol=symbol,
        captured_at=NOW,
        asked={one.endpoint: one for one in PROVIDER.asks(symbol, GRIDS, NOW)},
        answers={
            name: Answer(status=status, body=json.dumps(body)) for name, body in bodies.items()
        },
    )
    return read_raw(PROVIDER, raw, GRIDS)


def test_the_numbers_by_hand() -> None:
    found = read()
    assert found.candles is not None
    assert found.open_interest is not None
    assert (found.price, found.as_of) == (90_200.0, NOW.replace(minute=0, second=0))
    assert found.candles.turnover_usd is not None
    # 10 coins x (90,000 + 90,600 + 89,600 + 90,200) / 4 = 10 x 90,100
    assert found.candles.turnover_usd.tolist() == pytest.approx([901_000.0])
    # 27,353.17682 coins x 90,200 USD
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx([2_467_256_549.164])
    assert found.open_interest.stamp_ms.tolist() == [to_ms(NOW)]
    assert found.funding_rate == -0.0000015186
    assert_paid(found, now=NOW, rates=[0.0001, -0.0002, -0.0000015186])
    assert (found.source, found.confidence) == ("Hyperliquid", Confidence.LOW)
    assert [note for note in found.notes if "little confidence" in note]


def test_a_coin_of_thousands_is_priced_by_the_coin() -> None:
    """Prices of kPEPE are those of 1,000 PEPE, sizes count thousands: USD stay as they are."""
    prices = {"o": "0.0100", "h": "0.0110", "l": "0.0090", "c": "0.0100"}
    bars = [candle(BAR_MS + step, "kPEPE", **prices, v="5000.0") for step in (0, STEP_MS)]
    pepe = {**BTC, "name": "kPEPE"}
    found = read(
        "PEPE",
        bars=bars,
        meta=contexts(pepe, rows=[context(markPx="0.0101", openInterest="2000000.0")]),
    )
    assert found.candles is not None
    assert found.open_interest is not None
    assert found.price == pytest.approx(0.00001)  # 0.01 / 1,000
    # 2,000,000 x 1,000 coins x 0.00001 USD, as 2,000,000 x 0.01 USD
    assert found.open_interest.open_interest_usd.tolist() == pytest.approx([20_000.0])
    assert found.candles.turnover_usd is not None
    assert found.candles.turnover_usd.tolist() == pytest.approx([50.0])  # 5,000 x 0.01
    assert found.funding_rate is not None


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        (contexts({**ETH, "name": "BTCDOM"}), "BTC is not traded there; near it are BTCDOM"),
        (contexts({**BTC, "isDelisted": True}), "BTC is not traded there; check the symbol"),
    ],
)
def test_a_coin_that_is_not_traded_is_refused(meta: object, words: str) -> None:
    with pytest.raises(SourceRefusedError, match=words):
        read(meta=meta)


def test_contexts_that_do_not_fit_the_universe_are_refused() -> None:
    with pytest.raises(SourceDataError, match="as many contexts as there are assets, 2"):
        read(meta=contexts(ETH, BTC, rows=[context()]))


@pytest.mark.parametrize("mark", ["89100.0", "91100.0"])  # beyond 89,600 and 90,600 by 0.5 %
def test_a_context_of_another_time_gives_no_market(mark: str) -> None:
    with pytest.raises(SourceDataError, match="markPx: expected a price of the last minutes"):
        read(meta=contexts(BTC, rows=[context(markPx=mark)]))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (candle(BAR_MS, "ETH"), "row 1: s: expected BTC, got 'ETH'"),
        (candle(BAR_MS, i="15m"), "row 1: i: expected 5m, got '15m'"),
        (candle(BAR_MS, T=BAR_MS), "row 1: T: expected the end of a bar of 5m"),
        (candle(BAR_MS, c="0"), "row 1: c: expected a number above zero"),
        (candle(BAR_MS, h="90100.0"), "low <= open, close <= high"),
    ],
)
def test_candles_that_cannot_be_are_refused_by_row_and_field(row: object, words: str) -> None:
    with pytest.raises(SourceDataError, match=words):
        read(bars=[row])


def test_words_instead_of_json_are_told() -> None:
    with pytest.raises(SourceRefusedError, match="HTTP 422"):
        read(status=422)


def test_a_look_asks_for_each_grid_whole_and_a_day_ahead() -> None:
    asked = {one.endpoint: one.content for one in PROVIDER.asks("PEPE", GRIDS, NOW)}
    assert asked["metaAndAssetCtxs"] == {"type": "metaAndAssetCtxs"}
    assert asked["candleSnapshot-5m"] == {
        "type": "candleSnapshot",
        "req": {
            "coin": "kPEPE",
            "interval": "5m",
            "startTime": BAR_MS,  # the forming bar is the second one
            "endTime": to_ms(NOW) + 86_400_000,
        },
    }
