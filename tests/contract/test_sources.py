"""What holds for every live exchange, found by its file; its fake is found the same way.

Whatever an exchange answers, a source says so in one of our errors or in a note: no figure
is ever one that the market did not have.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from composer.errors import ConfigError, SourceError, SourceRefusedError, SourceUnavailableError
from composer.figures.compute import compute_figures
from composer.figures.levels import LevelPolicy
from composer.market.collect import collect, open_sources
from composer.market.records import Confidence, MarketSnapshot, Query, from_ms, to_ms
from composer.market.sources import SourceOptions, open_source, providers
from composer.market.sources._grids import MAIN_INTERVAL, Grid
from composer.market.sources._live import LiveSource
from composer.market.sources._recording import recording_text
from composer.settings import Settings
from tests.fakes.server import RETRY_AFTER_S, Wire
from tests.fakes.venues import fake_of, has_fake
from tests.fakes.venues.market import (
    funding_rate,
    liquidated_usd,
    long_share,
    open_interest_coins,
    price_at,
)
from tests.fakes.venues.venue import HOURS_MS, FakeVenue, Spoilt

NOW = datetime(2026, 6, 10, 8, 2, 13, tzinfo=UTC)
QUERY = Query(now=NOW, symbol="BTC")
# Days less than a real look: a sweep reads thousands of answers.
GRIDS = (
    Grid(timedelta(minutes=1), 90),
    Grid(MAIN_INTERVAL, 320),
    Grid(timedelta(minutes=30), 60),
)
HURRY_S = 0.8  # long enough for all but who is silent, also on a busy machine
CENT = 0.011  # exchanges round to ticks

NAMES = sorted(providers())
FAKED = [name for name in NAMES if has_fake(name)]
# Whether a write was kept before the line broke is nothing to who only reads.
READ_ALIKE = {Wire.DROP_AFTER, Wire.SLOW_AFTER, Wire.GATEWAY_504}
FAULTS = [fault.value for kind in (Wire, Spoilt) for fault in kind if fault not in READ_ALIKE]
SWEEP = [
    (name, endpoint, fault)
    for name in FAKED
    for endpoint, fault in (
        *((endpoint, fault) for endpoint in fake_of(name).endpoints for fault in FAULTS),
        *fake_of(name).own_faults,
    )
]


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[FakeVenue]:
    venue = fake_of(request.param)(NOW)
    with venue.running():
        yield venue
        assert not venue.server.strays, "a redirect was followed, or the fake met the impossible"


def source_at(fake: FakeVenue, name: str, *, deadline_s: float = 10.0) -> LiveSource:
    """Return the provider's source, asking the fake for less and pausing shortly."""
    options = SourceOptions(base_urls={name: fake.server.url}, deadline_s=deadline_s)
    opened = open_source(name, options)
    assert isinstance(opened, LiveSource)
    return replace(opened, grids=GRIDS, pause_s=0.01)


@pytest.fixture(scope="module")
def clean() -> dict[str, MarketSnapshot]:
    """Return what each exchange shows without faults."""
    found = {}
    for name in FAKED:
        venue = fake_of(name)(NOW)
        with venue.running():
            found[name] = source_at(venue, name).snapshot(QUERY)
    return found


def rows(part: object, by: str) -> dict[int, tuple[float, ...]]:
    """Return a record's rows by their time."""
    columns = [
        getattr(part, item.name)
        for item in fields(part)  # type: ignore[arg-type] # one of our records
        if isinstance(getattr(part, item.name), np.ndarray)
    ]
    return dict(zip(getattr(part, by).tolist(), zip(*columns, strict=True), strict=True))


def assert_nothing_wrong(found: MarketSnapshot, clean: MarketSnapshot) -> None:
    """Assert that whatever is there is as in the clean snapshot: less is fine, other is not."""
    closes = {grid.interval: rows(grid, "open_ms") for grid in clean.candle_grids}
    for grid in found.candle_grids:
        assert rows(grid, "open_ms").items() <= closes[grid.interval].items()
    assert found.price == found.candle_grids[0].close[-1]
    assert to_ms(found.as_of) == found.candle_grids[0].known_ms[-1]
    interest = found.open_interest
    assert interest is not None
    for stamp, usd in zip(interest.stamp_ms, interest.open_interest_usd, strict=True):
        assert stamp <= to_ms(NOW)
        expected = open_interest_coins(int(stamp)) * price_at(int(stamp))
        assert usd == pytest.approx(expected, rel=0.01)  # coins count at a price minutes older
    for name, by in (
        ("long_short_accounts", "stamp_ms"),
        ("taker_flow", "open_ms"),
        ("liquidations", "open_ms"),
        ("funding_rates", "stamp_ms"),
    ):
        part = getattr(found, name)
        if part is not None:
            assert rows(part, by).items() <= rows(getattr(clean, name), by).items()
    assert found.funding_rate in {None, clean.funding_rate}
    assert found.funding_interval in {None, clean.funding_interval}


