"""The parts a post is made of."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One part of a draft: its key is the same in every locale, its text holds tokens.

    `drop_order` says when it may be left out to fit a platform, lowest first; None
    means never. `claims` are the statements the text stands on. A passage that is
    not `editable` is wording that an editor must not change: disclaimer, source, notice.
    """

    key: str
    text: str
    editable: bool = True
    drop_order: int | None = None
    claims: tuple[str, ...] = ()


def join_passages(passages: Iterable[Passage]) -> str:
    """Return the source text of a draft: its passages, a blank line between them."""
    return "\n\n".join(passage.text for passage in passages)
