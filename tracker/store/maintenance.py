"""Maintains a database: backup, integrity check, pruning of old rows and compaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Connection, Table, and_, delete, func, select, text, update

from tracker.errors import StoreError, UsageError
from tracker.models.event import Event
from tracker.models.listing import Listing
from tracker.models.vocabulary import Verdict
from tracker.store import schema
from tracker.store.database import Store

RUNS_KEPT = 100
"""Number of newest runs of each source that are never pruned."""
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Pruned:
    """Number of rows that were pruned."""

    runs: int
    raw_listings: int
    pages: int
    changes: int


def backup(store: Store, path: Path) -> None:
    """Copy the database to a new file while others read and write; the file is complete or not there at all.

    Raises:
        UsageError: the file exists already, or the database is PostgreSQL.
        StoreError: it cannot be read or written.
    """
    if store.engine.dialect.name != "sqlite":
        raise UsageError("A PostgreSQL database is backed up by its own tool: pg_dump.")
    if path.exists():
        raise UsageError(f"{path} exists. Choose another name; nothing was overwritten.")
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with closing(_read_only(store)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
            (said,) = target.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            raise StoreError(f"The database is damaged, and so is its copy: {said}. Run: tracker db check")
        # The copy is as private as the database itself.
        unfinished.chmod(Path(str(store.engine.url.database)).stat().st_mode & 0o777)
        os.replace(unfinished, path)  # noqa: PTH105 - overwrites nothing: checked above
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} could not be written: {error}. Nothing was changed.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _read_only(store: Store) -> sqlite3.Connection:
    # The path is taken literally, also with "?" or "%" in it.
    if store.read_only is not None:
        return store.read_only.connect()
    address = Path(str(store.engine.url.database)).absolute().as_uri()
    return sqlite3.connect(f"{address}?mode=ro", uri=True)


def integrity_errors(db: Connection) -> Iterator[str]:
    """Yield the integrity errors of a database; nothing if it is intact."""
    if db.dialect.name == "sqlite":
        yield from (said for (said,) in db.execute(text("PRAGMA integrity_check")) if said != "ok")
        for row in db.execute(text("PRAGMA foreign_key_check")).fetchmany(_MOST_NAMED):
            yield f"a row of {row[0]} belongs to none of {row[2]}"
    listing, member, event = schema.listing, schema.membership, schema.event
    same = and_(listing.c.source == member.c.source, listing.c.source_id == member.c.source_id)
    orphans = select(member.c.source, member.c.source_id).outerjoin(listing, same).where(listing.c.source.is_(None))
    yield from (f"{row[0]} {row[1]} is counted to an event, but not there" for row in db.execute(orphans))
    lost = select(member.c.source, member.c.source_id, member.c.event_id)
    lost = lost.outerjoin(event, event.c.id == member.c.event_id).where(event.c.id.is_(None))
    yield from (f"the event {row[2]} of {row[0]} {row[1]} is not there" for row in db.execute(lost))
    text_of = schema.listing_document
    same = and_(listing.c.source == text_of.c.source, listing.c.source_id == text_of.c.source_id)
    for one, other in ((listing, text_of), (text_of, listing)):
        halves = select(one.c.source, one.c.source_id).outerjoin(other, same).where(other.c.source.is_(None))
        yield from (f"of {row[0]} {row[1]} there is no row in {other.name}" for row in db.execute(halves))
    for kind, model, key, document in (
        ("listing", Listing, text_of.c.source_id, text_of.c.document),
        ("event", Event, event.c.id, event.c.document),
    ):
        for named, said in db.execute(select(key, document)):
            try:
                model.model_validate_json(said)
            except ValidationError as error:
                yield f"{kind} {named} cannot be read: {error.error_count()} of its fields are wrong"


def prune(db: Connection, before: datetime) -> Pruned:
    """Delete raw listings and details of the history of events that ended before ``before``, old runs and page states.

    Events, listings, when each was listed, rulings, and everything about coming events are kept.
    """
    run, listing, text_of, page = schema.run, schema.listing, schema.listing_document, schema.page
    rank = func.row_number().over(partition_by=run.c.source, order_by=run.c.id.desc()).label("rank")
    ranked = select(run.c.id, rank).subquery()
    old = select(ranked.c.id).where(ranked.c.rank > RUNS_KEPT)
    # The last success is kept, however old: 'tracker status' shows it.
    well = run.c.verdict.in_([Verdict.HEALTHY.value, Verdict.UNCHANGED.value])
    last_well = select(func.max(run.c.id)).where(well).group_by(run.c.source)
    forgotten = (run.c.id.in_(old), run.c.id.not_in(last_well), run.c.finished_at < before)
    runs = db.execute(delete(run).where(*forgotten)).rowcount
    member = schema.membership
    over = (
        select(listing.c.source_id)
        .join(member, and_(listing.c.source == member.c.source, listing.c.source_id == member.c.source_id))
        .join(schema.event, schema.event.c.id == member.c.event_id)
        .where(
            listing.c.source == text_of.c.source,
            listing.c.source_id == text_of.c.source_id,
            listing.c.last_seen < before,
            schema.event.c.ends_at < before,
        )
    )
    raw = update(text_of).where(text_of.c.raw != "", over.exists())
    raws = db.execute(raw.values(raw="")).rowcount
    pages = db.execute(delete(page).where(page.c.read_at < before)).rowcount
    change = schema.change
    ended = select(schema.event.c.id).where(schema.event.c.ends_at < before)
    details = change.c.document.not_like('%"field":"event"%')  # when an event was listed stays
    changes = db.execute(delete(change).where(change.c.event_id.in_(ended), details, change.c.at < before)).rowcount
    return Pruned(runs, raws, pages, changes)


def compact(store: Store) -> None:
    """Give the disk space of deleted rows back (VACUUM; SQLite only)."""
    if store.engine.dialect.name == "sqlite":
        with store.reading() as db:
            db.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
            db.exec_driver_sql("VACUUM")


def counts(db: Connection) -> dict[str, int]:
    """Return the number of rows of the main tables."""

    def count(table: Table) -> int:
        return db.execute(select(func.count()).select_from(table)).scalar_one()

    return {table.name: count(table) for table in (schema.event, schema.listing, schema.run)}
