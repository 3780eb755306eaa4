"""Templates: what a piece says and in which order, without arithmetic or rounding.

A template is a list of passages, in a sandbox, with few things in reach:

- `passage(key, drop_order=None, editable=true)`, called with a block, adds a passage;
  each line of the block is a sentence, and an empty block adds no passage. A line that
  begins with `## ` is a heading, one with `- ` a bullet; `paragraph()` begins another
  paragraph. A heading without a line after it is nothing;
- `t(sentence, name=value)` and `pt(context, sentence, ...)` say a sentence of the
  locale's catalog, in the wording chosen for the day;
- `fact(id, style="")` writes a token, `known(id)` tells whether the market offers it;
- `holds(claim)` tells whether a claim holds and records that the passage stands on it;
- `would_hold(claim)` tells the same and records nothing: it puts passages in order, and no
  sentence may stand on it;
- `lead`, `outline(names)` and `topics(n)` say what the day leads with, in which of several
  orders to tell it, and what else is worth telling: see `composer.text.story`;
- `symbol`, `source` and `method`, words that came with the market data.

`name.<locale>.j2` is taken before `name.j2` where a language needs another structure.
"""

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from composer import resources
from composer.errors import ConfigError, RenderError, SquaredeskError
from composer.figures import claims
from composer.figures.facts import Fact
from composer.text.languages import language_of
from composer.text.passages import Passage
from composer.text.sentences import (
    HEADING,
    MOST_CHARACTERS,
    PARAGRAPH,
    Sentences,
    Speak,
    Unspoken,
    compose,
)
from composer.text.tokens import write_token

POSTS, CHARTS, NOTICES = "posts", "charts", "notices"
_FORMAT = re.compile(r"[a-z][a-z0-9_]{0,39}")

# What an expression of a template may raise besides the errors of Jinja and our own.
_STUMBLES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@cache
def _environment(folder: Path | None = None) -> ImmutableSandboxedEnvironment:
    shipped = resources.templates_folder()
    # Plain text: whoever puts it on a page escapes it there, once.
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([shipped] if folder is None else [folder, shipped]),
        undefined=StrictUndefined,
        auto_reload=False,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def post_formats(own: Path | None = None) -> tuple[str, ...]:
    """Return the names of the post formats, found by their template, sorted.

    own : a folder with templates of the creator's own
    Raises ConfigError if one of those has a name that is taken or none at all.
    """
    shipped = _names(resources.templates_folder() / POSTS)
    if own is None:
        return tuple(sorted(shipped))
    added = _names(own)
    for name in sorted(added):
        _require_fit(name, own, shipped)
    return tuple(sorted(shipped | added))


def require_free_name(name: str, own: Path) -> None:
    """Refuse a name that no new format of one's own can have: ConfigError says why."""
    _require_fit(name, own, _names(resources.templates_folder() / POSTS))
    if name in _names(own):
        msg = f"there is a template {own / name}.j2 already; edit it, or choose another name"
        raise ConfigError(msg)


def _require_fit(name: str, own: Path, shipped: set[str]) -> None:
    if name in shipped or not _FORMAT.fullmatch(name):
        msg = (
            f"template {own / name}.j2: expected a name of small letters, digits and _ "
            f"that is not one of the shipped {', '.join(sorted(shipped))}"
        )
        raise ConfigError(msg)


def written_charts() -> tuple[str, ...]:
    """Return the names of the charts that have words, sorted."""
    return tuple(sorted(_names(resources.templates_folder() / CHARTS)))


