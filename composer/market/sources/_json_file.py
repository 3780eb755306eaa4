"""Read a JSON file of a user strictly: no field twice, and errors that name the row."""

import json
from pathlib import Path

from composer.errors import SourceDataError
from composer.market.sources._files import read_bytes


def parsed_json(path: Path) -> object:
    """Return the JSON in the file at `path`; raise SourceDataError if it is none."""
    content = read_bytes(path)
    try:
        parsed: object = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        msg = f"{path.name}: expected UTF-8 text, got other bytes at byte {error.start}"
        raise SourceDataError(msg) from error
    except json.JSONDecodeError as error:
        msg = f"{path.name}, row {error.lineno}: expected JSON, but {error.msg.lower()}"
        raise SourceDataError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"{path.name}: expected JSON: {error}"
        raise SourceDataError(msg) from error
    return parsed


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # json keeps the last of two equal keys in silence.
    names = [name for name, _ in pairs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        msg = f"the field {min(twice)!r} is there twice"
        raise ValueError(msg)
    return dict(pairs)
