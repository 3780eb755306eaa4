"""Tokens: where a text prints a fact.

`[[upper.intensity_usd]]` or, with a style, `[[upper.intensity_usd|short]]`. Source
text keeps the tokens, so that figures can be refreshed under it; rendered text keeps
which span came of which fact, so that every figure can be traced.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from composer.figures.facts import Fact
from composer.text.amounts import AmountFormatter

_TOKEN = re.compile(r"\[\[([a-z0-9_]+(?:\.[a-z0-9_]+)*)(?:\|([a-z_]+))?\]\]")
_BRACKETS = re.compile(r"\[\[|\]\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token of a source text, from `start` to before `end`."""

    fact_id: str
    style: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpan:
    """Where a rendered text prints a fact, from `start` to before `end`."""

    fact_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedText:
    """A text as readers see it; `spans` trace its figures to facts."""

    text: str
    spans: tuple[FactSpan, ...]


def write_token(fact_id: str, style: str = "") -> str:
    """Return the token that prints a fact in a style; no style means the kind's own."""
    return f"[[{fact_id}|{style}]]" if style else f"[[{fact_id}]]"


def find_tokens(source_text: str) -> Iterator[Token]:
    """Yield the well-formed tokens of a source text in order."""
    for match in _TOKEN.finditer(source_text):
        yield Token(fact_id=match[1], style=match[2] or "", start=match.start(), end=match.end())


def blank_tokens(source_text: str) -> str:
    """Return the text with every token replaced by as many spaces, so that offsets stay true."""
    return _TOKEN.sub(lambda match: " " * len(match[0]), source_text)


def without_tokens(source_text: str) -> str:
    """Return the text with every token left out."""
    return _TOKEN.sub(" ", source_text)


def stray_brackets(source_text: str) -> Iterator[int]:
    """Yield where double brackets stand that are no part of a well-formed token."""
    for match in _BRACKETS.finditer(blank_tokens(source_text)):
        yield match.start()


def render_tokens(
    source_text: str, facts: Mapping[str, Fact], amounts: AmountFormatter
) -> RenderedText:
    """Return the text with every token written out for the formatter's locale.

    A token of an unknown fact or style stays as it is, for the reader and the checks
    to see: a draft under repair must lose nothing.
    """
    pieces: list[str] = []
    spans: list[FactSpan] = []
    length = position = 0
    for token in find_tokens(source_text):
        fact = facts.get(token.fact_id)
        if fact is None or not amounts.knows(fact.kind, token.style):
            continue
        figure = amounts.format(fact, token.style)
        before = source_text[position : token.start]
        start = length + len(before)
        pieces += [before, figure]
        length = start + len(figure)
        spans.append(FactSpan(fact_id=token.fact_id, start=start, end=length))
        position = token.end
    pieces.append(source_text[position:])
    return RenderedText(text="".join(pieces), spans=tuple(spans))