def _names(folder: Path) -> set[str]:
    return {file.name.partition(".")[0] for file in folder.glob("*.j2")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a template says of some facts: its passages and their sentences, not yet spoken."""

    passages: tuple[Unspoken, ...]
    sentences: Sentences

    def speak(self, speak: Speak, locale: str) -> list[Passage]:
        """Return the passages in words, as source text with tokens.

        Raises RenderError if they come to more than `MOST_CHARACTERS`.
        """
        between = " " if language_of(locale).sentences_apart else ""
        spoken, room = [], MOST_CHARACTERS
        for unspoken in self.passages:
            lines = []
            for line in unspoken.lines:
                lines.append(self.sentences.speak(line, speak, room))
                room -= len(lines[-1])
            spoken.append(unspoken.spoken(compose(lines, between)))
        return spoken


class _Page:
    """Collects the passages of one rendering."""

    def __init__(self, facts: Mapping[str, Fact], *, own: bool) -> None:
        self.passages: list[Unspoken] = []
        self.sentences = Sentences()
        self._facts = facts
        self._own = own
        self._standing_on: list[str] | None = None  # outside a passage

    def passage(
        self,
        key: str,
        *,
        drop_order: int | None = None,
        editable: bool = True,
        caller: Callable[[], str],
    ) -> str:
        around, claimed = self._standing_on, list[str]()
        self._standing_on = claimed
        text = caller()
        self._standing_on = around
        # Not splitlines: a paragraph is parted by a character that it would split at.
        lines = [line.strip(" \t\r") for line in text.split("\n")]
        lines = [line for line in lines if line]
        if any(line != PARAGRAPH and not line.startswith(HEADING) for line in lines):
            self.passages.append(
                Unspoken(
                    key=key,
                    lines=tuple(lines),
                    editable=editable,
                    drop_order=drop_order,
                    claims=tuple(claimed),
                )
            )
        return ""

    def fact(self, fact_id: str, style: str = "") -> str:
        if fact_id not in self._facts:
            msg = f"the template prints {fact_id}, which the market data does not hold"
            raise RenderError(msg)
        return write_token(fact_id, style)

    def known(self, fact_id: str) -> bool:
        return fact_id in self._facts

    def holds(self, claim_id: str) -> bool:
        if self._own and self._standing_on is None:
            msg = (
                f"holds({claim_id!r}) outside a passage binds nothing: ask it inside the passage "
                "that says so, or would_hold to put passages in order"
            )
            raise RenderError(msg)
        true = self.would_hold(claim_id)
        if true and self._standing_on is not None and claim_id not in self._standing_on:
            self._standing_on.append(claim_id)
        return true

    def would_hold(self, claim_id: str) -> bool:
        return claims.holds(claim_id, self._facts)


def find_template(name: str, locale: str, folder: Path | None = None) -> Template:
    """Return the template of a name, the language's own where it has one.

    `name` is a path below the templates folder without its ending, such as "posts/brief".
    With a `folder` its templates come before the shipped ones; those are not ours: see
    `composer.text.sandbox`. Raises ConfigError if there is none, RenderError if it cannot be read.
    """
    try:
        return _environment(folder).select_template([f"{name}.{locale}.j2", f"{name}.j2"])
    except TemplateNotFound as error:
        msg = f"there is no template {name!r}; post formats are {', '.join(post_formats())}"
        raise ConfigError(msg) from error
    except TemplateSyntaxError as error:
        msg = f"template {error.filename or name}, line {error.lineno}: {error}"
        raise RenderError(msg) from error


def render(
    template: Template,
    facts: Mapping[str, Fact],
    words: Mapping[str, object],
    *,
    own: bool = False,
) -> Piece:
    """Return what a template says, for the words of any language to be put to it.

    words : become plain variables of the template
    own : whether it is a creator's own, which may ask `holds` only inside a passage
    Raises RenderError, with file and line, if it fails.
    """
    page = _Page(facts, own=own)
    try:
        template.render(
            passage=page.passage,
            paragraph=_paragraph,
            fact=page.fact,
            known=page.known,
            holds=page.holds,
            would_hold=page.would_hold,
            t=page.sentences.add,
            pt=page.sentences.add_in_context,
            **words,
        )
    except (TemplateError, SquaredeskError, *_STUMBLES) as error:
        msg = f"template {_place(error, template)}: {error}"
        raise RenderError(msg) from error
    return Piece(passages=tuple(page.passages), sentences=page.sentences)


def _paragraph() -> str:
    return PARAGRAPH


def _place(error: BaseException, template: Template) -> str:
    """Return the file and line of the template at fault, which may be an included one."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or template.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if frame.filename.endswith(".j2")), None)
    return f"{last.filename}, line {last.lineno}" if last else f"{template.filename}"
