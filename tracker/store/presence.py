"""Stores the listings of a source, and since when each is missing. ``tracker.lifecycle`` has the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, literal, or_, select, update

from tracker.models.crawl_result import CrawlResult, KnownListing, words_of
from tracker.models.listing import Listing
from tracker.models.moments import stamp
from tracker.models.raw_listing import RawListing
from tracker.models.record import content_hash_of
from tracker.models.vocabulary import DeadlineKind
from tracker.store import schema
from tracker.store.bulk_writes import upsert
from tracker.store.column_types import InstantText

_BATCH = 500
_CLOSING_KINDS = frozenset({DeadlineKind.APPLICATION, DeadlineKind.REGISTRATION, DeadlineKind.SUBMISSION})


def expected_until(listing: Listing) -> datetime:
    """Return until when a source is expected to show a listing: its begin, or its first closing for applications.

    A listing that disappears later was cleaned up, not cancelled: AISafety.com drops a training that has started,
    opportunity boards drop what has closed.
    """
    closings = [each.closes_at for each in listing.deadlines if each.kind in _CLOSING_KINDS and each.closes_at]
    return min([listing.when.starts_at, *closings])


def save_listings(
    db: Connection,
    readings: Sequence[tuple[RawListing, Listing]],
    seen_at: datetime,
    shown_as: Mapping[str, str] | None = None,
) -> tuple[int, int]:
    """Store listings of one source, and return how many are new and how many have changed.

    Args:
        db: the transaction.
        readings: raw and validated listings; their ``source_id`` is the key.
        seen_at: when they were seen.
        shown_as: the source's own ids, by key, where they have changed; see ``tracker.lifecycle``.
    """
    if not readings:
        return 0, 0
    source = readings[0][1].source
    table = schema.listing
    rows = db.execute(select(table.c.source_id, table.c.content_hash).where(table.c.source == source))
    known: dict[str, str] = {row[0]: row[1] for row in rows}
    written, documents, touched = [], [], []
    new = 0
    for raw, listing in readings:
        texts = raw.canonical_bytes(), listing.canonical_bytes()
        content_hash = content_hash_of(*texts)
        before = known.get(listing.source_id)
        if before == content_hash:
            touched.append(listing)
            continue
        new += before is None
        key = {"source": source, "source_id": listing.source_id}
        documents.append(key | {"raw": texts[0].decode(), "document": texts[1].decode()})
        written.append(
            {
                **key,
                "content_hash": content_hash,
                "page_url": listing.page_url,
                "first_seen": seen_at,
                "last_seen": seen_at,
                "expected_until": expected_until(listing),
                "missed": 0,
                "missing_since": None,
                "withdrawn_at": None,
                "shown_as": listing.source_id,
            }
        )
    shows_all = known.keys() <= {listing.source_id for _, listing in readings}
    seen = None if shows_all else [each.source_id for each in touched]
    _touch(db, source, seen, last_seen=seen_at, missed=0, missing_since=None, withdrawn_at=None)
    upsert(db, table, written, keep=["first_seen", "shown_as"])
    upsert(db, schema.listing_document, documents)
    for renamed, name in (shown_as or {}).items():
        _touch(db, source, [renamed], shown_as=name)
    return new, len(written) - new


def save_moves(
    db: Connection, source: str, moved_from: Mapping[str, date | datetime], relocated: Collection[str]
) -> None:
    """Store the earlier start of listings that have moved, by key, and which have another place than before."""
    _touch(db, source, sorted(relocated), is_relocated=True)
    for key, start in moved_from.items():
        _touch(db, source, [key], moved_from=stamp(start) if isinstance(start, datetime) else start.isoformat())


def replace_listing(db: Connection, raw: RawListing, listing: Listing) -> None:
    """Store another reading of a listing that is known; whether and when it was seen stays."""
    texts = raw.canonical_bytes(), listing.canonical_bytes()
    listed, content = schema.listing, schema.listing_document
    values = {"content_hash": content_hash_of(*texts), "expected_until": expected_until(listing)}
    of_listing = (listed.c.source == listing.source, listed.c.source_id == listing.source_id)
    db.execute(update(listed).where(*of_listing).values(values))
    of_content = (content.c.source == listing.source, content.c.source_id == listing.source_id)
    db.execute(update(content).where(*of_content).values(raw=texts[0].decode(), document=texts[1].decode()))


def touch(db: Connection, source: str, pages: Iterable[str], seen_at: datetime) -> None:
    """Record that the listings of unchanged pages were seen."""
    table = schema.listing
    seen = update(table).where(table.c.source == source, table.c.page_url == bindparam("page"), table.c.missed == 0)
    rows = [{"page": page} for page in pages]
    if rows:
        db.execute(seen.values(last_seen=seen_at), rows)


def count_missing(
    db: Connection,
    source: str,
    result: CrawlResult,
    now: datetime,
    *,
    after: int,
    missing_for: timedelta,
) -> int:
    """Count one more missed run for the listings that a complete run did not show; return how many it withdraws.

    Args:
        db: the transaction.
        source: id of the source.
        result: what the run showed, and which pages have not changed since the last.
        now: when the run ended. Listings that have begun or closed by then do not count as missing.
        after: number of missed runs in a row after which a listing is withdrawn.
        missing_for: minimum time between the first of them and the withdrawal.
    """
    table = schema.listing
    rows = select(table.c.source_id, table.c.page_url, table.c.shown_as)
    due = (table.c.source == source, table.c.withdrawn_at.is_(None), table.c.expected_until > now)
    unchanged = set(result.unchanged_pages)
    expected = {row.source_id: row.shown_as for row in db.execute(rows.where(*due)) if row.page_url not in unchanged}
    missing = _without_unidentified(db, source, result.not_shown(expected), result.unidentified)
    _touch(
        db,
        source,
        missing,
        missed=table.c.missed + 1,
        missing_since=_since(now),
    )
    return _withdraw(db, source, now, after=after, missing_for=missing_for)


def _since(now: datetime) -> ColumnElement[datetime | None]:
    """Return since when a listing is missing: since now at the latest, also if the clock was ahead once."""
    known, at = schema.listing.c.missing_since, literal(now, InstantText())
    return case((known > at, at), else_=func.coalesce(known, at))


def _without_unidentified(db: Connection, source: str, missing: list[str], words: str) -> list[str]:
    """Return the missing listings without those whose title or URL stands in an entry that could not be read."""
    if not words.strip() or not missing:
        return missing
    listings = load_documents(db, source, missing)
    return [
        name
        for name, listing in listings.items()
        if words_of(listing.title) not in words and not (listing.url and words_of(listing.url) in words)
    ]


def load_documents(db: Connection, source: str, keys: Collection[str]) -> dict[str, Listing]:
    """Return some listings of a source, by key."""
    table = schema.listing_document
    found: dict[str, Listing] = {}
    ids = sorted(keys)
    for at in range(0, len(ids), _BATCH):
        some = (table.c.source == source, table.c.source_id.in_(ids[at : at + _BATCH]))
        rows = db.execute(select(table.c.source_id, table.c.document).where(*some))
        found |= {row.source_id: Listing.model_validate_json(row.document) for row in rows}
    return found


def load_inferred(db: Connection, source: str) -> list[tuple[str, RawListing | None, Listing]]:
    """Return the source's id, raw listing unless pruned, and listing of those with inferred or relative dates."""
    listing, document = schema.listing, schema.listing_document
    says_when = [
        document.c.document.contains(f'"{name}":', autoescape=True) for name in ("first_seen", "year_inferred")
    ]
    rows = (
        select(listing.c.shown_as, document.c.raw, document.c.document)
        .join(document, (listing.c.source == document.c.source) & (listing.c.source_id == document.c.source_id))
        .where(listing.c.source == source, or_(*says_when))
    )
    return [
        (
            row.shown_as,
            RawListing.model_validate_json(row.raw) if row.raw else None,
            Listing.model_validate_json(row.document),
        )
        for row in db.execute(rows)
    ]


