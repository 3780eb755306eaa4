"""Databases open, take turns and fail in words that help and give nothing away."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from composer.errors import ConfigError, StateError
from composer.newsroom.records.people import Role
from composer.store import database, tables
from composer.store.database import open_database, reading, writing
from composer.store.store import SqlStore, open_store

SECRET = "hunter2-hunter2"  # noqa: S105 # nobody's


@pytest.mark.parametrize(
    "url",
    [
        "",
        "squaredesk.db",
        f"mysql://desk:{SECRET}@localhost/desk",
        f"postgresql+asyncpg://desk:{SECRET}@localhost/desk",
        f"postgresql://desk:{SECRET}@localhost:port/desk",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///desk.db?mode=ro",
    ],
)
def test_a_url_that_names_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"URL|file") as refused:
        open_database(url)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://desk:{SECRET}@127.0.0.1:1/desk",
        f"postgres://desk@127.0.0.1:1/desk?password={SECRET}",
    ],
)
def test_an_unreachable_database_is_named_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1:1/desk cannot be used") as refused:
        open_database(url)
    assert SECRET not in f"{refused.value}{refused.value.__cause__}"


def test_a_password_in_the_query_is_not_printed() -> None:
    engine = database._open_postgresql(
        database._parse(f"postgresql://desk@localhost/desk?password={SECRET}")
    )
    assert SECRET not in repr(engine)
    assert engine.url.password == SECRET


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no database at all\n" * 100)
    with pytest.raises(ConfigError, match=r"notes\.txt cannot be used: file is not a database"):
        open_database(f"sqlite:///{file}")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"cannot be made"):
        open_database(f"sqlite:///{tmp_path}/file/desk.db")


def test_sqlite_keeps_what_it_promised_through_a_power_cut(tmp_path: Path) -> None:
    file = tmp_path / "state" / "desk.db"
    engine = open_database(f"sqlite:///{file}")
    with reading(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 1_000 * database.BUSY_TIMEOUT_S,
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    engine.dispose()


def test_a_database_that_stays_busy_says_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    url = f"sqlite:///{tmp_path}/desk.db"
    store, engine = open_store(url), open_database(url)
    with writing(engine):
        assert store.people() == ()  # who reads does not wait for who writes
        with pytest.raises(StateError, match=r"busy .* try again"):
            store.add_person("Anna", Role.EDITOR, desk_locale="en")
    assert store.add_person("Anna", Role.EDITOR, desk_locale="en").active
    engine.dispose()
    store.close()


def test_a_reading_sees_one_moment(engine: Engine, store: SqlStore) -> None:
    query = select(tables.people.c.name)
    with reading(engine) as connection:
        assert connection.execute(query).all() == []
        store.add_person("Anna", Role.EDITOR, desk_locale="en")
        assert connection.execute(query).all() == []
    with reading(engine) as connection:
        assert connection.execute(query).scalars().all() == ["Anna"]


def test_a_change_that_fails_half_way_is_not_kept(engine: Engine, store: SqlStore) -> None:
    def half() -> None:
        with writing(engine) as connection:
            connection.execute(insert(tables.accounts).values(name="x", platform="x", held=False))
            msg = "stop"
            raise StateError(msg)

    with pytest.raises(StateError, match="stop"):
        half()
    assert store.accounts() == ()


@pytest.mark.parametrize(
    "values",
    [
        {"role": "king"},
        {"password_hash": SECRET, "name": None},
        {"password_hash": SECRET, "name": "a\0b"},
        {"password_hash": SECRET, "name": "\ud800"},
    ],
)
def test_what_breaks_a_rule_of_the_tables_is_refused_without_its_values(
    values: dict[str, object], engine: Engine
) -> None:
    person = {"name": "a", "name_folded": "a", "role": Role.ADMIN, "desk_locale": "en"}
    with (
        pytest.raises((StateError, StatementError)) as refused,
        writing(engine) as connection,
    ):
        connection.execute(insert(tables.people).values({**person, "active": True, **values}))
    assert SECRET not in f"{refused.value}{refused.value.__cause__}"
    assert not isinstance(refused.value, DBAPIError)  # its detail may quote the row


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moment=st.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001 # the strategy adds the zone
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.timezones(),
    )
)
def test_moments_come_back_exact_and_in_utc(moment: datetime, engine: Engine) -> None:
    editions = tables.editions
    with writing(engine) as connection:
        connection.execute(editions.delete())
        connection.execute(
            insert(editions).values(
                id="x", symbol="BTC", made_at=moment, as_of=moment, source="test", levels="round"
            )
        )
        read = connection.execute(select(editions.c.made_at)).scalar_one()
    assert read == moment.astimezone(UTC)
    assert read.tzinfo is UTC


def test_a_moment_without_a_zone_is_a_mistake_of_ours(engine: Engine) -> None:
    naive = datetime(2026, 6, 10)  # noqa: DTZ001 # the point of the test
    with pytest.raises(StatementError, match="no time zone"), writing(engine) as connection:
        connection.execute(
            insert(tables.editions).values(id="x", symbol="BTC", made_at=naive, as_of=naive)
        )
