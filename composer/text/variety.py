"""Say it in other words than lately: of several wordings, those least like earlier posts.

Likeness is the share of n-grams two texts have in common: of words, or of characters where a
language sets no spaces. Figures and fixed passages, which have to be alike, are left out.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from composer.text.languages import language_of
from composer.text.passages import Passage
from composer.text.tokens import without_tokens

REMEMBERED = 60  # earlier posts of the same plan, language and format
CANDIDATES = 6

_WORDS, _CHARACTERS = 5, 8
_SAME_OPENING = 0.1  # what the same words as yesterday weigh against likeness
_WORD = re.compile(r"[^\W\d_]+")

_Grams = npt.NDArray[np.uint64]
_PRIME = np.uint64(0x100000001B3)


def likeness(one: Sequence[Passage], other: Sequence[Passage], locale: str) -> float:
    """Return the share of n-grams two posts have in common, of the post that has fewer.

    0 for posts too short to have any.
    """
    ours, theirs = _grams_of(one, locale), _grams_of(other, locale)
    least = min(len(ours), len(theirs))
    return len(np.intersect1d(ours, theirs, assume_unique=True)) / least if least else 0.0


class Memory:
    """Earlier posts of a plan in one language and format, the latest first."""

    def __init__(self, posts: Iterable[Sequence[Passage]], locale: str) -> None:
        """Remember the latest `REMEMBERED` of the posts."""
        self._posts = list(posts)[:REMEMBERED]
        self._locale = locale

    @property
    def candidates(self) -> int:
        """How many ways to word a post are worth trying; without earlier posts, one."""
        return CANDIDATES if self._posts else 1

    def reminds(self, post: Sequence[Passage]) -> float:
        """Return how much a post reminds of earlier ones: 0 for not at all.

        The likeness to the earlier post most like it, and more if title or lead were said in
        the same words lately.
        """
        openings = _openings(post)
        latest = next(
            (ago for ago, earlier in enumerate(self._earlier_openings) if earlier & openings),
            REMEMBERED,
        )
        return self._likest(_grams_of(post, self._locale)) + _SAME_OPENING * (
            1 - latest / REMEMBERED
        )

    @cached_property
    def _earlier_openings(self) -> list[frozenset[str]]:
        return [_openings(post) for post in self._posts]

    def _likest(self, grams: _Grams) -> float:
        if not len(grams) or not self._posts:
            return 0.0
        known, held, sizes = self._held
        place = np.searchsorted(known, grams)
        place[place == len(known)] = 0
        common = held[place[known[place] == grams]].sum(axis=0, dtype=np.int64)
        return float((common / np.minimum(sizes, len(grams))).max())

    @cached_property
    def _held(self) -> tuple[_Grams, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
        """All n-grams, sorted; which post holds which, shape (grams, posts); how many each has."""
        each = [_grams_of(post, self._locale) for post in self._posts]
        sizes = np.array([len(grams) for grams in each])
        known, place = np.unique(np.concatenate(each), return_inverse=True)
        held = np.zeros((max(len(known), 1), len(each)), bool)
        held[place, np.repeat(np.arange(len(each)), sizes)] = True
        return (known if len(known) else np.zeros(1, np.uint64)), held, np.maximum(sizes, 1)


NO_MEMORY = Memory((), "en")


def _openings(post: Sequence[Passage]) -> frozenset[str]:
    return frozenset(passage.text for passage in post if passage.key in {"title", "lead"})


def _grams_of(post: Sequence[Passage], locale: str) -> _Grams:
    texts = tuple(passage.text for passage in post if passage.editable and passage.key != "tags")
    return _grams("\n".join(texts), not language_of(locale).words_apart)


@lru_cache(maxsize=4096)  # what the earlier posts of two dozen languages and formats take
def _grams(text: str, by_character: bool) -> _Grams:  # noqa: FBT001 - of a cached function
    """Return the distinct n-grams of a text by their hashes, sorted."""
    words = _WORD.findall(without_tokens(text).casefold())
    parts: Sequence[str] = "".join(words) if by_character else words
    length = _CHARACTERS if by_character else _WORDS
    codes = np.array([zlib.crc32(part.encode()) for part in parts], np.uint64)
    if len(codes) < length:
        return np.zeros(0, np.uint64)
    hashes = np.zeros(len(codes) - length + 1, np.uint64)
    for place in range(length):
        hashes = hashes * _PRIME + codes[place : len(codes) - length + 1 + place]
    return np.unique(hashes)
