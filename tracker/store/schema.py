"""Defines the tables. A record is stored as canonical JSON; the other columns are what queries filter and sort by."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
)

from tracker.store.column_types import InstantText
from tracker.store.column_types import sorted_text as _text
from tracker.store.notification_tables import notification_tables

SCHEMA_VERSION = "0014"
"""The newest migration; a test compares it with the head of the migrations."""
PRE_RELEASE_VERSIONS = frozenset(f"{number:04}" for number in range(1, 10))
"""Schema versions of the development before 0.1.0, which cannot be upgraded."""


metadata = MetaData()

source = Table(
    "source",
    metadata,
    Column("id", _text(100), primary_key=True),
    Column("document", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", _text(100), nullable=False),
    Column("finished_at", InstantText, nullable=False),
    Column("verdict", _text(20), nullable=False),
    # Id of the queue job that recorded it, so that a retried job does not record a source twice.
    Column("job", _text(40)),
    Column("document", Text, nullable=False),
    Index("run_by_source", "source", "id"),
)

page = Table(
    "page",
    metadata,
    Column("source", _text(100), primary_key=True),
    Column("url", _text(2048), primary_key=True),
    Column("etag", _text(1000), nullable=False),
    Column("last_modified", _text(200), nullable=False),
    Column("body_hash", _text(64), nullable=False),
    Column("reader_hash", _text(64), nullable=False),
    Column("read_at", InstantText, nullable=False),
    Column("has_links", Boolean, nullable=False, server_default=false()),
)

listing = Table(
    "listing",
    metadata,
    Column("source", _text(100), primary_key=True),
    Column("source_id", _text(255), primary_key=True),
    Column("content_hash", _text(64), nullable=False),
    Column("page_url", _text(2048), nullable=False),
    Column("first_seen", InstantText, nullable=False),
    Column("last_seen", InstantText, nullable=False),
    # The listing counts as missing only before this instant.
    Column("expected_until", InstantText, nullable=False),
    # Number of complete runs in a row that did not show it.
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("missing_since", InstantText),
    Column("withdrawn_at", InstantText),
    # The source's own id of it now; empty if that id stands for another entry. See tracker.lifecycle.
    Column("shown_as", _text(255), nullable=False, server_default=""),
    # Its earlier start, a day or an instant, and whether it has another place: other sources may still say the earlier.
    Column("moved_from", _text(20)),
    Column("is_relocated", Boolean, nullable=False, server_default=false()),
    Index("listing_by_id", "source_id"),
)
"""State of each listing from crawl to crawl; narrow, because every crawl updates most rows."""

listing_document = Table(
    "listing_document",
    metadata,
    Column("source", _text(100), primary_key=True),
    Column("source_id", _text(255), primary_key=True),
    Column("raw", Text, nullable=False),
    Column("document", Text, nullable=False),
)
"""Content of each listing: the raw listing and the validated reading."""

community = Table(
    "community",
    metadata,
    Column("source", _text(100), primary_key=True),
    Column("source_id", _text(255), primary_key=True),
    Column("document", Text, nullable=False),
)

profile = Table(
    "profile",
    metadata,
    Column("source", _text(100), primary_key=True),
    Column("source_id", _text(255), primary_key=True),
    Column("input_hash", _text(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("numbers", LargeBinary, nullable=False),
)
"""Cache of matching profiles of listings; valid while ``input_hash`` is."""

host = Table(
    "host",
    metadata,
    Column("domain", _text(255), primary_key=True),
    # No requests until then (Retry-After); stored so that it survives a restart.
    Column("retry_at", InstantText),
    # Unix time in seconds of the next free request slot; used with several workers.
    Column("next_slot", Float),
)
"""Throttling state of registrable domains."""

marker = Table(
    "marker",
    metadata,
    Column("name", _text(40), primary_key=True),
    Column("value", _text(255), nullable=False),
)
"""Single values: the cache key of the last build, and when a worker last looked for due sources."""

rejection = Table(
    "rejection",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("source", _text(100), nullable=False),
    Column("document", Text, nullable=False),
    Index("rejection_by_source", "source"),
)

event = Table(
    "event",
    metadata,
    Column("id", _text(40), primary_key=True),
    Column("document", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("first_seen", InstantText, nullable=False),
    Column("changed_at", InstantText, nullable=False),
    Column("starts_at", InstantText, nullable=False),
    Column("ends_at", InstantText, nullable=False),
    Column("first_day", _text(10)),
    Column("last_day", _text(10)),
    Column("opens_at", InstantText),
    Column("not_yet_open", Boolean, nullable=False, server_default=false()),
    Column("rolling", Boolean, nullable=False, server_default=false()),
    Column("has_closing", Boolean, nullable=False, server_default=false()),
    Column("content_hash", _text(80), nullable=False),
    Column("vevent", LargeBinary),
    Column("merged_into", _text(40)),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    Column("series", _text(40)),
    Column("part_of", _text(40)),
    # Covers every column that filters use, so that only matching rows are read whole.
    Index(
        "event_by_time",
        *("ends_at", "starts_at", "id", "merged_into", "hidden", "changed_at", "first_day", "last_day"),
        *("opens_at", "not_yet_open", "rolling", "has_closing"),
    ),
    Index("event_by_change", "changed_at"),
    Index("event_by_series", "series"),
    Index("event_by_whole", "part_of"),
)


def _event_id() -> ForeignKey:
    return ForeignKey("event.id", ondelete="CASCADE")


event_facet = Table(
    "event_facet",
    metadata,
    Column("event_id", _text(40), _event_id(), primary_key=True),
    Column("facet", _text(20), primary_key=True),
    Column("value", _text(255), primary_key=True),
    Index("event_facet_by_value", "facet", "value"),
)

event_text = Table(
    "event_text",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", _text(40), _event_id(), nullable=False, unique=True),
    Column("folded", Text, nullable=False),
)
"""Searchable text of an event. Triggers keep a substring index: on SQLite ``event_search`` (FTS5, trigrams), on
PostgreSQL ``event_words`` by way of a vocabulary, ``event_word``."""

event_closing = Table(
    "event_closing",
    metadata,
    Column("event_id", _text(40), _event_id(), primary_key=True),
    Column("closes_at", InstantText, primary_key=True),
)
"""Closing instants of the deadlines for applicants, once per event and instant."""

event_location = Table(
    "event_location",
    metadata,
    Column("event_id", _text(40), _event_id(), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("z", Float, nullable=False),
)
"""Places of an event as unit vectors: "near" is a large dot product, which every engine can compute."""

event_input = Table(
    "event_input",
    metadata,
    Column("event_id", _text(40), primary_key=True),
    Column("input_hash", _text(64), nullable=False),
)
"""Hash of everything a published event was built from; while it is the same, the event is not stale."""

deadline_entry = Table(
    "deadline_entry",
    metadata,
    Column("event_id", _text(40), _event_id(), primary_key=True),
    Column("part", _text(60), primary_key=True),
    Column("starts_at", InstantText, nullable=False),
    Column("vevent", LargeBinary, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", InstantText, nullable=False),
    Column("content_hash", _text(80), nullable=False),
)
"""Calendar entries of deadlines; each has a SEQUENCE of its own."""

membership = Table(
    "membership",
    metadata,
    Column("source", _text(100), primary_key=True),
    Column("source_id", _text(255), primary_key=True),
    Column("event_id", _text(40), nullable=False),
    Column("reason", _text(255), nullable=False),
    Column("first_event_id", _text(40), nullable=False, server_default=""),
    Index("membership_by_event", "event_id"),
)

ruling = Table(
    "ruling",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("undone_at", InstantText),
    Column("undone_by", _text(255), nullable=False, server_default=""),
)

suggestion = Table(
    "suggestion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", InstantText, nullable=False),
    Column("visitor", _text(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("accepted", Boolean),
    Column("decided_at", InstantText),
    Column("decided_by", _text(255), nullable=False, server_default=""),
    Index("suggestion_by_time", "at"),
)
"""Events and sources that visitors have suggested, and what a curator decided."""

doubtful_pair = Table(
    "doubtful_pair",
    metadata,
    *(Column(name, _text(100), primary_key=True) for name in ("source", "other_source")),
    *(Column(name, _text(255), primary_key=True) for name in ("source_id", "other_source_id")),
    Column("points", Float, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", _text(40), nullable=False),
    Column("at", InstantText, nullable=False),
    Column("document", Text, nullable=False),
    Index("change_by_event", "event_id"),
    Index("change_by_time", "at"),
)

notification, delivery = notification_tables(metadata)
