"""What all subjects of the store do alike."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, Table, insert
from sqlalchemy.dialects import postgresql, sqlite


class Subject:
    """The queries of one subject, on one database."""

    def __init__(self, engine: Engine) -> None:
        """Keep the database; nothing is asked of it yet."""
        self._engine = engine


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what happens if the row is there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_once(connection: Connection, table: Table, **values: object) -> bool:
    """Insert a row unless it is there already; tell whether it was inserted."""
    statement = insert_into(connection, table).values(values).on_conflict_do_nothing()
    # Not every driver counts rows here; each returns those it inserted.
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert any number of rows; SQLAlchemy takes an empty list for one row of defaults."""
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])
