"""What a language brings besides its catalog: `locales/<id>/language.toml`.

`literals` are the figures a text may hold that are no facts, such as the names of spans;
`number_words` say a number without a figure, as "doubled" does; `terms` are the words of the
trade, each with how it is said and how it is not.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from composer import resources
from composer.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An English term of the trade: one of `say` stands for it, none of `avoid` ever does.

    Both are beginnings of words or whole phrases, as the language inflects; `note` tells
    a translator why.
    """

    term: str
    say: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The habits of one locale; literals and number words are longest first.

    Chinese and Japanese set no space between words and none between sentences, Thai one
    between sentences only.
    """

    words_apart: bool
    sentences_apart: bool
    literals: tuple[str, ...]
    number_words: tuple[str, ...]
    terms: tuple[Term, ...]


# Known everywhere, in whatever script a text is.
_EVERYWHERE = ("24h", "UTC+8")


_UNKNOWN = Language(
    words_apart=True,
    sentences_apart=True,
    literals=_EVERYWHERE,
    number_words=(),
    terms=(),
)


@cache
def language_of(locale: str) -> Language:
    """Return the habits of a locale; of one that ships no catalog, next to none.

    Raises ConfigError if a shipped one lacks its file, or it does not say what it should.
    """
    file = resources.language_file(locale)
    if not file.is_file() and locale not in resources.shipped_locales():
        return _UNKNOWN
    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8"))
        return Language(
            words_apart=_switch(tree, "words_apart"),
            sentences_apart=_switch(tree, "sentences_apart"),
            literals=_longest_first([*_EVERYWHERE, *_texts(tree, "literals")]),
            number_words=_longest_first(_texts(tree, "number_words")),
            terms=tuple(_term(entry) for entry in _rest(tree)),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        msg = f"{file} does not tell how {locale} is written: {error!r}; see adding-a-language.md"
        raise ConfigError(msg) from error


def _term(entry: object) -> Term:
    if not isinstance(entry, dict):
        msg = f"terms: expected tables, got {entry!r}"
        raise TypeError(msg)
    note = entry.get("note", "")
    if not isinstance(note, str):
        msg = f"note: expected a text, got {note!r}"
        raise TypeError(msg)
    (term,) = _texts({"term": [entry["term"]]}, "term")
    return Term(
        term=term,
        say=_texts(entry, "say"),
        avoid=_texts(entry, "avoid") if "avoid" in entry else (),
        note=note,
    )


def _rest(tree: dict[str, Any]) -> list[object]:
    terms: list[object] = tree.pop("terms")
    if tree:
        msg = f"unknown keys {', '.join(tree)}"
        raise TypeError(msg)
    return terms


def _switch(tree: dict[str, Any], key: str) -> bool:
    value = tree.pop(key, True)
    if not isinstance(value, bool):
        msg = f"{key}: expected true or false, got {value!r}"
        raise TypeError(msg)
    return value


def _texts(tree: dict[str, Any], key: str) -> tuple[str, ...]:
    texts = tree.pop(key)
    if not isinstance(texts, list) or not all(isinstance(one, str) and one for one in texts):
        msg = f"{key}: expected a list of texts, none of them empty, got {texts!r}"
        raise TypeError(msg)
    return tuple(texts)


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda text: (-len(text), text)))
