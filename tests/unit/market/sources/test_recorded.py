import gzip
import math
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.errors import ConfigError, SourceDataError, SourceUnavailableError
from composer.market.records import MarketSnapshot, Query, to_ms
from composer.market.sources._descriptions import shipped_descriptions
from composer.market.sources.recorded import open_source

NOW = datetime(2026, 6, 2, tzinfo=UTC)
START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

DESCRIPTION = """
source = "Venue"
symbol = "BTC"
venue = "Venue"
interval = "1h"
[time]
column = "time"
format = "epoch_ms"
stamp = "open"
[price]
open = "o"
high = "h"
low = "l"
close = "c"
[open_interest]
column = "oi"
unit = "usd"
stamp = "close"
single_sided = true
venues = ["Venue"]
"""
HEADER = "time,o,h,l,c,oi"
# Four bars, 00:00 to 04:00, each closing 10 above its open.
ROWS = [
    f"{to_ms(START + n * HOUR)},{100 + step},{115 + step},{95 + step},{110 + step},{1000 + n}"
    for n, step in enumerate((0, 10, 20, 30))
]


def write(
    folder: Path,
    rows: list[str] | None = None,
    *,
    header: str = HEADER,
    description: str | None = DESCRIPTION,
) -> Path:
    path = folder / "bars.csv"
    path.write_text("\n".join([header, *(ROWS if rows is None else rows)]) + "\n", "utf-8")
    if description is not None:
        (folder / "bars.csv.toml").write_text(description, "utf-8")
    return path


def read(path: Path, as_of: datetime | None = None, symbol: str | None = None) -> MarketSnapshot:
    return open_source(str(path)).snapshot(Query(now=NOW, as_of=as_of, symbol=symbol))


def row(**changes: str) -> str:
    """Return the second row with some cells changed."""
    cells = dict(zip(HEADER.split(","), ROWS[1].split(","), strict=True))
    return ",".join((cells | changes).values())


def with_row(second: str) -> list[str]:
    return [ROWS[0], second, *ROWS[2:]]


def with_parts(*parts: str, **replaced: str) -> str:
    text = DESCRIPTION
    for old, new in replaced.items():
        before, after = new.split(" -> ")
        assert before in text, old
        text = text.replace(before, after)
    return "\n".join([text, *parts])


def test_the_file_is_read_whole_when_all_of_it_is_past(tmp_path: Path) -> None:
    found = read(write(tmp_path))
    assert found.candles is not None
    assert found.open_interest is not None
    assert (found.symbol, found.source, found.venues) == ("BTC", "Venue", ("Venue",))
    # Opens 100, 110, 120, 130; the last bar closes at 140 and is known at 04:00.
    np.testing.assert_array_equal(found.candles.open, [100, 110, 120, 130])
    np.testing.assert_array_equal(found.candles.high, [115, 125, 135, 145])
    np.testing.assert_array_equal(found.candles.low, [95, 105, 115, 125])
    np.testing.assert_array_equal(found.candles.close, [110, 120, 130, 140])
    np.testing.assert_array_equal(found.open_interest.open_interest_usd, [1000, 1001, 1002, 1003])
    assert found.price == 140
    assert found.as_of == START + 4 * HOUR
    assert found.fetched_at == NOW
    assert not found.simulated
    assert {name: origin.source for name, origin in found.origins.items()} == {
        "candles": "bars.csv",
        "open_interest": "bars.csv: oi",
    }
    assert {origin.as_of for origin in found.origins.values()} == {found.as_of}
    assert {origin.fetched_at for origin in found.origins.values()} == {NOW}


def test_the_notes_say_what_the_file_lacks(tmp_path: Path) -> None:
    found = read(write(tmp_path))
    assert found.candles is not None
    assert found.candles.turnover_usd is None
    assert found.notes == (
        "Open interest is Venue's only.",
        "The file has no turnover; the range of each bar stands in for it.",
    )


def test_missing_bars_are_counted_in_a_note(tmp_path: Path) -> None:
    found = read(write(tmp_path, [ROWS[0], ROWS[3]]))
    assert "2 bars are missing between the first bar and the last." in found.notes


