"""What several machines need: an index of words on PostgreSQL, texts that sort alike, turns and doors of workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Pieces of at most 300 letters, of which 100 overlap.
_INDEX = """
CREATE TABLE event_word (word text COLLATE "C" PRIMARY KEY);
CREATE TABLE event_words (
    id integer PRIMARY KEY REFERENCES event_text (id) ON DELETE CASCADE,
    words text[] COLLATE "C" NOT NULL
);
CREATE INDEX event_words_by_word ON event_words USING gin (words);

-- The words of a text, each once; an endless one in pieces that overlap.
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
UPDATE event_text SET folded = folded;
"""


def upgrade() -> None:
    """Add the tables; on PostgreSQL also the index, and the order of texts."""
    op.create_table(
        "door",
        sa.Column("domain", sa.String(255), primary_key=True),
        sa.Column("next_at", sa.Float, nullable=False),
    )
    op.create_table(
        "turn",
        sa.Column("source", sa.String(100), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
    )
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    found = sa.inspect(connection)
    for table in found.get_table_names():
        if table == "alembic_version" or table.startswith("procrastinate_"):
            continue
        changes = [
            f'ALTER COLUMN "{column["name"]}" TYPE varchar({column["type"].length}) COLLATE "C"'
            for column in found.get_columns(table)
            if isinstance(column["type"], sa.String) and not isinstance(column["type"], sa.Text)
        ]
        if changes:
            op.execute(f'ALTER TABLE "{table}" {", ".join(changes)}')
    connection.exec_driver_sql(_INDEX)
