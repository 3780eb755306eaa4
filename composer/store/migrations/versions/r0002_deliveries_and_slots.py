"""What workers and the clock need: due times, leases, holds, plans and their slots.

The audit trail loses the list of actions the database checked: the house says what it
records, and a further action is no reason to rebuild the trail.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_EVENTS_REFUSE = "events are append-only: add a further one instead"


def upgrade() -> None:
    """Add columns and tables; nothing is lost."""
    _extend_accounts()
    _extend_editions()
    _make_slots()
    _extend_deliveries()
    if op.get_bind().dialect.name == "sqlite":
        _open_actions_on_sqlite()
    else:
        op.drop_constraint("action", "events", type_="check")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _extend_accounts() -> None:
    for column in (
        sa.Column("held_reason", sa.Text, nullable=False, server_default=""),
        sa.Column("locales", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("formats", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    ):
        op.add_column("accounts", column)
    house = op.create_table(
        "house",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("held_reason", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.bulk_insert(house, [{"id": 1, "held": False, "held_reason": ""}])


def _extend_editions() -> None:
    for column in (
        sa.Column("plan", sa.Text),
        sa.Column("accounts", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("approval_lasts_s", sa.Double),
        sa.Column("four_eyes", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("editions", column)
    op.create_table(
        "observations",
        sa.Column("snapshot_id", sa.String, sa.ForeignKey("snapshots.id"), primary_key=True),
        sa.Column("market", sa.LargeBinary, nullable=False),
    )


def _make_slots() -> None:
    """Make the table anew: nothing has written to it so far."""
    op.create_table(
        "plans",
        sa.Column("name", sa.Text, primary_key=True),
        _moment("known_since"),
    )
    op.drop_table("slots")
    state = ("due", "making", "drafted", "held", "missed", "failed")
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plan", sa.Text, sa.ForeignKey("plans.name"), nullable=False),
        sa.Column("symbol", sa.String, nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("local_time", sa.Time, nullable=False),
        _moment("due_at"),
        sa.Column(
            "state",
            sa.Enum(*state, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("edition_id", sa.String, sa.ForeignKey("editions.id")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimed_by", sa.String),
        _moment("claimed_until", nullable=True),
        sa.UniqueConstraint("plan", "symbol", "local_date", "local_time"),
    )


def _extend_deliveries() -> None:
    for column in (
        _moment("due_at", nullable=True),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_by", sa.String),
        _moment("claimed_until", nullable=True),
    ):
        op.add_column("deliveries", column)


def _open_actions_on_sqlite() -> None:
    """Rebuild the trail without its CHECK: SQLite cannot drop one."""
    op.execute("DROP INDEX ix_events_draft_id")
    op.rename_table("events", "events_before")
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        _moment("at"),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id")),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("edition_id", sa.String, sa.ForeignKey("editions.id")),
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.id"), index=True),
        sa.Column("revision", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id", "revision"], ["revisions.draft_id", "revisions.number"]
        ),
    )
    columns = "id, at, person_id, action, edition_id, draft_id, revision, detail"
    op.execute(f"INSERT INTO events ({columns}) SELECT {columns} FROM events_before")  # noqa: S608 - our own columns
    op.drop_table("events_before")
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_refuse_{verb.lower()} BEFORE {verb} ON events "
            f"BEGIN SELECT RAISE(ABORT, '{_EVENTS_REFUSE}'); END"
        )
