"""A market snapshot as bytes and back, exact to the last bit.

The bytes are a compressed npz: every array as it is, and a JSON header with everything
else. The annotations of the records say how to read it, so that a field added to a
record is kept without a line here; nothing is ever unpickled.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from io import BytesIO
from types import MappingProxyType, NoneType, UnionType
from typing import Any, NoReturn, get_args, get_origin, get_type_hints
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812 - an error like the others

import numpy as np

from composer.errors import SquaredeskError, StateError
from composer.market.records import MarketSnapshot

VERSION = 1
_HEADER = "header"
_MICROSECOND = timedelta(microseconds=1)
# A whole number may stand where any number may.
_JSON_KINDS = MappingProxyType({bool: (bool,), int: (int,), float: (float, int), str: (str,)})
# A flipped bit may also ask for a compression or a password that there is not: RuntimeError.
_DAMAGE = (
    BadZipFile,
    ZlibError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    RuntimeError,
)


def write_snapshot(snapshot: MarketSnapshot) -> bytes:
    """Return `snapshot` as bytes; the same snapshot gives the same bytes."""
    arrays: list[np.ndarray[Any, Any]] = []
    tree = {"version": VERSION, "snapshot": _tree(snapshot, arrays)}
    header = np.frombuffer(json.dumps(tree).encode(), dtype=np.uint8)
    named = {str(number): array for number, array in enumerate(arrays)}
    buffer = BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **{_HEADER: header}, **named)
    return buffer.getvalue()


def read_snapshot(content: bytes) -> MarketSnapshot:
    """Return the snapshot that `content` was written from.

    Raises StateError if the bytes are damaged or of a later version of squaredesk.
    """
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        tree = json.loads(arrays.pop(_HEADER).tobytes())
        if tree["version"] != VERSION:
            msg = (
                f"the stored market is of version {tree['version']}, this squaredesk reads "
                f"{VERSION}; finish the edition with the squaredesk that began it"
            )
            raise StateError(msg)
        snapshot = _value(tree["snapshot"], MarketSnapshot, arrays)
    except SquaredeskError as error:
        if isinstance(error, StateError):
            raise
        _refuse(error)
    except _DAMAGE as error:
        _refuse(error)
    assert isinstance(snapshot, MarketSnapshot)  # noqa: S101 - as asked for, said to mypy
    return snapshot


def _refuse(error: Exception) -> NoReturn:
    msg = f"the stored market is damaged ({error}); make the edition anew"
    raise StateError(msg) from error


def _tree(value: object, arrays: list[np.ndarray[Any, Any]]) -> object:  # noqa: PLR0911 - one for each kind
    """Return a value as JSON; of an array its place in `arrays`, which grows."""
    match value:
        case np.ndarray():
            arrays.append(value)
            return len(arrays) - 1
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case timedelta():
            return value // _MICROSECOND
        case tuple():
            return [_tree(item, arrays) for item in value]
        case Mapping():
            return {key: _tree(item, arrays) for key, item in value.items()}
    if is_dataclass(value):
        return {item.name: _tree(getattr(value, item.name), arrays) for item in fields(value)}
    return value


def _value(tree: Any, kind: Any, arrays: Mapping[str, np.ndarray[Any, Any]]) -> object:  # noqa: ANN401, PLR0911 - JSON; one return for each kind
    """Return the value of an annotated type that a JSON tree stands for."""
    origin, parameters = get_origin(kind), get_args(kind)
    if origin is UnionType:
        if tree is None and NoneType in parameters:
            return None
        (kind,) = (one for one in parameters if one is not NoneType)
        return _value(tree, kind, arrays)
    if origin is np.ndarray:
        return arrays[str(tree)]
    if origin is tuple:
        kinds = [parameters[0]] * len(tree) if parameters[-1] is Ellipsis else parameters
        return tuple(_value(item, one, arrays) for item, one in zip(tree, kinds, strict=True))
    if origin is Mapping:
        return MappingProxyType({key: _value(tree[key], parameters[1], arrays) for key in tree})
    if is_dataclass(kind):
        return _record(tree, kind, arrays)
    return _plain(tree, kind)


def _plain(tree: Any, kind: Any) -> object:  # noqa: ANN401 - as above
    if kind is datetime:
        return datetime.fromisoformat(tree)
    if kind is timedelta:
        return tree * _MICROSECOND
    if issubclass(kind, Enum):
        return kind(tree)
    if not isinstance(tree, _JSON_KINDS[kind]):
        msg = f"{tree!r} is no {kind.__name__}"
        raise TypeError(msg)
    return tree


def _record(tree: Any, kind: Any, arrays: Mapping[str, np.ndarray[Any, Any]]) -> object:  # noqa: ANN401 - as above
    known: dict[str, Field[Any]] = {item.name: item for item in fields(kind)}
    unknown = tree.keys() - known.keys()
    missing = [
        name
        for name in known.keys() - tree.keys()
        if known[name].default is MISSING and known[name].default_factory is MISSING
    ]
    if unknown or missing:
        msg = f"{kind.__name__} with {sorted(unknown)} and without {sorted(missing)}"
        raise ValueError(msg)
    hints = get_type_hints(kind)
    return kind(**{name: _value(item, hints[name], arrays) for name, item in tree.items()})
