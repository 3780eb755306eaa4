"""The recorded files of the project's shelf, where it is at hand; they are not ours to ship."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.errors import ConfigError, SourceDataError
from composer.market.records import MarketSnapshot, Query, to_ms
from composer.market.sources import open_source

SHELF = Path(__file__).parents[3] / "shared" / "data" / "market"
NOW = datetime(2026, 11, 1, tzinfo=UTC)

FIVE_MINUTES = "binance_um_btcusdt_5m_klines_oi_gapfree_2026-05-25_2026-06-14.csv"
HOURLY = "coinglass_btc_1h_price_oi_liq_funding_2025-12-04_2026-03-31.csv"
FOUR_HOURS = "coinglass_btc_4h_stitched_2024-11_2025-11.csv"
NO_OPEN_INTEREST = (
    "binance_um_btcusdt_1h_2024_2025.csv",
    "btc-perp_1m_2021-12-31_2022-02-01_nautilus.csv",
)
NO_CANDLES = (
    "coinglass_btc_liq_30m_2026-02-21_2026-03-31.csv",
    "coinglass_btc_oi_by_exchange_chart_2025.csv.gz",
    "coinglass_published_intensity.csv",
)

pytestmark = pytest.mark.skipif(
    not SHELF.is_dir(), reason="the recorded market files are not beside this checkout"
)


def read(name: str, as_of: datetime | None = None) -> MarketSnapshot:
    return open_source(str(SHELF / name)).snapshot(Query(now=NOW, as_of=as_of))


@pytest.mark.parametrize(
    ("name", "bars", "last"),
    [
        (FIVE_MINUTES, 5750, datetime(2026, 6, 14, 15, 5, tzinfo=UTC)),
        (HOURLY, 2821, datetime(2026, 4, 1, tzinfo=UTC)),
        (FOUR_HOURS, 2202, datetime(2025, 11, 14, 20, tzinfo=UTC)),
    ],
)
def test_every_row_of_a_real_file_passes(name: str, bars: int, last: datetime) -> None:
    found = read(name)
    assert found.candles is not None
    assert len(found.candles) == bars
    assert found.as_of == last


def test_five_minutes_have_open_interest_from_the_open_of_the_bar() -> None:
    # The row of 00:05 closes at 00:10; its open interest is that of 00:05.
    found = read(FIVE_MINUTES, datetime(2026, 5, 26, 0, 10, tzinfo=UTC))
    assert found.candles is not None
    assert found.open_interest is not None
    assert (found.source, found.price) == ("Binance", 77200.9)
    assert found.open_interest.stamp_ms[-1] == to_ms(datetime(2026, 5, 26, 0, 5, tzinfo=UTC))
    assert found.open_interest.open_interest_usd[-1] == 7709944691.258577
    assert found.funding_rate == 8.058e-05
    assert found.candles.turnover_usd is None
    assert "Open interest is Binance's only." in found.notes


def test_hours_have_open_interest_from_the_close_and_funding_in_percent() -> None:
    # The rows of 06:00 and 07:00 are closed at 08:00.
    found = read(HOURLY, datetime(2025, 12, 4, 8, 59, tzinfo=UTC))
    assert found.candles is not None
    assert found.open_interest is not None
    assert found.liquidations is not None
    assert len(found.candles) == 2
    assert (found.source, found.price) == ("Coinglass", 93397.67)
    assert found.open_interest.stamp_ms[-1] == to_ms(datetime(2025, 12, 4, 8, tzinfo=UTC))
    assert found.open_interest.open_interest_usd[-1] == 8293200354.0
    assert found.liquidations.venues == ("Binance", "Bybit", "OKX")
    assert found.liquidations.long_usd[-1] == 37900.77934
    assert found.liquidations.short_usd[-1] == 137784.67613
    # 0.007367 % = 0.00007367.
    assert found.funding_rate == pytest.approx(7.367e-05, rel=1e-12)
    assert found.funding_rates is not None
    assert found.funding_rates.rate[-1] == found.funding_rate
    assert found.funding_rates.stamp_ms[-1] == found.candles.known_ms[-1]


def test_four_hours_start_without_open_interest() -> None:
    # The row of 2024-11-21 20:00 is the first with open interest; it closes at midnight.
    begins = datetime(2024, 11, 22, tzinfo=UTC)
    found = read(FOUR_HOURS, begins)
    assert found.candles is not None
    assert found.open_interest is not None
    assert found.candles.turnover_usd is not None
    assert found.price == 98366.8
    assert found.open_interest.open_interest_usd.tolist() == [64026794410.0]
    assert found.open_interest.stamp_ms.tolist() == [to_ms(begins)]
    assert found.candles.turnover_usd[-1] == 3758195145.6894
    assert found.notes == ("Open interest is that of all exchanges.",)
    with pytest.raises(SourceDataError, match="'oi_close': expected open interest"):
        read(FOUR_HOURS, begins - timedelta(seconds=1))


def test_missing_hours_are_told() -> None:
    assert "5 bars are missing between the first bar and the last." in read(HOURLY).notes


@pytest.mark.parametrize("name", [FIVE_MINUTES, HOURLY, FOUR_HOURS])
def test_a_copy_under_another_name_reads_the_same(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_bytes((SHELF / name).read_bytes())
    found = open_source(str(copy)).snapshot(Query(now=NOW))
    assert (found.source, found.price) == (read(name).source, read(name).price)


@pytest.mark.parametrize("name", NO_OPEN_INTEREST)
def test_prices_alone_are_refused(name: str) -> None:
    with pytest.raises(SourceDataError, match="expected a column of open interest"):
        read(name)


@pytest.mark.parametrize("name", NO_CANDLES)
def test_a_file_without_candles_has_no_description(name: str) -> None:
    with pytest.raises(ConfigError, match="no column description fits this file"):
        read(name)


def test_a_json_that_is_no_map_is_refused() -> None:
    with pytest.raises(SourceDataError, match="expected an object"):
        read("coinglass_btc_etf_flow_history_2024-01_2025-11.json")
