"""Under which id a source shows a listing now, since when it is missing, and from where it has moved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; until now each listing was shown under its own key."""
    op.add_column("listing", sa.Column("missing_since", _text(20)))
    op.add_column("listing", sa.Column("shown_as", _text(255), nullable=False, server_default=""))
    op.add_column("listing", sa.Column("moved_from", _text(20)))
    op.add_column("listing", sa.Column("is_relocated", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE listing SET shown_as = source_id")
    op.execute("UPDATE listing SET missing_since = last_seen WHERE missed > 0")


def downgrade() -> None:
    """Remove the columns."""
    op.drop_column("listing", "is_relocated")
    op.drop_column("listing", "moved_from")
    op.drop_column("listing", "shown_as")
    op.drop_column("listing", "missing_since")


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")
