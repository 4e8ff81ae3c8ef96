"""The tables of version 0.1.0, with a full-text index for each engine.

A test compares the tables after all migrations with ``tracker.store.schema``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

revision = "0010"
down_revision = None
branch_labels = None
depends_on = None

_FTS_INSERT = "INSERT INTO event_search(rowid, folded) VALUES (new.id, new.folded);"
_FTS_DELETE = "INSERT INTO event_search(event_search, rowid, folded) VALUES ('delete', old.id, old.folded);"
_SQLITE_TRIGGERS = {"INSERT": _FTS_INSERT, "DELETE": _FTS_DELETE, "UPDATE": _FTS_DELETE + _FTS_INSERT}

# A word longer than 300 letters is indexed in pieces of 300 that overlap by 100.
_POSTGRESQL = """
CREATE TABLE event_word (word text COLLATE "C" PRIMARY KEY);
CREATE TABLE event_words (
    id integer PRIMARY KEY REFERENCES event_text (id) ON DELETE CASCADE,
    words text[] COLLATE "C" NOT NULL
);
CREATE INDEX event_words_by_word ON event_words USING gin (words);

CREATE FUNCTION words_of(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT piece), ARRAY[]::text[])
    FROM (
        SELECT CASE WHEN length(word) <= 300 THEN word ELSE substr(word, at, 300) END COLLATE "C" AS piece
        FROM unnest(string_to_array(folded, ' ')) AS word,
             generate_series(1, greatest(1, length(word) - 100), 200) AS at
        WHERE word <> '' AND (at = 1 OR length(word) > 300)
    ) AS pieces
$$;

