"""The habits of a language: read as they are told, refused with the file's name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from composer import resources
from composer.errors import ConfigError
from composer.text.languages import Term, language_of

NOTHING = "literals = []\nnumber_words = []\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in for the file of any language."""
    told = tmp_path / "language.toml"
    monkeypatch.setattr(resources, "language_file", lambda _locale: told)
    language_of.cache_clear()
    yield told
    language_of.cache_clear()


def test_what_a_file_tells(file: Path) -> None:
    file.write_text(
        'sentences_apart = false\nliterals = ["7 d"]\nnumber_words = ["two", "three"]\n'
        '[[terms]]\nterm = "cluster"\nsay = ["heap"]\navoid = ["wall"]\nnote = "why"\n'
    )
    language = language_of("en")
    assert (language.words_apart, language.sentences_apart) == (True, False)
    assert language.literals == ("UTC+8", "24h", "7 d")
    assert language.number_words == ("three", "two")
    assert language.terms == (Term(term="cluster", say=("heap",), avoid=("wall",), note="why"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "literals = [",
        f'{NOTHING}terms = []\ncolour = "red"',
        'literals = "24h"\nnumber_words = []\nterms = []',
        'literals = []\nnumber_words = [""]\nterms = []',
        "literals = [7]\nnumber_words = []\nterms = []",
        f'words_apart = "false"\n{NOTHING}terms = []',
        f"sentences_apart = 0\n{NOTHING}terms = []",
        f'{NOTHING}[[terms]]\nterm = "cluster"\nsay = "heap"',
        f'{NOTHING}[[terms]]\nterm = "cluster"\nsay = ["heap"]\navoid = "wall"',
        f'{NOTHING}[[terms]]\nterm = ""\nsay = ["heap"]',
        f'{NOTHING}[[terms]]\nterm = "cluster"\nsay = ["heap"]\nnote = 7',
        f'{NOTHING}terms = ["cluster"]',
    ],
    ids=[
        *("empty", "no TOML", "unknown key", "a text for a list", "empty text", "a number"),
        *("no boolean", "a number for a boolean", "say a text", "avoid a text", "empty term"),
        *("note a number", "term no table"),
    ],
)
def test_a_file_with_a_fault_is_named(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"language\.toml does not tell how en is written"):
        language_of("en")


@pytest.mark.parametrize("locale", resources.shipped_locales())
def test_every_shipped_locale_tells_its_habits(locale: str) -> None:
    assert language_of(locale).literals
