"""Editions and drafts as the newsroom keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from composer.checks.records import Finding
from composer.figures.facts import Fact
from composer.figures.levels import LevelPolicy
from composer.figures.report import Figures
from composer.market.records import MarketSnapshot, Query
from composer.text.passages import Passage, join_passages
from composer.text.tokens import RenderedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """What an edition is asked to be: which market moment, in which locales and formats."""

    query: Query
    levels: LevelPolicy
    notional_usd: float | None
    locales: tuple[str, ...]
    formats: tuple[str, ...]
    max_age: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One drawn chart of an edition; `alt` describes it to who cannot see it."""

    kind: str
    locale: str
    alt: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One locale and format of an edition; `body` is its rendered text, figures traced."""

    edition: str
    locale: str
    format: str
    title: str
    body: RenderedText
    passages: tuple[Passage, ...]
    facts: Mapping[str, Fact]
    findings: tuple[Finding, ...]
    images: tuple[Image, ...]

    @property
    def source_text(self) -> str:
        """The text before figures are filled in: passages with their tokens."""
        return join_passages(self.passages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One symbol's drafts of one market moment, with everything they were made from."""

    id: str
    made_at: datetime
    snapshot: MarketSnapshot
    figures: Figures
    facts: Mapping[str, Fact]
    drafts: tuple[Draft, ...]
