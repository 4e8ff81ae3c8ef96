"""Keeping one run: its counts, what it rejected, its pages and, if it is healthy, its listings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from tracker.health.findings import PageSeen
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.rejected import Rejected
from tracker.models.run import Run
from tracker.models.vocabulary import Verdict
from tracker.store import schema
from tracker.store.fingerprints import fingerprint, fingerprint_bytes
from tracker.store.writing import upsert

_PUBLISHABLE = frozenset({Verdict.HEALTHY, Verdict.UNCHANGED})


def record_run(
    db: Connection,
    run: Run,
    readings: Sequence[tuple[RawListing, Listing]] = (),
    rejected: Iterable[Rejected] = (),
    pages: Iterable[PageSeen] = (),
    unchanged_pages: Iterable[str] = (),
) -> Run:
    """Keep a run and return it with its counts of new and changed listings.

    The listings of a suspect or failed run are not kept: they would become public.
    """
    new = changed = 0
    if run.verdict in _PUBLISHABLE:
        new, changed = save_listings(db, readings, run.finished_at)
        for url in unchanged_pages:
            db.execute(
                update(schema.listing)
                .where(schema.listing.c.source == run.source, schema.listing.c.page_url == url)
                .values(last_seen=run.finished_at)
            )
        _save_pages(db, run, pages)
    run = run.model_copy(update={"new": new, "changed": changed})
    values = {
        "source": run.source,
        "finished_at": run.finished_at,
        "verdict": run.verdict.value,
        "document": run.canonical_json(),
    }
    run_id = db.execute(insert(schema.run).values(values).returning(schema.run.c.id)).scalar_one()
    _save_rejections(db, run, run_id, rejected)
    return run


def save_listings(db: Connection, readings: Sequence[tuple[RawListing, Listing]], seen_at: datetime) -> tuple[int, int]:
    """Keep listings of one source, and return how many are new and how many say something else than before."""
    if not readings:
        return 0, 0
    source = readings[0][1].source
    table = schema.listing
    known: dict[str, str] = {
        row.source_id: row.content_hash
        for row in db.execute(select(table.c.source_id, table.c.content_hash).where(table.c.source == source))
    }
    written, touched = [], []
    new = 0
    for raw, listing in readings:
        content = fingerprint(raw, "fetched_at") + fingerprint(listing, "fetched_at")
        content_hash = fingerprint_bytes(content.encode())
        if known.get(listing.source_id) == content_hash:
            touched.append(listing.source_id)
            continue
        new += listing.source_id not in known
        written.append(
            {
                "source": source,
                "source_id": listing.source_id,
                "raw": raw.canonical_json(),
                "document": listing.canonical_json(),
                "content_hash": content_hash,
                "page_url": listing.page_url,
                "first_seen": seen_at,
                "last_seen": seen_at,
            }
        )
    upsert(db, table, written, keep=["first_seen"])
    for at in range(0, len(touched), 500):
        db.execute(
            update(table)
            .where(table.c.source == source, table.c.source_id.in_(touched[at : at + 500]))
            .values(last_seen=seen_at)
        )
    return new, len(written) - new


def _save_pages(db: Connection, run: Run, pages: Iterable[PageSeen]) -> None:
    upsert(
        db,
        schema.page,
        [
            {
                "source": run.source,
                "url": page.url,
                "etag": page.etag[:1000],
                "last_modified": page.last_modified[:200],
                "body_hash": page.body_hash,
                "read_by": page.read_by,
                "read_at": run.finished_at,
                "leads_on": page.leads_on,
            }
            for page in pages
        ],
    )


def _save_rejections(db: Connection, run: Run, run_id: int, rejected: Iterable[Rejected]) -> None:
    """Keep the newest run's rejections; those of an unchanged run are still those of the run before."""
    if run.verdict is Verdict.UNCHANGED:
        return
    db.execute(delete(schema.rejection).where(schema.rejection.c.source == run.source))
    rows = [{"run_id": run_id, "source": run.source, "document": rejection.canonical_json()} for rejection in rejected]
    if rows:
        db.execute(insert(schema.rejection), rows)


def pages_seen(db: Connection, source: str) -> dict[str, PageSeen]:
    """Return what a source answered last time, by address."""
    table = schema.page
    rows = db.execute(select(table).where(table.c.source == source))
    return {
        row.url: PageSeen(row.url, row.etag, row.last_modified, row.body_hash, row.read_by, row.leads_on, row.read_at)
        for row in rows
    }


def latest_runs(db: Connection) -> dict[str, Run]:
    """Return the newest run of every source."""
    newest = select(func.max(schema.run.c.id)).group_by(schema.run.c.source)
    rows = db.execute(select(schema.run.c.document).where(schema.run.c.id.in_(newest))).scalars()
    return {run.source: run for run in map(Run.model_validate_json, rows)}


def last_successes(db: Connection) -> dict[str, datetime]:
    """Return when each source was last crawled with success."""
    table = schema.run
    rows = db.execute(
        select(table.c.source, func.max(table.c.finished_at, type_=schema.InstantText()))
        .where(table.c.verdict.in_([verdict.value for verdict in _PUBLISHABLE]))
        .group_by(table.c.source)
    )
    return {row[0]: row[1] for row in rows}


def recent_counts(db: Connection, most: int = 20) -> dict[str, tuple[int, ...]]:
    """Return how many listings the last runs of each source kept, oldest first; runs that found no change are left
    out."""
    table = schema.run
    rank = func.row_number().over(partition_by=table.c.source, order_by=table.c.id.desc()).label("rank")
    newest = select(table.c.id, table.c.source, table.c.document, rank)
    newest = newest.where(table.c.verdict != Verdict.UNCHANGED.value)
    recent = newest.subquery()
    counts: dict[str, list[int]] = defaultdict(list)
    for row in db.execute(select(recent).where(recent.c.rank <= most).order_by(recent.c.id)):
        counts[row.source].append(Run.model_validate_json(row.document).kept)
    return {source: tuple(each) for source, each in counts.items()}


def rejections(db: Connection, source: str) -> list[Rejected]:
    """Return what the newest run of a source rejected."""
    table = schema.rejection
    rows = db.execute(select(table.c.document).where(table.c.source == source).order_by(table.c.id))
    return [Rejected.model_validate_json(document) for document in rows.scalars()]
