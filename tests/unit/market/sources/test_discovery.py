import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from composer.errors import ConfigError
from composer.market import sources
from composer.market.sources.recorded import RecordedSource

INVENTED = """
from dataclasses import dataclass

@dataclass(frozen=True)
class Invented:
    argument: str | None
    name: str = "invented"

def open_source(argument, options):
    return Invented(argument)
"""


@pytest.fixture
def invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lay one source and one private module beside the shipped ones."""
    (tmp_path / "invented.py").write_text(INVENTED)
    (tmp_path / "_private.py").write_text("raise RuntimeError('imported')")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    yield
    sys.modules.pop(f"{sources.__name__}.invented", None)


def test_every_discovered_module_can_be_opened() -> None:
    names = sources.source_names()
    assert "recorded" in names
    assert list(names) == sorted(names)
    for name in names:
        assert callable(importlib.import_module(f"{sources.__name__}.{name}").open_source)


@pytest.mark.usefixtures("invented")
def test_a_dropped_file_is_a_source_and_a_private_one_is_not() -> None:
    assert "invented" in sources.source_names()
    assert "_private" not in sources.source_names()


@pytest.mark.usefixtures("invented")
@pytest.mark.parametrize(
    ("text", "argument"),
    [("invented", None), ("invented:crash", "crash"), ("invented:a:b", "a:b"), ("invented:", None)],
)
def test_the_argument_is_what_follows_the_colon(text: str, argument: str | None) -> None:
    assert vars(sources.open_source(text)) == {"argument": argument, "name": "invented"}


@pytest.mark.parametrize(
    "text", ["bars.csv", "bars.csv.gz", "map.json", "some/where.csv", "MAP.JSON"]
)
def test_a_path_opens_the_recorded_source(text: str) -> None:
    assert sources.open_source(text) == RecordedSource(Path(text))


def test_the_recorded_source_can_be_named_too() -> None:
    assert sources.open_source("recorded:bars.csv") == RecordedSource(Path("bars.csv"))


def test_an_unknown_word_names_the_sources_and_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"'recordet'.*recorded.*did you mean 'recorded'\?"):
        sources.open_source("recordet")


def test_a_word_far_from_all_gets_no_guess() -> None:
    with pytest.raises(ConfigError) as caught:
        sources.open_source("zzz")
    assert "recorded" in str(caught.value)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("text", ["recorded", "some/where.txt", "recorded:bars.parquet"])
def test_a_file_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"\.csv, \.csv\.gz or \.json"):
        sources.open_source(text)