def test_open_interest_of_several_venues_names_them(tmp_path: Path) -> None:
    text = with_parts(oi='venues = ["Venue"] -> venues = ["A", "B"]')
    found = read(write(tmp_path, description=text))
    assert "Open interest is A and B's only." in found.notes
    assert found.venues == ("Venue", "A", "B")


# --- times -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stamp", "hour"),
    [("open", 0), ("close", 1)],
)
def test_open_interest_keeps_the_stamp_its_description_gives(
    tmp_path: Path, stamp: str, hour: int
) -> None:
    text = with_parts(oi=f'stamp = "close" -> stamp = "{stamp}"')
    found = read(write(tmp_path, description=text))
    assert found.open_interest is not None
    expected = [to_ms(START + (hour + n) * HOUR) for n in range(4)]
    np.testing.assert_array_equal(found.open_interest.stamp_ms, expected)


def test_candles_stamped_at_their_close_open_one_interval_earlier(tmp_path: Path) -> None:
    text = with_parts(time='stamp = "open" -> stamp = "close"')
    found = read(write(tmp_path, description=text))
    assert found.candles is not None
    assert found.candles.open_ms[0] == to_ms(START - HOUR)
    assert found.as_of == START + 3 * HOUR


@pytest.mark.parametrize(
    ("written", "cells"),
    [
        ("iso", ["2026-06-01T00:00:00Z", "2026-06-01T01:00:00Z"]),
        ("iso", ["2026-06-01 00:00:00.000000", "2026-06-01 01:00:00.000000"]),
        ("iso", ["2026-06-01T08:00:00+08:00", "2026-06-01T09:00:00+08:00"]),
        ("%d-%m-%Y %H:%M", ["01-06-2026 00:00", "01-06-2026 01:00"]),
        ("%d-%m-%Y %H:%M %z", ["01-06-2026 02:00 +0200", "01-06-2026 03:00 +0200"]),
    ],
)
def test_times_are_utc_in_every_format(tmp_path: Path, written: str, cells: list[str]) -> None:
    text = with_parts(time=f'format = "epoch_ms" -> format = "{written}"')
    rows = [f"{cell},100,115,95,110,1000" for cell in cells]
    found = read(write(tmp_path, rows, description=text))
    assert found.as_of == START + 2 * HOUR


