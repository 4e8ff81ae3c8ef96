"""Which listings their sources do not show any more; which hosts asked to be left alone; what events were made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version. Until when a listing is expected is known once it has been read again."""
    op.add_column(
        "listing",
        sa.Column("expected_until", sa.String(20), nullable=False, server_default="1970-01-01T00:00:00Z"),
    )
    op.add_column("listing", sa.Column("missed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("listing", sa.Column("withdrawn_at", sa.String(20)))
    op.create_index("listing_by_id", "listing", ["source_id"])
    op.create_table(
        "host",
        sa.Column("domain", sa.String(255), primary_key=True),
        sa.Column("quiet_until", sa.String(20), nullable=False),
    )
    op.create_table(
        "marker",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(255), nullable=False),
    )
    op.execute("UPDATE page SET read_by = ''")
