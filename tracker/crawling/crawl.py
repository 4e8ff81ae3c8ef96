"""The crawl: groups of sources side by side in one asyncio loop, each run judged and kept in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import __version__
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.engine import run_to_end
from tracker.crawling.fetch import Fetcher
from tracker.crawling.groups import domain_of, group_by_host
from tracker.crawling.reading import PagesApart
from tracker.errors import StoreError, TurnLostError
from tracker.health.fills import fill_rates
from tracker.health.findings import Findings, PageSeen
from tracker.health.verdict import judge_run
from tracker.manners.doors import Doors
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.models.vocabulary import Verdict
from tracker.store import Store, hosts, runs, sightings, sources, turns
from tracker.store.fingerprints import fingerprint_bytes

GROUPS_AT_ONCE = 12
SEVERAL = 3
"""So many sites that cannot be connected to are no coincidence."""
_NO_CONNECTION = frozenset({"host_not_found", "connection_refused", "timeout", "download_failed"})
REREAD_AFTER = timedelta(days=7)
"""An unchanged page is read again after this time: the horizon of repeating entries moves on."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """What all runs of one crawl share."""

    store: Store
    settings: Settings
    on_run: Callable[[Run], None] | None = None
    """Called after each run, for progress."""
    accepted: frozenset[str] = frozenset()
    """Ids of sources whose answer a person takes for right although it looks wrong."""
    hold: turns.Hold | None = None
    """The site that a job of a queue has taken; what that job has recorded before, it does not record again."""


def run_crawl(crawl: Crawl, chosen: Sequence[Source]) -> list[Run]:
    """Crawl the chosen sources and return their runs, in the order they ended.

    Raises:
        StoreError: a run could not be kept. The other sources are crawled all the same.
        StoppedError: somebody asked the crawl to end. What had ended by then is kept.
    """
    with crawl.store.writing() as db:
        sources.save_sources(db, chosen)
        hosts.forget_quiet(db, current_time())
        quiet = hosts.quiet_hosts(db, current_time())

    def keep_quiet(domain: str, until: datetime) -> None:
        with crawl.store.writing() as db:
            hosts.keep_quiet(db, domain, until)

    doors = Doors(crawl.settings.download_delay, quiet, keep_quiet)
    with crawl.store.staying_open():
        done = run_to_end(lambda: _crawl_all(crawl, doors, chosen), crawl.settings)
    if is_offline(done, chosen):
        # That says nothing of the sources: else a week without a network would have all of them paused.
        with crawl.store.writing() as db:
            runs.forget_runs(db, done)
    return done


def is_offline(done: Sequence[Run], chosen: Iterable[Source]) -> bool:
    """Say whether it is us who reach nobody: not one of several sites could be connected to."""
    sites = {domain_of(source) for source in chosen}
    return reached_nobody(done) and len(sites) >= SEVERAL


def reached_nobody(done: Iterable[Run]) -> bool:
    """Say whether not one of some runs could connect."""
    return all(run.verdict is Verdict.FAILED and run.diagnosis in _NO_CONNECTION for run in done)


async def _crawl_all(crawl: Crawl, doors: Doors, chosen: Iterable[Source]) -> list[Run]:
    limit = asyncio.Semaphore(GROUPS_AT_ONCE)
    pages = PagesApart()
    fetcher = Fetcher(crawl.settings, doors, pages.read)
    done: list[Run] = []
    errors: list[StoreError] = []

    async def one(group: list[Source]) -> None:
        async with limit:
            done.extend(await crawl_group(crawl, fetcher, group, errors))

    try:
        async with asyncio.TaskGroup() as tasks:
            for group in group_by_host(chosen):
                tasks.create_task(one(group))
    finally:
        pages.close()
    if errors:
        raise errors[0]
    return done


async def crawl_group(crawl: Crawl, fetcher: Fetcher, group: Sequence[Source], errors: list[StoreError]) -> list[Run]:
    """Crawl sources of one site, one after another; what could not be kept is added to ``errors``."""
    finished = []
    for source in group:
        try:
            run = await _crawl_source(crawl, fetcher, source)
        except TurnLostError as error:  # then the other sources are somebody else's as well
            errors.append(error)
            break
        except StoreError as error:
            errors.append(error)
            continue
        if run is None:
            continue
        if crawl.on_run is not None:
            crawl.on_run(run)
        finished.append(run)
    return finished


async def _crawl_source(crawl: Crawl, fetcher: Fetcher, source: Source) -> Run | None:
    """Crawl a source, and return its run; None if the job has recorded one before."""
    started_at = current_time()
    turn = None
    if crawl.hold is not None:
        with crawl.store.writing() as db:
            turn = turns.begin_turn(db, source.id, crawl.hold)
        if turn is None:
            return None
    read_by = fingerprint_bytes(f"{__version__} {source.canonical_json()}".encode())
    with crawl.store.reading() as db:
        known = runs.pages_seen(db, source.id)
        # What is missing may be on any page, and on one that has not changed: then all of them are read.
        is_whole = sightings.misses_any(db, source.id, started_at)
    pages_seen = {} if is_whole else _still_good(known, read_by, started_at)
    findings = Findings()
    await fetcher.fetch(source, findings, started_at, pages_seen=pages_seen, pages_known=known, read_by=read_by)
    if findings.store_failed is not None:
        raise findings.store_failed
    return _record(crawl, source, findings, started_at, turn)


def _record(crawl: Crawl, source: Source, findings: Findings, started_at: datetime, turn: int | None) -> Run:
    with crawl.store.writing() as db:
        if turn is not None:
            turns.end_turn(db, source.id, turn)
        known = runs.load_known(db, source.id, findings)
        judgement = judge_run(findings, source, started_at, known, accept=source.id in crawl.accepted)
        starts = [each.when.first_day for each in findings.listings() if each.when.first_day]
        interval = findings.refresh_interval
        if judgement.verdict is Verdict.UNCHANGED and known.runs:  # it was not read, so it still says what it said
            interval = timedelta(seconds=known.runs[-1].refresh_interval)
        fresh_for = max(findings.fresh_for, interval) if judgement.is_good else timedelta()
        asked = [findings.quiet_until, started_at + fresh_for if fresh_for else None]
        run = Run(
            source=source.id,
            started_at=started_at,
            finished_at=current_time(),
            verdict=judgement.verdict,
            diagnosis=judgement.diagnosis,
            message=judgement.message,
            pages=len(findings.pages) + len(findings.unchanged_pages),
            pages_unchanged=len(findings.unchanged_pages),
            found=findings.found,
            kept=len(findings.readings),
            rejected=len(findings.rejected),
            newest=max(starts, default=None),
            fills=fill_rates(findings.listings()),
            not_before=max(filter(None, asked), default=None),
            refresh_interval=round(interval.total_seconds()),
            moved_to=findings.moved_to,
            accepted=judgement.accepted,
        )
        return runs.record_run(db, run, findings)


def _still_good(pages: Mapping[str, PageSeen], read_by: str, now: datetime) -> dict[str, PageSeen]:
    """Keep the pages that need not be read again: read lately, by this version, with this source file."""
    return {
        url: page
        for url, page in pages.items()
        if page.read_by == read_by and page.read_at is not None and abs(now - page.read_at) < REREAD_AFTER
    }
