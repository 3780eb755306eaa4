"""What holds for Coinglass whatever it answers: only our errors, no wrong figure, no key shown."""

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.errors import ConfigError, SourceError, SourceRefusedError, SourceUnavailableError
from composer.figures.compute import compute_figures
from composer.figures.levels import LevelPolicy
from composer.keys import source_variable
from composer.market.merge import merge
from composer.market.records import MarketSnapshot, Method, Query, to_ms
from composer.market.snapshot_bytes import read_snapshot, write_snapshot
from composer.market.sources import SourceOptions, open_source, record
from composer.market.sources.coinglass import CoinglassSource
from tests.fakes.server import RETRY_AFTER_S, Wire
from tests.fakes.venues.coinglass import (
    ERRORS,
    KEY,
    LEVEL_USD,
    LEVELS,
    MAPS,
    SHARES,
    FakeCoinglass,
    etf_flow,
    level_price,
)
from tests.fakes.venues.market import liquidated_usd, long_share, open_interest_coins, price_at
from tests.fakes.venues.venue import Spoilt

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
QUERY = Query(now=NOW, symbol="BTC")
PRICE = price_at(to_ms(NOW))
HURRY_S = 1.0  # long enough for all but who is silent, also on a busy machine
READ_ALIKE = {Wire.DROP_AFTER, Wire.SLOW_AFTER, Wire.GATEWAY_504}
FAULTS = [fault.value for kind in (Wire, Spoilt) for fault in kind if fault not in READ_ALIKE]
SWEEP = [
    *(
        (endpoint, fault)
        for endpoint in FakeCoinglass.endpoints
        for fault in FAULTS
        if endpoint not in FakeCoinglass.unstamped or fault not in {Spoilt.FROZEN, Spoilt.FUTURE}
    ),
    *FakeCoinglass.own_faults,
]


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(source_variable("coinglass"), KEY)


@pytest.fixture
def fake() -> Iterator[FakeCoinglass]:
    venue = FakeCoinglass(NOW)
    with venue.running():
        yield venue
        assert not venue.server.strays, "a redirect was followed, or the fake met the impossible"


@pytest.fixture(scope="module")
def clean() -> MarketSnapshot:
    """Return what the sweep sees without faults: bars of half an hour."""
    venue = FakeCoinglass(NOW)
    venue.plan, venue.gives_maps = "STARTUP", True
    with pytest.MonkeyPatch.context() as patch, venue.running():
        patch.setenv(source_variable("coinglass"), KEY)
        return source_at(venue).snapshot(QUERY)


def options_of(fake: FakeCoinglass, deadline_s: float = 10.0) -> SourceOptions:
    return SourceOptions(base_urls={"coinglass": fake.server.url}, deadline_s=deadline_s)


def source_at(fake: FakeCoinglass, deadline_s: float = 10.0) -> CoinglassSource:
    opened = open_source("coinglass", options_of(fake, deadline_s))
    assert isinstance(opened, CoinglassSource)
    return replace(opened, pause_s=0.01)


def map_rows(found: MarketSnapshot) -> dict[float, tuple[float, float]]:
    """Return longs and shorts by price."""
    shown = found.liquidation_map
    assert shown is not None
    return dict(
        zip(
            shown.low.tolist(),
            zip(shown.long_usd.tolist(), shown.short_usd.tolist(), strict=True),
            strict=True,
        )
    )


def expected_map(share: float = 1.0) -> dict[float, tuple[float, float]]:
    """Return the fake's levels: a million per half percent outward, longs below the price."""
    sides = {number: share * LEVEL_USD * abs(number) for number in LEVELS if number}
    return {
        float(level_price(PRICE, number)): (usd, 0.0) if number < 0 else (0.0, usd)
        for number, usd in sides.items()
    }


def assert_map(found: MarketSnapshot, share: float = 1.0) -> None:
    rows, expected = map_rows(found), expected_map(share)
    assert rows.keys() == expected.keys()
    for price, sides in rows.items():
        assert sides == pytest.approx(expected[price])