CREATE FUNCTION index_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event_words (id, words) SELECT id, words_of(folded) FROM fresh
        ON CONFLICT (id) DO UPDATE SET words = excluded.words;
    INSERT INTO event_word
        SELECT DISTINCT word COLLATE "C" FROM event_words JOIN fresh USING (id), unnest(words) AS word ORDER BY 1
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER event_text_insert AFTER INSERT ON event_text
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION index_words();
CREATE TRIGGER event_text_update AFTER UPDATE ON event_text
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION index_words();
"""


def upgrade() -> None:
    """Create all tables and the full-text index."""
    _create_tables()
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE event_search USING fts5("
            "folded, content='event_text', content_rowid='id', tokenize='trigram')"
        )
        for event, statements in _SQLITE_TRIGGERS.items():
            connection.exec_driver_sql(
                f"CREATE TRIGGER event_text_{event.lower()} AFTER {event} ON event_text BEGIN {statements} END"
            )
    else:
        connection.exec_driver_sql(_POSTGRESQL)


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")


def _create_tables() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("at", _text(20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("change_by_event", "change", ["event_id"], unique=False)
    op.create_index("change_by_time", "change", ["at"], unique=False)
    op.create_table(
        "doubtful_pair",
        sa.Column("source", _text(100), nullable=False),
        sa.Column("source_id", _text(255), nullable=False),
        sa.Column("other_source", _text(100), nullable=False),
        sa.Column("other_source_id", _text(255), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id", "other_source", "other_source_id"),
    )
    op.create_table(
        "event",
        sa.Column("id", _text(40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("first_seen", _text(20), nullable=False),
        sa.Column("changed_at", _text(20), nullable=False),
        sa.Column("starts_at", _text(20), nullable=False),
        sa.Column("ends_at", _text(20), nullable=False),
        sa.Column("first_day", _text(10), nullable=True),
        sa.Column("last_day", _text(10), nullable=True),
        sa.Column("opens_at", _text(20), nullable=True),
        sa.Column("not_yet_open", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rolling", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("has_closing", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("content_hash", _text(80), nullable=False),
        sa.Column("vevent", sa.LargeBinary(), nullable=True),
        sa.Column("merged_into", _text(40), nullable=True),
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("series", _text(40), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("event_by_change", "event", ["changed_at"], unique=False)
    op.create_index("event_by_series", "event", ["series"], unique=False)
    op.create_index(
        "event_by_time",
        "event",
        [
            "ends_at", "starts_at", "id", "merged_into", "hidden", "changed_at", "first_day", "last_day", "opens_at",
            "not_yet_open", "rolling", "has_closing",
        ],
        unique=False,
    )  # fmt: skip
    op.create_table(
        "event_input",
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("input_hash", _text(64), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_table(
        "host",
        sa.Column("domain", _text(255), nullable=False),
        sa.Column("retry_at", _text(20), nullable=True),
        sa.Column("next_slot", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("domain"),
    )
    op.create_table(
        "listing",
        sa.Column("source", _text(100), nullable=False),
        sa.Column("source_id", _text(255), nullable=False),
        sa.Column("content_hash", _text(64), nullable=False),
        sa.Column("page_url", _text(2048), nullable=False),
        sa.Column("first_seen", _text(20), nullable=False),
        sa.Column("last_seen", _text(20), nullable=False),
        sa.Column("expected_until", _text(20), nullable=False),
        sa.Column("missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("withdrawn_at", _text(20), nullable=True),
        sa.PrimaryKeyConstraint("source", "source_id"),
    )
    op.create_index("listing_by_id", "listing", ["source_id"], unique=False)
    op.create_table(
        "listing_document",
        sa.Column("source", _text(100), nullable=False),
        sa.Column("source_id", _text(255), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id"),
    )
    op.create_table(
        "marker",
        sa.Column("name", _text(40), nullable=False),
        sa.Column("value", _text(255), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "membership",
        sa.Column("source", _text(100), nullable=False),
        sa.Column("source_id", _text(255), nullable=False),
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("reason", _text(255), nullable=False),
        sa.Column("first_event_id", _text(40), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id"),
    )
    op.create_index("membership_by_event", "membership", ["event_id"], unique=False)
    op.create_table(
        "notification",
        sa.Column("channel", _text(16), nullable=False),
        sa.Column("item", _text(80), nullable=False),
        sa.Column("sent_at", _text(20), nullable=False),
        sa.PrimaryKeyConstraint("channel", "item"),
    )
    op.create_table(
        "page",
        sa.Column("source", _text(100), nullable=False),
        sa.Column("url", _text(2048), nullable=False),
        sa.Column("etag", _text(1000), nullable=False),
        sa.Column("last_modified", _text(200), nullable=False),
        sa.Column("body_hash", _text(64), nullable=False),
        sa.Column("reader_hash", _text(64), nullable=False),
        sa.Column("read_at", _text(20), nullable=False),
        sa.Column("has_links", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("source", "url"),
    )
    op.create_table(
        "profile",
        sa.Column("source", _text(100), nullable=False),
        sa.Column("source_id", _text(255), nullable=False),
        sa.Column("input_hash", _text(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id"),
    )
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("undone_at", _text(20), nullable=True),
        sa.Column("undone_by", _text(255), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", _text(100), nullable=False),
        sa.Column("finished_at", _text(20), nullable=False),
        sa.Column("verdict", _text(20), nullable=False),
        sa.Column("job", _text(40), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("run_by_source", "run", ["source", "id"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", _text(100), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _text(20), nullable=False),
        sa.Column("visitor", _text(64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", _text(20), nullable=True),
        sa.Column("decided_by", _text(255), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("suggestion_by_time", "suggestion", ["at"], unique=False)
    op.create_table(
        "deadline_entry",
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("part", _text(60), nullable=False),
        sa.Column("starts_at", _text(20), nullable=False),
        sa.Column("vevent", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", _text(20), nullable=False),
        sa.Column("content_hash", _text(80), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "part"),
    )
    op.create_table(
        "event_closing",
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("closes_at", _text(20), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "closes_at"),
    )
    op.create_table(
        "event_facet",
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("facet", _text(20), nullable=False),
        sa.Column("value", _text(255), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "facet", "value"),
    )
    op.create_index("event_facet_by_value", "event_facet", ["facet", "value"], unique=False)
    op.create_table(
        "event_location",
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("z", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "number"),
    )
    op.create_table(
        "event_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", _text(40), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_table(
        "rejection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("source", _text(100), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("rejection_by_source", "rejection", ["source"], unique=False)
