"""Where a line may break, and how a text fits a width.

matplotlib breaks at spaces only, which Chinese does not write. Here a text goes on
one line if it can, else on two of about equal length, else it is set smaller.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from composer.errors import RenderError

Measure = Callable[[str, float], float]
"""The width of one line of text at a type size, both in pixels."""

# Unicode categories that neither begin a line nor end one, where no space parts the words.
_CLOSING = frozenset({"Pd", "Pe", "Pf", "Po"})
_OPENING = frozenset({"Ps", "Pi", "Sc"})
_SEPARATORS = frozenset("·|")
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
    if before.isdigit() and after.isalpha():
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


def phrase_breaks(text: str) -> tuple[int, ...]:
    """Return the breaks that come after a space or a stop, and so part no word anywhere."""
    return tuple(
        position
        for position in breaks(text)
        if text[position - 1] == " " or unicodedata.category(text[position - 1]) in _CLOSING
    )


def _halve(text: str, positions: Sequence[int], size: float, measure: Measure) -> tuple[str, str]:
    """Return `text` on two lines of about equal length, parted at one of `positions`."""

    def parted(position: int) -> tuple[str, str]:
        return text[:position].rstrip(" "), text[position:]

    def end_of_first(position: int) -> float:
        return measure(parted(position)[0], size)

    middle = bisect_left(positions, measure(text, size) / 2, key=end_of_first)
    candidates = map(parted, positions[max(middle - 1, 0) : middle + 1])
    return min(candidates, key=lambda pair: max(measure(line, size) for line in pair))


def _layouts(text: str, size: float, measure: Measure, lines: int) -> Iterator[tuple[str, ...]]:
    yield (text,)
    if lines > 1:
        for positions in (phrase_breaks(text), breaks(text)):
            if positions:
                yield _halve(text, positions, size, measure)


def fit(
    text: str, width: float, sizes: Iterable[float], measure: Measure, *, lines: int = 2
) -> Fitted:
    """Return `text` on one line, or two if allowed, at the first size that fits `width`.

    Raises RenderError if it is too long even at the last of `sizes`.
    """
    for size in sizes:
        for layout in _layouts(text, size, measure, lines):
            if all(measure(line, size) <= width for line in layout):
                return Fitted(lines=layout, size=size)
    msg = f"{text!r} does not fit into {width:.0f} pixels; shorten it"
    raise RenderError(msg)
