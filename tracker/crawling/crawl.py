"""The crawl: groups of sources side by side in one asyncio loop, each run judged and kept in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import __version__
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.fetch import fetch_source
from tracker.crawling.groups import group_by_host
from tracker.errors import StoreError
from tracker.health.findings import Findings, PageSeen
from tracker.health.verdict import judge_run
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.store import Store, runs, sources
from tracker.store.fingerprints import fingerprint_bytes

GROUPS_AT_ONCE = 8
REREAD_AFTER = timedelta(days=7)
"""An unchanged page is read again after this time: the horizon of repeating entries moves on."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """What all runs of one crawl share."""

    store: Store
    settings: Settings
    on_run: Callable[[Run], None] | None = None
    """Called after each run, for progress."""


def run_crawl(crawl: Crawl, chosen: Sequence[Source]) -> list[Run]:
    """Crawl the chosen sources and return their runs, in the order they ended.

    Raises:
        StoreError: a run could not be kept. The other sources are crawled all the same.
    """
    with crawl.store.writing() as db:
        sources.save_sources(db, chosen)
    return asyncio.run(_crawl_all(crawl, chosen))


async def _crawl_all(crawl: Crawl, chosen: Iterable[Source]) -> list[Run]:
    limit = asyncio.Semaphore(GROUPS_AT_ONCE)
    done: list[Run] = []
    errors: list[StoreError] = []

    async def one(group: list[Source]) -> None:
        async with limit:
            try:
                done.extend(await crawl_group(crawl, group))
            except StoreError as error:
                errors.append(error)

    async with asyncio.TaskGroup() as tasks:
        for group in group_by_host(chosen):
            tasks.create_task(one(group))
    if errors:
        raise errors[0]
    return done


async def crawl_group(crawl: Crawl, group: Sequence[Source]) -> list[Run]:
    """Crawl sources of one site, one after another, its delay kept between them as well."""
    finished = []
    for index, source in enumerate(group):
        if index:
            await asyncio.sleep(crawl.settings.download_delay)
        run = await _crawl_source(crawl, source)
        if crawl.on_run is not None:
            crawl.on_run(run)
        finished.append(run)
    return finished


async def _crawl_source(crawl: Crawl, source: Source) -> Run:
    started_at = current_time()
    read_by = fingerprint_bytes(f"{__version__} {source.canonical_json()}".encode())
    with crawl.store.reading() as db:
        pages_seen = _still_good(runs.pages_seen(db, source.id), read_by, started_at)
    findings = Findings()
    await fetch_source(crawl.settings, source, findings, started_at, pages_seen=pages_seen, read_by=read_by)
    return _record(crawl.store, source, findings, started_at)


def _record(store: Store, source: Source, findings: Findings, started_at: datetime) -> Run:
    judgement = judge_run(findings, source)
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
    )
    with store.writing() as db:
        return runs.record_run(
            db,
            run,
            list(findings.readings.values()),
            findings.rejected,
            findings.pages,
            findings.unchanged_pages,
        )


def _still_good(pages: Mapping[str, PageSeen], read_by: str, now: datetime) -> dict[str, PageSeen]:
    """Keep the pages that need not be read again: read lately, by this version, with this source file."""
    return {
        url: page
        for url, page in pages.items()
        if page.read_by == read_by and page.read_at is not None and now - page.read_at < REREAD_AFTER
    }