class TestWithoutFaults:
    def test_the_map_is_the_sum_of_the_exchanges(self, fake: FakeCoinglass) -> None:
        found = source_at(fake).snapshot(QUERY)
        assert_map(found)
        assert (found.source, found.venues) == ("Coinglass", tuple(SHARES))
        assert found.price == PRICE
        assert found.as_of == NOW
        assert found.liquidation_map is not None
        assert found.liquidation_map.method is Method.REPORTED
        assert found.notes == (
            "The map is Coinglass's aggregated map of one day, of Binance, OKX, Bybit.",
        )
        figures = compute_figures(found, levels=LevelPolicy.parse("range:0.012"))
        # Levels 0.5 and 1 % away, one and two millions, are within 1.2 %.
        assert figures.upper.intensity_usd == pytest.approx(3_000_000)
        assert figures.lower.intensity_usd == pytest.approx(3_000_000)
        assert figures.range_7d is not None

    def test_what_belongs_to_it_is_there(self, fake: FakeCoinglass) -> None:
        found = source_at(fake).snapshot(QUERY)
        now_ms, last_bar_ms = to_ms(NOW), to_ms(NOW.replace(minute=0, second=0))
        assert found.candles is not None
        assert found.candles.known_ms[-1] == last_bar_ms
        assert found.candles.close[-1] == pytest.approx(price_at(last_bar_ms), abs=0.011)
        assert len(found.candles) == 2_027  # a week and an hour, without the forming bar
        interest = found.open_interest
        assert interest is not None
        assert interest.stamp_ms[-1] == now_ms
        total = open_interest_coins(now_ms) * PRICE
        assert interest.open_interest_usd[-1] == pytest.approx(total)
        assert interest.open_interest_usd[-2] == pytest.approx(
            open_interest_coins(last_bar_ms) * price_at(last_bar_ms), rel=1e-6
        )
        assert found.open_interest_by_venue == pytest.approx(
            {venue: share * total for venue, share in SHARES.items()}
        )
        assert found.long_short_accounts is not None
        assert found.long_short_accounts.long_share[-1] == pytest.approx(
            long_share(now_ms), abs=1e-4
        )
        assert found.liquidations is not None
        sides = found.liquidations.long_usd[-1], found.liquidations.short_usd[-1]
        assert sides == pytest.approx(liquidated_usd(last_bar_ms - 300_000, 5))
        assert found.liquidations_by_venue["OKX"].long_usd == pytest.approx(900_000)  # .3 x 3 m
        assert set(found.liquidations_by_venue) == set(SHARES)  # without their sum
        assert found.funding_rate is not None
        assert found.funding_interval == timedelta(hours=8)
        assert found.etf_flows is not None
        assert found.max_pain is not None
        assert found.max_pain.long_price < PRICE < found.max_pain.short_price
        assert found.max_pain.long_usd == 2_000_000.5
        for name, origin in found.origins.items():
            assert origin.fetched_at == NOW, name
            assert NOW - timedelta(days=2) < origin.as_of <= NOW, name

    def test_exchanges_that_pay_at_different_times_have_no_common_interval(
        self, fake: FakeCoinglass
    ) -> None:
        fake.funding_hours = {"OKX": 4}
        found = source_at(fake).snapshot(QUERY)
        assert found.funding_rate is not None
        assert found.funding_interval is None

    def test_it_survives_the_store(self, fake: FakeCoinglass) -> None:
        found = source_at(fake).snapshot(QUERY)
        kept = read_snapshot(write_snapshot(found))
        assert map_rows(kept) == map_rows(found)
        assert (kept.max_pain, kept.liquidations_by_venue) == (
            found.max_pain,
            found.liquidations_by_venue,
        )
        assert kept.etf_flows is not None
        assert found.etf_flows is not None
        assert kept.etf_flows.flow_usd.tolist() == found.etf_flows.flow_usd.tolist()

    def test_numbers_may_be_texts(self, fake: FakeCoinglass) -> None:
        plain = source_at(fake).snapshot(QUERY)
        fake.texts = True
        found = source_at(fake).snapshot(QUERY)
        assert map_rows(found) == map_rows(plain)
        assert found.notes == plain.notes

    def test_the_documented_shape_takes_its_price_from_the_candles(
        self, fake: FakeCoinglass
    ) -> None:
        fake.shape = "documented"
        found = source_at(fake).snapshot(QUERY)
        assert_map(found)
        assert found.price == PRICE
        assert found.venues == ()
        assert "exchanges it does not name" in found.notes[-1]

    def test_without_candles_the_price_is_that_of_max_pain(self, fake: FakeCoinglass) -> None:
        fake.shape = "documented"
        fake.left_out = ("price",)
        found = source_at(fake).snapshot(QUERY)
        assert found.price == PRICE
        assert found.candles is None
        assert any("gave no candles" in note and "Upgrade plan" in note for note in found.notes)

    def test_without_any_price_there_is_no_map(self, fake: FakeCoinglass) -> None:
        fake.shape = "documented"
        fake.left_out = ("price", "max-pain")
        with pytest.raises(SourceError, match="expected a price, or candles"):
            source_at(fake).snapshot(QUERY)

    def test_funds_are_asked_for_where_there_are_some(self, fake: FakeCoinglass) -> None:
        found = source_at(fake).snapshot(Query(now=NOW, symbol="SOL"))
        assert found.etf_flows is None
        assert "etf" not in fake.asked
        assert not [note for note in found.notes if "ETF" in note]

    def test_an_unknown_coin_has_no_map(self, fake: FakeCoinglass) -> None:
        with pytest.raises(SourceError, match="coinglass"):
            source_at(fake).snapshot(Query(now=NOW, symbol="NOCOIN"))

    def test_only_the_present_is_known(self, fake: FakeCoinglass) -> None:
        with pytest.raises(ConfigError, match="knows only the present"):
            source_at(fake).snapshot(Query(now=NOW, as_of=NOW - timedelta(hours=1)))

    def test_it_is_not_added_to_exchanges_it_counts_already(self, fake: FakeCoinglass) -> None:
        found = source_at(fake).snapshot(QUERY)
        with pytest.raises(ConfigError, match="cannot be added to exchanges"):
            merge([found, found])


