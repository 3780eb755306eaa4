"""Where a key is: named, never held.

It is read from its variable or file for each errand, so a key that was replaced is used
at once, and no record, repr or store can show it.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from composer.errors import ConfigError

_KEY = re.compile(r"[\x21-\x7e]+")  # what a header can carry; httpx quotes what it cannot

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Key:
    """Where a key is: an environment variable, or a file of its owner only."""

    env: str = ""
    file: Path | None = None

    def read(self) -> str:
        """Return the key. Raises ConfigError, which names where it was looked for."""
        where = self._where()
        text = os.environ.get(self.env, "") if self.file is None else _private(self.file)
        key = text.strip()
        if not key:
            msg = f"there is no key in {where}; put it there"
            raise ConfigError(msg)
        if not _KEY.fullmatch(key):
            msg = f"what is in {where} is no key: it has blanks or letters a header cannot carry"
            raise ConfigError(msg)
        return key

    def __repr__(self) -> str:
        """Show where the key is."""
        return f"Key({self._where()})"

    def _where(self) -> str:
        # Whoever pastes the key where its place belongs does not find it in a log.
        if self.file is not None:
            return _shown(self.file)
        shown = self.env if _VARIABLE.fullmatch(self.env) else "named by key_env"
        return f"the environment variable {shown}"


def source_variable(name: str) -> str:
    """Return the environment variable with the key of a source of market data."""
    return f"SQUAREDESK_{name.upper()}_KEY"


def key_from(configuration: Mapping[str, str], *, default_env: str) -> Key:
    """Return where the key is: `key_file`, else `key_env`, else the platform's usual variable.

    A place that was named is read at once, so that a wrong one is found at start-up.
    Raises ConfigError if both are named, or what is there is no key.
    """
    env, file = configuration.get("key_env", ""), configuration.get("key_file", "")
    if env and file:
        msg = "key_env and key_file are both given; keep one"
        raise ConfigError(msg)
    key = Key(env=env or default_env, file=Path(file).expanduser() if file else None)
    if env or file:
        key.read()
    return key


def _shown(file: Path) -> str:
    """Return how a key file is spoken of: by its path, unless it looks like no path at all."""
    is_path = len(file.parts) > 1 or file.suffix or file.exists()
    return f"the key file {file}" if is_path else "the file that key_file names"


def _private(file: Path) -> str:
    try:
        with file.open(encoding="ascii", errors="replace") as opened:
            others = stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077
            text = opened.read()
    except OSError as error:
        msg = f"{_shown(file)} cannot be read ({error.strerror}); check key_file"
        raise ConfigError(msg) from error
    if others:
        msg = f"the key file {file} can be read by others; run: chmod 600 {file}"
        raise ConfigError(msg)
    return text
