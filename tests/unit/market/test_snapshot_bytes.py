"""A snapshot comes back from its bytes exactly, and damage is told from data."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import StateError
from composer.market.records import (
    Candles,
    Confidence,
    FundingRates,
    Liquidations,
    LongShortAccounts,
    MarketSnapshot,
    OpenInterest,
    Origin,
    TakerFlow,
    to_ms,
)
from composer.market.snapshot_bytes import read_snapshot, write_snapshot
from tests.markets import SAMPLE_2, snapshot_of, trading_snapshot

AT = datetime(2026, 6, 10, 8, tzinfo=UTC)
usd = st.floats(1e-9, 1e15)
words = st.text(st.characters(codec="utf-8", exclude_characters="[]{}<>\x7f"), max_size=20)
moments = st.datetimes(datetime(2011, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 # hypothesis wants naive bounds


@st.composite
def snapshots(draw: st.DrawFn) -> MarketSnapshot:
    """Return a market with any part there or not, and numbers no decimal can hold."""
    count = draw(st.integers(1, 5))
    stamps = to_ms(AT) + np.arange(count) * 60_000
    column = st.lists(usd, min_size=count, max_size=count)
    name = draw(st.sampled_from(["Binance", "币安", "a b"]))

    def candles(minutes: int) -> Candles:
        close = np.array(draw(column))
        return Candles(
            symbol="BTC",
            venue=name,
            interval=timedelta(minutes=minutes),
            open_ms=stamps,
            open=close,
            high=close,
            low=close,
            close=close,
            turnover_usd=draw(st.none() | column.map(np.array)),
        )

    market = {"symbol": "BTC", "venues": (name,)}
    bars = {**market, "interval": timedelta(minutes=1), "open_ms": stamps}
    return MarketSnapshot(
        symbol="BTC",
        price=draw(usd),
        as_of=draw(moments),
        fetched_at=draw(moments),
        source="Binance",
        venues=tuple(draw(st.lists(words, max_size=3))),
        simulated=draw(st.booleans()),
        candles=candles(5),
        other_candles=tuple(candles(n) for n in range(1, 1 + draw(st.integers(0, 2)))),
        open_interest=OpenInterest(**market, stamp_ms=stamps, open_interest_usd=draw(column)),  # type: ignore[arg-type] # spelled out above
        open_interest_by_venue=draw(st.dictionaries(words, usd, max_size=3)),
        liquidations=draw(
            st.none()
            | st.builds(lambda a, b: Liquidations(**bars, long_usd=a, short_usd=b), column, column)  # type: ignore[arg-type] # as above
        ),
        long_short_accounts=LongShortAccounts(
            **market,  # type: ignore[arg-type] # as above
            stamp_ms=stamps,
            long_share=np.array(draw(st.lists(st.floats(0, 1), min_size=count, max_size=count))),
        ),
        taker_flow=draw(
            st.none()
            | st.builds(lambda a, b: TakerFlow(**bars, buy_usd=a, sell_usd=b), column, column)  # type: ignore[arg-type] # as above
        ),
        funding_rate=draw(st.none() | st.floats(-1, 1)),
        funding_rates=draw(
            st.none()
            | st.builds(
                lambda rate: FundingRates(symbol="BTC", stamp_ms=stamps, rate=np.array(rate)),
                st.lists(st.floats(-1, 1), min_size=count, max_size=count),
            )
        ),
        liquidation_map=draw(st.sampled_from([None, snapshot_of(SAMPLE_2).liquidation_map])),
        confidence=draw(st.none() | st.sampled_from(Confidence)),
        notes=tuple(draw(st.lists(words, max_size=3))),
        origins=draw(
            st.dictionaries(
                words,
                st.builds(Origin, source=words, as_of=moments, fetched_at=moments),
                max_size=2,
            )
        ),
    )


def same(one: object, other: object) -> bool:
    """Tell whether two values are the same to the last bit, type and write-protection too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        as_is = (one.dtype, one.tobytes(), one.flags.writeable)
        return as_is == (other.dtype, other.tobytes(), other.flags.writeable)
    if is_dataclass(one):
        return all(same(getattr(one, it.name), getattr(other, it.name)) for it in fields(one))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@given(snapshots())
def test_a_snapshot_comes_back_exactly(snapshot: MarketSnapshot) -> None:
    content = write_snapshot(snapshot)
    again = read_snapshot(content)
    assert same(again, snapshot)
    assert write_snapshot(again) == content


@pytest.mark.parametrize("snapshot", [snapshot_of(SAMPLE_2), trading_snapshot()])
def test_the_markets_of_our_tests_come_back(snapshot: MarketSnapshot) -> None:
    assert same(read_snapshot(write_snapshot(snapshot)), snapshot)


@given(st.data())
def test_damage_is_never_taken_for_a_market(data: st.DataObject) -> None:
    whole = write_snapshot(snapshot_of(SAMPLE_2))
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        broken = whole[:place]
    else:
        broken = whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :]
    try:
        again = read_snapshot(broken)
    except StateError as error:
        assert "make the edition anew" in str(error)  # noqa: PT017 # it may also be harmless
    else:
        assert same(again, snapshot_of(SAMPLE_2))  # a bit that no reader looks at


def rewritten(content: bytes, **changes: object) -> bytes:
    with np.load(BytesIO(content)) as archive:
        arrays = {name: archive[name] for name in archive.files}
    tree = json.loads(arrays.pop("header").tobytes())
    snapshot = tree["snapshot"] | changes.pop("snapshot", {})
    header = np.frombuffer(json.dumps({**tree, "snapshot": snapshot, **changes}).encode(), np.uint8)
    buffer = BytesIO()
    np.savez(buffer, header=header, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": 2}, "of version 2"),
        ({"snapshot": {"weather": 1}}, r"MarketSnapshot with \['weather'\]"),
        ({"snapshot": {"price": "high"}}, "'high' is no float"),
        ({"snapshot": {"symbol": "b t c"}}, "base coin"),
        ({"snapshot": {"as_of": "2026-06-10T08:00"}}, "zone"),
    ],
)
def test_what_this_version_does_not_know_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(StateError, match=told):
        read_snapshot(rewritten(write_snapshot(snapshot_of(SAMPLE_2)), **changes))


def test_a_field_that_an_older_version_did_not_write_has_its_default() -> None:
    content = write_snapshot(snapshot_of(SAMPLE_2))
    with np.load(BytesIO(content)) as archive:
        arrays = {name: archive[name] for name in archive.files}
    tree = json.loads(arrays.pop("header").tobytes())
    for name in ("notes", "origins", "confidence"):
        del tree["snapshot"][name]
    buffer = BytesIO()
    header = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    np.savez(buffer, header=header, **arrays)
    assert same(read_snapshot(buffer.getvalue()), snapshot_of(SAMPLE_2))
