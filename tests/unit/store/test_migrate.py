"""Migrations make the tables of today, all or none, and an audit trail that only grows."""

from collections.abc import Callable, Iterable, Mapping

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from composer.errors import ConfigError, StateError
from composer.newsroom.records.people import Action
from composer.store.database import writing
from composer.store.migrate import migrate
from composer.store.store import open_store
from composer.store.tables import METADATA
from tests.unit.store.makers import Desk, at_once

VERSIONS = "alembic_version"

FORGERIES = {
    "sqlite": (
        "UPDATE events SET detail = 'it was not me'",
        "DELETE FROM events",
        "REPLACE INTO events SELECT id, at, NULL, action, NULL, NULL, NULL, '' FROM events",
    ),
    "postgresql": (
        "UPDATE events SET detail = 'it was not me'",
        "DELETE FROM events",
        "TRUNCATE events CASCADE",
    ),
}


def _structure(engine: Engine) -> dict[str, object]:
    """Return all a database knows of its tables; constraints carry names, so order is free."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": _plain(inspector.get_foreign_keys(table)),
            "unique": _plain(inspector.get_unique_constraints(table)),
            "checks": _plain(inspector.get_check_constraints(table)),
            "indexes": _plain(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != VERSIONS
    }


def _plain(found: Iterable[Mapping[str, object]]) -> list[str]:
    """Return what was found as text: the condition of a partial index is an SQL object."""
    plain = []
    for one in found:
        options = one.get("dialect_options")
        conditions = {k: str(v) for k, v in options.items()} if isinstance(options, dict) else {}
        plain.append(str({**one, "dialect_options": conditions}))
    return sorted(plain)


def test_migrating_from_nothing_gives_the_tables_of_today(
    empty: Engine, create_empty: Callable[[], Engine]
) -> None:
    migrate(empty)
    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    drawn = create_empty()
    METADATA.create_all(drawn)
    assert _structure(empty) == _structure(drawn)
    assert set(_structure(empty)) == set(METADATA.tables)


def test_migrating_again_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    before = _structure(empty)
    migrate(empty)
    assert _structure(empty) == before


def test_two_that_open_a_new_database_at_once_both_get_it(empty: Engine) -> None:
    url = empty.url.render_as_string(hide_password=False)

    def open_and_ask() -> object:
        store = open_store(url)
        people = store.people()
        store.close()
        return people

    assert at_once(open_and_ask, open_and_ask, open_and_ask) == [(), (), ()]


def test_a_migration_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    with writing(empty) as connection:
        connection.exec_driver_sql("CREATE TABLE drafts (id INTEGER)")
    with pytest.raises(DBAPIError, match="drafts"):
        migrate(empty)
    assert inspect(empty).get_table_names() == ["drafts"]


def test_a_database_of_a_newer_squaredesk_is_refused(empty: Engine) -> None:
    migrate(empty)
    with writing(empty) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigError, match="install a newer one"):
        migrate(empty)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_database_itself_refuses_to_change_what_happened(
    number: int, desk: Desk, engine: Engine
) -> None:
    with (
        pytest.raises((DBAPIError, StateError), match="append-only"),
        writing(engine) as connection,
    ):
        connection.exec_driver_sql(FORGERIES[engine.dialect.name][number])
    (event,) = desk.store.events()
    assert (event.action, event.draft, event.detail) == (Action.MADE, desk.draft.id, "")
