"""Stores what the published events were built from: the cache key of the build and an input hash for each event."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from tracker.store import schema
from tracker.store.bulk_writes import replace, upsert

_LAST_BUILD = "cache key of the last build"


def hash_inputs(db: Connection, versions: str) -> str:
    """Return the cache key of a build: a hash of all listings, rulings and sources, and of the stages' ``versions``."""
    digest = hashlib.sha256(versions.encode())
    listing, ruling, source = schema.listing.c, schema.ruling.c, schema.source.c
    queries = (
        select(listing.source, listing.source_id, listing.content_hash, listing.withdrawn_at.is_not(None)).order_by(
            listing.source, listing.source_id
        ),
        select(ruling.id, ruling.document).where(ruling.undone_at.is_(None)).order_by(ruling.id),
        select(source.id, source.document).order_by(source.id),
    )
    for query in queries:
        for row in db.execute(query):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def is_current(db: Connection, cache_key: str) -> bool:
    """Return whether the last build had this cache key, and all of its events are still there."""
    table = schema.marker
    found = db.execute(select(table.c.value).where(table.c.name == _LAST_BUILD)).scalar()
    return bool(found == _with_count(db, cache_key))


def save_cache_key(db: Connection, cache_key: str) -> None:
    """Store the cache key of the build that has just ended."""
    upsert(db, schema.marker, [{"name": _LAST_BUILD, "value": _with_count(db, cache_key)}])


def _with_count(db: Connection, cache_key: str) -> str:
    return f"{cache_key} {db.execute(select(func.count()).select_from(schema.event)).scalar_one()}"


def load_input_hashes(db: Connection) -> dict[str, str]:
    """Return the input hash of every event, by id."""
    rows = db.execute(select(schema.event_input.c.event_id, schema.event_input.c.input_hash))
    return {row[0]: row[1] for row in rows}


def save_input_hashes(db: Connection, hashes: Mapping[str, str]) -> None:
    """Store the input hashes of events."""
    upsert(db, schema.event_input, [{"event_id": each, "input_hash": value} for each, value in hashes.items()])


def delete_input_hashes(db: Connection, event_ids: Sequence[str]) -> None:
    """Delete the input hashes of events, which makes them stale: they are rebuilt if they ever come back."""
    replace(db, schema.event_input, "event_id", event_ids, [])
