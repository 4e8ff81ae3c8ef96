"""What more filters need: text with an index, deadlines, places; calendar entries of deadlines; announcements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_EVENT = ("event.id",)
_KEPT = {
    "INSERT": "INSERT INTO event_search(rowid, folded) VALUES (new.id, new.folded);",
    "DELETE": "INSERT INTO event_search(event_search, rowid, folded) VALUES ('delete', old.id, old.folded);",
}
_KEPT["UPDATE"] = _KEPT["DELETE"] + _KEPT["INSERT"]


def upgrade() -> None:
    """Move the text to a table with an index. The other tables fill when the next crawl renders all entries anew."""
    for flag in ("not_yet_open", "rolling", "has_closing"):
        op.add_column("event", sa.Column(flag, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("event", sa.Column("opens_at", sa.String(20)))
    op.add_column("event", sa.Column("saved", sa.Integer, nullable=False, server_default="0"))
    op.create_index("event_by_saved", "event", ["saved"])
    op.create_table(
        "event_text",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.String(40), sa.ForeignKey(*_EVENT, ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("folded", sa.Text, nullable=False),
    )
    op.create_table(
        "event_closing",
        sa.Column("event_id", sa.String(40), sa.ForeignKey(*_EVENT, ondelete="CASCADE"), primary_key=True),
        sa.Column("closes_at", sa.String(20), primary_key=True),
    )
    op.create_table(
        "event_spot",
        sa.Column("event_id", sa.String(40), sa.ForeignKey(*_EVENT, ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *(sa.Column(axis, sa.Float, nullable=False) for axis in "xyz"),
    )
    op.create_table(
        "deadline_entry",
        sa.Column("event_id", sa.String(40), sa.ForeignKey(*_EVENT, ondelete="CASCADE"), primary_key=True),
        sa.Column("part", sa.String(60), primary_key=True),
        sa.Column("begins_at", sa.String(20), nullable=False),
        sa.Column("vevent", sa.LargeBinary, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.String(20), nullable=False),
        sa.Column("content_hash", sa.String(80), nullable=False),
    )
    op.create_table(
        "announced",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("item", sa.String(80), primary_key=True),
        sa.Column("sent_at", sa.String(20), nullable=False),
    )
    op.drop_index("event_by_time", "event")
    looked_at = ["over_at", "begins_at", "id", "merged_into", "hidden", "changed_at", "first_day", "last_day"]
    looked_at += ["opens_at", "not_yet_open", "rolling", "has_closing"]
    op.create_index("event_by_time", "event", looked_at)
    op.create_index("event_by_change", "event", ["changed_at"])
    op.create_index("change_by_time", "change", ["at"])
    if op.get_context().dialect.name == "sqlite":
        _index_text()
    op.execute("INSERT INTO event_text (event_id, folded) SELECT id, search_text FROM event")
    op.drop_column("event", "search_text")


def _index_text() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE event_search USING fts5("
        "folded, content='event_text', content_rowid='id', tokenize='trigram')"
    )
    for what, statements in _KEPT.items():
        op.execute(f"CREATE TRIGGER event_text_{what.lower()} AFTER {what} ON event_text BEGIN {statements} END")