@pytest.mark.parametrize("name", NAMES)
class TestDeclaration:
    def test_it_has_a_fake(self, name: str) -> None:
        assert has_fake(name), (
            f"{name} has no fake; add tests/fakes/venues/{name}.py with FAKE, a FakeVenue"
        )

    def test_its_address_is_a_setting(self, name: str) -> None:
        assert f"{name}_url" in Settings.model_fields

    def test_it_says_where_its_rules_are(self, name: str) -> None:
        provider = providers()[name]
        assert provider.name == name
        for url in (provider.docs_url, provider.terms_url, provider.base_url):
            assert url.startswith("https://")
        assert provider.rate_limit
        assert provider.read_open_interest or provider.read_open_interest_history

    @pytest.mark.parametrize(
        "url", ["http://example.com", "ftp://127.0.0.1", "https://a@b", "https://a/?q=1", "x", ""]
    )
    def test_an_unsafe_address_is_refused(self, name: str, url: str) -> None:
        with pytest.raises(ConfigError, match=f"{name}_url"):
            open_source(name, SourceOptions(base_urls={name: url}))

    def test_it_takes_no_argument(self, name: str) -> None:
        with pytest.raises(ConfigError, match=name):
            open_source(f"{name}:spot")


@pytest.mark.parametrize(
    ("fake", "name"), [(name, name) for name in FAKED], indirect=["fake"], ids=FAKED
)
class TestWithoutFaults:
    def test_alone_it_is_enough_for_figures(self, fake: FakeVenue, name: str) -> None:
        found = source_at(fake, name).snapshot(QUERY)
        figures = compute_figures(found, levels=LevelPolicy.parse("round"))
        assert figures.upper.intensity_usd > 0
        assert figures.lower.intensity_usd > 0
        assert figures.source == providers()[name].title
        assert (figures.price, figures.as_of) == (found.price, found.as_of)
        assert set(fake.asked) >= set(fake.endpoints)

    def test_values_are_those_of_the_market(self, fake: FakeVenue, name: str) -> None:
        """Each from the formulas of the made-up market, so by hand and not by our own code."""
        found = source_at(fake, name).snapshot(QUERY)
        last_minute = to_ms(NOW.replace(second=0))
        assert found.as_of == NOW.replace(second=0)
        assert found.price == pytest.approx(price_at(last_minute), abs=CENT)
        assert found.candles is not None
        assert found.candles.interval == MAIN_INTERVAL
        assert found.candles.known_ms[-1] == to_ms(NOW.replace(minute=0, second=0))
        for grid in found.candle_grids:
            assert grid.close[-1] == pytest.approx(price_at(int(grid.known_ms[-1])), abs=CENT)
            assert grid.open[0] == pytest.approx(price_at(int(grid.open_ms[0])), abs=CENT)
        interest = found.open_interest
        assert interest is not None
        single_sided = open_interest_coins(int(interest.stamp_ms[-1])) * found.price
        assert interest.open_interest_usd[-1] == pytest.approx(single_sided, rel=0.001)
        assert found.open_interest_by_venue == {found.source: interest.open_interest_usd[-1]}
        has_history = providers()[name].read_open_interest_history is not None
        assert found.confidence is (Confidence.MEDIUM if has_history else Confidence.LOW)
        assert bool(found.notes) is not has_history
        for stamp, usd in zip(interest.stamp_ms[:-1], interest.open_interest_usd, strict=False):
            expected = open_interest_coins(int(stamp)) * price_at(int(stamp))
            assert usd == pytest.approx(expected, rel=0.001)

    def test_what_it_offers_besides_is_there(self, fake: FakeVenue, name: str) -> None:
        found, provider = source_at(fake, name).snapshot(QUERY), providers()[name]
        assert (found.funding_rate is None) == (provider.read_funding is None)
        hours = 1 if name == "hyperliquid" else 8
        assert found.funding_interval == (found.funding_rate and timedelta(hours=hours))
        assert (found.funding_rates is None) == (provider.read_funding_history is None)
        if found.funding_rates is not None:
            *paid, present = found.funding_rates.stamp_ms.tolist()
            assert [stamp % (hours * HOURS_MS) for stamp in paid] == [0] * len(paid)
            rates = [funding_rate(stamp - 1) for stamp in paid]
            assert found.funding_rates.rate[:-1].tolist() == pytest.approx(rates)
            assert found.funding_rates.rate[-1] == found.funding_rate
            assert from_ms(present) == found.origins["funding_rate"].as_of
            assert NOW - from_ms(paid[0]) > timedelta(days=19)
        assert (found.long_short_accounts is None) == (provider.read_accounts is None)
        assert (found.taker_flow is None) == (provider.read_taker is None)
        assert (found.liquidations is None) == (provider.read_liquidations is None)
        if found.long_short_accounts is not None:
            accounts = found.long_short_accounts
            shares = [long_share(int(stamp)) for stamp in accounts.stamp_ms]
            assert accounts.long_share == pytest.approx(shares, abs=0.001)
        if found.liquidations is not None:
            last = int(found.liquidations.open_ms[-1])
            sides = found.liquidations.long_usd[-1], found.liquidations.short_usd[-1]
            assert sides == pytest.approx(liquidated_usd(last, 5), rel=0.01)
        for known, part in (
            ("funding_rate", found.funding_rate),
            ("funding_rates", found.funding_rates),
            ("taker_flow", found.taker_flow),
            ("liquidations", found.liquidations),
            ("long_short_accounts", found.long_short_accounts),
        ):
            assert (known in found.origins) == (part is not None)
        for origin in found.origins.values():
            assert origin.source == provider.title
            assert NOW - timedelta(hours=1) < origin.as_of <= NOW
            assert origin.fetched_at == NOW

    def test_a_recording_replays_to_the_same(
        self, fake: FakeVenue, name: str, tmp_path: Path
    ) -> None:
        live = open_source(name, SourceOptions(base_urls={name: fake.server.url}))
        assert isinstance(live, LiveSource)
        raw = live.fetch(QUERY)
        file = tmp_path / "look.json"
        file.write_text(recording_text(raw), encoding="utf-8")
        later = Query(now=NOW + timedelta(days=9))
        replayed, seen = open_source(str(file)).snapshot(later), live.parse(raw)
        assert_nothing_wrong(replayed, seen)
        assert_nothing_wrong(seen, replayed)
        assert (replayed.notes, replayed.origins) == (seen.notes, seen.origins)
        with pytest.raises(ConfigError, match="recorded at"):
            open_source(str(file)).snapshot(Query(now=NOW, as_of=NOW - timedelta(minutes=1)))

    def test_only_the_present_is_known(self, fake: FakeVenue, name: str) -> None:
        past = Query(now=NOW, symbol="BTC", as_of=NOW - timedelta(hours=1))
        with pytest.raises(ConfigError, match=f"{name} knows only the present"):
            source_at(fake, name).snapshot(past)

    def test_an_unknown_symbol_is_refused(self, fake: FakeVenue, name: str) -> None:
        with pytest.raises(SourceRefusedError, match=name):
            source_at(fake, name).snapshot(Query(now=NOW, symbol="NOCOIN"))

    def test_a_passing_fault_is_asked_over(self, fake: FakeVenue, name: str) -> None:
        for route in fake.routes():
            fake.server.script(route.endpoint, Wire.ERROR_500)
        assert not [note for note in source_at(fake, name).snapshot(QUERY).notes if "500" in note]

    def test_too_many_requests_say_how_long_to_wait(self, fake: FakeVenue, name: str) -> None:
        for endpoint in fake.endpoints:
            fake.always(endpoint, Wire.RATE_LIMITED)
        with pytest.raises(SourceUnavailableError, match=f"try later, it says {RETRY_AFTER_S} s"):
            source_at(fake, name).snapshot(QUERY)


