"""The command line as its users meet it: output, files, exit codes and refusals."""

import json
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from composer import resources
from composer.cli import main
from composer.resources import shipped_locales

EXAMPLES = Path(__file__).parents[2] / "examples"
SHELF = Path(__file__).parents[3] / "shared" / "data" / "market"
FIVE_MINUTES = "binance_um_btcusdt_5m_klines_oi_gapfree_2026-05-25_2026-06-14.csv"

SAMPLES = {
    "sample-1-headline": "2026-02-18T08:00Z",
    "sample-2-analysis": "2026-01-20T08:00Z",
    "sample-3-pulse": "2026-01-14T08:00Z",
    "sample-4-brief": "2026-01-22T08:00Z",
}
LEVELS_2 = "explicit:86137,94681"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start commands in an empty folder, with temporary files kept in another."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    started = tmp_path / "started"
    started.mkdir()
    monkeypatch.chdir(started)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return tmp_path / "home"


def run(*words: str) -> Result:
    """Run a command in this process; an exception it did not explain is our failure."""
    result = CliRunner().invoke(main, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*words: str) -> Any:  # noqa: ANN401 - whatever JSON the command prints
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout, parse_constant=pytest.fail)


def example(name: str) -> list[str]:
    return ["--source", str(EXAMPLES / f"{name}.json"), "--as-of", SAMPLES[name]]


