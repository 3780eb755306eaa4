"""Disclaimers: for each jurisdiction profile a full and a short one, in versions.

The words stand in `notices/disclaimer`. They are ours, and no legal advice.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from composer.text.catalogs import open_catalog
from composer.text.notices import DISCLAIMER, speak_notice, write_notice
from composer.text.passages import Passage
from composer.text.speaking import Speaker


class Jurisdiction(StrEnum):
    """Whose rules the words of a disclaimer have in mind."""

    DEFAULT = "default"
    EU = "eu"
    UK = "uk"
    US = "us"


class DisclaimerForm(StrEnum):
    """The full disclaimer, or the short one where a platform leaves little room."""

    FULL = "full"
    SHORT = "short"


# When the words of a profile were last changed, in either form.
VERSIONS: Mapping[Jurisdiction, str] = MappingProxyType(
    {
        Jurisdiction.DEFAULT: "2026-11",
        Jurisdiction.EU: "2026-11",
        Jurisdiction.UK: "2026-11",
        Jurisdiction.US: "2026-11",
    }
)


def disclaimer_label(jurisdiction: Jurisdiction, form: DisclaimerForm) -> str:
    """Return the name by which an auditor finds the words, as "eu 2026-11 short"."""
    return f"{jurisdiction} {VERSIONS[jurisdiction]} {form}"


def speak_disclaimer(
    speaker: Speaker,
    form: DisclaimerForm = DisclaimerForm.FULL,
    jurisdiction: Jurisdiction = Jurisdiction.DEFAULT,
) -> list[Passage]:
    """Return the disclaimer; sentences without a translation are the speaker's gaps."""
    return speak_notice(DISCLAIMER, speaker, {}, _words(jurisdiction, form))


def disclaimer_text(locale: str, jurisdiction: Jurisdiction, form: DisclaimerForm) -> str:
    """Return the words of a disclaimer. Raises RenderError if the locale lacks them."""
    (passage,) = write_notice(DISCLAIMER, locale, {}, _words(jurisdiction, form))
    return passage.text


def disclaimer_wordings(locale: str, jurisdiction: Jurisdiction) -> frozenset[str]:
    """Return the words of both forms of a profile; a post has to carry one of them."""
    speaker = Speaker(open_catalog(locale))
    return frozenset(
        passage.text
        for form in DisclaimerForm
        for passage in speak_disclaimer(speaker, form, jurisdiction)
    )


def _words(jurisdiction: Jurisdiction, form: DisclaimerForm) -> dict[str, str]:
    return {"profile": jurisdiction.value, "form": form.value}
