"""Ids that were merged away stay, and every listing remembers its first event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; what is known now is each listing's first event."""
    op.add_column("event", sa.Column("merged_into", sa.String(40)))
    op.add_column("membership", sa.Column("first_event_id", sa.String(40), nullable=False, server_default=""))
    op.execute("UPDATE membership SET first_event_id = event_id")
