"""What an edition is asked to be, and what is made of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from composer.checks.records import Finding
from composer.figures.facts import Fact
from composer.figures.levels import LevelPolicy
from composer.figures.report import Figures
from composer.market.records import MarketSnapshot, Query
from composer.text.passages import Passage, join_passages
from composer.text.tokens import RenderedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a plan says of the drafts of its editions; without a plan, of none of it.

    Approved drafts go to `accounts` by themselves; an approval lasts `approval_lasts`, or
    what the house says, and so does `max_age`, from which the data may not be published;
    `four_eyes` demands that the approver wrote nothing in the draft.
    """

    plan: str | None = None
    accounts: tuple[str, ...] = ()
    approval_lasts: timedelta | None = None
    max_age: timedelta | None = None
    four_eyes: bool = False


NO_ORDERS = Orders()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """What an edition is asked to be: which market moment, in which locales and formats.

    `source` is the name or file that market data is asked from. `orders` say what becomes
    of its drafts once they are approved. `occasion` sets it apart from every other edition
    of the same figures: the slot it is made for. `credit` is the creator's name on charts,
    `templates` the folder of his own post formats.
    """

    query: Query
    source: str
    levels: LevelPolicy
    notional_usd: float | None
    locales: tuple[str, ...]
    formats: tuple[str, ...]
    max_age: timedelta
    orders: Orders = NO_ORDERS
    occasion: str = ""
    credit: str | None = None
    templates: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One drawn chart of an edition; `alt` describes it to who cannot see it."""

    kind: str
    locale: str
    alt: str
    png: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of its bytes."""
        return hashlib.sha256(self.png).hexdigest()


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
    """One symbol's drafts of one market moment, with everything they were made from.

    `commission` is what it was asked to be, so that it can be made anew.
    """

    id: str
    commission: Commission
    snapshot: MarketSnapshot
    figures: Figures
    facts: Mapping[str, Fact]
    drafts: tuple[Draft, ...]