class TestPlan:
    @pytest.mark.parametrize(
        ("left_out", "endpoint", "share"), [(MAPS[:1], "map", 0.5), (MAPS[:2], "heatmap", 0.5)]
    )
    def test_the_next_map_is_taken_where_one_is_not_included(
        self, fake: FakeCoinglass, left_out: tuple[str, ...], endpoint: str, share: float
    ) -> None:
        fake.left_out = left_out
        found = source_at(fake).snapshot(QUERY)
        assert_map_near(found, share)
        assert found.venues == ("Binance",)
        told = " ".join(found.notes)
        assert told.count("gave no better map") == len(left_out)
        assert "of Binance alone" in told
        assert endpoint in fake.asked
        lost = found.liquidations
        assert lost is not None
        assert lost.venues == ("Binance",)
        half = share * liquidated_usd(int(lost.open_ms[-1]), 5)[0]
        assert lost.long_usd[-1] == pytest.approx(half)

    def test_what_one_exchange_lost_is_asked_for_only_where_the_map_is_of_it(
        self, fake: FakeCoinglass
    ) -> None:
        found = source_at(fake).snapshot(QUERY)
        assert "pair-liquidations" not in fake.asked
        assert found.liquidations is not None
        assert found.liquidations.venues == tuple(SHARES)

    def test_without_it_what_all_of_them_lost_stands_in(self, fake: FakeCoinglass) -> None:
        fake.left_out = (MAPS[0], "pair-liquidations")
        found = source_at(fake).snapshot(QUERY)
        assert found.liquidations is not None
        assert found.liquidations.venues == tuple(SHARES)
        assert any("no realised liquidations of Binance alone" in note for note in found.notes)

    def test_a_plan_without_maps_says_what_to_do(self, fake: FakeCoinglass) -> None:
        fake.plan = "HOBBYIST"
        with pytest.raises(SourceRefusedError, match="name exchanges as the source"):
            source_at(fake).snapshot(QUERY)
        asked = [
            request.query for _, request in fake.server.requests if "interval" in request.query
        ]
        assert asked
        assert all("interval=4h" in query for query in asked)

    def test_bars_are_as_fine_as_the_plan_has_them(self, clean: MarketSnapshot) -> None:
        assert clean.candles is not None
        assert clean.candles.interval == timedelta(minutes=30)
        assert clean.notes == (
            "The map is Coinglass's aggregated map of one day, of Binance, OKX, Bybit.",
        )

    def test_an_ended_plan_is_asked_nothing_more(self, fake: FakeCoinglass) -> None:
        fake.expired = True
        with pytest.raises(SourceRefusedError, match="has ended; renew it"):
            source_at(fake).snapshot(QUERY)
        assert fake.asked == ["subscription"]

    @pytest.mark.parametrize("fault", ["bad_key", "no_key", "old_no_key", "plan"])
    def test_a_refused_key_is_asked_nothing_more(self, fake: FakeCoinglass, fault: str) -> None:
        fake.always("subscription", fault)
        with pytest.raises(SourceRefusedError, match="subscription: error"):
            source_at(fake).snapshot(QUERY)
        assert fake.asked == ["subscription"]


