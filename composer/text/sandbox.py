"""Render a creator's own template in a process of its own, with limits.

The sandbox keeps a template from reaching what it should not; a process that can be ended
keeps it from running on, or from eating the machine's memory. What comes back is read as
data, never as code.
"""

import json
import pickle
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from composer.errors import ConfigError, RenderError, SquaredeskError
from composer.figures.facts import Fact
from composer.text.notices import DISCLAIMER, SIMULATED, SOURCE
from composer.text.presence import DISCLOSURE, SIGN_OFF
from composer.text.sentences import MOST_CHARACTERS, Sentence, Sentences, Unspoken
from composer.text.templates import Piece, find_template, render

PROCESSOR_S = 2
WALL_S = 15  # on a busy machine a process may wait for its turn
MEMORY_BYTES = 1 << 30

_REFUSALS = {error.__name__: error for error in (ConfigError, RenderError)}

# Passages that squaredesk adds by itself, and those of campaigns.
_RESERVED = frozenset({SOURCE, DISCLAIMER, DISCLOSURE, SIGN_OFF, SIMULATED})
_RESERVED_PREFIX = "campaign"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def render_sandboxed(
    folder: Path,
    name: str,
    *,
    locale: str,
    facts: Mapping[str, Fact],
    words: Mapping[str, object],
) -> Piece:
    """Return what a template of `folder` says, like `render`.

    Raises RenderError also if it takes longer than `PROCESSOR_S` seconds, more memory than
    `MEMORY_BYTES` or says more than `MOST_CHARACTERS`, and if its passages are not fit.
    """
    order = pickle.dumps((folder, name, locale, dict(facts), dict(words)))
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", __name__],
            input=order,
            capture_output=True,
            timeout=WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _stopped(folder, name, "it took too long") from error
    if ended.returncode != 0:
        why = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise _stopped(folder, name, why or "it took too long")
    answer = json.loads(ended.stdout)
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]](answer["reason"])
    try:
        return _read_piece(answer)
    except RenderError as error:
        msg = f"template {folder / name}.j2: {error}"
        raise RenderError(msg) from error


def _stopped(folder: Path, name: str, why: str) -> RenderError:
    return RenderError(
        f"template {folder / name}.j2 was stopped ({why}): it may take {PROCESSOR_S} seconds of "
        f"the processor and {MEMORY_BYTES >> 20} MB; look for a loop that does not end"
    )


def main() -> None:
    """Render what standard input orders, under limits, and print what came of it as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S + 1, PROCESSOR_S + 1))
    if sys.platform == "linux":  # elsewhere the limit is not kept, or refused
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    folder, name, locale, facts, words = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - ours
    try:
        piece = render(find_template(name, locale, folder), facts, words, own=True)
        answer = _piece_tree(piece)
        printed = json.dumps(answer)
        said = _length(answer)
        if said > MOST_CHARACTERS:
            msg = (
                f"template {folder / name}.j2 says {said:,} characters, "
                f"{MOST_CHARACTERS:,} is the most"
            )
            raise RenderError(msg)
    except SquaredeskError as error:
        kind = type(error).__name__
        known = kind if kind in _REFUSALS else RenderError.__name__
        printed = json.dumps({"refused": known, "reason": str(error)})
    except (TemplateError, TypeError) as error:  # a value that cannot be written
        reason = f"template {folder / name}.j2: {error}"
        printed = json.dumps({"refused": RenderError.__name__, "reason": reason})
    sys.stdout.write(printed)


def _piece_tree(piece: Piece) -> dict[str, Any]:
    return {
        "passages": [asdict(passage) for passage in piece.passages],
        "sentences": [
            {
                "message": sentence.message,
                "context": sentence.context,
                "values": {name: str(value) for name, value in sentence.values.items()},
            }
            for sentence in piece.sentences
        ],
    }


def _length(tree: Mapping[str, Any]) -> int:
    """Return how many characters a piece has, before a sentence is said more than once."""
    lines = sum(len(line) for passage in tree["passages"] for line in passage["lines"])
    return lines + sum(
        len(sentence["message"]) + sum(map(len, sentence["values"].values()))
        for sentence in tree["sentences"]
    )


def _read_piece(tree: Mapping[str, Any]) -> Piece:
    _require_fit(tree["passages"])
    piece = Piece(
        passages=tuple(
            Unspoken(
                key=passage["key"],
                lines=tuple(passage["lines"]),
                editable=passage["editable"],
                drop_order=passage["drop_order"],
                claims=tuple(passage["claims"]),
            )
            for passage in tree["passages"]
        ),
        sentences=Sentences(Sentence(**sentence) for sentence in tree["sentences"]),
    )
    piece.sentences.require_true_marks(line for one in piece.passages for line in one.lines)
    return piece


def _require_fit(passages: Iterable[Mapping[str, Any]]) -> None:
    """Refuse passages that a post cannot have: RenderError names the first."""
    taken: set[str] = set()
    for passage in passages:
        key, drop_order = passage["key"], passage["drop_order"]
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            why = "a key has small letters, digits and _, 40 at most"
        elif key in _RESERVED or key.startswith(_RESERVED_PREFIX):
            why = "squaredesk adds that one itself; choose another key"
        elif key in taken:
            why = "two passages have this key; every one needs its own"
        elif drop_order is not None and type(drop_order) is not int:
            why = f"expected a whole number as drop_order, not {drop_order!r}"
        elif not isinstance(passage["editable"], bool):
            why = f"expected true or false as editable, not {passage['editable']!r}"
        else:
            taken.add(key)
            continue
        msg = f"passage {key!r}: {why}"
        raise RenderError(msg)


if __name__ == "__main__":
    main()
