"""Open a database and take turns in it: SQLite in one file, or PostgreSQL by URL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from types import MappingProxyType

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from composer.errors import ConfigError, StateError
from composer.store.refusals import explain_refusals, first_line, is_busy

BUSY_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 10

_SQLITE = "sqlite"
_POSTGRESQL = "postgresql"
_DRIVERS: Mapping[str, str] = MappingProxyType(
    {
        "sqlite": _SQLITE,
        "sqlite+pysqlite": _SQLITE,
        "postgres": _POSTGRESQL,
        "postgresql": _POSTGRESQL,
        "postgresql+psycopg": _POSTGRESQL,
    }
)

# One view of the data for all queries of one reading, without stopping any writer.
_READS_ONLY = "reads_only"
_READING: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        _SQLITE: {_READS_ONLY: True},
        _POSTGRESQL: {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    }
)


def open_database(url: str) -> Engine:
    """Return the database at `url`, once it has answered.

    Raises ConfigError without the password if there is none that can be used there.
    """
    address = _parse(url)
    engine = _open_sqlite(address) if _is_sqlite(address) else _open_postgresql(address)
    try:
        with engine.connect():
            return engine
    except DBAPIError as error:
        engine.dispose()
        where = engine.url.difference_update_query(engine.url.query).render_as_string()
        if is_busy(error):
            msg = f"the database {where} is busy; try again in a moment"
            raise StateError(msg) from error
        msg = f"the database {where} cannot be used: {first_line(error)}; check its URL"
        raise ConfigError(msg) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose queries all see the same moment."""
    options = _READING[engine.dialect.name]
    with explain_refusals(), engine.execution_options(**options).begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose changes are kept together, or not at all."""
    with explain_refusals(), engine.begin() as connection:
        yield connection


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
        kind = _DRIVERS[address.drivername]
    except (ArgumentError, ValueError, KeyError):
        # The cause is left out: it may quote the URL, and the URL may hold a password.
        msg = "the database URL must read sqlite:///FILE or postgresql://USER@HOST/DATABASE"
        raise ConfigError(msg) from None
    if kind == _POSTGRESQL:
        return _hide_password(address.set(drivername="postgresql+psycopg"))
    if not address.database or address.database == ":memory:" or address.query:
        msg = "a SQLite database lives in a file: name it, as in sqlite:///squaredesk.db"
        raise ConfigError(msg)
    return address


def _hide_password(address: URL) -> URL:
    """Move a password out of the query of a URL, where it would be printed with it."""
    password = address.query.get("password")
    if not isinstance(password, str):
        return address
    return address.difference_update_query(["password"]).set(password=password)


def _is_sqlite(address: URL) -> bool:
    return address.get_backend_name() == _SQLITE


def _open_postgresql(address: URL) -> Engine:
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )


def _open_sqlite(address: URL) -> Engine:
    file = Path(str(address.database))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # it holds password hashes; SQLite's side files follow suit
    except OSError as error:
        msg = f"the database file {file} cannot be made: {error.strerror}"
        raise ConfigError(msg) from error
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # The driver would begin transactions late and on its own terms; `_begin_sqlite` does.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # an approval survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # REPLACE fires DELETE triggers too


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at once. If it began as a reader, two could wait for each
    # other to finish reading, and SQLite would refuse one without any wait.
    reads = connection.get_execution_options().get(_READS_ONLY)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