def files_below(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


# Figures.

KEYS = [
    *("symbol", "price", "as_of", "source", "method", "upper", "lower", "ratio", "heavier_side"),
    *("skew", "equal_notional", "clusters", "next_lower", "next_upper", "totals", "range_7d"),
    *("outlook", "context", "notes"),
]
LEVEL_KEYS = ["level", "intensity_usd", "distance_usd", "distance"]


@pytest.mark.parametrize("name", SAMPLES)
def test_figures_have_the_shape_that_was_promised(name: str) -> None:
    tree = answer("figures", *example(name))
    assert set(KEYS) <= set(tree)
    assert list(tree["upper"]) == list(tree["lower"]) == LEVEL_KEYS
    assert list(tree["equal_notional"]) == ["notional_usd", "up_usd", "down_usd", "ratio"]
    assert list(tree["totals"]) == ["long_usd", "short_usd", "within"]
    assert list(tree["outlook"]) == ["direction", "strength"]
    for cluster in tree["clusters"]:
        assert list(cluster)[:6] == ["side", "low", "peak", "high", "notional_usd", "distance"]
        assert cluster["low"] <= cluster["peak"] <= cluster["high"]
        assert cluster["distance"] >= 0
    for beyond in ("next_lower", "next_upper"):
        assert tree[beyond] is None or list(tree[beyond]) == ["level", "notional_usd"]
    assert (tree["symbol"], tree["method"]) == ("BTC", "reported")
    assert datetime.fromisoformat(tree["as_of"]) == datetime.fromisoformat(SAMPLES[name])
    # The sums that must hold in any market.
    assert tree["lower"]["level"] < tree["price"] < tree["upper"]["level"]
    for side in (tree["upper"], tree["lower"]):
        assert side["distance_usd"] == pytest.approx(abs(side["level"] - tree["price"]))
        assert side["distance"] == pytest.approx(side["distance_usd"] / tree["price"])
    long_usd, short_usd = tree["totals"]["long_usd"], tree["totals"]["short_usd"]
    assert tree["skew"] == pytest.approx((short_usd - long_usd) / (short_usd + long_usd))
    assert tree["totals"]["within"] == 0.05


def test_the_analysis() -> None:
    tree = answer("figures", *example("sample-2-analysis"), "--levels", LEVELS_2)
    assert (tree["source"], tree["price"]) == ("Coinglass", 90131.71)
    assert (tree["upper"]["level"], tree["lower"]["level"]) == (94681, 86137)
    assert tree["upper"]["intensity_usd"] == pytest.approx(2.705e9, rel=1e-12)
    assert tree["lower"]["intensity_usd"] == pytest.approx(1.563e9, rel=1e-12)
    assert tree["upper"]["distance_usd"] == pytest.approx(4549.29)  # 94,681 - 90,131.71
    # 2.705 / 1.563
    assert tree["ratio"] == pytest.approx(1.73065, abs=1e-5)
    assert tree["heavier_side"] == "short"
    assert tree["outlook"] == {"direction": "short_squeeze", "strength": "mild"}


def test_the_pulse() -> None:
    tree = answer("figures", *example("sample-3-pulse"), "--levels", "explicit:93000,97000")
    # 1.062 / 0.248
    assert tree["ratio"] == pytest.approx(4.28226, abs=1e-5)
    assert tree["heavier_side"] == "long"
    assert tree["next_lower"]["level"] == 89000
    assert tree["next_lower"]["notional_usd"] == pytest.approx(1.127e9, rel=1e-12)
    assert tree["next_upper"] is None


def test_the_brief() -> None:
    tree = answer("figures", *example("sample-4-brief"), "--notional", "1.1e9")
    equal = tree["equal_notional"]
    assert equal["notional_usd"] == 1.1e9
    assert equal["up_usd"] == pytest.approx(770, rel=1e-9)
    assert equal["down_usd"] == pytest.approx(2000, rel=1e-9)
    assert equal["ratio"] == pytest.approx(2000 / 770, rel=1e-9)


def test_a_side_that_is_never_reached_is_null() -> None:
    tree = answer("figures", *example("sample-3-pulse"), "--notional", "1e9")
    assert tree["equal_notional"]["up_usd"] is None
    assert tree["equal_notional"]["ratio"] is None
    assert tree["equal_notional"]["down_usd"] is not None


def test_figures_for_people_name_every_fact() -> None:
    result = run("figures", *example("sample-2-analysis"), "--levels", LEVELS_2)
    assert result.exit_code == 0
    for part in ("Coinglass", "upper.intensity_usd", "$2.705 billion", "ratio", "1.73"):
        assert part in result.stdout


# Drafts.

DRAFT_KEYS = [
    *("edition", "locale", "format", "title", "body", "source_text", "passages", "facts"),
    *("findings", "images"),
]


def numbers_of(tree: object, path: str = "") -> dict[str, float]:
    """Return the numbers of a JSON tree by dotted path."""
    if isinstance(tree, dict):
        pairs = list(tree.items())
    elif isinstance(tree, list):
        pairs = [(str(place), value) for place, value in enumerate(tree)]
    else:
        return {path: tree} if isinstance(tree, int | float) else {}
    found: dict[str, float] = {}
    for name, value in pairs:
        found.update(numbers_of(value, f"{path}.{name}" if path else name))
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_drafts_of_the_samples(name: str, home: Path) -> None:
    drafts = answer("draft", *example(name))
    assert [(one["locale"], one["format"]) for one in drafts] == [
        (locale, "brief") for locale in shipped_locales()
    ]
    figures = numbers_of(answer("figures", *example(name)))
    for one in drafts:
        assert list(one) == DRAFT_KEYS
        assert not [found for found in one["findings"] if found["severity"] == "block"]
        facts = {fact["id"]: fact["value"] for fact in one["facts"] if fact["kind"] != "time"}
        assert facts == figures
        assert one["body"].startswith(one["title"])
        assert "[[" not in one["body"]
        assert "[[" in one["source_text"]
        for image in one["images"]:
            file = Path(image["path"])
            assert file.is_absolute()
            assert file.is_relative_to(home)
            assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
            assert image["alt"]
    (edition,) = {one["edition"] for one in drafts}
    filed = home / "editions" / edition
    for one in drafts:
        stem = f"{one['locale']}.{one['format']}"
        assert json.loads((filed / f"{stem}.json").read_text("utf-8")) == one
        assert (filed / f"{stem}.txt").read_text("utf-8") == f"{one['body']}\n"


def test_drafts_for_people(home: Path) -> None:
    result = run("draft", *example("sample-2-analysis"), "--levels", LEVELS_2)
    assert result.exit_code == 0
    assert "$2.705 billion" in result.stdout
    assert "27.05 亿美元" in result.stdout
    (edition,) = (home / "editions").iterdir()
    assert str(edition) in result.stdout.replace("\n", "")


def test_without_store_nothing_is_kept_but_the_images_outlive_the_command(
    home: Path, tmp_path: Path
) -> None:
    words = [*example("sample-2-analysis"), "--locale", "en", "--no-store"]
    (one,) = answer("draft", *words)
    assert not home.exists()
    assert files_below(tmp_path / "started") == set()
    (image,) = one["images"]
    assert Path(image["path"]).is_file()
    assert Path(image["path"]).is_relative_to(tmp_path / "scratch")


def test_a_locale_asked_for_twice_is_written_once() -> None:
    words = [*example("sample-2-analysis"), *("--locale", "en") * 2, *("--format", "brief") * 2]
    assert len(answer("draft", *words, "--no-store")) == 1


def test_a_symbol_is_a_name_and_no_path(home: Path, tmp_path: Path) -> None:
    """A map from somewhere else must not choose where its edition is written."""
    tree = json.loads((EXAMPLES / "sample-2-analysis.json").read_text("utf-8"))
    tree["symbol"] = "../../../../started/BTC"
    source = tmp_path / "map.json"
    source.write_text(json.dumps(tree), encoding="utf-8")
    run("draft", "--source", str(source), "--locale", "en")
    assert files_below(tmp_path / "started") == set()
    outside = {name for name in files_below(tmp_path) if not name.startswith("home/editions/")}
    assert outside == {"map.json"}
    assert not home.exists() or len(list((home / "editions").iterdir())) <= 1


# Checks.


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Return a file with the drafts of the second sample."""
    words = [*example("sample-2-analysis"), "--locale", "en", "--no-store", "--levels", LEVELS_2]
    file = tmp_path / "drafts.json"
    file.write_text(json.dumps(answer("draft", *words)), encoding="utf-8")
    return file


def test_a_fresh_draft_passes_and_an_edited_one_does_not(fresh: Path) -> None:
    looked_from = ["--as-of", "2026-01-20T10:00Z"]  # two hours later: the limit itself
    passed = run("check", str(fresh), *looked_from)
    assert (passed.exit_code, passed.stderr) == (0, "")
    assert "none" in passed.stdout

    stale = run("check", str(fresh), "--as-of", "2026-01-20T10:00:01Z", "--json")
    assert stale.exit_code == 1
    (told,) = json.loads(stale.stdout)
    assert list(told) == ["edition", "locale", "format", "findings"]
    assert [finding["id"] for finding in told["findings"]] == ["stale_data"]
    # Without --as-of the age is that of the clock.
    assert run("check", str(fresh)).exit_code == 1

    drafts = json.loads(fresh.read_text("utf-8"))
    edited = json.dumps(drafts).replace("$2.705 billion", "$2.9 billion")
    fresh.write_text(edited, encoding="utf-8")
    refused = run("check", str(fresh), *looked_from)
    assert refused.exit_code == 1
    assert "body_differs" in refused.stdout

    passages = drafts[0]["passages"]
    passages[1]["text"] = passages[1]["text"].replace("[[price]]", "$90,132")
    drafts[0]["source_text"] = drafts[0]["source_text"].replace("[[price]]", "$90,132", 1)
    fresh.write_text(json.dumps(drafts), encoding="utf-8")
    found = run("check", str(fresh), *looked_from, "--json")
    assert found.exit_code == 1
    (told,) = json.loads(found.stdout)
    # The typed figure reads like the printed one, so the body is the same.
    assert [finding["id"] for finding in told["findings"]] == ["unbound_figure"]
    (finding,) = told["findings"]
    start, end = finding["span"]
    assert passages[1]["text"][start:end] == "90,132"


# Charts.


def test_a_chart_is_written_where_it_was_asked_for(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "new" / "chart.png"
    result = run("chart", *example("sample-2-analysis"), "--locale", "zh_Hans", "-o", str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{file}\n"
    assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert not home.exists()
    again = run("chart", *example("sample-2-analysis"), "--locale", "zh_Hans")
    (beside,) = Path.cwd().iterdir()
    assert again.stdout == f"{beside}\n"
    assert beside.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("size", ["1200x675", "1080x1080"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chart_has_the_size_and_theme_asked_for(tmp_path: Path, theme: str, size: str) -> None:
    file = tmp_path / "chart.png"
    asked = ("--theme", theme, "--size", size, "--credit", "A creator", "-o", str(file))
    assert run("chart", *example("sample-2-analysis"), *asked).exit_code == 0
    width, height = struct.unpack(">II", file.read_bytes()[16:24])  # as every PNG begins
    assert f"{width}x{height}" == size


# Refusals: bad usage is 2, what squaredesk refuses is 1; the answer's channel stays clean.


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["figures", "--as-of", "2026-01-20T08:00"], "with its zone, such as 2026-06-10T08:00Z"),
        (["figures", "--as-of", "yesterday"], "expected a time such as"),
        (["figures", "--levels", "explicit:94681,86137"], "the lower level comes first"),
        (["figures", "--levels", "explicit:86137"], "wrong number of values"),
        (["figures", "--levels", "rond"], "did you mean round?"),
        (["figures", "--levels", "range:1.5"], "fraction of price"),
        (["figures", "--levels", "explicit:nan,1"], "finite"),
        (["figures", "--notional", "0"], "--notional"),
        (["figures", "--notional", "-5"], "--notional"),
        (["figures", "--notional", "much"], "--notional"),
        (["figures", "--symbol", "BTC/USDT"], "expected a base coin such as BTC"),
        (["figures", "--symbol", ""], "expected a base coin such as BTC"),
        (["figures", "--sorce", "x"], "No such option"),
        (["figures", "extra"], "unexpected extra argument"),
        (["figurse"], "No such command"),
        (["check"], "Missing argument"),
        (["draft", "--locale"], "requires an argument"),
    ],
)
def test_bad_usage(words: Sequence[str], reason: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        (["figures", "--source", "binanse"], ["'binanse'", "simulated"]),
        (["figures", "--source", "nowhere.json"], ["nowhere.json", "no such file"]),
        (["figures", "--source", "nowhere.csv"], ["nowhere.csv", "no such file"]),
        (["figures", "--source", "simulated:calm"], ["calm", "trend"]),
        (["figures", "--symbol", "ZZZ"], ["'ZZZ'", "BTC"]),
        (["figures", *example("sample-2-analysis"), "--symbol", "ETH"], ["BTC", "not ETH"]),
        (
            ["figures", *example("sample-2-analysis"), "--levels", "explicit:1,2"],
            ["do not enclose the price 90131.71"],
        ),
        (
            ["figures", *example("sample-2-analysis")[:2], "--as-of", "2026-01-20T07:59Z"],
            ["sample-2-analysis.json", "2026-01-20"],
        ),
        (["draft", "--locale", "xx"], ["--locale: unknown xx", "en", "zh_Hans"]),
        (["draft", "--format", "essay"], ["--format: unknown essay", "brief"]),
        (["chart", "--locale", "xx"], ["--locale: unknown xx", "en", "zh_Hans"]),
        (
            ["chart", *example("sample-2-analysis"), "--kind", "pie"],
            ["pie", "liquidation_map"],
        ),
        (["chart", *example("sample-2-analysis"), "--theme", "sepia"], ["sepia", "light, dark"]),
        (["chart", *example("sample-2-analysis"), "--size", "1x1"], ["1x1", "1200x675"]),
        (["check", "nowhere.json"], ["nowhere.json", "cannot be read"]),
        (["check", "."], ["is a directory"]),
    ],
)
def test_what_is_refused(words: Sequence[str], reasons: Sequence[str], home: Path) -> None:
    result = run(*words)
    assert result.exit_code == (2 if words == ["check", "."] else 1)
    for reason in reasons:
        assert reason in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert not home.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["figures", "--as-of", "0001-01-01T00:00Z"],
        ["figures", "--as-of", "9999-12-31T23:59:59-12:00"],
        ["figures", *example("sample-2-analysis"), "--notional", "nan"],
        ["figures", *example("sample-2-analysis"), "--notional", "inf"],
        ["figures", *example("sample-2-analysis"), "--notional", "1e300"],
    ],
)
def test_the_ends_of_the_number_line_are_refused(words: Sequence[str]) -> None:
    """Neither a traceback nor an answer for a moment or an amount that cannot be."""
    result = run(*words)
    assert result.exit_code in {1, 2}
    assert result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("source", ["simulated", str(EXAMPLES / "sample-2-analysis.json")])
def test_nobody_looks_from_the_future(source: str) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    result = run("figures", "--source", source, "--as-of", tomorrow)
    assert result.exit_code == 1
    assert "not later than the clock" in result.stderr


def test_a_settings_file_with_an_unknown_key_is_refused() -> None:
    Path("squaredesk.toml").write_text('sourse = "simulated"\n', encoding="utf-8")
    result = run("figures")
    assert result.exit_code == 1
    assert "unknown key sourse" in result.stderr
    assert "did you mean source?" in result.stderr
    assert result.stdout == ""


def test_a_settings_file_says_what_options_leave_out() -> None:
    Path("squaredesk.toml").write_text(
        f"source = '{EXAMPLES / 'sample-2-analysis.json'}'\nlevels = '{LEVELS_2}'\n",
        encoding="utf-8",
    )
    tree = answer("figures", "--as-of", "2026-01-20T08:00Z")
    assert tree["upper"]["level"] == 94681
    assert answer("figures", "--as-of", "2026-01-20T08:00Z", "--levels", "round") != tree


PLAN = """
source = "simulated"
[[plans]]
name = "morning"
symbol = "BTC"
at = "07:00"
zone = "Europe/Madrid"
locales = ["en"]
levels = "range:0.05"
stale_after_minutes = 30
"""


def test_a_plan_is_drafted_by_hand_as_it_says() -> None:
    Path("squaredesk.toml").write_text(PLAN, encoding="utf-8")
    (draft,) = answer("draft", "--plan", "morning", "--no-store")
    assert (draft["locale"], draft["format"]) == ("en", "brief")
    facts = {fact["id"]: fact["value"] for fact in draft["facts"]}
    assert facts["upper.distance"] == pytest.approx(0.05)
    refused = run("draft", "--plan", "evening")
    assert refused.exit_code == 1
    assert "expected the name of a plan in the settings (morning), got 'evening'" in refused.stderr
    mixed = run("draft", "--plan", "morning", "--locale", "en")
    assert mixed.exit_code == 2
    assert "--plan says which market, locales and formats" in mixed.stderr


# No look-ahead.

START = datetime(2026, 6, 1, tzinfo=UTC)
HOURS = 24 * 9
KNOWN = 24 * 8 + 5  # rows that are known at the moment looked from
LOOKED_FROM = (START + timedelta(hours=KNOWN, minutes=30)).isoformat()

DESCRIPTION = """
source = "Test exchange"
symbol = "BTC"
venue = "Test exchange"
interval = "1h"

[time]
column = "time"
format = "iso"
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
venues = ["Test exchange"]

[turnover]
column = "turnover"
unit = "usd"

[liquidations]
long_usd = "longs"
short_usd = "shorts"
venues = ["Test exchange"]

[funding_rate]
column = "funding"
unit = "fraction"
"""
HEADER = "time,open,high,low,close,interest,turnover,longs,shorts,funding"


def row(hour: int) -> str:
    """Return one bar of a market that goes up and down by the day, and up by the week."""
    opening, close = (90_000 + 900 * ((n % 24) - 12) / 12 + 10 * n for n in (hour, hour + 1))
    cells = [
        opening,
        max(opening, close) + 150,
        min(opening, close) - 150,
        close,
        8e9 + 1e7 * (hour % 50),
        4e8 + 1e6 * hour,
        1e6 * (hour % 7),
        1e6 * (hour % 5),
        0.0001,
    ]
    time = (START + timedelta(hours=hour)).isoformat()
    return ",".join([time, *(f"{cell:.6g}" if cell < 1 else f"{cell:.2f}" for cell in cells)])


def doubled(line: str) -> str:
    """Return the row with every figure after its time doubled."""
    time, *cells = line.split(",")
    return ",".join([time, *(str(2 * float(cell)) for cell in cells)])


def small_market(folder: Path, rows: Sequence[str]) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "market.csv.toml").write_text(DESCRIPTION, encoding="utf-8")
    file = folder / "market.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8", errors="surrogateescape")
    return str(file)


def looked_at(source: str, as_of: str = LOOKED_FROM) -> str:
    result = run("figures", "--source", source, "--as-of", as_of, "--json")
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_nothing_known_later_changes_a_figure(tmp_path: Path) -> None:
    rows = [row(hour) for hour in range(HOURS)]
    past, later = rows[:KNOWN], rows[KNOWN:]
    seen = looked_at(small_market(tmp_path / "true", rows))
    futures = {
        "gone": [],
        "doubled": [doubled(line) for line in later],
        "backwards": later[::-1],
        "the past again": past,
        "text": ["garbage"] * len(later),
        "quotes": ['"' * 3 + line for line in later],
        "no text": ["\udcff\udcfe\x00" * 5] * len(later),
    }
    for name, future in futures.items():
        assert looked_at(small_market(tmp_path / "changed", [*past, *future])) == seen, name
    # The test can fail: the last row that is known does change the figures, each cell but
    # those of liquidations, which no figure is made of.
    last = past[-1].split(",")
    for place in (1, 2, 4, 5, 6, 9):
        cells = list(last)
        cells[place] = f"{float(cells[place]) * 1.0005:.9g}"
        if place in {1, 4}:
            cells[2] = str(float(cells[2]) + 100)
        changed = [*past[:-1], ",".join(cells), *later]
        assert looked_at(small_market(tmp_path / "changed", changed)) != seen, HEADER.split(",")[
            place
        ]


def test_one_more_bar_is_known_the_moment_it_closes(tmp_path: Path) -> None:
    source = small_market(tmp_path / "true", [row(hour) for hour in range(HOURS)])
    closes = START + timedelta(hours=KNOWN)
    before, at_close = (
        json.loads(looked_at(source, moment.isoformat()))
        for moment in (closes - timedelta(seconds=1), closes)
    )
    assert datetime.fromisoformat(before["as_of"]) == closes - timedelta(hours=1)
    assert datetime.fromisoformat(at_close["as_of"]) == closes
    # The row of hour KNOWN - 1 = 196 closes at 90,000 + 900 x (197 mod 24 - 12) / 12 + 1,970.
    assert at_close["price"] == 90_000 + 900 * (5 - 12) / 12 + 1_970
    assert at_close["context"]["funding_rate"] == 0.0001


@pytest.mark.skipif(
    not (SHELF / FIVE_MINUTES).is_file(),
    reason="the recorded market files are not beside this checkout",
)
def test_a_recorded_market_is_seen_as_it_was_then(tmp_path: Path) -> None:
    as_of = "2026-06-10T08:00Z"
    known_ms = round(datetime.fromisoformat(as_of).timestamp() * 1000)
    header, *rows = (SHELF / FIVE_MINUTES).read_text("utf-8").splitlines()
    first_later = next(
        place
        for place, line in enumerate(rows)
        if int(line.partition(",")[0]) + 5 * 60_000 > known_ms
    )
    assert 0 < first_later < len(rows) - 1000
    copy = tmp_path / FIVE_MINUTES
    seen = looked_at(str(SHELF / FIVE_MINUTES), as_of)
    tree = json.loads(seen)
    assert (tree["as_of"], tree["source"], tree["method"]) == (
        "2026-06-10T08:00:00Z",
        "Binance",
        "estimated",
    )
    assert tree["price"] == float(rows[first_later - 1].split(",")[5])

    def half(line: str) -> str:
        stamp, moment, *cells = line.split(",")
        return ",".join([stamp, moment, *(str(float(cell) / 2) for cell in cells)])

    for scrambled in ([half(line) for line in rows[first_later:]], ["#!?,"] * 50):
        copy.write_text("\n".join([header, *rows[:first_later], *scrambled]) + "\n", "utf-8")
        assert looked_at(str(copy), as_of) == seen

    drafts = answer("draft", "--source", str(copy), "--as-of", as_of, "--no-store")
    assert [one["locale"] for one in drafts] == list(resources.shipped_locales())
    for one in drafts:
        assert not [found for found in one["findings"] if found["severity"] == "block"]
        facts = {fact["id"]: fact["value"] for fact in one["facts"] if fact["kind"] != "time"}
        assert facts == numbers_of(tree)
        assert "Binance" in one["body"]
        assert all(Path(image["path"]).is_file() for image in one["images"])


# The program itself, as a process of its own.


def process(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}
    }
    environment |= {"SQUAREDESK_HOME": str(folder / "home"), "TMPDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "composer", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_a_day_in_processes(tmp_path: Path) -> None:
    drafted = process(tmp_path, "draft", *example("sample-2-analysis"), "--json")
    assert (drafted.returncode, drafted.stderr) == (0, "")
    drafts = json.loads(drafted.stdout)
    assert all(Path(image["path"]).is_file() for one in drafts for image in one["images"])
    assert {one["locale"] for one in drafts} == set(shipped_locales())
    # What one process files, a process of the same words files again, byte for byte.
    assert drafts == answer("draft", *example("sample-2-analysis"))

    (tmp_path / "drafts.json").write_text(drafted.stdout, encoding="utf-8")
    checked = process(tmp_path, "check", "drafts.json", "--as-of", SAMPLES["sample-2-analysis"])
    assert (checked.returncode, checked.stderr) == (0, "")

    (tmp_path / "drafts.json").write_text(drafted.stdout.replace("$1.", "$3."), encoding="utf-8")
    edited = process(tmp_path, "check", "drafts.json", "--as-of", SAMPLES["sample-2-analysis"])
    assert edited.returncode == 1
    assert "body_differs" in edited.stdout

    refused = process(tmp_path, "draft", "--source", "nowhere.json", "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: ")
    assert "Traceback" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_format_of_ones_own_is_begun_listed_and_drafted() -> None:
    made = run("template", "new", "morning")
    file = Path(made.stdout.strip())
    assert made.exit_code == 0
    assert file.is_file()
    assert f"morning\t{file.parent}\n" in run("template", "list").stdout
    assert "brief\tshipped\n" in run("template", "list").stdout
    again = run("template", "new", "morning")
    assert again.exit_code == 1
    assert "already" in again.stderr
    (one,) = answer(
        "draft", "--source", "simulated", "--format", "morning", "--locale", "en", "--no-store"
    )
    assert one["format"] == "morning"
    assert "where the leverage sits" in one["title"]
    assert [passage["key"] for passage in one["passages"]][-2:] == ["source", "disclaimer"]
    file.write_text('{% call passage("title") %}\n{{ fact("prize") }}\n{% endcall %}\n')
    broken = run("draft", "--source", "simulated", "--format", "morning", "--locale", "en")
    assert broken.exit_code == 1
    assert "morning.j2, line 2: the template prints prize" in broken.stderr
