"""From facts to words: the passages of a post and the strings of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from babel.lists import format_list

from composer.errors import RenderError
from composer.figures.facts import Fact, provenance
from composer.text.amounts import AmountFormatter
from composer.text.catalogs import open_catalog
from composer.text.disclaimers import DisclaimerForm, speak_disclaimer
from composer.text.fence import render_fenced
from composer.text.notices import CAVEAT, SIMULATED, SOURCE, speak_notice, write_notice
from composer.text.passages import Passage
from composer.text.speaking import Speaker
from composer.text.story import Story
from composer.text.templates import POSTS, Piece, post_formats, render_template
from composer.text.tokens import render_tokens
from composer.text.variety import NO_MEMORY, Memory

TITLE = "title"
_SIMULATED = "simulated"  # the method, as facts name it


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPost:
    """The passages of one post; `gaps` are sentences its locale has no translation for."""

    passages: tuple[Passage, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenChart:
    """Every string of one chart by key, written out; `gaps` as for a post."""

    locale: str
    strings: Mapping[str, str]
    gaps: tuple[str, ...]


def _words(facts: Mapping[str, Fact], locale: str) -> dict[str, str]:
    """Return the words that came with the market data, as templates know them.

    Several sources are listed as the language lists.
    """
    origin = provenance(facts)
    source = format_list(origin.sources, locale=locale)
    return {"symbol": origin.symbol, "source": source, "method": origin.method.value}


def write_post(
    post_format: str,
    *,
    locale: str,
    facts: Mapping[str, Fact],
    seed: str = "",
    memory: Memory = NO_MEMORY,
    own: Path | None = None,
    disclaimer: DisclaimerForm = DisclaimerForm.FULL,
) -> WrittenPost:
    """Return a post of the format in the locale: title, mark of simulated data, body, notices.

    seed : names the edition; it decides what takes turns, in every language alike, and the
        wordings of each language
    memory : earlier posts of the same plan, language and format, to word it unlike them
    own : a folder with formats of the creator's own

    The same arguments give the same post. Raises ConfigError for an unknown format or
    locale, RenderError if a template fails.
    """
    speaker = Speaker(open_catalog(locale))
    words = _words(facts, locale)
    story = Story(facts, f"{seed} {post_format}")
    piece = _render_post(
        post_format,
        locale,
        facts,
        {**words, "lead": story.lead, "outline": story.outline, "topics": story.topics},
        own,
    )
    title, *body = min(
        (
            piece.speak(speaker.wording(f"{seed} {post_format} {locale} {candidate}"), locale)
            for candidate in range(memory.candidates)
        ),
        key=memory.reminds,
    )
    if words["method"] == _SIMULATED:
        (marked,) = speak_notice("simulated_title", speaker, facts, {**words, "title": title.text})
        title = replace(title, text=marked.text)
    mark = speak_notice(SIMULATED, speaker, facts, words)
    if all(passage.key != CAVEAT for passage in body):
        body += speak_notice(CAVEAT, speaker, facts, words)
    source = speak_notice(SOURCE, speaker, facts, words)
    notice = speak_disclaimer(speaker, disclaimer)
    return WrittenPost(passages=(title, *mark, *body, *source, *notice), gaps=speaker.gaps)


def _render_post(
    post_format: str,
    locale: str,
    facts: Mapping[str, Fact],
    words: Mapping[str, object],
    own: Path | None,
) -> Piece:
    """Return what a shipped format says, or one of the creator's own, which is kept in a fence."""
    if own is None or post_format not in post_formats(own) or post_format in post_formats():
        return render_template(f"{POSTS}/{post_format}", locale=locale, facts=facts, words=words)
    piece = render_fenced(own, post_format, locale=locale, facts=facts, words=words)
    if not piece.passages or piece.passages[0].key != TITLE:
        msg = f"template {own / post_format}.j2: expected the first passage to be {TITLE!r}"
        raise RenderError(msg)
    return piece


def generic_source(locale: str, facts: Mapping[str, Fact]) -> str:
    """Return the source line that names nobody, as source text.

    Raises RenderError if the locale has no translation of it: no editor would see the gap.
    """
    several = "several" if len(provenance(facts).sources) > 1 else "one"
    words = {**_words(facts, locale), "unnamed": several}
    (passage,) = write_notice(SOURCE, locale, facts, words)
    return passage.text


def fixed_wordings(key: str, locale: str, facts: Mapping[str, Fact]) -> frozenset[str]:
    """Return every valid wording of a notice over these facts, as source text.

    `key` is that of a passage which must stand word for word: the mark of simulated
    data, the caveat or the source line.
    """
    speaker = Speaker(open_catalog(locale))
    words = _words(facts, locale)
    return frozenset(
        passage.text
        for listed in (False, True)
        for passage in speak_notice(key, speaker, facts, {**words, "listed": listed})
    )


def write_chart(
    kind: str, *, locale: str, facts: Mapping[str, Fact], credit: str | None = None
) -> WrittenChart:
    """Return the strings of a chart in the locale, figures written out.

    `credit` is the creator's name, as it will be printed.
    """
    speaker = Speaker(open_catalog(locale))
    amounts = AmountFormatter(locale)
    piece = render_template(
        f"charts/{kind}", locale=locale, facts=facts, words=_words(facts, locale)
    )
    strings = {
        passage.key: render_tokens(passage.text, facts, amounts).text
        for passage in piece.speak(speaker.wording(), locale)
    }
    if credit is not None:
        strings["credit"] = credit
    return WrittenChart(locale=locale, strings=strings, gaps=speaker.gaps)