def test_a_bar_is_used_from_the_very_moment_it_closes(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert read(path, START + 2 * HOUR).as_of == START + 2 * HOUR
    assert read(path, START + 2 * HOUR - timedelta(seconds=1)).as_of == START + HOUR


@pytest.mark.parametrize("minutes", [0, 1, 59])
def test_a_bar_still_forming_at_the_clock_is_left_out(tmp_path: Path, minutes: int) -> None:
    forming = f"{to_ms(NOW - timedelta(minutes=minutes))},130,145,125,140,1003"
    found = read(write(tmp_path, [*ROWS[:3], forming]))
    assert found.as_of == START + 3 * HOUR


def test_a_row_after_the_clock_is_an_error_without_as_of(tmp_path: Path) -> None:
    late = f"{to_ms(NOW + timedelta(minutes=1))},130,145,125,140,1003"
    path = write(tmp_path, [*ROWS[:3], late])
    with pytest.raises(SourceDataError, match=r"bars\.csv, row 5, column 'time'.*--as-of"):
        read(path)
    assert read(path, START + 4 * HOUR).as_of == START + 3 * HOUR


def test_as_of_after_the_clock_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--as-of.*not later than the clock.*2026-06-02T01:00"):
        read(write(tmp_path), NOW + HOUR)


def test_a_file_that_begins_after_as_of_has_nothing_to_say(tmp_path: Path) -> None:
    with pytest.raises(SourceDataError, match=r"bars\.csv: expected at least one bar closed by"):
        read(write(tmp_path), START + timedelta(minutes=59))


ANY_LINE = st.one_of(
    st.binary(max_size=40),
    st.lists(st.floats().map(str), max_size=8).map(lambda cells: ",".join(cells).encode()),
    st.sampled_from([row.encode() for row in ROWS]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(used=st.integers(1, 3), later=st.lists(ANY_LINE, max_size=5), minutes=st.integers(0, 59))
def test_nothing_after_the_cutoff_matters(
    tmp_path: Path, used: int, later: list[bytes], minutes: int
) -> None:
    as_of = START + used * HOUR + timedelta(minutes=minutes)
    path = write(tmp_path)
    expected = read(path, as_of)
    known = "\n".join([HEADER, *ROWS[:used]]).encode()
    path.write_bytes(b"\n".join([known, *later]))
    found = read(path, as_of)
    assert found.as_of == expected.as_of == START + used * HOUR
    assert (found.price, found.notes) == (expected.price, expected.notes)
    for name in ("candles", "open_interest"):
        ours, theirs = getattr(found, name), getattr(expected, name)
        for item in fields(ours):
            np.testing.assert_array_equal(getattr(ours, item.name), getattr(theirs, item.name))


@pytest.mark.parametrize("rest", [b"", b",", b",\xff", b',"', b",x,y,z,,,,,", b",NaN,-1,0,1,0"])
def test_after_a_gap_only_the_time_of_the_next_row_is_read(tmp_path: Path, rest: bytes) -> None:
    path = write(tmp_path, ROWS[:1])
    late = f"{to_ms(START + 6 * HOUR)}".encode()
    path.write_bytes(path.read_bytes() + late + rest)
    assert read(path, START + 5 * HOUR).as_of == START + HOUR


# --- units -------------------------------------------------------------------------

MORE = HEADER + ",volume,long,short,rate"
MORE_ROWS = [
    ROWS[0] + ",7,50,60,0.01",
    ROWS[1] + ",8,0,70,-0.02",
]
TURNOVER = '[turnover]\ncolumn = "volume"\nunit = "coin"'
LIQUIDATIONS = '[liquidations]\nlong_usd = "long"\nshort_usd = "short"\nvenues = ["A", "B"]'
FUNDING = '[funding_rate]\ncolumn = "rate"\nunit = "percent"'


@pytest.mark.parametrize(
    ("stamp", "single_sided", "expected"),
    [
        # 1000 coins at the close of 110, or at the open of 100; halved if both sides count.
        ("close", "true", 110_000),
        ("open", "true", 100_000),
        ("close", "false", 55_000),
    ],
)
def test_open_interest_in_coins_takes_the_price_of_its_stamp(
    tmp_path: Path, stamp: str, single_sided: str, expected: float
) -> None:
    text = with_parts(
        unit='unit = "usd" -> unit = "coin"',
        stamp=f'stamp = "close" -> stamp = "{stamp}"',
        sides=f"single_sided = true -> single_sided = {single_sided}",
    )
    found = read(write(tmp_path, description=text))
    assert found.open_interest is not None
    assert found.open_interest.open_interest_usd[0] == expected


def test_turnover_in_coins_takes_the_middle_of_the_bar(tmp_path: Path) -> None:
    found = read(write(tmp_path, MORE_ROWS, header=MORE, description=with_parts(TURNOVER)))
    assert found.candles is not None
    assert found.candles.turnover_usd is not None
    # 7 coins at (115 + 95) / 2 = 105, and 8 at (125 + 105) / 2 = 115.
    np.testing.assert_array_equal(found.candles.turnover_usd, [735, 920])
    assert found.notes == ("Open interest is Venue's only.",)


def test_turnover_in_usd_stays_as_it_is(tmp_path: Path) -> None:
    text = with_parts(TURNOVER.replace("coin", "usd"))
    found = read(write(tmp_path, MORE_ROWS, header=MORE, description=text))
    assert found.candles is not None
    assert found.candles.turnover_usd is not None
    np.testing.assert_array_equal(found.candles.turnover_usd, [7, 8])


def test_liquidations_are_read_per_side_with_their_venues(tmp_path: Path) -> None:
    found = read(write(tmp_path, MORE_ROWS, header=MORE, description=with_parts(LIQUIDATIONS)))
    assert found.liquidations is not None
    assert found.liquidations.venues == ("A", "B")
    np.testing.assert_array_equal(found.liquidations.long_usd, [50, 0])
    np.testing.assert_array_equal(found.liquidations.short_usd, [60, 70])
    assert found.origins["liquidations"].source == "bars.csv: long, short"


@pytest.mark.parametrize(("unit", "expected"), [("percent", -0.0002), ("fraction", -0.02)])
def test_funding_is_a_fraction_inside(tmp_path: Path, unit: str, expected: float) -> None:
    text = with_parts(FUNDING.replace("percent", unit))
    found = read(write(tmp_path, MORE_ROWS, header=MORE, description=text))
    assert found.funding_rate is not None
    assert math.isclose(found.funding_rate, expected)


@pytest.mark.parametrize("rate", ["-inf", "nan", "", "0.01%"])
def test_funding_that_is_no_number_is_refused(tmp_path: Path, rate: str) -> None:
    path = write(
        tmp_path, [f"{ROWS[0]},7,50,60,{rate}"], header=MORE, description=with_parts(FUNDING)
    )
    with pytest.raises(SourceDataError, match=r"row 2, column 'rate': expected a number"):
        read(path)


def test_empty_cells_mean_not_published_where_the_description_says_so(tmp_path: Path) -> None:
    allowed = "\nmay_be_empty = true"
    text = with_parts(
        LIQUIDATIONS + allowed,
        FUNDING + allowed,
        oi='venues = ["Venue"] -> venues = ["Venue"]\nmay_be_empty = true',
    )
    bare = ",".join([*ROWS[0].split(",")[:5], "", "", "", "", ""])
    last = ",".join([*ROWS[2].split(",")[:5], "1002", "9", "1", "2", ""])
    found = read(write(tmp_path, [bare, MORE_ROWS[1], last], header=MORE, description=text))
    assert found.candles is not None
    assert found.open_interest is not None
    assert found.liquidations is not None
    assert len(found.candles) == 3
    np.testing.assert_array_equal(found.open_interest.open_interest_usd, [1001, 1002])
    np.testing.assert_array_equal(
        found.open_interest.stamp_ms, [to_ms(START + 2 * HOUR), to_ms(START + 3 * HOUR)]
    )
    np.testing.assert_array_equal(found.liquidations.short_usd, [70, 2])
    assert found.funding_rate is None


def test_open_interest_never_published_by_the_cutoff_is_an_error(tmp_path: Path) -> None:
    text = with_parts(oi='venues = ["Venue"] -> venues = ["Venue"]\nmay_be_empty = true')
    path = write(tmp_path, [ROWS[0].rpartition(",")[0] + ",", *ROWS[1:]], description=text)
    with pytest.raises(SourceDataError, match=r"'oi': expected open interest.*empty cells"):
        read(path, START + HOUR)


def test_one_side_of_liquidations_alone_is_a_broken_row(tmp_path: Path) -> None:
    text = with_parts(LIQUIDATIONS + "\nmay_be_empty = true")
    path = write(tmp_path, [ROWS[0] + ",7,,60,0.01"], header=MORE, description=text)
    with pytest.raises(SourceDataError, match=r"row 2, column 'long'.*an empty cell"):
        read(path)


# --- bad input ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (row(o=""), ["row 3", "'o'", "above zero", "an empty cell"]),
        (row(o="NaN"), ["row 3", "'o'", "'NaN'"]),
        (row(h="inf"), ["row 3", "'h'", "'inf'"]),
        (row(h="1e999"), ["row 3", "'h'", "'1e999'"]),
        (row(l="\u0661\u0660\u0665"), ["row 3", "'l'"]),
        (row(l="1_05"), ["row 3", "'l'", "'1_05'"]),
        (row(c="abc"), ["row 3", "'c'", "'abc'"]),
        (row(c="-120"), ["row 3", "'c'", "above zero", "'-120'"]),
        (row(c="0"), ["row 3", "'c'", "above zero", "'0'"]),
        (row(h="100"), ["row 3", "'h'", "at least 120", "100"]),
        (row(h="119"), ["row 3", "'h'", "at least 120", "119"]),
        (row(l="111"), ["row 3", "'l'", "at most 110", "111"]),
        (row(oi=""), ["row 3", "'oi'", "an empty cell"]),
        (row(oi="0"), ["row 3", "'oi'", "above zero", "'0'"]),
        (row(oi="nan"), ["row 3", "'oi'", "'nan'"]),
        (row(time=""), ["row 3", "'time'", "a time as epoch_ms", "''"]),
        (row(time="noon"), ["row 3", "'time'", "a time as epoch_ms", "'noon'"]),
        (row(time="9" * 30), ["row 3", "'time'", "a time as epoch_ms"]),
        (row(time=ROWS[0].split(",")[0]), ["row 3", "'time'", "01:00:00", "00:00:00", "twice"]),
        (row(time="1700000000000"), ["row 3", "'time'", "or later", "out of order"]),
        (ROWS[1].rpartition(",")[0], ["row 3", "'oi'", "6 cells", "5"]),
        (ROWS[1] + ",1", ["row 3", "6 cells", "7"]),
        ('"' + ROWS[1], ["row 3", "'time'"]),
        (row(oi='"1001'), ["row 3", "a lone quote"]),
        (row(oi='10"0"1'), ["row 3", "'oi'", "above zero"]),
    ],
)
def test_a_broken_row_names_file_row_and_column(
    tmp_path: Path, second: str, words: list[str]
) -> None:
    with pytest.raises(SourceDataError) as caught:
        read(write(tmp_path, with_row(second)))
    for word in ["bars.csv", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "column"), [("-7,50,60,0.01", "volume"), ("7,-50,60,0.01", "long")]
)
def test_negative_amounts_are_refused(tmp_path: Path, changed: str, column: str) -> None:
    text = with_parts(TURNOVER, LIQUIDATIONS)
    path = write(tmp_path, [f"{ROWS[0]},{changed}"], header=MORE, description=text)
    with pytest.raises(SourceDataError, match=f"row 2, column '{column}'.*zero or more"):
        read(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text("")
    with pytest.raises(SourceDataError, match=r"bars\.csv: expected rows, got an empty file"):
        read(path)


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceDataError, match=r"bars\.csv: expected at least one bar"):
        read(write(tmp_path, []))


