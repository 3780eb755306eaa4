"""A text in blocks: its headings, lists and paragraphs, so that a page can show them as such."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from composer.text.passages import BULLET, HEADING_MARK
from web.texts import Piece

Line = tuple[Piece, ...]


class BlockKind(StrEnum):
    """What lines that belong together are."""

    HEADING = "heading"
    LIST = "list"
    PARAGRAPH = "paragraph"
    SPACE = "space"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together, without the marks that say what they are."""

    kind: BlockKind
    lines: tuple[Line, ...]


def blocks(shown: Sequence[Piece]) -> list[Block]:
    """Return a shown text in blocks; empty lines only part them."""
    return [
        Block(kind=kind, lines=tuple(_unmarked(line, kind) for line in lines))
        for kind, lines in groupby(_lines(shown), _kind)
        if kind is not BlockKind.SPACE
    ]


def _lines(shown: Sequence[Piece]) -> Iterator[Line]:
    line: list[Piece] = []
    for piece in shown:
        first, *others = piece.text.split("\n")
        line.append(Piece(text=first, fact_id=piece.fact_id))
        for other in others:
            yield _whole(line)
            line = [Piece(text=other, fact_id=piece.fact_id)]
    yield _whole(line)


def _whole(line: Sequence[Piece]) -> Line:
    return tuple(piece for piece in line if piece.text)


def _kind(line: Line) -> BlockKind:
    begin = line[0].text if line else ""
    if HEADING_MARK.match(begin):
        return BlockKind.HEADING
    if begin.startswith(BULLET):
        return BlockKind.LIST
    return BlockKind.PARAGRAPH if line else BlockKind.SPACE


def _unmarked(line: Line, kind: BlockKind) -> Line:
    begin, rest = line[0] if line else Piece(text=""), line[1:]
    if kind is BlockKind.HEADING:
        text = HEADING_MARK.sub("", begin.text)
    elif kind is BlockKind.LIST:
        text = begin.text.removeprefix(BULLET)
    else:
        return line
    return _whole([Piece(text=text, fact_id=begin.fact_id), *rest])
