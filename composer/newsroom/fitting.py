"""Fit a text to a platform: whole passages go, never a part of one."""

from collections.abc import Callable, Sequence

from composer.publishers.records import Limits
from composer.text.passages import Passage


def fit(
    passages: Sequence[Passage], limits: Limits, write: Callable[[Sequence[Passage]], str]
) -> tuple[Passage, ...]:
    """Return the passages that are left when there is not too much of them any more.

    The lowest drop order goes first, of equals the later passage. Mandatory ones stay, so
    what is left may still be too much.

    write : gives the text that the platform would count
    """
    kept = tuple(passages)
    optional = [one for one in reversed(kept) if one.drop_order is not None]
    for dropped in sorted(optional, key=lambda one: one.drop_order or 0):
        if not limits.too_much(write(kept)):
            break
        kept = tuple(one for one in kept if one is not dropped)
    return kept
