"""Stores listings, and which event each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select, tuple_

from tracker.models.listing import Listing, ListingKey
from tracker.models.raw_listing import RawListing
from tracker.models.vocabulary import Lifecycle
from tracker.store import schema
from tracker.store.bulk_writes import upsert

_BATCH = 500


def _same(one: Table, other: Table) -> ColumnElement[bool]:
    return and_(one.c.source == other.c.source, one.c.source_id == other.c.source_id)


_SAME = _same(schema.listing, schema.listing_document)


@dataclass(frozen=True, slots=True)
class Membership:
    """The event that a listing belongs to, and why."""

    event_id: str
    reason: str
    first_event_id: str = ""
    """The event it first belonged to, whose id is used again if a merge is undone. Empty: ``event_id``."""


def load_listings(db: Connection, keys: Sequence[ListingKey] | None = None) -> list[Listing]:
    """Return all listings, or those with one of ``keys``, sorted by key."""
    table = schema.listing
    every = select(schema.listing_document.c.document, table.c.withdrawn_at).join(table, _SAME)
    every = every.order_by(table.c.source, table.c.source_id)
    if keys is None:
        return [_parse_listing(row.document, row.withdrawn_at) for row in db.execute(every)]
    found = []
    for at in range(0, len(keys), _BATCH):
        some = tuple_(table.c.source, table.c.source_id).in_([tuple(key) for key in keys[at : at + _BATCH]])
        found += [_parse_listing(row.document, row.withdrawn_at) for row in db.execute(every.where(some))]
    return sorted(found, key=lambda each: each.key)


def listings_of_events(db: Connection, event_ids: Sequence[str]) -> dict[str, list[Listing]]:
    """Return the listings of some events by event id, sorted by key."""
    listing, member = schema.listing, schema.membership
    found: dict[str, list[Listing]] = {}
    rows = (
        select(schema.listing_document.c.document, listing.c.withdrawn_at, member.c.event_id)
        .join(listing, _SAME)
        .join(member, _same(listing, member))
        .order_by(listing.c.source, listing.c.source_id)
    )
    for at in range(0, len(event_ids), _BATCH):
        for row in db.execute(rows.where(member.c.event_id.in_(event_ids[at : at + _BATCH]))):
            found.setdefault(row.event_id, []).append(_parse_listing(row.document, row.withdrawn_at))
    return found


def load_with_raw(db: Connection) -> Iterator[tuple[Listing, RawListing | None]]:
    """Yield all listings, sorted by key, with their raw listings unless these were pruned."""
    document = schema.listing_document
    rows = select(document.c.source, document.c.source_id).order_by(document.c.source, document.c.source_id)
    keys = [tuple(row) for row in db.execute(rows)]
    content = select(document.c.document, document.c.raw).order_by(document.c.source, document.c.source_id)
    for at in range(0, len(keys), _BATCH):
        some = tuple_(document.c.source, document.c.source_id).in_(keys[at : at + _BATCH])
        for row in db.execute(content.where(some)).all():
            raw = RawListing.model_validate_json(row.raw) if row.raw else None
            yield Listing.model_validate_json(row.document), raw


def load_first_seen(db: Connection, event_ids: Sequence[str]) -> dict[ListingKey, datetime]:
    """Return when each listing of some events was first seen."""
    listing, member = schema.listing, schema.membership
    rows = select(listing.c.source, listing.c.source_id, listing.c.first_seen).join(member, _same(listing, member))
    found: dict[ListingKey, datetime] = {}
    for at in range(0, len(event_ids), _BATCH):
        some = member.c.event_id.in_(event_ids[at : at + _BATCH])
        found |= {ListingKey((row.source, row.source_id)): row.first_seen for row in db.execute(rows.where(some))}
    return found


def load_absent(db: Connection) -> dict[ListingKey, datetime]:
    """Return when listings that their source does not show any more were seen last."""
    table = schema.listing
    gone = or_(table.c.missed > 0, table.c.withdrawn_at.is_not(None))
    rows = db.execute(select(table.c.source, table.c.source_id, table.c.last_seen).where(gone))
    return {ListingKey((row.source, row.source_id)): row.last_seen for row in rows}


def load_known_since(db: Connection) -> dict[ListingKey, datetime]:
    """Return when each listing was first seen."""
    table = schema.listing
    rows = db.execute(select(table.c.source, table.c.source_id, table.c.first_seen))
    return {ListingKey((row.source, row.source_id)): row.first_seen for row in rows}


def load_moved(db: Connection) -> dict[ListingKey, date | datetime]:
    """Return the earlier start of listings that have moved."""
    table = schema.listing
    rows = db.execute(
        select(table.c.source, table.c.source_id, table.c.moved_from).where(table.c.moved_from.is_not(None))
    )
    return {
        ListingKey((row.source, row.source_id)): (
            datetime.fromisoformat(row.moved_from) if "T" in row.moved_from else date.fromisoformat(row.moved_from)
        )
        for row in rows
    }


def load_relocated(db: Connection) -> frozenset[ListingKey]:
    """Return the listings that have another place than before."""
    table = schema.listing
    rows = db.execute(select(table.c.source, table.c.source_id).where(table.c.is_relocated))
    return frozenset(ListingKey((row.source, row.source_id)) for row in rows)


def load_states(db: Connection) -> dict[ListingKey, tuple[str, bool]]:
    """Return the content hash of each listing, and whether it is withdrawn."""
    table = schema.listing
    rows = db.execute(
        select(table.c.source, table.c.source_id, table.c.content_hash, table.c.withdrawn_at.is_not(None))
    )
    return {ListingKey((row[0], row[1])): (row[2], row[3]) for row in rows}


def load_raw(db: Connection, key: ListingKey) -> RawListing:
    """Return the raw listing; of a pruned one, only its key, page, title and time of fetching."""
    table = schema.listing_document
    named = (table.c.source == key[0]) & (table.c.source_id == key[1])
    row = db.execute(select(table.c.raw, table.c.document).where(named)).one()
    if row.raw:
        return RawListing.model_validate_json(row.raw)
    read = Listing.model_validate_json(row.document)
    kept = read.model_dump(include={"source", "source_id", "page_url", "fetched_at", "title"})
    return RawListing.model_validate(kept)


def listings_of_event(db: Connection, event_id: str) -> list[tuple[Listing, str]]:
    """Return the listings of an event, each with the reason why it belongs to it."""
    listing, member = schema.listing, schema.membership
    rows = db.execute(
        select(schema.listing_document.c.document, listing.c.withdrawn_at, member.c.reason)
        .join(listing, _SAME)
        .join(member, _same(listing, member))
        .where(member.c.event_id == event_id)
        .order_by(listing.c.source, listing.c.source_id)
    )
    return [(_parse_listing(row.document, row.withdrawn_at), row.reason) for row in rows]


def _parse_listing(document: str, withdrawn_at: datetime | None) -> Listing:
    listing = Listing.model_validate_json(document)
    return listing if withdrawn_at is None else listing.model_copy(update={"lifecycle": Lifecycle.WITHDRAWN})


def load_memberships(db: Connection) -> dict[ListingKey, Membership]:
    """Return the membership of every listing."""
    return {
        ListingKey((row.source, row.source_id)): Membership(row.event_id, row.reason, row.first_event_id)
        for row in db.execute(select(schema.membership))
    }


def save_memberships(
    db: Connection, memberships: Mapping[ListingKey, Membership], gone: Iterable[ListingKey] = ()
) -> None:
    """Store the memberships of listings; delete those of the listings in ``gone``."""
    upsert(
        db,
        schema.membership,
        [
            {
                "source": key[0],
                "source_id": key[1],
                "event_id": member.event_id,
                "reason": member.reason[:255],
                "first_event_id": member.first_event_id or member.event_id,
            }
            for key, member in memberships.items()
        ],
    )
    table = schema.membership
    for key in gone:
        db.execute(delete(table).where(tuple_(table.c.source, table.c.source_id) == tuple_(*key)))
