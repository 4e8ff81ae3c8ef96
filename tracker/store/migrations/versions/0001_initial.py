"""The tables of version 0.1.0, with a full-text index for each engine.

The tables are defined in ``tracker.store.schema``. This migration creates them as the schema defines them now; so from
the first release on, a change of tables is a migration of its own, which must copy the definitions that it changes.
"""

from __future__ import annotations

from alembic import op

from tracker.store.schema import metadata

revision = "0001"
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
    connection = op.get_bind()
    metadata.create_all(connection)
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
