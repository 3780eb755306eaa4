"""Column types that hold the same values on every database."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Double, Enum, Text
from sqlalchemy.types import TypeDecorator

from composer.errors import StateError

_UNKEPT = re.compile("[\0\ud800-\udfff]")


class Span(TypeDecorator[timedelta]):
    """A length of time; seconds in the table."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> float | None:  # noqa: ARG002 - as SQLAlchemy calls it
        """Return the seconds that are kept."""
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002 - as SQLAlchemy calls it
        """Return the span of the seconds that were kept."""
        return None if value is None else timedelta(seconds=value)


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, exact to the microsecond; UTC in the table and when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone; SQLite, which knows no zones, gets bare UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            msg = f"{value} has no time zone; moments are stored as aware UTC"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text as people write it, without the two things PostgreSQL cannot keep.

    SQLite would take a NUL character and neither takes half a surrogate pair. Both come
    from broken tools, never from a keyboard, so both databases refuse them alike.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Refuse what is not text on every database."""
        if value is not None and _UNKEPT.search(value):
            msg = "the text holds a NUL or half a character; paste it again as plain text"
            raise StateError(msg)
        return value


def one_of(members: type[StrEnum], name: str, *, closed: bool = True) -> Enum:
    """Return a column type for a set of words: its values as text, with a CHECK called `name`.

    A set that grows with the house is not `closed` and has no CHECK, only ours.
    """
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=closed,
        length=32,
        values_callable=lambda kind: [member.value for member in kind],
    )
