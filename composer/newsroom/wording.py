"""Words from outside: what people type is brought into one form or refused, errors are kept."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from composer.errors import NotFoundError, RefusedError
from composer.text.passages import Passage

LONGEST_PASSAGE = 5_000
_LONGEST_REASON = 500

# Overrides and zero-width signs could make figures read otherwise than they are signed. The
# marks and joiners that Arabic, Persian and Hindi are written with are not among them.
_UNSEEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff")


def _clean(text: str) -> str:
    """Return typed text in one form, without the characters nobody types on purpose."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    bad = {
        char
        for char in text
        if (unicodedata.category(char) == "Cc" and char != "\n") or char in _UNSEEN
    }
    if bad:
        msg = f"the text holds control characters: {', '.join(sorted(map(ascii, bad)))}"
        raise RefusedError(msg)
    if len(text) > LONGEST_PASSAGE:
        msg = f"a passage may have {LONGEST_PASSAGE} characters, this one has {len(text)}"
        raise RefusedError(msg)
    return text


def with_text(passages: Sequence[Passage], key: str, text: str) -> tuple[Passage, ...]:
    """Return the passages with another text under `key`; an optional one without text goes.

    Raises NotFoundError if there is no such passage, RefusedError if it is fixed
    wording, if it is mandatory and the text empty, or if this cannot be a text.
    """
    text = _clean(text)
    found = next((passage for passage in passages if passage.key == key), None)
    if found is None:
        msg = f"the draft has no passage {key!r}"
        raise NotFoundError(msg)
    if not found.editable:
        msg = f"the passage {key!r} is fixed wording and cannot be edited"
        raise RefusedError(msg)
    if not text and found.drop_order is None:
        msg = f"the passage {key!r} is mandatory and cannot be empty"
        raise RefusedError(msg)
    return tuple(
        replace(passage, text=text) if passage is found else passage
        for passage in passages
        if text or passage is not found
    )


def clean_reason(text: str) -> str:
    """Return the reason of a decision. Raises RefusedError if there is none."""
    reason = _clean(text)
    if not reason:
        msg = "say why: a decision without a reason helps nobody"
        raise RefusedError(msg)
    return reason


def keepable(reason: str) -> str:
    """Return a reason that every database can keep, whatever a stranger's error said."""
    whole = reason.encode("utf-8", "replace").decode().replace("\0", "�")
    return whole if len(whole) <= _LONGEST_REASON else f"{whole[:_LONGEST_REASON]}…"
