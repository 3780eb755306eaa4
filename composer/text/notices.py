"""Notices: the fixed wording that posts carry, which every language words in one way."""

from collections.abc import Mapping

from composer.errors import RenderError
from composer.figures.facts import Fact
from composer.text.catalogs import open_catalog
from composer.text.passages import Passage
from composer.text.speaking import Speaker
from composer.text.templates import NOTICES, find_template, render

# Keys of passages that others know by name.
SIMULATED = "simulated"
CAVEAT = "caveat"
SOURCE = "source"
DISCLAIMER = "disclaimer"


def speak_notice(
    name: str, speaker: Speaker, facts: Mapping[str, Fact], words: Mapping[str, object]
) -> list[Passage]:
    """Return the passages of a notice; sentences without a translation are the speaker's gaps."""
    piece = render(find_template(f"{NOTICES}/{name}", speaker.locale), facts, words)
    return piece.speak(speaker.wording(), speaker.locale)


def write_notice(
    name: str, locale: str, facts: Mapping[str, Fact], words: Mapping[str, object]
) -> list[Passage]:
    """Return the passages of a notice that is added when a draft is rendered.

    Raises RenderError if the locale has no translation of it: no editor would see the gap.
    """
    speaker = Speaker(open_catalog(locale))
    passages = speak_notice(name, speaker, facts, words)
    if speaker.gaps:
        msg = f"the catalog of {locale} has no translation of {speaker.gaps[0]!r}; add it"
        raise RenderError(msg)
    return passages
