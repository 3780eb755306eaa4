"""What a template says, before it is put into words: lines, and the sentences on them.

A template speaks English keys. Which wording of a sentence a post takes is chosen later,
for each language: until then a sentence stands in its line as a mark.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from composer.errors import RenderError
from composer.text.catalogs import placeholders
from composer.text.passages import BULLET, Passage

HEADING = "## "
PARAGRAPH = "\u2029"  # a line of its own: what follows begins a new paragraph

_BEGINS, _ENDS = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGINS}(\\d+){_ENDS}")


@dataclass(frozen=True, slots=True)
class Names:
    """Several names that each language lists in its way, such as those of exchanges."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence by its key, with what fills its placeholders."""

    message: str
    context: str | None
    values: Mapping[str, object]


# Gives the words of a sentence.
Speak = Callable[[Sentence], str]


class Sentences:
    """The sentences of one piece, each under the mark that stands for it in the lines."""

    def __init__(self, said: Iterable[Sentence] = ()) -> None:
        """Begin with the sentences of a piece that was rendered elsewhere, if any."""
        self._said = list(said)

    def __iter__(self) -> Iterator[Sentence]:
        """Yield the sentences in the order of their marks."""
        return iter(self._said)

    def add(self, message: str, /, **values: object) -> str:
        """Return the mark of a sentence."""
        return self._mark(Sentence(message=message, context=None, values=values))

    def add_in_context(self, context: str, message: str, /, **values: object) -> str:
        """Return the mark of a sentence that has several uses."""
        return self._mark(Sentence(message=message, context=context, values=values))

    def speak(self, line: str, speak: Speak) -> str:
        """Return a line with its sentences spoken, and those that fill their placeholders."""
        parts = _parted(line)
        for place in range(1, len(parts), 2):
            parts[place] = speak(self._said[int(parts[place])])
        said = "".join(parts)
        return self.speak(said, speak) if _BEGINS in said else said

    def _mark(self, sentence: Sentence) -> str:
        unfilled = placeholders(sentence.message) - sentence.values.keys()
        if unfilled:
            msg = f"nothing fills {', '.join(sorted(unfilled))} of {sentence.message!r}"
            raise RenderError(msg)
        self._said.append(sentence)
        return f"{_BEGINS}{len(self._said) - 1}{_ENDS}"


def _parted(line: str) -> list[str]:
    """Return what stands around the marks of a line and, in turn with it, their numbers."""
    return [line] if _BEGINS not in line else _MARK.split(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unspoken:
    """A passage before it is put into words: its lines instead of a text."""

    key: str
    lines: tuple[str, ...]
    editable: bool
    drop_order: int | None
    claims: tuple[str, ...]

    def spoken(self, text: str) -> Passage:
        """Return the passage with its text."""
        return Passage(
            key=self.key,
            text=text,
            editable=self.editable,
            drop_order=self.drop_order,
            claims=self.claims,
        )


def compose(lines: Iterable[str], between: str) -> str:
    """Return lines as one text: sentences in a row with `between`, the rest as its lines say.

    A bullet or a heading begins a line; sentences go on in the line of a bullet, and below
    a heading. `PARAGRAPH` leaves a line empty.
    """
    text, parted = "", ""
    for line in lines:
        if line == PARAGRAPH:
            parted = "\n\n"
            continue
        heading = line.startswith(HEADING)
        if text and parted == between and (heading or line.startswith(BULLET)):
            parted = "\n"
        text += (parted if text else "") + line
        parted = "\n" if heading else between
    return text
