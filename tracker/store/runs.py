"""Records runs with their rejections, pages and listings, and loads the recent runs of a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from tracker.models.crawl_result import CrawlResult, PageState, SourceHistory, Withdrawal
from tracker.models.raw_listing import Rejected
from tracker.models.run import Run, RunHistory
from tracker.models.vocabulary import Verdict
from tracker.store import presence, schema
from tracker.store.build_state import load_faults
from tracker.store.bulk_writes import upsert
from tracker.store.column_types import InstantText
from tracker.store.communities import save_communities

RECENT_RUNS = 30
"""Number of runs per source that its health is computed from."""
_FEW = 200
"""Up to this many sources are selected by id."""
_LONGEST_ETAG, _LONGEST_DATE = 1_000, 200


def record_run(
    db: Connection,
    run: Run,
    result: CrawlResult,
    *,
    withdrawal: Withdrawal | None = None,
    shown_as: Mapping[str, str] | None = None,
    moved_from: Mapping[str, date | datetime] | None = None,
    relocated: Collection[str] = (),
    job: int | None = None,
) -> Run:
    """Store a run, and return it with its counts of new, changed and withdrawn listings.

    Only a healthy run counts listings as missing, and only a successful one remembers its pages as read. The readings
    of a suspect run are stored too; those that are not to become public have been taken out of ``result``.

    Args:
        db: the transaction.
        run: the run as judged.
        result: the crawl result.
        withdrawal: when missing listings are withdrawn; default: as usual.
        shown_as: the source's own ids of listings, by key, where they have changed.
        moved_from: the earlier start of listings that have moved, by key.
        relocated: keys of listings that have another place than before.
        job: the job of the queue that crawled it.
    """
    if run.verdict is not Verdict.FAILED:
        run = run.model_copy(update=_save_listings(db, run, result, withdrawal or Withdrawal(), shown_as or {}))
        presence.save_moves(db, run.source, moved_from or {}, relocated)
    if run.is_successful:
        _save_pages(db, run, result)
    values = {
        "source": run.source,
        "finished_at": run.finished_at,
        "verdict": run.verdict.value,
        "job": None if job is None else str(job),
        "document": run.canonical_json(),
    }
    run_id = db.execute(insert(schema.run).values(values).returning(schema.run.c.id)).scalar_one()
    _save_rejections(db, run, run_id, result.rejected)
    return run


def is_recorded(db: Connection, source: str, job: int) -> bool:
    """Return whether this job has recorded a run of the source: a job whose worker died is retried as a whole."""
    table = schema.run
    found = select(table.c.id).where(table.c.source == source, table.c.job == str(job)).limit(1)
    return db.execute(found).first() is not None


def forget_runs(db: Connection, runs: Iterable[Run]) -> None:
    """Delete the newest runs of sources if they failed for a reason that is not the source's."""
    table = schema.run
    for run in runs:
        newest = select(func.max(table.c.id)).where(table.c.source == run.source).scalar_subquery()
        db.execute(delete(table).where(table.c.id == newest, table.c.verdict == Verdict.FAILED.value))


def _save_listings(
    db: Connection, run: Run, result: CrawlResult, withdrawal: Withdrawal, shown_as: Mapping[str, str]
) -> dict[str, int]:
    now = run.finished_at
    presence.touch(db, run.source, result.unchanged_pages, now)
    new, changed = presence.save_listings(db, list(result.readings.values()), now, shown_as)
    withdrawn = 0
    if run.verdict is Verdict.HEALTHY and result.is_complete:
        withdrawn = presence.count_missing(
            db, run.source, result, now, after=withdrawal.after, missing_for=withdrawal.missing_for
        )
    if result.communities and run.is_successful:
        save_communities(db, run.source, result.communities)
    return {"new": new, "changed": changed, "withdrawn": withdrawn}


def _save_pages(db: Connection, run: Run, result: CrawlResult) -> None:
    table = schema.page
    for url in result.vanished_pages:
        db.execute(delete(table).where(table.c.source == run.source, table.c.url == url))
    upsert(
        db,
        schema.page,
        [
            {
                "source": run.source,
                "url": page.url,
                "etag": _whole(page.etag, _LONGEST_ETAG),
                "last_modified": _whole(page.last_modified, _LONGEST_DATE),
                "body_hash": page.body_hash,
                "reader_hash": page.reader_hash,
                "read_at": run.finished_at,
                "has_links": page.has_links,
            }
            for page in result.pages
        ],
    )