def has_missing(db: Connection, source: str, now: datetime) -> bool:
    """Return whether an expected listing is missing: then all pages have to be read, even unchanged ones."""
    table = schema.listing
    missing = select(table.c.source_id).where(
        table.c.source == source, table.c.missed > 0, table.c.expected_until > now
    )
    return db.execute(missing.limit(1)).first() is not None


def _withdraw(db: Connection, source: str, now: datetime, *, after: int, missing_for: timedelta) -> int:
    table = schema.listing
    gone = update(table).where(
        table.c.source == source,
        table.c.missed >= after,
        table.c.missing_since <= now - missing_for,
        table.c.withdrawn_at.is_(None),
        table.c.expected_until > now,
    )
    return db.execute(gone.values(withdrawn_at=now)).rowcount


def _touch(db: Connection, source: str, ids: Sequence[str] | None, **values: object) -> None:
    """Set values of some listings of a source; of all if ``ids`` is None, which is twice as fast."""
    touch = update(schema.listing).where(schema.listing.c.source == source).values(**values)
    if ids is None:
        db.execute(touch)
        return
    for at in range(0, len(ids), _BATCH):
        db.execute(touch.where(schema.listing.c.source_id.in_(ids[at : at + _BATCH])))


def load_known(db: Connection, source: str) -> dict[str, KnownListing]:
    """Return the state of all listings of a source, by key."""
    table = schema.listing
    return {
        row.source_id: KnownListing(
            page_url=row.page_url,
            expected_until=row.expected_until,
            shown_as=row.shown_as,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            missed=row.missed,
            withdrawn_at=row.withdrawn_at,
            has_moved=row.moved_from is not None,
            content_hash=row.content_hash,
        )
        for row in db.execute(select(table).where(table.c.source == source))
    }


def ids_of_others(db: Connection, source: str, ids: Sequence[str]) -> frozenset[str]:
    """Return which of ``ids`` other sources use for their listings."""
    table = schema.listing
    found: set[str] = set()
    for at in range(0, len(ids), _BATCH):
        some = table.c.source_id.in_(ids[at : at + _BATCH])
        found |= set(db.execute(select(table.c.source_id).where(some, table.c.source != source)).scalars())
    return frozenset(found)
