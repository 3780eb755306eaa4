"""An edition keeps from which age its data may not be published, where its plan says so."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; what is there keeps to what the house says."""
    op.add_column("editions", sa.Column("stale_after_s", sa.Double))
