"""The tables. Records are kept whole as canonical JSON; columns beside it are what is searched by."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, false

from tracker.store.columns import InstantText, text_of

SCHEMA_VERSION = "0009"
"""The newest migration; a test holds it against the migrations' own head."""


metadata = MetaData()

source = Table(
    "source",
    metadata,
    Column("id", text_of(100), primary_key=True),
    Column("document", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", text_of(100), nullable=False),
    Column("finished_at", InstantText, nullable=False),
    Column("verdict", text_of(20), nullable=False),
    Column("document", Text, nullable=False),
    Index("run_by_source", "source", "id"),
)

page = Table(
    "page",
    metadata,
    Column("source", text_of(100), primary_key=True),
    Column("url", text_of(2048), primary_key=True),
    Column("etag", text_of(1000), nullable=False),
    Column("last_modified", text_of(200), nullable=False),
    Column("body_hash", text_of(64), nullable=False),
    Column("read_by", text_of(64), nullable=False),
    Column("read_at", InstantText, nullable=False),
    Column("leads_on", Boolean, nullable=False, server_default=false()),
)

listing = Table(
    "listing",
    metadata,
    Column("source", text_of(100), primary_key=True),
    Column("source_id", text_of(255), primary_key=True),
    Column("content_hash", text_of(64), nullable=False),
    Column("page_url", text_of(2048), nullable=False),
    Column("first_seen", InstantText, nullable=False),
    Column("last_seen", InstantText, nullable=False),
    # Until when its absence says something; how many complete runs in a row did not show it; since when that counts.
    Column("expected_until", InstantText, nullable=False, server_default="1970-01-01T00:00:00Z"),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("withdrawn_at", InstantText),
    Index("listing_by_id", "source_id"),
)
"""What is known of a listing from crawl to crawl; narrow, for every crawl touches most of it."""

listing_document = Table(
    "listing_document",
    metadata,
    Column("source", text_of(100), primary_key=True),
    Column("source_id", text_of(255), primary_key=True),
    Column("raw", Text, nullable=False),
    Column("document", Text, nullable=False),
)
"""What it says: unread, and as it was read."""

profile = Table(
    "profile",
    metadata,
    Column("source", text_of(100), primary_key=True),
    Column("source_id", text_of(255), primary_key=True),
    Column("made_of", text_of(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("numbers", LargeBinary, nullable=False),
)
"""What a listing is compared by; made once, by whichever worker comes first."""

host = Table(
    "host",
    metadata,
    Column("domain", text_of(255), primary_key=True),
    Column("quiet_until", InstantText, nullable=False),
)
"""Which registrable domains asked to be left alone, and until when; so that a restart does not forget it."""

door = Table(
    "door",
    metadata,
    Column("domain", text_of(255), primary_key=True),
    Column("next_at", Float, nullable=False),
    Column("number", Integer, nullable=False, server_default="0"),
)
"""When several workers crawl: from when on a registrable domain may be asked again, in seconds of Unix time, and
the number of the job that may: those with an older one have been overtaken."""

turn = Table(
    "turn",
    metadata,
    Column("source", text_of(100), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("job", text_of(40), nullable=False),
    Column("is_done", Boolean, nullable=False),
)
"""Whose turn it is to crawl a source: what is brought with an older number than this comes too late."""

marker = Table(
    "marker",
    metadata,
    Column("name", text_of(40), primary_key=True),
    Column("value", text_of(255), nullable=False),
)
"""What was done last, so that it need not be done again: see ``basis``."""

rejection = Table(
    "rejection",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("source", text_of(100), nullable=False),
    Column("document", Text, nullable=False),
    Index("rejection_by_source", "source"),
)

event = Table(
    "event",
    metadata,
    Column("id", text_of(40), primary_key=True),
    Column("document", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("first_seen", InstantText, nullable=False),
    Column("changed_at", InstantText, nullable=False),
    Column("begins_at", InstantText, nullable=False),
    Column("over_at", InstantText, nullable=False),
    Column("first_day", text_of(10)),
    Column("last_day", text_of(10)),
    Column("opens_at", InstantText),
    Column("not_yet_open", Boolean, nullable=False, server_default=false()),
    Column("rolling", Boolean, nullable=False, server_default=false()),
    Column("has_closing", Boolean, nullable=False, server_default=false()),
    Column("content_hash", text_of(80), nullable=False),
    Column("vevent", LargeBinary),
    Column("merged_into", text_of(40)),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    Column("series", text_of(40)),
    # Higher than in all earlier saves, so that who keeps events in memory reads only what was saved since.
    Column("saved", Integer, nullable=False, server_default="0"),
    # Holds all that selections look at, so that only the rows that are found are read whole.
    Index(
        "event_by_time",
        *("over_at", "begins_at", "id", "merged_into", "hidden", "changed_at", "first_day", "last_day"),
        *("opens_at", "not_yet_open", "rolling", "has_closing"),
    ),
    Index("event_by_change", "changed_at"),
    Index("event_by_saved", "saved"),
    Index("event_by_series", "series"),
)

event_facet = Table(
    "event_facet",
    metadata,
    Column("event_id", text_of(40), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("facet", text_of(20), primary_key=True),
    Column("value", text_of(255), primary_key=True),
    Index("event_facet_by_value", "facet", "value"),
)

event_text = Table(
    "event_text",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", text_of(40), ForeignKey("event.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("folded", Text, nullable=False),
)
"""What an event is found by. Triggers keep an index of it, which finds words as parts of others: on SQLite
``event_search`` (FTS5, three letters each); on PostgreSQL ``event_words``, by way of all words there are
(``event_word``)."""

event_closing = Table(
    "event_closing",
    metadata,
    Column("event_id", text_of(40), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("closes_at", InstantText, primary_key=True),
)
"""When something has to be done by, once per event and instant."""

event_spot = Table(
    "event_spot",
    metadata,
    Column("event_id", text_of(40), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("z", Float, nullable=False),
)
"""Where an event takes place, as unit vectors: near is a large dot product, which every engine can compute."""

event_basis = Table(
    "event_basis",
    metadata,
    Column("event_id", text_of(40), primary_key=True),
    Column("made_of", text_of(64), nullable=False),
)
"""What a published event was made of: while that is the same, it need not be made again."""

portion = Table(
    "portion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan", text_of(64), nullable=False),
    Column("code", text_of(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("outcome", Text),
)
"""Events that are to be made, some at a time, by whichever worker takes them; empty but while several publish."""

deadline_entry = Table(
    "deadline_entry",
    metadata,
    Column("event_id", text_of(40), ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("part", text_of(60), primary_key=True),
    Column("begins_at", InstantText, nullable=False),
    Column("vevent", LargeBinary, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", InstantText, nullable=False),
    Column("content_hash", text_of(80), nullable=False),
)
"""Calendar entries of deadlines; each has a version of its own."""

membership = Table(
    "membership",
    metadata,
    Column("source", text_of(100), primary_key=True),
    Column("source_id", text_of(255), primary_key=True),
    Column("event_id", text_of(40), nullable=False),
    Column("reason", text_of(255), nullable=False),
    Column("first_event_id", text_of(40), nullable=False, server_default=""),
    Index("membership_by_event", "event_id"),
)

ruling = Table(
    "ruling",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("undone_at", InstantText),
    Column("undone_by", text_of(255), nullable=False, server_default=""),
)

suggestion = Table(
    "suggestion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", InstantText, nullable=False),
    Column("visitor", text_of(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("accepted", Boolean),
    Column("decided_at", InstantText),
    Column("decided_by", text_of(255), nullable=False, server_default=""),
    Index("suggestion_by_time", "at"),
)
"""What visitors miss here; it waits until a person has decided."""

doubtful_pair = Table(
    "doubtful_pair",
    metadata,
    Column("source", text_of(100), primary_key=True),
    Column("source_id", text_of(255), primary_key=True),
    Column("other_source", text_of(100), primary_key=True),
    Column("other_source_id", text_of(255), primary_key=True),
    Column("points", Float, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", text_of(40), nullable=False),
    Column("at", InstantText, nullable=False),
    Column("document", Text, nullable=False),
    Index("change_by_event", "event_id"),
    Index("change_by_time", "at"),
)

announced = Table(
    "announced",
    metadata,
    Column("channel", text_of(16), primary_key=True),
    Column("item", text_of(80), primary_key=True),
    Column("sent_at", InstantText, nullable=False),
)
"""What was sent to which channel, so that each item is announced once."""
