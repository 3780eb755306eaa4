"""Put sentences into the words of a language: which of its wordings, and how it is filled."""

import zlib
from functools import partial

from composer.text.catalogs import Catalog
from composer.text.sentences import Sentence, Speak


class Speaker:
    """Speaks the sentences of one catalog, each in any of its wordings."""

    def __init__(self, catalog: Catalog) -> None:
        """Speak as the catalog does."""
        self.locale = catalog.locale
        self._catalog = catalog
        self._wordings: dict[tuple[str | None, str], tuple[str, ...]] = {}

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
        return self._catalog.fill(wordings[chosen], message, sentence.values)
