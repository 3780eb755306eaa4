"""What `squaredesk.toml` may say of accounts, of the creator's voice and of campaigns."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from composer.addresses import is_link

_LONGEST_LINE = 40
_LONGEST_TEXT = 500
# What platforms take for a way to readers outside, and cut or punish.
_CONTACT = re.compile(r"@|://|www\.|\w\.(?:com|io|org|net|me|xyz|gg|co)\b", re.IGNORECASE)
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _text(value: str) -> str:
    """Refuse what would not be shown as it was typed: tokens, control and turning characters."""
    text = unicodedata.normalize("NFC", value).strip()
    hidden = any(
        (unicodedata.category(char) == "Cc" and char != "\n")
        or unicodedata.bidirectional(char) in _TURNS
        for char in text
    )
    if hidden or "[[" in text or "]]" in text or not 0 < len(text) <= _LONGEST_TEXT:
        msg = f"expected 1 to {_LONGEST_TEXT} plain characters without [[ or ]]"
        raise ValueError(msg)
    return text


def _line(text: str) -> str:
    if "\n" in text or len(text) > _LONGEST_LINE:
        msg = f"expected one line of at most {_LONGEST_LINE} characters"
        raise ValueError(msg)
    return text


def _no_contact(text: str) -> str:
    if _CONTACT.search(text):
        msg = "expected words without @ or an address: platforms forbid contact details"
        raise ValueError(msg)
    return text


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        msg = "expected a time with its zone, such as 2026-11-01T00:00:00+08:00"
        raise ValueError(msg)
    return moment


def _link(value: str) -> str:
    if not is_link(value):
        msg = "expected an address such as https://www.example.com/event"
        raise ValueError(msg)
    return value


_Text = Annotated[str, AfterValidator(_text)]
_Line = Annotated[_Text, AfterValidator(_line)]
_Handle = Annotated[_Line, AfterValidator(_no_contact)]
_SignOff = Annotated[_Text, AfterValidator(_no_contact)]
_Moment = Annotated[datetime, BeforeValidator(_moment)]


class VoiceSettings(BaseModel):
    """How the creator signs; what an account leaves out is as `[voice]` says.

    Preferred formats are the setting `formats`, and those of an account its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: _Handle | None = None
    sign_off: Mapping[str, _SignOff] | None = None
    emoji: bool | None = None


class AccountSettings(VoiceSettings):
    """An account posts can go to; what its platform wants to know beyond that are `options`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
    platform: str = Field(min_length=1)
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    jurisdiction: Literal["default", "eu", "uk", "us"] = "default"
    audience: Literal["general", "professional", "uk_retail"] = "general"
    position: Literal["none", "long", "short"] | None = None
    compensated: bool | None = None
    sponsor: _Line | None = None

    @property
    def options(self) -> dict[str, str]:
        """What the platform is opened with: where the key is, limits; a list by commas."""
        return {
            key: ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            for key, value in (self.model_extra or {}).items()
        }

    @model_validator(mode="after")
    def _paid_by_its_sponsor(self) -> Self:
        if self.sponsor is not None and not self.compensated:
            msg = f"expected compensated = true beside sponsor = {self.sponsor!r}"
            raise ValueError(msg)
        return self


class CampaignSettings(BaseModel):
    """A promotion of a platform: words by locale, and from when until when they are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    platform: str = Field(min_length=1)
    starts: _Moment
    ends: _Moment
    text: Mapping[str, _Text] = Field(min_length=1)
    link: Annotated[str, AfterValidator(_link)] | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends <= self.starts:
            starts, ends = self.starts.isoformat(), self.ends.isoformat()
            msg = f"expected ends after starts = {starts}, got {ends}"
            raise ValueError(msg)
        return self
