"""What visitors suggest; who took a ruling back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("accepted", sa.Boolean),
        sa.Column("decided_at", sa.String(20)),
        sa.Column("decided_by", sa.String(255), nullable=False, server_default=""),
    )
    op.create_index("suggestion_by_time", "suggestion", ["at"])
    op.add_column("ruling", sa.Column("undone_by", sa.String(255), nullable=False, server_default=""))
