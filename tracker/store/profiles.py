"""Cache of matching profiles: one row per listing, valid while its input hash is."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, literal, or_, select

from tracker.models.listing import ListingKey
from tracker.store import schema
from tracker.store.bulk_writes import upsert

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


def load_profiles(db: Connection) -> Iterator[Profiles]:
    """Yield the profiles of all listings in batches, sorted by key."""
    listing, profile = schema.listing, schema.profile
    rows = db.execute(
        select(profile.c.source, profile.c.source_id, profile.c.title, profile.c.numbers)
        .join(listing, and_(listing.c.source == profile.c.source, listing.c.source_id == profile.c.source_id))
        .order_by(profile.c.source, profile.c.source_id)
    )
    while batch := rows.fetchmany(10 * _BATCH):
        yield Profiles(
            [ListingKey((row[0], row[1])) for row in batch],
            [row[2] for row in batch],
            [zlib.decompress(row[3]) for row in batch],
        )


def delete_orphaned_profiles(db: Connection) -> None:
    """Delete the profiles of listings that no longer exist."""
    listing, profile = schema.listing, schema.profile
    same = and_(listing.c.source == profile.c.source, listing.c.source_id == profile.c.source_id)
    db.execute(delete(profile).where(~select(listing.c.source).where(same).exists()))
