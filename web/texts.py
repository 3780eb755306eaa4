"""Texts and figures of a draft as the desk shows them: rendered where we can, else as written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from composer.checks.records import Finding
from composer.errors import RenderError
from composer.figures.facts import Fact
from composer.text.amounts import AmountFormatter
from composer.text.tokens import find_tokens, render_tokens, write_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of shown text; `fact_id` is set where it is a figure."""

    text: str
    fact_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One fact written out in the language of the desk."""

    fact: Fact
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to print a fact in a text: what is typed, and what readers will see."""

    token: str
    text: str


def formatter(locale: str) -> AmountFormatter | None:
    """Return how a locale writes amounts, or None where nobody has said so yet."""
    try:
        return AmountFormatter(locale)
    except RenderError:
        return None


def pieces(source_text: str, facts: Mapping[str, Fact], locale: str) -> Sequence[Piece]:
    """Return a source text as readers will see it.

    Where amounts of the locale cannot be written, it is the source text with its tokens.
    """
    amounts = formatter(locale)
    if amounts is None:
        return _as_written(source_text)
    try:
        rendered = render_tokens(source_text, facts, amounts)
    except RenderError:  # a value beyond what can be written; the checks say which
        return _as_written(source_text)
    shown: list[Piece] = []
    position = 0
    for span in rendered.spans:
        shown.append(Piece(text=rendered.text[position : span.start]))
        shown.append(Piece(text=rendered.text[span.start : span.end], fact_id=span.fact_id))
        position = span.end
    shown.append(Piece(text=rendered.text[position:]))
    return [piece for piece in shown if piece.text]


def figures(facts: Mapping[str, Fact], locale: str) -> Sequence[Figure]:
    """Return every fact as a locale writes it."""
    return [Figure(fact=fact, text=_written(fact, locale)) for fact in facts.values()]


def choices(facts: Mapping[str, Fact], locale: str) -> Sequence[Choice]:
    """Return every token that can be printed in a locale, with what it prints."""
    amounts = formatter(locale)
    if amounts is None:
        return [Choice(token=write_token(fact_id), text="") for fact_id in facts]
    found: list[Choice] = []
    for fact in facts.values():
        for style in amounts.styles(fact.kind):
            try:
                text = amounts.format(fact, style)
            except RenderError:
                continue
            found.append(Choice(token=write_token(fact.id, style), text=text))
    return found


def names(facts: Mapping[str, Fact]) -> Sequence[str]:
    """Return the names that came with the data and may hold digits, as the checks allow them."""
    return sorted({name for fact in facts.values() for name in (fact.symbol, fact.source) if name})


def by_passage(findings: Sequence[Finding]) -> Mapping[str | None, Sequence[Finding]]:
    """Return findings by the key of the passage they are about; None is the whole draft."""
    found: dict[str | None, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.passage, []).append(finding)
    return found


def _as_written(source_text: str) -> Sequence[Piece]:
    return list(_split(source_text))


def _split(source_text: str) -> Iterator[Piece]:
    position = 0
    for token in find_tokens(source_text):
        if token.start > position:
            yield Piece(text=source_text[position : token.start])
        yield Piece(text=source_text[token.start : token.end], fact_id=token.fact_id)
        position = token.end
    if position < len(source_text):
        yield Piece(text=source_text[position:])


def _written(fact: Fact, locale: str) -> str:
    amounts = formatter(locale)
    if amounts is not None and amounts.knows(fact.kind, ""):
        try:
            return amounts.format(fact)
        except RenderError:
            pass
    value = fact.value
    return value.isoformat() if isinstance(value, datetime) else str(value)
