"""Find the column description of a CSV file: beside it, else among the shipped ones."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path

from composer.errors import ConfigError
from composer.market.sources._columns import Description, Match
from composer.market.sources._columns_toml import parse_description
from composer.market.sources._files import read_bytes


def find_description(path: Path, header: tuple[str, ...]) -> Description:
    """Return the description for the file at `path`, whose columns are `header`.

    One that lies beside the file wins, then a shipped one by file name, then by the set
    of columns, so that a copy under another name is known too.
    Raises ConfigError if there is none, saying how to write one.
    """
    beside = _beside(path)
    if beside is not None:
        return beside
    shipped = [(one, one.match) for one in shipped_descriptions() if one.match]
    for fits in (_fits_name, _fits_header):
        for description, match in shipped:
            if fits(match, path, header):
                return description
    raise ConfigError(_how_to_write_one(path, header))


def shipped_descriptions() -> Iterator[Description]:
    """Read the descriptions that travel with the program, in the order of their names."""
    folder = files("composer.market.sources") / "columns"
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".toml"):
            yield parse_description(item.read_text("utf-8"), item.name)


def _fits_name(match: Match, path: Path, _header: tuple[str, ...]) -> bool:
    return fnmatchcase(path.name, match.file)


def _fits_header(match: Match, _path: Path, header: tuple[str, ...]) -> bool:
    return set(match.header) == set(header)


def _beside(path: Path) -> Description | None:
    plain = path.name.removesuffix(".gz")
    for stem in (path.name, plain, plain.removesuffix(".csv")):
        candidate = path.with_name(f"{stem}.toml")
        if candidate.is_file():
            return parse_description(_text(candidate), candidate.name)
    return None


def _text(path: Path) -> str:
    try:
        return read_bytes(path).decode()
    except UnicodeDecodeError as error:
        msg = f"{path.name}: expected UTF-8 text, got other bytes at byte {error.start}"
        raise ConfigError(msg) from error


def _how_to_write_one(path: Path, header: tuple[str, ...]) -> str:
    return (
        f"{path.name}: no column description fits this file. Write one beside it, "
        f"{path.name}.toml, with source, symbol, venue, interval (like '5m') and the tables "
        "[time] column, format (epoch_ms, iso or like '%d-%m-%Y %H:%M'), stamp (open or close); "
        "[price] open, high, low, close; [open_interest] column, unit (usd or coin), "
        "stamp (open or close), single_sided, venues; and, where there are such columns, "
        "[turnover], [liquidations], [funding_rate]. "
        f"Columns found: {', '.join(header)}"
    )
