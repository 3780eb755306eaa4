"""The databases of the unit tests, for workers that are killed."""

from tests.unit.conftest import (
    databases,
    postgresql_databases,
    postgresql_server,
    sqlite_databases,
    url,
)

__all__ = ["databases", "postgresql_databases", "postgresql_server", "sqlite_databases", "url"]
