"""What a check looks at and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from composer.figures.facts import Fact, Provenance, provenance
from composer.text.passages import Passage
from composer.text.presence import PLAIN, Presence

FOLDER = "folder"


class Severity(StrEnum):
    """Whether a finding prevents approval and sending. `BLOCK` sorts before `WARN`."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that stands in the way of a post, or that its reviewer should know.

    `span` are offsets in the source text of `passage`; both are None for what concerns
    the whole draft. `fix` is a text that may replace the span, where one is certain.
    """

    id: str
    severity: Severity
    message: str
    passage: str | None = None
    span: tuple[int, int] | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A draft as the checks see it.

    `destination` is the name of the platform a rendition is for; None is the draft
    itself. `looked_from` is the moment the age of data is measured from: `--as-of`
    where one was given (`looked_back`), else the clock. `gaps` are sentences without a
    translation, `warnings` what the figures had to say, `unfit` is why nothing of it fits
    the destination, `names_rivals` whether the names of other exchanges are welcome there.
    `presence` is how the account presents itself that it is for, `publish_at` the moment
    it could go out.
    """

    locale: str
    passages: tuple[Passage, ...]
    facts: Mapping[str, Fact]
    looked_from: datetime
    max_age: timedelta
    looked_back: bool = False
    destination: str | None = None
    gaps: tuple[str, ...] = ()
    unfit: str = ""
    names_rivals: bool = True
    presence: Presence = PLAIN
    publish_at: datetime | None = None
    warnings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def origin(self) -> Provenance:
        """Where the facts are from. Raises FiguresError if they do not say."""
        return provenance(self.facts)

    @property
    def leaves_the_house(self) -> bool:
        """Whether it is to go to a real platform, not into a folder or nowhere yet."""
        return self.destination not in {None, FOLDER}
