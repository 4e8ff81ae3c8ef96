"""Of which larger event an event is a part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next build fills it."""
    op.add_column("event", sa.Column("part_of", sa.String(40).with_variant(VARCHAR(40, collation="C"), "postgresql")))
    op.create_index("event_by_whole", "event", ["part_of"])


def downgrade() -> None:
    """Remove the column."""
    op.drop_index("event_by_whole", "event")
    op.drop_column("event", "part_of")
