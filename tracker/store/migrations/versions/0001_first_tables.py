"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create sources, runs, pages, listings, rejections, events, their facets, memberships and changes."""
    op.create_table(
        "source",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("finished_at", sa.String(20), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_index("run_by_source", "run", ["source", "id"])
    op.create_table(
        "page",
        sa.Column("source", sa.String(100), primary_key=True),
        sa.Column("url", sa.String(2048), primary_key=True),
        sa.Column("etag", sa.String(1000), nullable=False),
        sa.Column("last_modified", sa.String(200), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("read_by", sa.String(64), nullable=False),
        sa.Column("read_at", sa.String(20), nullable=False),
    )
    op.create_table(
        "listing",
        sa.Column("source", sa.String(100), primary_key=True),
        sa.Column("source_id", sa.String(255), primary_key=True),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("page_url", sa.String(2048), nullable=False),
        sa.Column("first_seen", sa.String(20), nullable=False),
        sa.Column("last_seen", sa.String(20), nullable=False),
    )
    op.create_table(
        "rejection",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_index("rejection_by_source", "rejection", ["source"])
    op.create_table(
        "event",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.String(20), nullable=False),
        sa.Column("changed_at", sa.String(20), nullable=False),
        sa.Column("begins_at", sa.String(20), nullable=False),
        sa.Column("over_at", sa.String(20), nullable=False),
        sa.Column("first_day", sa.String(10)),
        sa.Column("last_day", sa.String(10)),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(80), nullable=False),
        sa.Column("vevent", sa.LargeBinary()),
    )
    op.create_index("event_by_time", "event", ["over_at", "begins_at"])
    op.create_table(
        "event_facet",
        sa.Column(
            "event_id",
            sa.String(40),
            sa.ForeignKey("event.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("facet", sa.String(20), primary_key=True),
        sa.Column("value", sa.String(255), primary_key=True),
    )
    op.create_index("event_facet_by_value", "event_facet", ["facet", "value"])
    op.create_table(
        "membership",
        sa.Column("source", sa.String(100), primary_key=True),
        sa.Column("source_id", sa.String(255), primary_key=True),
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(255), nullable=False),
    )
    op.create_index("membership_by_event", "membership", ["event_id"])
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_index("change_by_event", "change", ["event_id"])
