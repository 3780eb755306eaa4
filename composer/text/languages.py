"""What a language brings besides its catalog: `locales/<id>/language.toml`.

`literals` are the figures a text may hold that are no facts, such as the names of spans;
`number_words` say a number without a figure, as "doubled" does; `terms` are the words of the
trade, each with how it is said and how it is not.
"""

import tomllib
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
            words_apart=bool(tree.pop("words_apart", True)),
            sentences_apart=bool(tree.pop("sentences_apart", True)),
            literals=_longest_first([*_EVERYWHERE, *tree.pop("literals")]),
            number_words=_longest_first(tree.pop("number_words")),
            terms=tuple(_term(entry) for entry in _rest(tree)),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        msg = f"{file} does not tell how {locale} is written: {error!r}; see adding-a-language.md"
        raise ConfigError(msg) from error


def _term(entry: dict[str, Any]) -> Term:
    return Term(
        term=entry["term"],
        say=tuple(entry["say"]),
        avoid=tuple(entry.get("avoid", ())),
        note=entry.get("note", ""),
    )


def _rest(tree: dict[str, Any]) -> list[dict[str, Any]]:
    terms: list[dict[str, Any]] = tree.pop("terms")
    if tree:
        msg = f"unknown keys {', '.join(tree)}"
        raise TypeError(msg)
    return terms


def _longest_first(texts: list[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda text: (-len(text), text)))
