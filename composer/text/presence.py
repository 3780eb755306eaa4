"""How an account presents itself: the law it has in mind, what it discloses, how it signs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from composer.figures.facts import Fact, provenance
from composer.text.campaigns import Campaign
from composer.text.disclaimers import DisclaimerForm, Jurisdiction, disclaimer_text
from composer.text.notices import DISCLAIMER, SIMULATED, SOURCE, write_notice
from composer.text.passages import Passage

DISCLOSURE = "disclosure"
SIGN_OFF = "sign_off"

# What a text ends before.
_AFTER_THE_TEXT = ("tags", SOURCE, DISCLAIMER)

# After campaigns, before anything that the post has to say.
_SIGN_OFF_DROP_ORDER = -1


class Audience(StrEnum):
    """Who reads an account."""

    GENERAL = "general"
    PROFESSIONAL = "professional"
    UK_RETAIL = "uk_retail"


class Position(StrEnum):
    """What the author holds of the coin he writes about."""

    NONE = "none"
    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What the settings say of an account that its posts must show, or must not.

    `position` and `compensated` are disclosed unless they are None; `sponsor` is who paid.
    `handle` and `sign_off` (by locale) are words of the operator's own, as are the
    `campaigns` of its platform. Without `emoji` an emoji is a finding.
    """

    jurisdiction: Jurisdiction = Jurisdiction.DEFAULT
    audience: Audience = Audience.GENERAL
    position: Position | None = None
    compensated: bool | None = None
    sponsor: str = ""
    handle: str = ""
    sign_off: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    emoji: bool = True
    campaigns: tuple[Campaign, ...] = ()

    @property
    def reaches_uk_retail(self) -> bool:
        """Whether retail clients in the United Kingdom are among its readers."""
        is_british = self.jurisdiction is Jurisdiction.UK
        return self.audience is Audience.UK_RETAIL or (
            is_british and self.audience is not Audience.PROFESSIONAL
        )


PLAIN = Presence()


def present(
    passages: Sequence[Passage],
    presence: Presence,
    *,
    locale: str,
    facts: Mapping[str, Fact],
    publish_at: datetime,
    form: DisclaimerForm = DisclaimerForm.FULL,
) -> tuple[Passage, ...]:
    """Return the passages of a draft as an account shows them, nothing left out yet.

    The disclaimer is that of its jurisdiction. Sign-off and campaigns running at
    `publish_at` follow the text; a position is disclosed before the disclaimer, what is
    paid for says so under the title. Raises RenderError if the locale lacks a wording.
    """
    worded = list(passages)
    end = _first_of(_AFTER_THE_TEXT, worded)
    worded[end:end] = _operators_own(presence, locale, publish_at)
    if presence.compensated:
        place = 2 if SIMULATED in {one.key for one in worded[:2]} else 1
    else:
        place = _first_of((DISCLAIMER,), worded)
    worded[place:place] = _disclosure(presence, locale, facts)
    return tuple(_with_disclaimer(worded, presence.jurisdiction, form, locale))


def _first_of(keys: Collection[str], passages: Sequence[Passage]) -> int:
    """Return where the first passage with one of the keys stands, or the end."""
    return next((place for place, one in enumerate(passages) if one.key in keys), len(passages))


def _operators_own(presence: Presence, locale: str, publish_at: datetime) -> list[Passage]:
    """Return the passages whose words are the operator's, in their order."""
    signed = "\n".join(filter(None, (presence.sign_off.get(locale), presence.handle)))
    sign_off = Passage(
        key=SIGN_OFF,
        text=signed,
        editable=False,
        drop_order=_SIGN_OFF_DROP_ORDER,
        operator=True,
    )
    running = [one.passage(locale) for one in presence.campaigns if one.runs_at(publish_at)]
    return [one for one in (sign_off if signed else None, *running) if one is not None]


def _disclosure(presence: Presence, locale: str, facts: Mapping[str, Fact]) -> list[Passage]:
    if presence.position is None and presence.compensated is None:
        return []
    words = {
        "symbol": provenance(facts).symbol,
        "position": presence.position,
        "compensated": presence.compensated,
        "sponsor": presence.sponsor,
    }
    return [
        replace(passage, operator=bool(presence.sponsor))
        for passage in write_notice(DISCLOSURE, locale, facts, words)
    ]


def _with_disclaimer(
    passages: Sequence[Passage], jurisdiction: Jurisdiction, form: DisclaimerForm, locale: str
) -> Sequence[Passage]:
    """Return the passages with the disclaimer of an account in the place of the draft's own."""
    if (jurisdiction, form) == (Jurisdiction.DEFAULT, DisclaimerForm.FULL):
        return passages  # what every draft is written with
    text = disclaimer_text(locale, jurisdiction, form)
    return [replace(one, text=text) if one.key == DISCLAIMER else one for one in passages]
