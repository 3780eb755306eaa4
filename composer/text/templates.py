"""Templates: the words and the order of a piece, without arithmetic or rounding.

A template is a list of passages, in a sandbox, with few things in reach:

- `passage(key, drop_order=None, editable=true)`, called with a block, adds a passage;
  each line of the block is a sentence, and an empty block adds no passage;
- `t(sentence, name=value)` and `pt(context, sentence, ...)` look a sentence up in the
  locale's catalog;
- `fact(id, style="")` writes a token, `known(id)` tells whether the market offers it;
- `holds(claim)` tells whether a claim holds and records that the passage stands on it;
- `symbol`, `source` and `method`, words that came with the market data.

`name.<locale>.j2` is taken before `name.j2` where a language needs another structure.
"""

import traceback
from collections.abc import Callable, Mapping
from functools import cache

from babel import Locale
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
from composer.text.catalogs import Catalog
from composer.text.passages import Passage
from composer.text.tokens import write_token

POSTS = "posts"

# Languages that set no space between sentences.
_CLOSED_UP = frozenset({"zh", "ja"})

# What an expression of a template may raise besides the errors of Jinja and our own.
_STUMBLES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text: whoever puts it on a page escapes it there, once.
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(resources.templates_folder()),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def post_formats() -> tuple[str, ...]:
    """Return the names of the post formats, found by their template, sorted."""
    files = (resources.templates_folder() / POSTS).glob("*.j2")
    return tuple(sorted({file.name.partition(".")[0] for file in files}))


class _Page:
    """Collects the passages of one rendering."""

    def __init__(self, facts: Mapping[str, Fact], locale: str) -> None:
        self.passages: list[Passage] = []
        self._facts = facts
        self._between = "" if Locale.parse(locale).language in _CLOSED_UP else " "
        self._standing_on: list[str] = []

    def passage(
        self,
        key: str,
        *,
        drop_order: int | None = None,
        editable: bool = True,
        caller: Callable[[], str],
    ) -> str:
        self._standing_on = []
        sentences = (line.strip() for line in caller().splitlines())
        text = self._between.join(sentence for sentence in sentences if sentence)
        if text:
            self.passages.append(
                Passage(
                    key=key,
                    text=text,
                    editable=editable,
                    drop_order=drop_order,
                    claims=tuple(self._standing_on),
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
        true = claims.holds(claim_id, self._facts)
        if true and claim_id not in self._standing_on:
            self._standing_on.append(claim_id)
        return true


def render_template(
    name: str, *, catalog: Catalog, facts: Mapping[str, Fact], words: Mapping[str, str]
) -> list[Passage]:
    """Return the passages of a template, as source text with tokens.

    `name` is a path below the templates folder without its ending, such as
    "posts/brief"; `words` become plain variables of the template.
    Raises ConfigError if there is no such template, RenderError (with file and
    line) if it fails.
    """
    page = _Page(facts, catalog.locale)
    try:
        template = _environment().select_template([f"{name}.{catalog.locale}.j2", f"{name}.j2"])
    except TemplateNotFound as error:
        msg = f"there is no template {name!r}; post formats are {', '.join(post_formats())}"
        raise ConfigError(msg) from error
    except TemplateError as error:
        msg = f"template {name}: {error}"
        raise RenderError(msg) from error
    try:
        template.render(
            passage=page.passage,
            fact=page.fact,
            known=page.known,
            holds=page.holds,
            t=catalog.translate,
            pt=catalog.translate_in_context,
            **words,
        )
    except (TemplateError, SquaredeskError, *_STUMBLES) as error:
        msg = f"template {template.name}, line {_line(error, template)}: {error}"
        raise RenderError(msg) from error
    return page.passages


def _line(error: BaseException, template: Template) -> int | str:
    """Return the line of the template that was being rendered when `error` came."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == template.filename]
    return (lines[-1] if lines else None) or "unknown"
