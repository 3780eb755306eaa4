"""The databases of the unit tests, for what is proved on both."""

from tests.unit.conftest import (
    postgresql_databases,
    postgresql_server,
    sqlite_databases,
)

__all__ = ["postgresql_databases", "postgresql_server", "sqlite_databases"]
