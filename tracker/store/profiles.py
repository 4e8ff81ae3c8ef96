"""What listings are compared by, kept: made of each listing once, and again only when it says something else."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, and_, delete, literal, or_, select
from sqlalchemy import Table as SqlTable

from tracker.matching.profiles import read_profile
from tracker.matching.table import Table
from tracker.models.listing import Listing, ListingKey
from tracker.store import schema
from tracker.store.basis import code_of
from tracker.store.writing import upsert

_PORTION = 2_000
_CODE = 16


def make_profiles(db: Connection, source: str | None = None) -> int:
    """Make the profiles of all listings, or of those of one source, that have none that is up to date; count them."""
    listing, text_of, profile = schema.listing, schema.listing_document, schema.profile
    made_of = listing.c.content_hash + literal(_code())
    rows = (
        select(listing.c.source, listing.c.source_id, made_of.label("made_of"), text_of.c.document)
        .join(text_of, _same(listing, text_of))
        .outerjoin(profile, _same(listing, profile))
        .where(or_(profile.c.made_of.is_(None), profile.c.made_of != made_of))
    )
    if source is not None:
        rows = rows.where(listing.c.source == source)
    count = 0
    while found := db.execute(rows.limit(_PORTION)).all():
        table = Table(read_profile(Listing.model_validate_json(row.document)) for row in found)
        packed = zip(found, table.keys, table.titles, table.packed(), strict=True)
        upsert(
            db,
            profile,
            [
                {
                    "source": row.source,
                    "source_id": row.source_id,
                    "made_of": row.made_of,
                    "title": title,
                    "numbers": zlib.compress(numbers, 1),
                }
                for row, _, title, numbers in packed
            ],
        )
        count += len(found)
    return count


def load_table(db: Connection) -> Table:
    """Return the profiles of all listings that have one."""
    table = Table()
    for rows in _rows(db):
        keys = [ListingKey((row[0], row[1])) for row in rows]
        table.add_packed(keys, [row[2] for row in rows], [zlib.decompress(row[3]) for row in rows])
    return table


def forget_profiles(db: Connection) -> None:
    """Remove the profiles of listings that are not there any more."""
    listing, profile = schema.listing, schema.profile
    there = select(listing.c.source).where(_same(listing, profile)).exists()
    db.execute(delete(profile).where(~there))


def _rows(db: Connection) -> Iterator[list[tuple[str, str, str, bytes]]]:
    profile = schema.profile
    rows = db.execute(
        select(profile.c.source, profile.c.source_id, profile.c.title, profile.c.numbers)
        .join(schema.listing, _same(schema.listing, profile))
        .order_by(profile.c.source, profile.c.source_id)
    )
    while portion := rows.fetchmany(10 * _PORTION):
        yield [tuple(row) for row in portion]


def _same(one: SqlTable, other: SqlTable) -> ColumnElement[bool]:
    return and_(one.c.source == other.c.source, one.c.source_id == other.c.source_id)


def _code() -> str:
    return code_of("matching", "models", "reading")[:_CODE]
