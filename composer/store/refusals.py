"""Say what a database refused in words that tell what to do.

Databases are told apart by their error codes, never by the wording of a message.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from composer.errors import NotFoundError, SquaredeskError, StateError

# PostgreSQL: lock not available, deadlock, serialization failure.
_BUSY_STATES = {"55P03", "40P01", "40001"}
_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FOREIGN_KEY_STATE = "23503"
_BUSY = "the database is busy with another change; nothing was stored, try again in a moment"


@contextmanager
def explain_refusals() -> Iterator[None]:
    """Turn what a database refuses into errors of squaredesk.

    NotFoundError: something referred to is not there. StateError: busy, out of reach
    or against a rule of the tables. A fault of our own SQL stays what it is.
    """
    try:
        yield
    except PoolTimeoutError:
        raise StateError(_BUSY) from None
    except StatementError as error:
        if isinstance(error.orig, SquaredeskError):  # a column type refused the value
            raise error.orig from None
        explained = _explain(error)
        if explained is None:
            raise
        raise explained from None  # PostgreSQL quotes the whole row, secrets and all


def is_busy(error: StatementError) -> bool:
    """Tell whether a database refused only because somebody else is writing."""
    return _sqlite_code(error) in _BUSY_CODES or _sql_state(error) in _BUSY_STATES


def first_line(error: StatementError) -> str:
    """Return the database's own words, without our SQL and its parameters."""
    return next(iter(str(error.orig).strip().splitlines()), "no reason given")


def _explain(error: StatementError) -> SquaredeskError | None:
    if is_busy(error):
        return StateError(_BUSY)
    if isinstance(error, IntegrityError):
        if _names_what_is_not_there(error):
            return NotFoundError(
                f"something this refers to is not in the store: {first_line(error)}"
            )
        return StateError(f"this breaks a rule of the store: {first_line(error)}")
    if isinstance(error, DataError):
        return StateError(f"the database cannot keep this value: {first_line(error)}")
    if isinstance(error, OperationalError) and _sqlite_code(error) != sqlite3.SQLITE_ERROR:
        return StateError(
            f"the database does not answer: {first_line(error)}; look after it and try again"
        )
    return None


def _names_what_is_not_there(error: IntegrityError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return _sql_state(error) == _FOREIGN_KEY_STATE


def _sqlite_code(error: StatementError) -> int | None:
    if not isinstance(error.orig, sqlite3.Error):
        return None
    code: int = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF  # the low byte is the family, the rest its particulars


def _sql_state(error: StatementError) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None)  # as psycopg's errors have it
    return state
