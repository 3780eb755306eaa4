"""Put sentences into the words of a language: which of its wordings, and how it is filled."""

import zlib
from collections.abc import Mapping
from functools import partial

from babel.lists import format_list

from composer.text.catalogs import Catalog
from composer.text.sentences import Names, Sentence, Speak


class Speaker:
    """Speaks the sentences of one catalog, each in any of its wordings."""

    def __init__(self, catalog: Catalog) -> None:
        """Speak as the catalog does."""
        self.locale = catalog.locale
        self._catalog = catalog
        self._wordings: dict[tuple[str | None, str], tuple[str, ...]] = {}
        # With the sentence itself, so that nothing else gets its id.
        self._spoken: dict[tuple[int, int], tuple[Sentence, str]] = {}

    @property
    def gaps(self) -> tuple[str, ...]:
        """The sentences that had no translation so far, each once."""
        return tuple(self._catalog.gaps)

    def wording(self, seed: str | None = None) -> Speak:
        """Return what speaks every sentence in the wording that `seed` picks, else in its first.

        The same wording for the same seed, on every machine.
        """
        return partial(self._speak, seed)

    def _speak(self, seed: str | None, sentence: Sentence) -> str:
        message, context = sentence.message, sentence.context
        wordings = self._wordings.get((context, message))
        if wordings is None:
            wordings = self._catalog.wordings(message, context)
            self._wordings[context, message] = wordings
        chosen = 0
        if seed is not None and len(wordings) > 1:
            chosen = zlib.crc32(f"{seed} {context} {message}".encode()) % len(wordings)
        # Of many candidates for a post each sentence is spoken often, in few wordings.
        known = self._spoken.get((id(sentence), chosen))
        if known is not None:
            return known[1]
        values = self._listed(sentence.values)
        said = self._catalog.fill(wordings[chosen], message, values)
        self._spoken[id(sentence), chosen] = sentence, said
        return said

    def _listed(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Return the values with names in a list as the language has it."""
        if not any(isinstance(value, Names) for value in values.values()):
            return values
        return {
            name: list_names(value, self.locale) if isinstance(value, Names) else value
            for name, value in values.items()
        }


def list_names(names: Names, locale: str) -> str:
    """Return names as a language lists them: "Binance, OKX and Bybit"."""
    return format_list(names.names, locale=locale)
