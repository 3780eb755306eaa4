"""What changed between two texts: word by word, or by character where words have no spaces."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my"})
# A token is one unit in every language: half a token changed means the figure changed.
_WORDS = re.compile(r"\[\[[^\[\]]*\]\]|\w+|\s+|[^\w\s]")
_CHARACTERS = re.compile(r"\[\[[^\[\]]*\]\]|[0-9A-Za-z]+|\s+|.", re.DOTALL)
# Beyond this many units frequent ones are treated as noise, or a long text would take seconds.
_EXACT_UP_TO = 800


class Kind(StrEnum):
    """What happened to a stretch of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stretch of text with what happened to it."""

    kind: Kind
    text: str


def compare(old: str, new: str, locale: str) -> Sequence[Change]:
    """Return the stretches that lead from `old` to `new`, what was removed before what came."""
    unit = _CHARACTERS if locale.partition("_")[0] in _WITHOUT_SPACES else _WORDS
    before, after = unit.findall(old), unit.findall(new)
    matcher = SequenceMatcher(
        None, before, after, autojunk=max(len(before), len(after)) > _EXACT_UP_TO
    )
    changes: list[Change] = []
    for deed, start, end, new_start, new_end in matcher.get_opcodes():
        if deed == "equal":
            changes.append(Change(kind=Kind.SAME, text="".join(before[start:end])))
            continue
        if end > start:
            changes.append(Change(kind=Kind.REMOVED, text="".join(before[start:end])))
        if new_end > new_start:
            changes.append(Change(kind=Kind.ADDED, text="".join(after[new_start:new_end])))
    return changes
