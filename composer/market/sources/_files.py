"""Open the files of a user, turning what the system says into what to do."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from composer.errors import ConfigError, SourceDataError, SourceUnavailableError


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        msg = f"{path}: there is no such file; check the path"
        raise ConfigError(msg) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        msg = f"{path.name}: expected a whole gzip file: {error}"
        raise SourceDataError(msg) from error
    except OSError as error:
        msg = f"{path}: the file could not be read ({error.strerror or error}); check its rights"
        raise SourceUnavailableError(msg) from error


def read_bytes(path: Path) -> bytes:
    """Read a whole file; raise ConfigError or SourceUnavailableError if it cannot be."""
    with _explained(path):
        return path.read_bytes()


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a text file, plain or .gz, each only when it is asked for.

    Bytes that are no UTF-8 come through as lone surrogates: whether they matter is for
    whoever uses the line to say, since a reader that stops early must not trip over them.
    Raises ConfigError, SourceUnavailableError or SourceDataError if it cannot be read.
    """
    with _explained(path), _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            yield line.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")


def _opened(path: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")