def test_a_missing_column_is_named_with_those_found(tmp_path: Path) -> None:
    path = write(tmp_path, header="time,o,h,l,c,interest")
    with pytest.raises(SourceDataError, match=r"row 1, column 'oi'.*time, o, h, l, c, interest"):
        read(path)


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceDataError, match="row 1, column 'o': expected each name once"):
        read(write(tmp_path, header="time,o,o,l,c,oi"))


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    with pytest.raises(SourceDataError, match="row 5, column 'c'"):
        read(write(tmp_path, [ROWS[0], "", "", row(c="x")]))


def test_bytes_that_are_no_text_are_named_by_row(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(f"{HEADER}\n{ROWS[0]}\n{ROWS[1]}".encode() + b"\xff\n")
    with pytest.raises(SourceDataError, match=r"bars\.csv, row 3: expected UTF-8"):
        read(path)


def test_a_path_without_a_file_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.csv: there is no such file"):
        read(tmp_path / "nowhere.csv")


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    with pytest.raises(SourceUnavailableError, match="could not be read"):
        read(folder)


def test_another_symbol_is_refused_naming_both(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert read(path, symbol="BTC").symbol == "BTC"
    with pytest.raises(ConfigError, match=r"bars\.csv holds BTC, not ETH"):
        read(path, symbol="ETH")


def test_prices_without_open_interest_make_no_map(tmp_path: Path) -> None:
    text = DESCRIPTION.partition("[open_interest]")[0]
    with pytest.raises(SourceDataError, match=r"bars\.csv: expected a column of open interest"):
        read(write(tmp_path, description=text))


# --- compressed and differently written files ----------------------------------------


def test_a_compressed_file_reads_the_same(tmp_path: Path) -> None:
    plain = write(tmp_path)
    packed = tmp_path / "bars.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(packed).price == read(plain).price == 140


@pytest.mark.parametrize("content", [b"no gzip at all", gzip.compress(b"x" * 10_000, mtime=0)[:30]])
def test_a_broken_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bars.csv.gz"
    path.write_bytes(content)
    with pytest.raises(SourceDataError, match=r"bars\.csv\.gz: expected a whole gzip file"):
        read(path)


def test_windows_line_ends_quotes_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = write(tmp_path)
    quoted = [",".join(f'"{cell}"' for cell in one.split(",")) for one in ROWS]
    path.write_bytes(("\ufeff" + "\r\n".join([HEADER, *quoted])).encode())
    assert read(path).price == 140


# --- descriptions ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bars.csv.toml", "bars.toml"])
def test_a_description_beside_the_file_is_found(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, description=None)
    (tmp_path / name).write_text(DESCRIPTION)
    assert read(path).source == "Venue"


def test_a_description_beside_the_file_wins_over_a_shipped_one(tmp_path: Path) -> None:
    path = write(tmp_path).rename(tmp_path / "coinglass_btc_4h_stitched_mine.csv")
    (tmp_path / f"{path.name}.toml").write_text(DESCRIPTION)
    assert read(path).source == "Venue"


def test_without_a_description_the_error_says_how_to_write_one(tmp_path: Path) -> None:
    path = write(tmp_path, description=None)
    with pytest.raises(ConfigError) as caught:
        read(path)
    for word in ["bars.csv.toml", "[time]", "[open_interest]", "single_sided", "time, o, h, l, c"]:
        assert word in str(caught.value)


def test_a_shipped_description_is_found_by_name_and_by_columns(tmp_path: Path) -> None:
    header = (
        "timestamp,datetime_utc,open,high,low,close,"
        "sum_open_interest_value_usd,funding_rate_last,cvd_taker_btc_file_relative"
    )
    line = f"{to_ms(START)},x,100,110,90,105,5000,-3e-05,1"
    for name in ("binance_um_btcusdt_5m_klines_oi_mine.csv", "copy.csv"):
        path = tmp_path / name
        path.write_text(f"{header}\n{line}\n")
        found = read(path)
        assert found.source == "Binance"
        assert found.as_of == START + timedelta(minutes=5)
        assert found.open_interest is not None
        # This feed stamps open interest at the bar's open.
        assert found.open_interest.stamp_ms[0] == to_ms(START)
        assert found.funding_rate == -3e-05


def test_every_shipped_description_says_which_files_it_is_for() -> None:
    for description in shipped_descriptions():
        assert description.match is not None
        assert set(description.columns) <= set(description.match.header)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source = ", ["expected TOML"]),
        (DESCRIPTION.replace("symbol", "symbl"), ["unknown field 'symbl'", "mean 'symbol'"]),
        (
            DESCRIPTION.replace("single_sided", "single_side"),
            ["open_interest", "unknown field 'single_side'", "did you mean 'single_sided'"],
        ),
        (DESCRIPTION.replace('venue = "Venue"', ""), ["venue", "missing"]),
        (DESCRIPTION.replace('"1h"', '"1 hour"'), ["interval", "5m, 4h or 1d", "'1 hour'"]),
        (DESCRIPTION.replace('"1h"', '"0h"'), ["interval", "'0h'"]),
        (DESCRIPTION.replace("epoch_ms", "seconds"), ["time: format", "'seconds'"]),
        (DESCRIPTION.replace('"usd"', '"eur"'), ["open_interest: unit", "usd or coin", "'eur'"]),
        (DESCRIPTION.replace('"close"\nsing', '"end"\nsing'), ["stamp", "open or close", "'end'"]),
        (DESCRIPTION.replace("= true", '= "yes"'), ["single_sided", "true or false", "'yes'"]),
        (DESCRIPTION.replace('["Venue"]', "[]"), ["venues", "a list of texts", "a list"]),
        (DESCRIPTION.replace('["Venue"]', "[1]"), ["venues", "a list of texts", "1"]),
        (DESCRIPTION.partition("[price]")[0], ["price", "missing"]),
        ("time = 3\n" + DESCRIPTION.partition("[time]")[0], ["time", "an object", "3"]),
    ],
)
def test_a_description_with_a_mistake_is_refused_in_words(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(write(tmp_path, description=text))
    for word in ["bars.csv.toml", *words]:
        assert word in str(caught.value)
