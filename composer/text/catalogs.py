"""Message catalogs: one PO file per locale, whole sentences with `{named}` placeholders.

English source sentences stand in the templates and are the keys; PO files are
compiled in memory, so what a translator saves is what the next run prints.
"""

from collections.abc import Mapping, Sequence
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


class _PlainFormatter(Formatter):
    """Fills `{name}` and nothing else: a translation must not look into what it prints."""

    def get_field(
        self, field_name: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[object, str]:
        if not field_name.isidentifier():
            msg = f"a placeholder is a plain name, not {field_name!r}"
            raise ValueError(msg)
        return self.get_value(field_name, args, kwargs), field_name


_PLAIN = _PlainFormatter()


class Catalog:
    """The sentences of one locale; `gaps` collects the keys it had no translation for."""

    def __init__(self, locale: str, translations: Translations) -> None:
        """Hold the compiled translations of a locale; they may be shared, `gaps` is not."""
        self.locale = locale
        self.gaps: list[str] = []
        self._translations = translations

    def translate(self, message: str, /, **values: object) -> str:
        """Return the sentence in this locale with its placeholders filled.

        A sentence without a translation comes out in English and is added to `gaps`.
        Raises RenderError if sentence and values do not fit together.
        """
        return self._fill(self._find(message), message, values)

    def translate_in_context(self, context: str, message: str, /, **values: object) -> str:
        """Return the sentence for one use of an English sentence that has several."""
        found = self._translations.pgettext(context, message)
        if found == message and not self._has(f"{context}\x04{message}"):
            self.gaps.append(message)
        return self._fill(str(found), message, values)

    def _find(self, message: str) -> str:
        if not self._has(message):
            self.gaps.append(message)
        return str(self._translations.gettext(message))

    def _has(self, key: str) -> bool:
        return key in self._translations._catalog  # noqa: SLF001 - gettext offers no other look

    def _fill(self, sentence: str, message: str, values: dict[str, object]) -> str:
        try:
            return _PLAIN.vformat(sentence, (), values)
        except (KeyError, ValueError, IndexError) as error:
            msg = f"{self.locale}: the sentence {message!r} cannot be filled: {error!r}"
            raise RenderError(msg) from error


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
