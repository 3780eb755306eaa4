"""The backtest as its users meet it, on a file of our own and on the recorded ones."""

import csv
import json
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from composer.cli import main
from composer.figures.compute import compute_figures
from composer.figures.levels import LevelPolicy
from composer.figures.rewind import rewind
from composer.market.records import Query
from composer.market.sources import open_source

SHELF = Path(__file__).parents[3] / "shared" / "data" / "market"
FIVE_MINUTES = "binance_um_btcusdt_5m_klines_oi_gapfree_2026-05-25_2026-06-14.csv"
HOURLY = "coinglass_btc_1h_price_oi_liq_funding_2025-12-04_2026-03-31.csv"
FOUR_HOURS = "coinglass_btc_4h_stitched_2024-11_2025-11.csv"
NOW = datetime(2026, 11, 1, tzinfo=UTC)

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 20
COLUMNS = """
source = "Our exchange"
symbol = "BTC"
venue = "Our exchange"
interval = "1h"
[time]
column = "time"
format = "epoch_ms"
stamp = "open"
[price]
open = "open"
high = "high"
low = "low"
close = "close"
[open_interest]
column = "interest"
unit = "usd"
stamp = "close"
single_sided = true
venues = ["Our exchange"]
"""


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Write twenty days of hours whose price swings 5 % a week."""
    file = tmp_path / "ours.csv"
    with file.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["time", "open", "high", "low", "close", "interest"])
        before = 90_000.0
        for hour in range(DAYS * 24):
            close = 90_000 * (1 + 0.05 * math.sin(hour * 2 * math.pi / 168))
            high, low = max(before, close) + 50, min(before, close) - 50
            time_ms = round((START + timedelta(hours=hour)).timestamp() * 1000)
            rows.writerow([time_ms, before, high, low, close, 8e9])
            before = close
    (tmp_path / "ours.csv.toml").write_text(COLUMNS)
    return file


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, ["backtest", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*words: str) -> Any:  # noqa: ANN401 - whatever JSON the command prints
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_constant=pytest.fail)


def test_every_day_has_an_edition_and_each_is_followed(recorded: Path) -> None:
    words = ["--source", str(recorded), "--from", "2026-01-08", "--to", "2026-01-17"]
    found = answer(*words, "--levels", "range:0.02")
    assert [one["as_of"][:16] for one in found["editions"]] == [
        f"2026-01-{day:02}T08:00" for day in range(8, 18)
    ]
    assert found["missing"] == {}
    assert (found["data"], found["source"]) == ("ours.csv", "Our exchange")
    # The bars end with 20 January: from the 14th on at 08:00 they cover 160 of 168 hours, 95 %.
    known = [sum(name in one["outcomes"] for one in found["editions"]) for name in ("72h", "7d")]
    assert known == [10, 7]
    for one in found["editions"]:
        # The price swings by 10 % a week, so that one of the two levels is reached.
        assert one["lower"] == pytest.approx(one["price"] * 0.98)
        for outcome in one["outcomes"].values():
            for name in ("upper_touched_at", "lower_touched_at"):
                assert outcome[name] is None or outcome[name] > one["as_of"]
        if "7d" in one["outcomes"]:
            assert one["outcomes"]["7d"]["first"] in {"long", "short"}


def test_what_came_after_an_edition_changes_none_of_it(recorded: Path) -> None:
    words = ["--source", str(recorded), "--from", "2026-01-09", "--to", "2026-01-09"]
    (before,) = answer(*words)["editions"]
    lines = recorded.read_text().splitlines()
    first_after = 1 + 8 * 24 + 8  # the header, eight days and eight hours
    for i in range(first_after, len(lines)):
        time_ms, open_, _, _, close, interest = lines[i].split(",")
        lines[i] = f"{time_ms},{open_},200000,100,{close},{interest}"
    recorded.write_text("\n".join(lines))
    (after,) = answer(*words)["editions"]
    assert {**after, "outcomes": None} == {**before, "outcomes": None}
    assert after["outcomes"]["24h"]["up"] == pytest.approx(200_000 / after["price"] - 1)
    assert after["outcomes"]["24h"]["first"] is None  # both within the first bar


def test_the_page_says_what_it_stands_on(recorded: Path) -> None:
    words = ["--source", str(recorded), "--from", "2026-01-06", "--to", "2026-01-21"]
    page = run(*words).stdout
    assert page.startswith("## BTC, 2026-01-06 to 2026-01-20\n")
    assert "`ours.csv` (Our exchange; bars of 60 minutes)" in page
    assert "15 editions, one a day at 08:00 UTC, levels `round`" in page
    assert "Days that could not be replayed: 1." in page  # the file ends on the 21st at 00:00
    assert "- The file has no turnover; the range of each bar stands in for it." in page
    assert "Rows whose interval leaves out their base rate:" in page
    assert str(recorded.parent) not in page


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ("2026-01-09", "2026-01-08", "--to: expected a day not before --from 2026-01-09"),
        ("2025-01-01", "2025-01-03", "no day from 2025-01-01 to 2025-01-03 can be replayed"),
    ],
)
def test_what_cannot_be_replayed_is_refused(
    recorded: Path, first: str, last: str, reason: str
) -> None:
    result = run("--source", str(recorded), "--from", first, "--to", last)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_prices_without_open_interest_are_refused(recorded: Path) -> None:
    columns = recorded.with_name("ours.csv.toml")
    columns.write_text(COLUMNS[: COLUMNS.index("[open_interest]")])
    result = run("--source", str(recorded), "--from", "2026-01-09", "--to", "2026-01-09")
    assert result.exit_code == 1
    assert "ours.csv: expected a column of open interest, got prices only" in result.stderr


def test_a_day_that_is_none_is_bad_usage(recorded: Path) -> None:
    result = run("--source", str(recorded), "--from", "January", "--to", "2026-01-08")
    assert result.exit_code == 2


@pytest.mark.skipif(
    not SHELF.is_dir(), reason="the recorded market files are not beside this checkout"
)
@pytest.mark.parametrize(
    ("name", "day"),
    [
        (FIVE_MINUTES, date(2026, 6, 3)),
        (HOURLY, date(2026, 2, 14)),
        (FOUR_HOURS, date(2025, 3, 9)),
    ],
)
def test_a_replayed_moment_has_the_figures_of_a_look_at_it(name: str, day: date) -> None:
    """The source itself cuts the file off at --as-of; a replay does so from the whole of it."""
    moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    source = open_source(str(SHELF / name))
    looked = source.snapshot(Query(now=NOW, as_of=moment))
    rewound = rewind(source.snapshot(Query(now=NOW)), moment)
    one, two = (compute_figures(each, levels=LevelPolicy()) for each in (looked, rewound))
    assert (one.price, one.as_of, one.range_7d) == (two.price, two.as_of, two.range_7d)
    assert (one.upper.level, one.lower.level) == (two.upper.level, two.lower.level)
    # Five-minute open interest is stamped at the open of a bar whose row is not read yet: the
    # whole file knows a value that is five minutes newer, and sizes go by it.
    per_interest = [
        figures.liquidation_map.long_usd / each.open_interest.open_interest_usd[-1]
        for figures, each in ((one, looked), (two, rewound))
        if each.open_interest is not None
    ]
    assert per_interest[0] == pytest.approx(per_interest[1], rel=1e-9)
    assert one.skew == pytest.approx(two.skew, abs=1e-9)
