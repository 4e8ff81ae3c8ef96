"""Keeping runs: counts, what was rejected, pages and, if healthy, listings; and what the last ones come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from tracker.health.comparison import Known
from tracker.health.findings import Findings, PageSeen
from tracker.health.state import RUNS_TO_KNOW, state_of
from tracker.models.rejected import Rejected
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.models.state import SourceState
from tracker.models.vocabulary import Verdict
from tracker.store import schema, sightings
from tracker.store.columns import InstantText
from tracker.store.writing import upsert

_ABSENCES = frozenset({"emptied", "halved"})
"""What a person says is right, and takes listings away."""
_FEW = 200
_LONGEST_ETAG, _LONGEST_DATE = 1_000, 200


def record_run(
    db: Connection,
    run: Run,
    findings: Findings,
) -> Run:
    """Keep a run and return it with its counts of new, changed and withdrawn listings.

    The listings of a suspect or failed run are not kept: they would become public.
    """
    if run.went_well:
        run = run.model_copy(update=_save_what_it_showed(db, run, findings))
        _save_pages(db, run, findings)
    values = {
        "source": run.source,
        "finished_at": run.finished_at,
        "verdict": run.verdict.value,
        "document": run.canonical_json(),
    }
    run_id = db.execute(insert(schema.run).values(values).returning(schema.run.c.id)).scalar_one()
    _save_rejections(db, run, run_id, findings.rejected)
    return run


def forget_runs(db: Connection, runs: Iterable[Run]) -> None:
    """Forget failed runs that say nothing of their sources."""
    table = schema.run
    for run in runs:
        newest = select(func.max(table.c.id)).where(table.c.source == run.source).scalar_subquery()
        db.execute(delete(table).where(table.c.id == newest, table.c.verdict == Verdict.FAILED.value))


def _save_what_it_showed(db: Connection, run: Run, findings: Findings) -> dict[str, int]:
    now = run.finished_at
    sightings.see_again(db, run.source, findings.unchanged_pages, now)
    new, changed = sightings.save_listings(db, list(findings.readings.values()), now)
    withdrawn = 0
    if run.verdict is Verdict.HEALTHY and findings.is_complete:
        at_once = run.accepted and run.diagnosis in _ABSENCES
        unchanged = set(findings.unchanged_pages)
        withdrawn = sightings.count_missing(db, run.source, findings.shown(), unchanged, now, at_once=at_once)
    return {"new": new, "changed": changed, "withdrawn": withdrawn}


def _save_pages(db: Connection, run: Run, findings: Findings) -> None:
    table = schema.page
    for url in findings.vanished_pages:
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
                "read_by": page.read_by,
                "read_at": run.finished_at,
                "leads_on": page.leads_on,
            }
            for page in findings.pages
        ],
    )


def _whole(validator: str, most: int) -> str:
    """Return a validator to send back word for word, or nothing: half of one, or one in another encoding, is none."""
    return validator if len(validator) <= most and validator.isascii() else ""


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


def last_runs(
    db: Connection, *of: str, most: int = RUNS_TO_KNOW, verdict: Verdict | None = None
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


def load_states(db: Connection, sources: Iterable[Source]) -> dict[str, SourceState]:
    """Return how sources are doing, by id."""
    sources = list(sources)
    if not sources:
        return {}
    few = [source.id for source in sources] if len(sources) <= _FEW else []
    runs, successes = last_runs(db, *few), last_successes(db, *few)
    states = {source.id: state_of(source, runs.get(source.id, ())) for source in sources}
    return {
        name: state.model_copy(update={"last_success": successes.get(name)})  # it may lie further back
        for name, state in states.items()
    }


def load_known(db: Connection, source: str, found: Findings) -> Known:
    """Return what a source said before, to hold ``found`` against."""
    listings = sightings.load_known(db, source)
    new = [name for name in found.readings if name not in listings]
    healthy = last_runs(db, source, verdict=Verdict.HEALTHY).get(source, [])
    last = last_runs(db, source, most=1).get(source, [None])[-1]
    return Known(listings, healthy, sightings.ids_of_others(db, source, new), last)


def rejections(db: Connection, source: str) -> list[Rejected]:
    """Return what the newest run of a source rejected."""
    table = schema.rejection
    rows = db.execute(select(table.c.document).where(table.c.source == source).order_by(table.c.id))
    return [Rejected.model_validate_json(document) for document in rows.scalars()]
