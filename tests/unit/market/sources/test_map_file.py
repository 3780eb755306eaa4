import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from composer.errors import ConfigError, SourceDataError, SourceUnavailableError
from composer.market.records import MarketSnapshot, Method, Query
from composer.market.sources.recorded import open_source

NOW = datetime(2026, 1, 21, tzinfo=UTC)


def a_map(**changes: object) -> dict[str, Any]:
    return {
        "symbol": "BTC",
        "price": 90000,
        "as_of": "2026-01-20T08:00:00Z",
        "source": "Coinglass",
        "method": "reported",
        "bins": [
            {"low": 88000, "high": 90000, "long_usd": 5e8, "short_usd": 0},
            {"low": 90000, "high": 91000, "long_usd": 0, "short_usd": 7e8},
            {"low": 92000, "high": 92000, "long_usd": 0, "short_usd": 1e8},
        ],
        **changes,
    }


def bins_with(position: int, **changes: object) -> dict[str, Any]:
    whole = a_map()
    whole["bins"][position].update(changes)
    return whole


def snapshot(tmp_path: Path, content: object, **query: Any) -> MarketSnapshot:  # noqa: ANN401 - passed on to Query
    path = tmp_path / "map.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return open_source(str(path)).snapshot(Query(**{"now": NOW, **query}))


def test_a_map_is_read_as_it_stands(tmp_path: Path) -> None:
    found = snapshot(tmp_path, a_map())
    assert (found.symbol, found.price, found.source) == ("BTC", 90000.0, "Coinglass")
    assert found.as_of == datetime(2026, 1, 20, 8, tzinfo=UTC)
    assert found.fetched_at == NOW
    assert not found.simulated
    assert found.candles is None
    assert found.liquidation_map is not None
    assert found.liquidation_map.method is Method.REPORTED
    np.testing.assert_array_equal(found.liquidation_map.low, [88000, 90000, 92000])
    np.testing.assert_array_equal(found.liquidation_map.high, [90000, 91000, 92000])
    np.testing.assert_array_equal(found.liquidation_map.long_usd, [5e8, 0, 0])
    np.testing.assert_array_equal(found.liquidation_map.short_usd, [0, 7e8, 1e8])


def test_a_simulated_map_marks_its_snapshot(tmp_path: Path) -> None:
    assert snapshot(tmp_path, a_map(method="simulated")).simulated


def test_a_time_with_another_zone_is_the_same_moment(tmp_path: Path) -> None:
    found = snapshot(tmp_path, a_map(as_of="2026-01-20T16:00:00+08:00"))
    assert found.as_of == datetime(2026, 1, 20, 8, tzinfo=UTC)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in a_map().items() if key != name}


def bin_without(name: str) -> dict[str, Any]:
    whole = a_map()
    del whole["bins"][1][name]
    return whole


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], ["expected an object", "got a list"]),
        ("", ["row 1", "expected JSON"]),
        ('{"symbol": "BTC",\n oops}', ["row 2", "expected JSON"]),
        ("[" * 100_000, ["expected JSON"]),
        ('{"symbol": "BTC", "symbol": "ETH"}', ["'symbol'", "twice"]),
        (a_map(prize=1), ["unknown field 'prize'", "did you mean 'price'"]),
        (without("symbol"), ["symbol", "missing"]),
        (without("bins"), ["bins", "missing"]),
        (a_map(symbol=""), ["symbol", "a text", "''"]),
        (a_map(symbol=7), ["symbol", "a text", "7"]),
        (a_map(price="90000"), ["price", "a number", "'90000'"]),
        (a_map(price=True), ["price", "a number", "True"]),
        (a_map(price=None), ["price", "a number", "None"]),
        (a_map(price=0), ["price", "1e-12 or more", "0"]),
        (a_map(price=-1), ["price", "-1"]),
        (a_map(price=float("nan")), ["price", "a number", "nan"]),
        (a_map(price=float("inf")), ["price", "a number", "inf"]),
        (a_map(price=10**400), ["price", "a number", "1000"]),
        (a_map(as_of="2026-01-20T08:00:00"), ["as_of", "with its zone", "2026-01-20T08:00:00"]),
        (a_map(as_of="yesterday"), ["as_of", "ISO 8601", "yesterday"]),
        (a_map(as_of=1768896000000), ["as_of", "a text", "1768896000000"]),
        (a_map(method="guessed"), ["method", "reported or estimated or simulated", "guessed"]),
        (a_map(method=["reported"]), ["method", "reported or estimated", "a list"]),
        (a_map(bins=[]), ["bins", "at least one item", "empty list"]),
        (a_map(bins={}), ["bins", "at least one item"]),
        (a_map(bins=[[1, 2, 3, 4]]), ["bin 1 of 1", "expected an object", "a list"]),
        (bins_with(1, shorts=1), ["bin 2 of 3", "unknown field 'shorts'", "'short_usd'"]),
        (bin_without("low"), ["bin 2 of 3", "low", "missing"]),
        (bins_with(1, low="x"), ["bin 2 of 3", "low", "a number", "'x'"]),
        (bins_with(1, long_usd=float("nan")), ["bin 2 of 3", "long_usd", "nan"]),
        (bins_with(2, short_usd=-1), ["bin 3 of 3", "short_usd", "0 or more", "-1"]),
        (bins_with(0, low=0), ["bin 1 of 3", "low", "1e-12 or more"]),
        (bins_with(1, high=89999), ["bin 2 of 3", "high", "90000", "89999"]),
        (bins_with(1, low=89000), ["bin 2 of 3", "low", "at least 90000", "89000", "overlap"]),
        (bins_with(2, low=100, high=200), ["bin 3 of 3", "low", "91000", "100"]),
    ],
)
def test_a_map_with_a_mistake_is_refused_in_words(
    tmp_path: Path, content: object, words: list[str]
) -> None:
    with pytest.raises(SourceDataError) as caught:
        snapshot(tmp_path, content)
    for word in ["map.json", *words]:
        assert word in str(caught.value)


def test_a_map_from_after_the_clock_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceDataError, match=r"map\.json: as_of: .*the clock.*2026-01-22"):
        snapshot(tmp_path, a_map(as_of="2026-01-22T00:00:00Z"))


def test_a_map_not_known_at_as_of_says_which_moment_would_do(tmp_path: Path) -> None:
    as_of = datetime(2026, 1, 20, 7, 59, tzinfo=UTC)
    with pytest.raises(SourceDataError, match=r"use --as-of 2026-01-20T08:00:00\+00:00 or later"):
        snapshot(tmp_path, a_map(), as_of=as_of)


def test_a_map_is_known_at_its_very_as_of(tmp_path: Path) -> None:
    as_of = datetime(2026, 1, 20, 8, tzinfo=UTC)
    assert snapshot(tmp_path, a_map(), as_of=as_of).as_of == as_of


def test_another_symbol_is_refused_naming_both(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"map\.json holds BTC, not ETH"):
        snapshot(tmp_path, a_map(), symbol="ETH")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_bytes(b'{"symbol": "\xff"}')
    with pytest.raises(SourceDataError, match=r"map\.json: expected UTF-8"):
        open_source(str(path)).snapshot(Query(now=NOW))


def test_a_path_without_a_file_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.json: there is no such file"):
        open_source(str(tmp_path / "nowhere.json")).snapshot(Query(now=NOW))


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "folder.json"
    folder.mkdir()
    with pytest.raises(SourceUnavailableError, match="could not be read"):
        open_source(str(folder)).snapshot(Query(now=NOW))
