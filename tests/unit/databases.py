"""Databases of tests, each where the one of the test before was.

An engine learns its statements by heart, one for each address it is opened at: to make
them again for each test took a third of the time of all that stand on a database.
"""

import shutil
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from composer.store.database import open_database
from composer.store.store import SqlStore


@cache
def engine_at(url: str, _use: str = "store") -> Engine:
    """Return the engine of an address, and of a use: a second way in has another engine."""
    return open_database(url)


def copy_of(database: Path) -> Path:
    """Put a fresh copy beside a database of SQLite, in place of the copy before."""
    return Path(shutil.copy(database, database.with_name("copy.db")))


def store_on_copy_of(database: Path) -> SqlStore:
    """Return a store on a fresh copy; the one before has to be closed."""
    return SqlStore(engine_at(f"sqlite:///{copy_of(database)}"))