def test_all_of_them_together_are_one_market() -> None:
    """Every fake shows the same market, so the sum is as many times its open interest."""
    with ExitStack() as running:
        urls = {name: running.enter_context(fake_of(name)(NOW).running()) for name in FAKED}
        options = SourceOptions(base_urls=urls, deadline_s=60)
        found = collect(open_sources(f"{','.join(FAKED)}|simulated", options), QUERY)
    assert len(found.venues) == len(found.open_interest_by_venue) == len(FAKED)
    assert not found.simulated
    interest = found.open_interest
    assert interest is not None
    usd = len(FAKED) * open_interest_coins(to_ms(NOW)) * price_at(to_ms(NOW))
    assert interest.open_interest_usd[-1] == pytest.approx(usd, rel=0.001)


@pytest.mark.parametrize(
    ("fake", "name", "endpoint", "fault"),
    [(name, name, endpoint, fault) for name, endpoint, fault in SWEEP],
    indirect=["fake"],
    ids=["-".join(one) for one in SWEEP],
)
def test_a_fault_is_told_and_no_figure_is_wrong(
    fake: FakeVenue, name: str, endpoint: str, fault: str, clean: dict[str, MarketSnapshot]
) -> None:
    deadline_s = HURRY_S if fault == Wire.SLOW_BEFORE else 10.0
    fake.always(endpoint, fault)
    began = time.monotonic()
    try:
        found = source_at(fake, name, deadline_s=deadline_s).snapshot(QUERY)
    except SourceError as error:
        told = str(error)
        assert name in told
        assert len(told) < 700
        assert "<" not in told, "a page of markup is no message"
    else:
        assert_nothing_wrong(found, clean[name])
        told_nothing = found.notes == clean[name].notes
        had_no_list = fault == Spoilt.EMPTY_LISTS
        assert not told_nothing or had_no_list or (endpoint, fault) in fake.harmless
    finally:
        assert time.monotonic() - began < deadline_s + 1
    assert endpoint in fake.asked
