"""Pages that lead to others are always read whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember of each page whether it led on."""
    op.add_column("page", sa.Column("leads_on", sa.Boolean(), nullable=False, server_default=sa.false()))
