"""Where a line may break, and how a text fits a width.

matplotlib breaks at spaces only, which Chinese does not write. Here a text goes on
one line if it can, else on two of about equal length, else it is set smaller.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from composer.errors import RenderError

Measure = Callable[[str, float], float]
"""The width of one line of text at a type size, both in pixels."""

# Unicode categories that neither begin a line nor end one, where no space parts the words.
_CLOSING = frozenset({"Pd", "Pe", "Pf", "Po"})
_OPENING = frozenset({"Ps", "Pi", "Sc"})
_SEPARATORS = frozenset("·|")
_PERCENT = frozenset("%٪")
_LETTER = 0.5  # about how wide one is, in sizes of the type
_ISOLATES, _ISOLATES_END = "\u2066\u2067\u2068", "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A text as it will be set: its lines and the size of its type."""

    lines: tuple[str, ...]
    size: float


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def _is_isolated(text: str, position: int) -> bool:
    """Tell whether `position` is within an amount that keeps a direction of its own."""
    return sum(map(text[:position].count, _ISOLATES)) > text.count(_ISOLATES_END, 0, position)


def _may_break(text: str, position: int) -> bool:
    """Tell whether a new line may begin at `position`."""
    after = text[position]
    before = text[:position].rstrip(" ")[-1:]
    if _is_isolated(text, position):
        return False
    if not before or after == " " or after in _SEPARATORS:
        return False
    if (before.isdigit() or before in _PERCENT) and after.isalpha():
        # A number stays with what it counts, with a space or without: 1.73 times, 27.05亿.
        return False
    if text[position - 1] == " ":
        return True
    return (
        (_is_wide(before) or _is_wide(after))
        and unicodedata.category(after) not in _CLOSING
        and unicodedata.category(before) not in _OPENING
    )


def breaks(text: str) -> tuple[int, ...]:
    """Return every position at which a new line of `text` may begin."""
    return tuple(position for position in range(1, len(text)) if _may_break(text, position))


def _is_hiragana(character: str) -> bool:
    return unicodedata.name(character, "").startswith("HIRAGANA")


def _ends_phrase(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position]
    # Japanese writes what binds a word to the next in hiragana, and few words begin with it.
    is_bound = _is_hiragana(before) and not _is_hiragana(after)
    return before == " " or unicodedata.category(before) in _CLOSING or is_bound


def phrase_breaks(text: str) -> tuple[int, ...]:
    """Return the breaks after a space, a stop or a Japanese particle: hardly one parts a word."""
    return tuple(position for position in breaks(text) if _ends_phrase(text, position))


def _columns(text: str) -> list[int]:
    """Return how many letters there are up to each position, wide ones counted twice."""
    return list(accumulate((1 + _is_wide(character) for character in text), initial=0))


def _halve(text: str, positions: Sequence[int], size: float, measure: Measure) -> tuple[str, str]:
    """Return `text` on two lines of about equal length, parted at one of `positions`."""

    def parted(at: int) -> tuple[str, str]:
        return text[: positions[at]].rstrip(" "), text[positions[at] :]

    # To measure is dear: begin where counting letters has the middle, and walk from there.
    columns = _columns(text)
    at = bisect_left(positions, columns[-1] / 2, key=columns.__getitem__, hi=len(positions) - 1)
    before, after = (measure(line, size) for line in parted(at))
    step = -1 if before > after else 1
    while 0 <= at + step < len(positions):
        moved = text[slice(*sorted(positions[i] for i in (at, at + step)))].strip(" ")
        if min(before, after) + measure(moved, size) >= max(before, after):
            break
        others = [measure(line, size) for line in parted(at + step)]
        if max(others) >= max(before, after):
            break
        at, (before, after) = at + step, others
    return parted(at)


def _layouts(
    text: str, width: float, size: float, measure: Measure, lines: int
) -> Iterator[tuple[str, ...]]:
    # What looks too long for one line is tried on two first, which often spares measuring it.
    is_long = lines > 1 and _columns(text)[-1] * size * _LETTER > width
    if not is_long:
        yield (text,)
    if lines > 1:
        for positions in (phrase_breaks(text), breaks(text)):
            if positions:
                halves = _halve(text, positions, size, measure)
                if is_long and sum(measure(line, size) for line in halves) <= width:
                    yield (text,)
                yield halves
    if is_long:
        yield (text,)


def fit(
    text: str, width: float, sizes: Iterable[float], measure: Measure, *, lines: int = 2
) -> Fitted:
    """Return `text` on one line, or two if allowed, at the first size that fits `width`.

    Raises RenderError if it is too long even at the last of `sizes`.
    """
    for size in sizes:
        for layout in _layouts(text, width, size, measure, lines):
            if all(measure(line, size) <= width for line in layout):
                return Fitted(lines=layout, size=size)
    msg = f"{text!r} does not fit into {width:.0f} pixels; shorten it"
    raise RenderError(msg)
