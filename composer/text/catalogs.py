"""Message catalogs: one PO file per locale, whole sentences with `{named}` placeholders.

English source sentences stand in the templates and are the keys. A translation may hold
several wordings of its sentence, one a line: a post takes a different one every day. PO
files are compiled in memory, so what a translator saves is what the next run prints.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from string import Formatter

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

from composer import resources
from composer.errors import ConfigError, RenderError

POSTS = "posts"
SOURCE_LOCALE = "en"


class Catalog:
    """The sentences of one locale; `gaps` collects the keys it had no translation for."""

    def __init__(self, locale: str, translations: Translations) -> None:
        """Hold the compiled translations of a locale; they may be shared, `gaps` is not."""
        self.locale = locale
        self.gaps: list[str] = []
        self._translations = translations

    def translate(self, message: str, /, **values: object) -> str:
        """Return the sentence in this locale, in its first wording, with its placeholders filled.

        A sentence without a translation comes out in English and is added to `gaps`.
        Raises RenderError if sentence and values do not fit together.
        """
        return self.fill(self.wordings(message)[0], message, values)

    def wordings(self, message: str, context: str | None = None) -> tuple[str, ...]:
        """Return every wording a sentence has in this locale, placeholders not filled yet.

        A translation holds one wording a line. A sentence without one comes out in English
        and is added to `gaps`.
        """
        key = message if context is None else f"{context}\x04{message}"
        found = self._translations._catalog.get(key)  # noqa: SLF001 - gettext offers no other look
        if found is None:
            self.gaps.append(message)
            return (message,)
        return _lines(str(found))

    def fill(self, wording: str, message: str, values: Mapping[str, object]) -> str:
        """Return a wording of `message` with its placeholders filled.

        Raises RenderError if wording and values do not fit together.
        """
        try:
            return "".join(
                literal if name is None else f"{literal}{values[name]}"
                for literal, name in _pieces(wording)
            )
        except (KeyError, ValueError) as error:
            msg = f"{self.locale}: the sentence {message!r} cannot be filled: {error!r}"
            raise RenderError(msg) from error


def placeholders(sentence: str) -> frozenset[str]:
    """Return the names of a sentence's placeholders. Raises ValueError if one is no plain name."""
    return frozenset(name for _literal, name in _pieces(sentence) if name is not None)


@cache
def _lines(translation: str) -> tuple[str, ...]:
    return tuple(translation.splitlines())


@cache
def _pieces(wording: str) -> tuple[tuple[str, str | None], ...]:
    """Return a wording as literals, each with the placeholder that follows it.

    `{name}` and nothing else is one: a translation must not look into what it prints.
    """
    pieces = []
    for literal, name, spec, conversion in Formatter().parse(wording):
        if name is not None and (not name.isidentifier() or spec or conversion):
            msg = f"a placeholder is a plain name, not {name!r}"
            raise ValueError(msg)
        pieces.append((literal, name))
    return tuple(pieces)


@cache
def _compiled(locale: str, domain: str) -> Translations:
    file = resources.catalog_file(locale, domain)
    if not file.is_file():
        known = ", ".join(resources.shipped_locales())
        msg = f"no catalog of {domain} for the locale {locale!r}; shipped are {known}"
        raise ConfigError(msg)
    compiled = BytesIO()
    try:
        with file.open("rb") as stream:
            write_mo(compiled, read_po(stream, locale=Locale.parse(locale), abort_invalid=True))
    except (PoFileError, UnicodeDecodeError, LookupError) as error:
        msg = f"{file} is not a readable catalog: {error}"
        raise ConfigError(msg) from error
    compiled.seek(0)
    return Translations(compiled, domain)


def open_catalog(locale: str, domain: str = POSTS) -> Catalog:
    """Return a catalog of a shipped locale, with no gaps recorded yet.

    `domain` is what the sentences are for: posts, or the review desk.
    Raises ConfigError if the locale ships none or its file cannot be read.
    """
    return Catalog(locale, _compiled(locale, domain))
