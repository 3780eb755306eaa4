"""From facts to words: the passages of a post and the strings of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from babel.lists import format_list

from composer.errors import RenderError
from composer.figures.facts import Fact, provenance
from composer.text.amounts import AmountFormatter
from composer.text.catalogs import Catalog, open_catalog
from composer.text.passages import Passage
from composer.text.templates import POSTS, render_template
from composer.text.tokens import render_tokens

# Keys of passages that others know by name.
SIMULATED = "simulated"
CAVEAT = "caveat"
SOURCE = "source"
DISCLAIMER = "disclaimer"


_SIMULATED = "simulated"  # the method, as facts name it


class DisclaimerForm(StrEnum):
    """The full disclaimer, or the short one where a platform leaves little room."""

    FULL = "full"
    SHORT = "short"


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
    disclaimer: DisclaimerForm = DisclaimerForm.FULL,
) -> WrittenPost:
    """Return a post of the format in the locale: title, mark of simulated data, body, notices.

    Raises ConfigError for an unknown format or locale, RenderError if a template fails.
    """
    catalog = open_catalog(locale)
    words = _words(facts, locale)
    title, *body = render_template(
        f"{POSTS}/{post_format}", catalog=catalog, facts=facts, words=words
    )
    if words["method"] == _SIMULATED:
        (marked,) = render_template(
            "notices/simulated_title",
            catalog=catalog,
            facts=facts,
            words={**words, "title": title.text},
        )
        title = replace(title, text=marked.text)
    mark = render_template("notices/simulated", catalog=catalog, facts=facts, words=words)
    source = render_template("notices/source", catalog=catalog, facts=facts, words=words)
    notice = _write_disclaimer(catalog, disclaimer)
    return WrittenPost(passages=(title, *mark, *body, *source, *notice), gaps=tuple(catalog.gaps))


def _write_disclaimer(catalog: Catalog, form: DisclaimerForm) -> list[Passage]:
    return render_template(
        "notices/disclaimer", catalog=catalog, facts={}, words={"form": form.value}
    )


def generic_source(locale: str, facts: Mapping[str, Fact]) -> str:
    """Return the source line that names nobody, as source text.

    Raises RenderError if the locale has no translation of it: no editor would see the gap.
    """
    catalog = open_catalog(locale)
    several = "several" if len(provenance(facts).sources) > 1 else "one"
    words = {**_words(facts, locale), "unnamed": several}
    (passage,) = render_template("notices/source", catalog=catalog, facts=facts, words=words)
    if catalog.gaps:
        msg = f"the catalog of {locale} has no translation of {catalog.gaps[0]!r}; add it"
        raise RenderError(msg)
    return passage.text


def fixed_wordings(key: str, locale: str, facts: Mapping[str, Fact]) -> frozenset[str]:
    """Return every valid wording of a notice over these facts, as source text.

    `key` is that of a passage which must stand word for word: the mark of simulated
    data, the caveat, the source line or the disclaimer.
    """
    catalog = open_catalog(locale)
    words = _words(facts, locale)
    return frozenset(
        passage.text
        for form in DisclaimerForm
        for passage in render_template(
            f"notices/{key}",
            catalog=catalog,
            facts=facts,
            words={**words, "form": form.value},
        )
    )


def write_chart(
    kind: str, *, locale: str, facts: Mapping[str, Fact], credit: str | None = None
) -> WrittenChart:
    """Return the strings of a chart in the locale, figures written out.

    `credit` is the creator's name, as it will be printed.
    """
    catalog = open_catalog(locale)
    amounts = AmountFormatter(locale)
    passages = render_template(
        f"charts/{kind}", catalog=catalog, facts=facts, words=_words(facts, locale)
    )
    strings = {
        passage.key: render_tokens(passage.text, facts, amounts).text for passage in passages
    }
    if credit is not None:
        strings["credit"] = credit
    return WrittenChart(locale=locale, strings=strings, gaps=tuple(catalog.gaps))