class TestRateLimit:
    @pytest.mark.parametrize("left", [1, 2, 5])
    def test_no_request_is_made_beyond_it(self, fake: FakeCoinglass, left: int) -> None:
        fake.limit, fake.used = 30, 30 - left
        with suppress(SourceError):
            source_at(fake).snapshot(QUERY)
        assert fake.used <= 30

    def test_the_map_comes_first(self, fake: FakeCoinglass) -> None:
        fake.limit, fake.used = 30, 28
        found = source_at(fake).snapshot(QUERY)
        assert_map(found)
        assert any("requests of this minute are used up" in note for note in found.notes)

    def test_where_none_is_left_it_says_when(self, fake: FakeCoinglass) -> None:
        fake.limit, fake.used = 30, 29
        with pytest.raises(SourceUnavailableError, match="try again in a minute"):
            source_at(fake).snapshot(QUERY)
        assert fake.asked == ["subscription"]

    def test_after_a_429_nothing_more_is_asked(self, fake: FakeCoinglass) -> None:
        fake.always("subscription", Wire.RATE_LIMITED)
        with pytest.raises(SourceUnavailableError, match="used up"):
            source_at(fake).snapshot(QUERY)
        assert fake.asked == ["subscription"]

    def test_a_429_on_the_map_says_how_long_to_wait(self, fake: FakeCoinglass) -> None:
        fake.always("aggregated-map", Wire.RATE_LIMITED)
        with pytest.raises(SourceUnavailableError, match=f"it says {RETRY_AFTER_S} s"):
            source_at(fake).snapshot(QUERY)
        assert "map" not in fake.asked


