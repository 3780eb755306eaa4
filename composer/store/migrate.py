"""Bring a database up to the tables of today."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, func, select

from composer.errors import ConfigError
from composer.store.database import writing

SCRIPTS = Path(__file__).parent / "migrations"

# Alembic speaks to its scripts through module globals: one migration at a time per process.
_MIGRATING = threading.Lock()
# The same between processes: a PostgreSQL lock by this number; SQLite has one writer anyway.
_LOCK_NUMBER = 0x5D_DE5C


def migrate(engine: Engine) -> None:
    """Run the migrations the database has not seen, all of them or none.

    Raises ConfigError if the database was written by a newer squaredesk.
    """
    with _MIGRATING, writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK_NUMBER)))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            msg = f"the database is not one this squaredesk knows: {error}; install a newer one"
            raise ConfigError(msg) from error
