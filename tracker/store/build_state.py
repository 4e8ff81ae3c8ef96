"""Stores what the last build left for the next: cache key, input hash of each event, profile of each listing."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, func, literal, or_, select

from tracker.models.listing import ListingKey
from tracker.store import schema
from tracker.store.bulk_writes import replace, upsert

_LAST_BUILD = "cache key of the last build"
_BUILD_COUNT = "number of builds"
_FAULTS = "faults of the last build"


def hash_inputs(db: Connection, versions: str) -> str:
    """Return the cache key of a build: a hash of all listings, rulings and sources, and of the stages' ``versions``."""
    digest = hashlib.sha256(versions.encode())
    listing, ruling, source = schema.listing.c, schema.ruling.c, schema.source.c
    queries = (
        select(
            listing.source,
            listing.source_id,
            listing.content_hash,
            listing.withdrawn_at.is_not(None),
            listing.missed > 0,
        ).order_by(listing.source, listing.source_id),
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


def load_build_count(db: Connection) -> int:
    """Return the number of builds that have changed something."""
    table = schema.marker
    return int(db.execute(select(table.c.value).where(table.c.name == _BUILD_COUNT)).scalar() or 0)


def save_build_count(db: Connection, count: int) -> None:
    """Store the number of builds that have changed something."""
    upsert(db, schema.marker, [{"name": _BUILD_COUNT, "value": str(count)}])


def save_faults(db: Connection, faults: Mapping[str, Sequence[str]]) -> None:
    """Store the listings that the build which has just ended could not publish: one line each, by source."""
    upsert(db, schema.marker, [{"name": _FAULTS, "value": json.dumps(faults, sort_keys=True)}])


def load_faults(db: Connection) -> dict[str, list[str]]:
    """Return the listings that the last build could not publish, by source."""
    table = schema.marker
    value = db.execute(select(table.c.value).where(table.c.name == _FAULTS)).scalar()
    faults: dict[str, list[str]] = json.loads(value) if value else {}
    return faults


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


_BATCH = 2_000


class StaleProfile(NamedTuple):
    """A listing whose profile is missing or out of date."""

    source: str
    source_id: str
    input_hash: str
    document: str
    """The listing as canonical JSON."""


class Profiles(NamedTuple):
    """Profiles of several listings, column by column."""

    keys: list[ListingKey]
    titles: list[str]
    """The names of each listing, one per line, the title first."""
    numbers: list[bytes]
    """The numbers of each profile, packed by ``tracker.matching.table``."""


def stale_profiles(db: Connection, version: str) -> list[StaleProfile]:
    """Return a batch of listings without a valid profile; empty once all have one.

    Args:
        db: the transaction.
        version: version of the code that computes profiles, at most 16 characters.
    """
    listing, document, profile = schema.listing, schema.listing_document, schema.profile
    input_hash = listing.c.content_hash + literal(version)
    rows = (
        select(listing.c.source, listing.c.source_id, input_hash, document.c.document)
        .join(document, and_(listing.c.source == document.c.source, listing.c.source_id == document.c.source_id))
        .outerjoin(profile, and_(listing.c.source == profile.c.source, listing.c.source_id == profile.c.source_id))
        .where(or_(profile.c.input_hash.is_(None), profile.c.input_hash != input_hash))
    )
    return [StaleProfile(*row) for row in db.execute(rows.limit(_BATCH))]


def save_profiles(db: Connection, stale: Sequence[StaleProfile], profiles: Profiles) -> None:
    """Store computed profiles, which are in the order of ``stale``."""
    rows = [
        {
            "source": each.source,
            "source_id": each.source_id,
            "input_hash": each.input_hash,
            "title": title,
            "numbers": zlib.compress(numbers, 1),
        }
        for each, title, numbers in zip(stale, profiles.titles, profiles.numbers, strict=True)
    ]
    upsert(db, schema.profile, rows)


def load_profiles(db: Connection) -> Profiles:
    """Return the profiles of all listings, sorted by key."""
    listing, profile = schema.listing, schema.profile
    rows = db.execute(
        select(profile.c.source, profile.c.source_id, profile.c.title, profile.c.numbers).join(
            listing, and_(listing.c.source == profile.c.source, listing.c.source_id == profile.c.source_id)
        )
    )
    # Sorted here, because PostgreSQL may order text by the rules of a language.
    ordered = sorted(rows, key=lambda row: (row[0], row[1]))
    return Profiles(
        [ListingKey((row[0], row[1])) for row in ordered],
        [row[2] for row in ordered],
        [zlib.decompress(row[3]) for row in ordered],
    )


def delete_orphaned_profiles(db: Connection) -> None:
    """Delete the profiles of listings that no longer exist."""
    listing, profile = schema.listing, schema.profile
    same = and_(listing.c.source == profile.c.source, listing.c.source_id == profile.c.source_id)
    db.execute(delete(profile).where(~select(listing.c.source).where(same).exists()))