class TestKey:
    def test_it_is_shown_nowhere(
        self, fake: FakeCoinglass, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        fake.echoes = True
        said: list[str] = []
        fake.plan, fake.gives_maps = "STARTUP", True
        for endpoint in ("subscription", "aggregated-map", "funding"):
            for fault in ("bad_key", Wire.HTML_403):
                fake.always(endpoint, fault)
                source = source_at(fake)
                raw = source.fetch(QUERY)
                said += [repr(source), repr(raw), record("coinglass", QUERY, options_of(fake))]
                try:
                    said += [*source.parse(raw).notes]
                except SourceError as error:
                    said += [str(error), repr(error)]
            fake.always(endpoint, "")
        assert not [one for one in (*said, caplog.text) if KEY in one]
        assert any("[key]" in one for one in said), "nothing was echoed, so nothing was proven"
        sent = {request.headers["cg-api-key"] for _, request in fake.server.requests}
        assert sent == {KEY}
        assert not [one for _, one in fake.server.requests if KEY in one.query]

    def test_it_may_be_in_a_file_of_its_owner(
        self, fake: FakeCoinglass, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(source_variable("coinglass"))
        file = tmp_path / "coinglass.key"
        file.write_text(f"{KEY}\n")
        file.chmod(0o600)
        options = replace(options_of(fake), key_files={"coinglass": file})
        assert open_source("coinglass", options).snapshot(QUERY).liquidation_map is not None
        file.chmod(0o644)
        with pytest.raises(ConfigError, match="chmod 600"):
            open_source("coinglass", options)

    def test_without_one_it_says_where_it_belongs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(source_variable("coinglass"))
        with pytest.raises(ConfigError, match="SQUAREDESK_COINGLASS_KEY"):
            open_source("coinglass")

    @pytest.mark.parametrize("url", ["http://example.com", "https://a@b", "https://a/?q=1", ""])
    def test_it_is_sent_to_no_unsafe_address(self, url: str) -> None:
        with pytest.raises(ConfigError, match="coinglass_url"):
            open_source("coinglass", SourceOptions(base_urls={"coinglass": url}))


def test_a_recording_replays_to_the_same(fake: FakeCoinglass, tmp_path: Path) -> None:
    fake.left_out = ("aggregated-map", "liquidation-list")
    file = tmp_path / "look.json"
    file.write_text(record("coinglass", QUERY, options_of(fake)), encoding="utf-8")
    seen = source_at(fake).snapshot(QUERY)
    replayed = open_source(str(file)).snapshot(Query(now=NOW + timedelta(days=9)))
    assert map_rows(replayed) == map_rows(seen)
    assert (replayed.notes, replayed.origins) == (seen.notes, seen.origins)


def assert_map_near(found: MarketSnapshot, share: float) -> None:
    """Assert the map of a heatmap, whose price is rounded to the cent, too."""
    assert_map(found, share)
    assert found.price == pytest.approx(PRICE, abs=0.006)


def assert_nothing_wrong(found: MarketSnapshot, clean: MarketSnapshot) -> None:
    """Assert that the map is one of the market, and that the rest is as it was, or not there."""
    whole = "Coinglass gave no better map" not in " ".join(found.notes)
    assert_map_near(found, 1.0 if whole else SHARES["Binance"])
    assert found.as_of == NOW
    if (candles := found.candles) is not None:
        closes = [price_at(stamp) for stamp in candles.known_ms.tolist()]
        assert candles.close.tolist() == pytest.approx(closes, abs=0.011)
    if (interest := found.open_interest) is not None:
        usd = [open_interest_coins(one) * price_at(one) for one in interest.stamp_ms.tolist()]
        assert interest.open_interest_usd.tolist() == pytest.approx(usd, rel=1e-6)
    if (lost := found.liquidations) is not None:
        minutes = lost.interval // timedelta(minutes=1)
        share = sum(SHARES[venue] for venue in lost.venues)
        longs = [share * liquidated_usd(open_ms, minutes)[0] for open_ms in lost.open_ms.tolist()]
        assert lost.long_usd.tolist() == pytest.approx(longs)
    if (accounts := found.long_short_accounts) is not None:
        shares = [long_share(stamp) for stamp in accounts.stamp_ms.tolist()]
        assert accounts.long_share.tolist() == pytest.approx(shares, abs=1e-4)
    if (flows := found.etf_flows) is not None:
        assert flows.known_ms[-1] <= to_ms(NOW)
        assert flows.flow_usd.tolist() == [etf_flow(day) for day in flows.day_ms.tolist()]
    assert found.funding_rate in {None, clean.funding_rate}
    assert found.funding_interval in {None, clean.funding_interval}
    assert found.max_pain in {None, clean.max_pain}
    assert found.open_interest_by_venue in ({}, clean.open_interest_by_venue)
    assert found.liquidations_by_venue in ({}, clean.liquidations_by_venue)


@pytest.mark.parametrize(
    ("endpoint", "fault"), SWEEP, ids=[f"{endpoint}-{fault}" for endpoint, fault in SWEEP]
)
def test_a_fault_is_told_and_no_figure_is_wrong(
    fake: FakeCoinglass, endpoint: str, fault: str, clean: MarketSnapshot
) -> None:
    deadline_s = HURRY_S if fault == Wire.SLOW_BEFORE else 10.0
    fake.plan, fake.gives_maps = "STARTUP", True
    if endpoint in MAPS:
        fake.left_out = MAPS[: MAPS.index(endpoint)]
    elif endpoint == "pair-liquidations":
        fake.left_out = MAPS[:1]
    fake.always(endpoint, fault)
    began = time.monotonic()
    try:
        found = source_at(fake, deadline_s).snapshot(QUERY)
    except SourceError as error:
        told = str(error)
        assert endpoint in {"subscription", *MAPS}, "the map alone must be there"
        assert "coinglass" in told
        assert len(told) < 700
        assert "<" not in told, "a page of markup is no message"
    else:
        assert_nothing_wrong(found, clean)
        assert found.notes != clean.notes or (endpoint, fault) in fake.harmless
    finally:
        assert time.monotonic() - began < deadline_s + 1
    assert endpoint in fake.asked


def test_every_documented_code_is_played() -> None:
    played = {code for code, _ in ERRORS.values()}
    assert played >= {"400", "401", "404", "405", "408", "422", "429", "500"}
