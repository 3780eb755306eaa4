"""Read the rows of a CSV file one at a time, each able to say where it is wrong."""

import csv
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from composer.errors import SourceDataError
from composer.market.sources._files import read_lines

_ABOVE_ZERO = math.ulp(0.0)


class CsvRow(NamedTuple):
    """One row under its header; `line` counts from 1, as an editor shows it."""

    file: str
    line: int
    positions: Mapping[str, int]
    cells: list[str]
    raw: str

    def refuse(self, column: str, expected: str, got: str) -> NoReturn:
        """Raise the error that says what was expected in a column and what came."""
        where = f"{self.file}, row {self.line}, column {column!r}"
        msg = f"{where}: expected {expected}, got {got}"
        raise SourceDataError(msg) from None

    def require_whole(self) -> None:
        """Raise SourceDataError unless there is one readable cell per column."""
        _require_readable(self.file, self.line, self.raw)
        expected, got = len(self.positions), len(self.cells)
        if got != expected:
            column = list(self.positions)[min(got, expected - 1)]
            self.refuse(column, f"{expected} cells in the row", f"{got}: a broken row")

    def text(self, column: str) -> str:
        """Return a cell as it stands, without the space around it."""
        position = self.positions[column]
        if position >= len(self.cells):
            self.require_whole()
        return self.cells[position].strip()

    def number(self, column: str) -> float:
        """Return a finite number of either sign."""
        return self._number(column, "a number", -sys.float_info.max)

    def amount(self, column: str) -> float:
        """Return a finite number of zero or more."""
        return self._number(column, "a number of zero or more", 0.0)

    def positive(self, column: str) -> float:
        """Return a finite number above zero."""
        return self._number(column, "a number above zero", _ABOVE_ZERO)

    def _number(self, column: str, expected: str, minimum: float) -> float:
        cell = self.text(column)
        value = _to_float(cell)
        if not minimum <= value < math.inf:
            self.refuse(column, expected, repr(cell) if cell else "an empty cell")
        return value


def read_header(path: Path) -> tuple[str, ...]:
    """Read the column names in the first line; raise SourceDataError if they are no header."""
    first = next(read_lines(path), "")
    names = tuple(name.strip() for name in _split(path, 1, first))
    _require_readable(path.name, 1, first)
    if not any(names):
        msg = f"{path.name}, row 1: expected a header with the column names, got an empty line"
        raise SourceDataError(msg if first else f"{path.name}: expected rows, got an empty file")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{path.name}, row 1, column {twice[0]!r}: expected each name once, got it twice"
        raise SourceDataError(msg)
    return names


def read_rows(path: Path, header: tuple[str, ...]) -> Iterator[CsvRow]:
    """Yield the rows below the header; what is in a cell is looked at when it is asked for."""
    file = path.name
    positions = {name: position for position, name in enumerate(header)}
    for number, line in enumerate(read_lines(path), start=1):
        if number > 1 and line.strip():
            yield CsvRow(file, number, positions, _split(path, number, line), line)


def _to_float(text: str) -> float:
    """Return the number, or NaN for what is none."""
    # float() would also take 1_000 and the digits of other scripts.
    if "_" in text or not text.isascii():
        return math.nan
    try:
        return float(text)
    except ValueError:
        return math.nan


def _require_readable(file: str, line: int, raw: str) -> None:
    try:
        raw.encode()
    except UnicodeEncodeError:
        msg = f"{file}, row {line}: expected UTF-8 text, got other bytes"
        raise SourceDataError(msg) from None
    if raw.count('"') % 2:
        msg = f"{file}, row {line}: expected every quoted cell to be closed, got a lone quote"
        raise SourceDataError(msg)


def _split(path: Path, number: int, line: str) -> list[str]:
    # Line by line, and lenient: a stray quote may spoil its own row only, and only if used.
    try:
        return next(csv.reader([line]), [])
    except csv.Error as error:
        msg = f"{path.name}, row {number}: expected comma-separated cells: {error}"
        raise SourceDataError(msg) from error
