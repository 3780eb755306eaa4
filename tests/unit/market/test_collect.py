"""Who is asked, in which order, and what becomes of those that give nothing."""

from pathlib import Path

import pytest

from composer.errors import (
    ConfigError,
    SourceDataError,
    SourceRefusedError,
    SourceUnavailableError,
)
from composer.market.collect import TogetherSource, collect, open_sources
from composer.market.records import Query
from composer.market.sources import SourceOptions
from composer.market.sources.recorded import RecordedSource
from tests.unit.market.exchanges import NOW, Stub, exchange

QUERY = Query(now=NOW)
GONE = SourceUnavailableError("okx: not reached")
REFUSED = SourceRefusedError("bybit: HTTP 403")


def together(*members: Stub) -> TogetherSource:
    return TogetherSource(
        name="set", members={member.name: member for member in members}, deadline_s=5
    )


def test_the_first_that_answers_is_taken_and_those_before_it_are_noted() -> None:
    second, third = Stub("b", exchange("B")), Stub("c", exchange("C"))
    found = collect([Stub("a", GONE), second, third], QUERY)
    assert found.source == "B"
    assert found.notes == ("B stands in: a: okx: not reached.", "B was asked.")
    assert third.asked is None


def test_the_only_one_asked_speaks_for_itself() -> None:
    with pytest.raises(SourceRefusedError, match="bybit: HTTP 403"):
        collect([Stub("a", REFUSED)], QUERY)


def test_where_none_answers_every_reason_is_told() -> None:
    with pytest.raises(SourceUnavailableError, match=r"a: okx: not reached b: bybit: HTTP 403"):
        collect([Stub("a", GONE), Stub("b", REFUSED)], QUERY)


def test_a_set_is_made_of_those_that_answered() -> None:
    found = together(Stub("a", exchange("A")), Stub("b", GONE)).snapshot(QUERY)
    assert found.venues == ("A",)
    assert "Left out: okx: not reached." in found.notes


def test_a_set_asks_all_the_same() -> None:
    members = [Stub("a", exchange("A")), Stub("b", exchange("B"))]
    together(*members).snapshot(QUERY)
    assert [member.asked for member in members] == [QUERY, QUERY]


def test_a_set_of_which_none_answers_tells_every_reason() -> None:
    with pytest.raises(SourceUnavailableError, match=r"a, b.*not reached; bybit: HTTP 403"):
        together(Stub("a", GONE), Stub("b", REFUSED)).snapshot(QUERY)


def test_a_set_that_disagrees_makes_way_for_the_next() -> None:
    quarrel = together(Stub("a", exchange("A")), Stub("b", exchange("B", price=100_000.0)))
    with pytest.raises(SourceDataError, match="disagree"):
        collect([quarrel], QUERY)
    found = collect([quarrel, Stub("c", exchange("C"))], QUERY)
    assert found.source == "C"
    assert "disagree about the price" in found.notes[0]


def test_names_with_commas_are_a_set_and_bars_part_alternatives() -> None:
    options = SourceOptions(deadline_s=3)
    first, second = open_sources("binance, recorded:look.json | simulated:crash", options)
    assert isinstance(first, TogetherSource)
    assert list(first.members) == ["binance", "recorded:look.json"]
    assert first.deadline_s == 3
    assert second.name == "simulated"


def test_the_major_exchanges_have_a_name() -> None:
    (found,) = open_sources("exchanges")
    assert isinstance(found, TogetherSource)
    assert (found.name, tuple(found.members)) == ("exchanges", ("binance", "okx", "bybit"))


def test_a_file_is_one_source_whatever_its_name_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a,b|c.csv").touch()
    assert open_sources("a,b|c.csv") == (RecordedSource(Path("a,b|c.csv")),)


@pytest.mark.parametrize("text", ["binance,", "binance|", "|", "", "binance,bogus"])
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="expected one of"):
        open_sources(text)