def _whole(validator: str, most: int) -> str:
    """Return an HTTP validator unchanged; empty if it is too long or not ASCII, as a changed validator is useless."""
    return validator if len(validator) <= most and validator.isascii() else ""


def _save_rejections(db: Connection, run: Run, run_id: int, rejected: Iterable[Rejected]) -> None:
    """Store the rejections of the newest run; an unchanged run keeps those of the run before."""
    if run.verdict is Verdict.UNCHANGED:
        return
    db.execute(delete(schema.rejection).where(schema.rejection.c.source == run.source))
    rows = [{"run_id": run_id, "source": run.source, "document": rejection.canonical_json()} for rejection in rejected]
    if rows:
        db.execute(insert(schema.rejection), rows)


def load_pages(db: Connection, source: str) -> dict[str, PageState]:
    """Return the states of a source's pages at the last run, by URL."""
    table = schema.page
    rows = db.execute(select(table).where(table.c.source == source))
    return {
        row.url: PageState(
            row.url, row.etag, row.last_modified, row.body_hash, row.reader_hash, row.has_links, row.read_at
        )
        for row in rows
    }


def last_runs(
    db: Connection, *of: str, most: int = RECENT_RUNS, verdict: Verdict | None = None
) -> dict[str, list[Run]]:
    """Return the last runs of every source, or ``of`` some, oldest first; with a verdict only, if one is given."""
    table = schema.run
    rank = func.row_number().over(partition_by=table.c.source, order_by=table.c.id.desc()).label("rank")
    ranked = select(table.c.id, table.c.source, table.c.document, rank)
    wanted: list[ColumnElement[bool]] = [table.c.source.in_(of)] if of else []
    wanted += [table.c.verdict == verdict.value] if verdict is not None else []
    recent = ranked.where(*wanted).subquery()
    found: dict[str, list[Run]] = defaultdict(list)
    for row in db.execute(select(recent).where(recent.c.rank <= most).order_by(recent.c.id)):
        found[row.source].append(Run.model_validate_json(row.document))
    return found


def last_successes(db: Connection, *of: str) -> dict[str, datetime]:
    """Return when each source, or each ``of`` some, was last crawled with success."""
    table = schema.run
    wanted: list[ColumnElement[bool]] = [table.c.source.in_(of)] if of else []
    rows = db.execute(
        select(table.c.source, func.max(table.c.finished_at, type_=InstantText()))
        .where(table.c.verdict.in_([Verdict.HEALTHY.value, Verdict.UNCHANGED.value]), *wanted)
        .group_by(table.c.source)
    )
    return {row[0]: row[1] for row in rows}


def newest_runs(db: Connection, most: int = 200) -> list[Run]:
    """Return the runs that were recorded last, of any source, the newest first."""
    table = schema.run
    rows = db.execute(select(table.c.document).order_by(table.c.id.desc()).limit(most)).scalars()
    return [Run.model_validate_json(document) for document in rows]


def has_success(db: Connection) -> bool:
    """Return whether any source was ever crawled with success."""
    table = schema.run
    good = table.c.verdict.in_([Verdict.HEALTHY.value, Verdict.UNCHANGED.value])
    return db.execute(select(table.c.id).where(good).limit(1)).first() is not None


def load_histories(db: Connection, sources: Iterable[str]) -> dict[str, RunHistory]:
    """Return the recent runs, the last success and the unpublished listings of sources, by id."""
    ids = list(sources)
    few = ids if len(ids) <= _FEW else []
    runs, successes, faults = last_runs(db, *few), last_successes(db, *few), load_faults(db)
    return {each: RunHistory(runs.get(each, []), successes.get(each), tuple(faults.get(each, ()))) for each in ids}


def load_source_history(db: Connection, source: str, shown: Iterable[str]) -> SourceHistory:
    """Return the earlier listings and runs of a source.

    Args:
        db: the transaction.
        source: id of the source.
        shown: the source's own ids in the crawl result.
    """
    listings = presence.load_known(db, source)
    known = {each.shown_as for each in listings.values()}
    return SourceHistory(
        listings,
        runs=last_runs(db, source, verdict=Verdict.HEALTHY).get(source, []),
        ids_of_others=presence.ids_of_others(db, source, [name for name in shown if name not in known]),
        recent=last_runs(db, source).get(source, []),
    )


def rejections(db: Connection, source: str) -> list[Rejected]:
    """Return the rejections of the newest run of a source."""
    table = schema.rejection
    rows = db.execute(select(table.c.document).where(table.c.source == source).order_by(table.c.id))
    return [Rejected.model_validate_json(document) for document in rows.scalars()]
