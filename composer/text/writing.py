"""From facts to words: the passages of a post and the strings of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

from composer.errors import RenderError
from composer.figures.facts import Fact, provenance
from composer.text.amounts import AmountFormatter
from composer.text.catalogs import open_catalog
from composer.text.disclaimers import speak_disclaimer
from composer.text.notices import CAVEAT, SIMULATED, SOURCE, speak_notice, write_notice
from composer.text.passages import Passage
from composer.text.sandbox import render_sandboxed
from composer.text.sentences import Names
from composer.text.speaking import Speaker, list_names
from composer.text.story import Story
from composer.text.templates import (
    CHARTS,
    NOTICES,
    POSTS,
    Piece,
    find_template,
    post_formats,
    render,
)
from composer.text.tokens import render_tokens
from composer.text.variety import NO_MEMORY, Memory

TITLE = "title"
TITLE_FITS = 100  # characters: what the strictest feed takes as the title of an article
_WAYS = 24  # to word a post, before its title is left too long
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


def _words(facts: Mapping[str, Fact]) -> dict[str, object]:
    """Return the words that came with the market data, as templates know them."""
    origin = provenance(facts)
    return {
        "symbol": origin.symbol,
        "source": Names(origin.sources),
        "method": origin.method.value,
    }


class Writer:
    """Writes the posts of one edition: what they say is decided once, for all languages."""

    def __init__(self, facts: Mapping[str, Fact], seed: str = "", own: Path | None = None) -> None:
        """Write about `facts`.

        seed : names the edition; it decides what takes turns, in every language alike, and
            the wordings of each language
        own : a folder with formats of the creator's own
        """
        self._facts = facts
        self._seed = seed
        self._own = own
        self._words = _words(facts)
        self._pieces: dict[str | None, Piece] = {}

    def post(self, post_format: str, locale: str, memory: Memory = NO_MEMORY) -> WrittenPost:
        """Return a post: title, mark of simulated data, body, notices.

        memory : earlier posts of the same plan, language and format, to word it unlike them,
            as far as the title stays short enough

        The same facts, seed and memory give the same post. Raises ConfigError for an unknown
        format or locale, RenderError if a template fails.
        """
        speaker = Speaker(open_catalog(locale))
        piece = self._said_in(post_format, locale)
        wording = f"{self._seed} {post_format} {locale}"
        title, *body = min(
            (
                self._marked(piece.speak(speaker.wording(f"{wording} {way}"), locale), speaker)
                for way in self._ways(piece, speaker, wording, memory.candidates)
            ),
            key=memory.reminds,
        )
        if all(passage.key != CAVEAT for passage in body):
            body += self._notice(CAVEAT, speaker)
        return WrittenPost(
            passages=(
                title,
                *self._notice(SIMULATED, speaker),
                *body,
                *self._notice(SOURCE, speaker),
                *speak_disclaimer(speaker),
            ),
            gaps=speaker.gaps,
        )

    def _marked(self, post: list[Passage], speaker: Speaker) -> list[Passage]:
        """Return a post as it is remembered: its title says if no market produced the numbers."""
        if self._words["method"] != _SIMULATED:
            return post
        title, *body = post
        words = {**self._words, "title": title.text}
        (marked,) = speak_notice("simulated_title", speaker, self._facts, words)
        return [replace(title, text=marked.text), *body]

    def _ways(self, piece: Piece, speaker: Speaker, wording: str, most: int) -> list[int]:
        """Return the first ways to word a piece that leave its title short enough.

        If there are none, the one with the shortest title.
        """
        heading = replace(piece, passages=piece.passages[:1])
        amounts = AmountFormatter(speaker.locale)

        @cache  # many ways have the same title
        def written(title: str) -> str:
            return render_tokens(title, self._facts, amounts).text

        def length(way: int) -> int:
            (title,) = heading.speak(speaker.wording(f"{wording} {way}"), speaker.locale)
            return len(written(title.text))

        fitting = (way for way in range(_WAYS) if length(way) <= TITLE_FITS)
        return [*islice(fitting, most)] or [min(range(_WAYS), key=length)]

    def _said_in(self, post_format: str, locale: str) -> Piece:
        """Return what a shipped format says, or one of the creator's own, from its sandbox.

        Passages of one's own are editable, so that every check reads them; a caveat is not
        while it stands word for word.
        """
        story = Story(self._facts, f"{self._seed} {post_format}")
        own = self._own
        if own is None or post_format not in post_formats(own) or post_format in post_formats():
            return self._piece(f"{POSTS}/{post_format}", locale, story)
        names = Names(provenance(self._facts).sources)
        words = {**self._words, "source": list_names(names, locale), **_choices(story)}
        piece = render_sandboxed(own, post_format, locale=locale, facts=self._facts, words=words)
        if not piece.passages or piece.passages[0].key != TITLE:
            msg = f"template {own / post_format}.j2: expected the first passage to be {TITLE!r}"
            raise RenderError(msg)
        try:
            spoken = piece.speak(Speaker(open_catalog(locale)).wording(), locale)
        except RenderError as error:
            msg = f"template {own / post_format}.j2: {error}"
            raise RenderError(msg) from error
        fixed = fixed_wordings(CAVEAT, locale, self._facts)
        passages = tuple(
            replace(unspoken, editable=unspoken.key != CAVEAT or passage.text not in fixed)
            for unspoken, passage in zip(piece.passages, spoken, strict=True)
        )
        return replace(piece, passages=passages)

    def _notice(self, name: str, speaker: Speaker) -> list[Passage]:
        piece = self._piece(f"{NOTICES}/{name}", speaker.locale)
        return piece.speak(speaker.wording(), speaker.locale)

    def _piece(self, name: str, locale: str, story: Story | None = None) -> Piece:
        template = find_template(name, locale)
        if template.name not in self._pieces:
            choices = {} if story is None else _choices(story)
            self._pieces[template.name] = render(template, self._facts, {**self._words, **choices})
        return self._pieces[template.name]


def _choices(story: Story) -> dict[str, object]:
    return {"lead": story.lead, "outline": story.outline, "topics": story.topics}


def write_post(
    post_format: str,
    *,
    locale: str,
    facts: Mapping[str, Fact],
    seed: str = "",
    memory: Memory = NO_MEMORY,
    own: Path | None = None,
) -> WrittenPost:
    """Return one post of a `Writer`, where there is to be no other."""
    return Writer(facts, seed, own).post(post_format, locale, memory)


def generic_source(locale: str, facts: Mapping[str, Fact]) -> str:
    """Return the source line that names nobody, as source text.

    Raises RenderError if the locale has no translation of it: no editor would see the gap.
    """
    several = "several" if len(provenance(facts).sources) > 1 else "one"
    words = {**_words(facts), "unnamed": several}
    (passage,) = write_notice(SOURCE, locale, facts, words)
    return passage.text


def fixed_wordings(key: str, locale: str, facts: Mapping[str, Fact]) -> frozenset[str]:
    """Return every valid wording of a notice over these facts, as source text.

    `key` is that of a passage which must stand word for word: the mark of simulated
    data, the caveat or the source line.
    """
    speaker = Speaker(open_catalog(locale))
    words = _words(facts)
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
    piece = render(find_template(f"{CHARTS}/{kind}", locale), facts, _words(facts))
    strings = {
        passage.key: render_tokens(passage.text, facts, amounts).text
        for passage in piece.speak(speaker.wording(), locale)
    }
    if credit is not None:
        strings["credit"] = credit
    return WrittenChart(locale=locale, strings=strings, gaps=speaker.gaps)
