"""What a listing says stands apart from what every crawl touches; what workers share when they match and publish."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.dialects.postgresql.VARCHAR(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Move the texts."""
    op.create_table(
        "listing_document",
        sa.Column("source", _text(100), primary_key=True),
        sa.Column("source_id", _text(255), primary_key=True),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.execute("INSERT INTO listing_document SELECT source, source_id, raw, document FROM listing")
    with op.batch_alter_table("listing") as listing:
        listing.drop_column("raw")
        listing.drop_column("document")
    op.create_table(
        "profile",
        sa.Column("source", _text(100), primary_key=True),
        sa.Column("source_id", _text(255), primary_key=True),
        sa.Column("made_of", _text(80), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "event_basis",
        sa.Column("event_id", _text(40), primary_key=True),
        sa.Column("made_of", _text(64), nullable=False),
    )
    op.create_table(
        "portion",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plan", _text(64), nullable=False),
        sa.Column("code", _text(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
    )
    op.add_column("door", sa.Column("number", sa.Integer, nullable=False, server_default="0"))
