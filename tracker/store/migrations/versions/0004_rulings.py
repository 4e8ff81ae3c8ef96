"""What people decide, what they should look at, and which series an event belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two tables and the two columns; nothing is hidden and no series known yet."""
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("undone_at", sa.String(20)),
    )
    op.create_table(
        "doubtful_pair",
        sa.Column("source", sa.String(100), primary_key=True),
        sa.Column("source_id", sa.String(255), primary_key=True),
        sa.Column("other_source", sa.String(100), primary_key=True),
        sa.Column("other_source_id", sa.String(255), primary_key=True),
        sa.Column("points", sa.Float, nullable=False),
    )
    op.add_column("event", sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("event", sa.Column("series", sa.String(40)))
    op.create_index("event_by_series", "event", ["series"])
