"""The parts a post is made of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

BULLET = "- "
HEADING_MARK = re.compile(r"^#{1,6} +", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One part of a draft: its key is the same in every locale, its text holds tokens.

    `drop_order` says when it may be left out to fit a platform, lowest first; None
    means never. `claims` are the statements the text stands on. A passage that is
    not `editable` is wording that an editor must not change: disclaimer, source, notice.
    `operator` marks words that whoever runs squaredesk has typed: their digits are no figures.
    """

    key: str
    text: str
    editable: bool = True
    drop_order: int | None = None
    claims: tuple[str, ...] = ()
    operator: bool = False


def join_passages(passages: Iterable[Passage]) -> str:
    """Return the source text of a draft: its passages with a blank line between them.

    Bullets that follow each other form a list and get no blank line.
    """
    text = ""
    for passage in passages:
        listed = passage.text.startswith(BULLET) and text.rpartition("\n")[2].startswith(BULLET)
        text += ("\n" if listed else "\n\n" if text else "") + passage.text
    return text


def without_heading_marks(text: str) -> str:
    """Return a text with its Markdown headings as plain lines; whatever else it has stays."""
    return HEADING_MARK.sub("", text)
