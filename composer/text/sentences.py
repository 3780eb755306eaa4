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

MOST_CHARACTERS = 20_000  # in words, of a whole piece
_DEEPEST = 8  # sentences in sentences

_BEGINS, _ENDS = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGINS}([0-9]{{1,6}}){_ENDS}")


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

    def speak(self, line: str, speak: Speak, most: int = MOST_CHARACTERS) -> str:
        """Return a line with its sentences spoken, and those that fill their placeholders.

        Raises RenderError if it grows beyond `most` characters, or if sentences stand in
        sentences more than 8 deep.
        """
        for _ in range(_DEEPEST):
            parts = _parted(line)
            length = sum(map(len, parts[::2]))
            for place in range(1, len(parts), 2):
                parts[place] = speak(self._said[int(parts[place])])
                length += len(parts[place])
                _require_room(length, most)
            line = "".join(parts)
            if _BEGINS not in line:
                _require_room(len(line), most)
                return line
        msg = f"sentences fill each other's placeholders more than {_DEEPEST} deep; say it in fewer"
        raise RenderError(msg)

    def require_true_marks(self, lines: Iterable[str]) -> None:
        """Refuse lines and sentences with marks that stand for no sentence said before.

        So no sentence comes to hold itself. Raises RenderError.
        """
        for number, sentence in enumerate(self._said):
            _require_true(sentence.message, 0)
            for value in sentence.values.values():
                _require_true(str(value), number)
        for line in lines:
            _require_true(line, len(self._said))

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


def _require_true(text: str, sentences: int) -> None:
    parts = _MARK.split(text)
    typed = any(_BEGINS in part or _ENDS in part for part in parts[::2])
    if typed or any(int(number) >= sentences for number in parts[1::2]):
        msg = "the characters U+E000 and U+E001 mark what t() says; leave them out"
        raise RenderError(msg)


def _require_room(length: int, most: int) -> None:
    if length > most:
        msg = f"a template says more than {MOST_CHARACTERS:,} characters once it is put into words"
        raise RenderError(msg)


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
