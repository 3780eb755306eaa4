"""Make the first tables, and an audit trail that only grows.

Written out and frozen: it must make the same tables when `composer.store.tables` has
long moved on, so it takes nothing from there but the naming of constraints.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_EVENTS_REFUSE = "events are append-only: add a further one instead"


def upgrade() -> None:
    """Make everything from nothing."""
    _make_people_and_accounts()
    _make_editions()
    _make_drafts()
    _make_approvals()
    _make_deliveries()
    _make_events()
    if op.get_bind().dialect.name == "sqlite":
        _close_events_on_sqlite()
    else:
        _close_events_on_postgresql()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(name: str, *values: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


def _delivery_state(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return _one_of(
        name,
        *("queued", "sending", "accepted", "refused", "ambiguous", "waiting"),
        *("awaiting_person", "expired", "cancelled"),
        nullable=nullable,
    )


def _position_in_revision() -> list[sa.Column[int]]:
    return [
        sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)
        for name in ("draft_id", "revision", "position")
    ]


def _revision_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["draft_id", "revision"], ["revisions.draft_id", "revisions.number"]
    )


def _make_people_and_accounts() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_folded", sa.Text, nullable=False, unique=True),
        _one_of("role", "creator", "editor", "admin"),
        sa.Column("desk_locale", sa.String, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.String),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        _moment("expires_at"),
        sa.Column("spent", sa.Boolean, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
    )


def _make_editions() -> None:
    op.create_table(
        "images",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("png", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("length(png) <= 153600", name="size"),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("symbol", sa.String, nullable=False),
        _moment("made_at"),
        _moment("as_of"),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("levels", sa.String, nullable=False),
        sa.Column("notional_usd", sa.Double),
        sa.Index(None, "made_at"),
    )
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("symbol", sa.String, nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("local_time", sa.Time, nullable=False),
        _one_of("state", "due", "claimed", "made", "failed", "missed"),
        sa.Column("edition_id", sa.String, sa.ForeignKey("editions.id")),
        sa.Column("reason", sa.Text),
        _moment("claimed_until", nullable=True),
        sa.UniqueConstraint("plan", "symbol", "local_date", "local_time"),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column(
            "edition_id", sa.String, sa.ForeignKey("editions.id"), nullable=False, index=True
        ),
        _moment("as_of"),
        _moment("fetched_at"),
        _moment("looked_from", nullable=True),
        sa.Column("tree", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
    )


def _make_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("edition_id", sa.String, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("locale", sa.String, nullable=False),
        sa.Column("format", sa.String, nullable=False),
        _one_of(
            "state",
            *("drafted", "approved", "changes_requested", "rejected"),
            *("stale", "expired", "withdrawn"),
        ),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("correction_of", sa.Integer, sa.ForeignKey("drafts.id")),
        sa.Column("correction_reason", sa.Text),
        sa.UniqueConstraint("edition_id", "locale", "format", "correction_of"),
        sa.CheckConstraint(
            "(correction_of IS NULL) = (correction_reason IS NULL)", name="correction_has_reason"
        ),
    )
    op.create_index(
        "ix_drafts_first",
        "drafts",
        ["edition_id", "locale", "format"],
        unique=True,
        sqlite_where=sa.text("correction_of IS NULL"),
        postgresql_where=sa.text("correction_of IS NULL"),
    )
    op.create_table(
        "revisions",
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("snapshot_id", sa.String, sa.ForeignKey("snapshots.id"), nullable=False),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("people.id")),
        _one_of("reason", "made", "edited", "refreshed"),
        _moment("made_at"),
        sa.CheckConstraint("number >= 1", name="number"),
    )
    op.create_table(
        "passages",
        *_position_in_revision(),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("editable", sa.Boolean, nullable=False),
        sa.Column("drop_order", sa.Integer),
        sa.Column("claims", sa.JSON, nullable=False),
        _revision_key(),
        sa.UniqueConstraint("draft_id", "revision", "key"),
    )
    op.create_table(
        "findings",
        *_position_in_revision(),
        sa.Column("id", sa.String, nullable=False),
        _one_of("severity", "block", "warn"),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("passage", sa.Text),
        sa.Column("span_start", sa.Integer),
        sa.Column("span_end", sa.Integer),
        sa.Column("fix", sa.Text),
        _revision_key(),
        sa.CheckConstraint("(span_start IS NULL) = (span_end IS NULL)", name="span_is_whole"),
    )
    op.create_table(
        "revision_images",
        *_position_in_revision(),
        sa.Column("image_sha256", sa.String(64), sa.ForeignKey("images.sha256"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
        _revision_key(),
    )


def _make_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("draft_id", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("snapshot_id", sa.String, sa.ForeignKey("snapshots.id"), nullable=False),
        sa.Column("findings_sha256", sa.String(64), nullable=False),
        sa.Column("approver_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        _moment("approved_at"),
        _moment("expires_at"),
        _moment("voided_at", nullable=True),
        sa.Column("void_reason", sa.Text),
        _revision_key(),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void_has_reason"),
    )
    op.create_index(
        "ix_approvals_valid",
        "approvals",
        ["draft_id"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_table(
        "renditions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("approval_id", sa.Integer, sa.ForeignKey("approvals.id"), nullable=False),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("approval_id", "account"),
    )
    op.create_table(
        "rendition_images",
        sa.Column("rendition_id", sa.Integer, sa.ForeignKey("renditions.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("image_sha256", sa.String(64), sa.ForeignKey("images.sha256"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
    )


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.id"), nullable=False),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), nullable=False),
        _delivery_state("state"),
        sa.Column("rendition_id", sa.Integer, sa.ForeignKey("renditions.id"), nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("draft_id", "account"),
    )
    op.create_table(
        "attempts",
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("payload_sha256", sa.String(64), nullable=False),
        _moment("started_at"),
        _moment("finished_at", nullable=True),
        _delivery_state("outcome", nullable=True),
        sa.Column("reference", sa.Text),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint("(finished_at IS NULL) = (outcome IS NULL)", name="finish_has_outcome"),
    )


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        _moment("at"),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id")),
        _one_of(
            "action",
            *("made", "edited", "refreshed", "approved", "approval_voided"),
            *("changes_requested", "rejected", "withdrawn"),
            *("sent", "accepted", "refused", "ambiguous"),
        ),
        sa.Column("edition_id", sa.String, sa.ForeignKey("editions.id")),
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.id"), index=True),
        sa.Column("revision", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False),
        _revision_key(),
    )


def _close_events_on_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_refuse_{verb.lower()} BEFORE {verb} ON events "
            f"BEGIN SELECT RAISE(ABORT, '{_EVENTS_REFUSE}'); END"
        )


def _close_events_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_EVENTS_REFUSE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()"
    )
