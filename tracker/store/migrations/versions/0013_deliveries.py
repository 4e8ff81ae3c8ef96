"""How sending to the channels of subscriptions goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "delivery",
        sa.Column("subscription", _text(60), nullable=False),
        sa.Column("channel", _text(16), nullable=False),
        sa.Column("began_at", _text(20), nullable=False),
        sa.Column("began_after", sa.Integer(), nullable=False),
        sa.Column("last_sent_at", _text(20)),
        sa.Column("claimed_at", _text(20)),
        sa.Column("sending", sa.Text(), nullable=False, server_default=""),
        sa.Column("failing_since", _text(20)),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("problem", _text(255), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("subscription", "channel"),
    )
    # Since when the channels of the setting "notify" have been told what happens.
    op.execute(
        "INSERT INTO delivery (subscription, channel, began_at, began_after) "
        "SELECT '@digest', channel, sent_at, 0 FROM notification WHERE item = 'beginning'"
    )
    op.execute("DELETE FROM notification WHERE item = 'beginning'")


def downgrade() -> None:
    """Drop the table."""
    op.execute(
        "INSERT INTO notification (channel, item, sent_at) "
        "SELECT channel, 'beginning', began_at FROM delivery WHERE subscription = '@digest'"
    )
    op.drop_table("delivery")


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")
