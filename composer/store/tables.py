"""The tables as they are today; `migrations` tells how they came to be."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    UniqueConstraint,
    false,
    text,
    true,
)

from composer.checks.records import Severity
from composer.newsroom.records.deliveries import DeliveryState
from composer.newsroom.records.drafts import DraftState, RevisionReason
from composer.newsroom.records.people import Action, Role
from composer.newsroom.records.slots import SlotState
from composer.store.columns import Span, UtcTime, Words, one_of

MAX_IMAGE_BYTES = 150 * 1024


METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _revision_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["draft_id", "revision"], ["revisions.draft_id", "revisions.number"]
    )


people = Table(
    "people",
    METADATA,
    _id(),
    Column("name", Words, nullable=False),
    # The name in folded case: no database folds case like Unicode does, Python does.
    Column("name_folded", Words, nullable=False, unique=True),
    Column("role", one_of(Role, "role"), nullable=False),
    Column("desk_locale", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", String),
)

sign_in_links = Table(
    "sign_in_links",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("expires_at", UtcTime, nullable=False),
    Column("spent", Boolean, nullable=False),
)

accounts = Table(
    "accounts",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("platform", String, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("held_reason", Words, nullable=False, server_default=""),
    Column("locales", JSON, nullable=False, server_default="[]"),
    Column("formats", JSON, nullable=False, server_default="[]"),
    Column("active", Boolean, nullable=False, server_default=true()),
)

# One row, 1: the switch that stops all sending.
house = Table(
    "house",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("held", Boolean, nullable=False),
    Column("held_reason", Words, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

images = Table(
    "images",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("png", LargeBinary, nullable=False),
    CheckConstraint(f"length(png) <= {MAX_IMAGE_BYTES}", name="size"),
)

editions = Table(
    "editions",
    METADATA,
    Column("id", String, primary_key=True),
    Column("symbol", String, nullable=False),
    Column("made_at", UtcTime, nullable=False, index=True),
    Column("as_of", UtcTime, nullable=False),
    Column("source", Words, nullable=False),
    Column("levels", String, nullable=False),
    Column("notional_usd", Double),
    Column("plan", Words),
    Column("accounts", JSON, nullable=False, server_default="[]"),
    Column("approval_lasts_s", Span),
    Column("four_eyes", Boolean, nullable=False, server_default=false()),
    Column("stale_after_s", Span),
)

# Slots before a plan was first seen are nobody's: a new plan does not begin with its past.
plans = Table(
    "plans",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("known_since", UtcTime, nullable=False),
)

slots = Table(
    "slots",
    METADATA,
    _id(),
    Column("plan", ForeignKey("plans.name"), nullable=False),
    Column("symbol", String, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("local_time", Time, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("state", one_of(SlotState, "state"), nullable=False),
    Column("edition_id", ForeignKey("editions.id")),
    Column("reason", Words, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("claimed_by", String),
    Column("claimed_until", UtcTime),
    UniqueConstraint("plan", "symbol", "local_date", "local_time"),
)

snapshots = Table(
    "snapshots",
    METADATA,
    Column("id", String, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False, index=True),
    Column("as_of", UtcTime, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("looked_from", UtcTime),
    Column("tree", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
)

# The market a snapshot was computed from, so that making its edition can be taken up again.
observations = Table(
    "observations",
    METADATA,
    Column("snapshot_id", ForeignKey("snapshots.id"), primary_key=True),
    Column("market", LargeBinary, nullable=False),
)

drafts = Table(
    "drafts",
    METADATA,
    _id(),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("locale", String, nullable=False),
    Column("format", String, nullable=False),
    Column("state", one_of(DraftState, "state"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("correction_of", ForeignKey("drafts.id")),
    Column("correction_reason", Words),
    UniqueConstraint("edition_id", "locale", "format", "correction_of"),
    CheckConstraint(
        "(correction_of IS NULL) = (correction_reason IS NULL)", name="correction_has_reason"
    ),
)

# To a unique constraint every NULL is another value; a first draft exists once all the same.
Index(
    "ix_drafts_first",
    drafts.c.edition_id,
    drafts.c.locale,
    drafts.c.format,
    unique=True,
    sqlite_where=text("correction_of IS NULL"),
    postgresql_where=text("correction_of IS NULL"),
)

revisions = Table(
    "revisions",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("snapshot_id", ForeignKey("snapshots.id"), nullable=False),
    Column("author_id", ForeignKey("people.id")),
    Column("reason", one_of(RevisionReason, "reason"), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    CheckConstraint("number >= 1", name="number"),
)

passages = Table(
    "passages",
    METADATA,
    Column("draft_id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("key", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("editable", Boolean, nullable=False),
    Column("drop_order", Integer),
    Column("claims", JSON, nullable=False),
    _revision_key(),
    UniqueConstraint("draft_id", "revision", "key"),
)

findings = Table(
    "findings",
    METADATA,
    Column("draft_id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False),
    Column("severity", one_of(Severity, "severity"), nullable=False),
    Column("message", Words, nullable=False),
    Column("passage", Words),  # no foreign key: a check may miss a passage that is not there
    Column("span_start", Integer),
    Column("span_end", Integer),
    Column("fix", Words),
    _revision_key(),
    CheckConstraint("(span_start IS NULL) = (span_end IS NULL)", name="span_is_whole"),
)

revision_images = Table(
    "revision_images",
    METADATA,
    Column("draft_id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("image_sha256", ForeignKey("images.sha256"), nullable=False),
    Column("kind", String, nullable=False),
    Column("alt", Words, nullable=False),
    _revision_key(),
)

approvals = Table(
    "approvals",
    METADATA,
    _id(),
    Column("draft_id", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("snapshot_id", ForeignKey("snapshots.id"), nullable=False),
    Column("findings_sha256", String(64), nullable=False),
    Column("approver_id", ForeignKey("people.id"), nullable=False),
    Column("approved_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("voided_at", UtcTime),
    Column("void_reason", Words),
    _revision_key(),
    CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void_has_reason"),
)

Index(
    "ix_approvals_valid",
    approvals.c.draft_id,
    unique=True,
    sqlite_where=text("voided_at IS NULL"),
    postgresql_where=text("voided_at IS NULL"),
)

renditions = Table(
    "renditions",
    METADATA,
    _id(),
    Column("approval_id", ForeignKey("approvals.id"), nullable=False),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Words, nullable=False),
    UniqueConstraint("approval_id", "account"),
)

rendition_images = Table(
    "rendition_images",
    METADATA,
    Column("rendition_id", ForeignKey("renditions.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("image_sha256", ForeignKey("images.sha256"), nullable=False),
    Column("kind", String, nullable=False),
    Column("alt", Words, nullable=False),
)

deliveries = Table(
    "deliveries",
    METADATA,
    _id(),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("state", one_of(DeliveryState, "state"), nullable=False),
    Column("rendition_id", ForeignKey("renditions.id"), nullable=False),
    Column("reference", Words),
    Column("reason", Words),
    Column("due_at", UtcTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("claimed_by", String),
    Column("claimed_until", UtcTime),
    UniqueConstraint("draft_id", "account"),
)

attempts = Table(
    "attempts",
    METADATA,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("outcome", one_of(DeliveryState, "outcome")),
    Column("reference", Words),
    Column("reason", Words),
    CheckConstraint("(finished_at IS NULL) = (outcome IS NULL)", name="finish_has_outcome"),
)

# Triggers of the migration refuse UPDATE and DELETE here: the audit trail only grows.
events = Table(
    "events",
    METADATA,
    _id(),
    Column("at", UtcTime, nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("action", one_of(Action, "action", closed=False), nullable=False),
    Column("edition_id", ForeignKey("editions.id")),
    Column("draft_id", ForeignKey("drafts.id"), index=True),
    Column("revision", Integer),
    Column("detail", Words, nullable=False),
    _revision_key(),
)
