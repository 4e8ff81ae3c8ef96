"""Crawls hosts concurrently in one asyncio loop; judges and records the run of each source in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker import __version__
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.due import domain_of, group_by_host
from tracker.crawling.event_loop import run_until_complete
from tracker.crawling.fetcher import Fetcher
from tracker.crawling.page_reader import SubprocessPageReader
from tracker.crawling.throttling.rate_limiter import RateLimiter
from tracker.errors import LeaseLostError, StoreError
from tracker.health.expectations import fill_rates
from tracker.health.verdict import judge_run, rejection_summary
from tracker.lifecycle.entries import follow_entries, withdrawal_rule
from tracker.models.crawl_result import CrawlResult, PageState
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.record import sha256_hex
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.models.vocabulary import Verdict
from tracker.reading import READING_VERSION, read_listing
from tracker.reading.dates.first_sight import FirstSights
from tracker.store import Store, hosts, locking, presence, runs, sources
from tracker.store.locking import Lease

CONCURRENT_HOSTS = 12
"""Number of sites that are crawled side by side, without those that keep the crawl waiting."""
MOST_HOSTS = 60
"""The same with those."""
PATIENCE = 10.0
"""Seconds after which a site that is not done gives its place to another; it goes on beside it."""
OFFLINE_HOSTS = 3
"""Minimum number of hosts from which, if none of them can be connected to, this machine counts as offline."""
_NO_CONNECTION = frozenset({"host_not_found", "connection_refused", "timeout", "download_failed"})
REREAD_AFTER = timedelta(days=7)
"""Age after which even an unchanged page is read again, because the horizon of recurring entries moves."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """The context that the runs of one crawl share."""

    store: Store
    settings: Settings
    on_run: Callable[[Run], None] | None = None
    """Called after each run, to show progress."""
    accepted: frozenset[str] = frozenset()
    """Ids of sources whose crawl result a person accepts despite an anomaly."""
    lease: Lease | None = None
    """The lease of the job that crawls; None outside of a queue."""


def run_crawl(crawl: Crawl, chosen: Sequence[Source]) -> list[Run]:
    """Crawl the chosen sources and return their runs, in the order they ended.

    Raises:
        StoreError: a run could not be recorded. The other sources are crawled nevertheless.
        StoppedError: the crawl was interrupted. The runs that had ended before are recorded.
    """
    with crawl.store.writing() as db:
        sources.rename_sources(db, chosen)
        sources.save_sources(db, chosen)
        hosts.delete_expired(db, current_time())
        blocked = hosts.blocked_hosts(db, current_time())

    def block_host(domain: str, until: datetime) -> None:
        with crawl.store.writing() as db:
            hosts.block_host(db, domain, until)

    rate_limiter = RateLimiter(crawl.settings.download_delay, blocked, block_host)
    with crawl.store.keep_open():
        done = run_until_complete(lambda: _crawl_all(crawl, rate_limiter, chosen), crawl.settings)
    if is_offline(done, chosen):
        # Such runs say nothing about the sources; recorded, a week without a network would pause all of them.
        with crawl.store.writing() as db:
            runs.forget_runs(db, done)
    return done


def is_offline(done: Sequence[Run], chosen: Iterable[Source]) -> bool:
    """Return whether this machine is offline: none of at least ``OFFLINE_HOSTS`` sites could be connected to."""
    sites = {domain_of(source) for source in chosen}
    return all_unreachable(done) and len(sites) >= OFFLINE_HOSTS


def all_unreachable(done: Iterable[Run]) -> bool:
    """Return whether none of the runs could connect."""
    return all(run.verdict is Verdict.FAILED and run.diagnosis in _NO_CONNECTION for run in done)


async def _crawl_all(crawl: Crawl, rate_limiter: RateLimiter, chosen: Iterable[Source]) -> list[Run]:
    places, most = asyncio.Semaphore(CONCURRENT_HOSTS), asyncio.Semaphore(MOST_HOSTS)
    pages = SubprocessPageReader()
    fetcher = Fetcher(crawl.settings, rate_limiter, pages.read)
    done: list[Run] = []
    errors: list[StoreError] = []

    async def one(group: list[Source]) -> None:
        async with most:
            await places.acquire()
            # A hanging site must not keep the others waiting until its time is up.
            giving_way = asyncio.get_running_loop().call_later(PATIENCE, places.release)
            try:
                done.extend(await crawl_group(crawl, fetcher, group, errors))
            finally:
                if asyncio.get_running_loop().time() < giving_way.when():
                    giving_way.cancel()
                    places.release()

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
    """Crawl the sources of one host one after another; append store errors to ``errors``."""
    finished = []
    for source in group:
        try:
            run = await _crawl_source(crawl, fetcher, source)
        except LeaseLostError as error:  # another worker crawls the whole host
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
    """Crawl a source, and return its run; None if an earlier attempt of the job has recorded it."""
    started_at = current_time()
    reader_hash = sha256_hex(f"{__version__} {READING_VERSION} {source.canonical_json()}".encode())
    with crawl.store.reading() as db:
        # Only a job that was requeued can have recorded it; ids of jobs start again with a new queue.
        if crawl.lease is not None and crawl.lease.attempt and runs.is_recorded(db, source.id, crawl.lease.job):
            return None
        known = runs.load_pages(db, source.id)
        # A missing listing may be on any page, even on an unchanged one, so all pages are read.
        inferred = presence.load_inferred(db, source.id)
        was_hanging = any(
            run.diagnosis == "timeout" for run in runs.last_runs(db, source.id, most=1).get(source.id, [])
        )
        reread_all = presence.has_missing(db, source.id, started_at)
    cached_pages = {} if reread_all else _still_valid(known, reader_hash, started_at)
    result = CrawlResult()
    await fetcher.fetch(
        source,
        result,
        started_at,
        cached_pages=cached_pages,
        known_pages=known,
        reader_hash=reader_hash,
        first_sights=_first_sights(source, inferred),
        was_hanging=was_hanging,
    )
    if result.store_error is not None:
        raise result.store_error
    return _record(crawl, source, result, started_at)


def _first_sights(source: Source, inferred: Iterable[tuple[str, RawListing | None, Listing]]) -> FirstSights:
    """Return when the words of earlier listings were first seen; of a store from before that was kept, as read then."""
    found = []
    for name, raw, listing in inferred:
        first_seen = listing.first_seen
        if not first_seen and raw is not None and isinstance(again := read_listing(raw, source), Listing):
            first_seen = again.first_seen
        found.append((name, listing.title, first_seen))
    return FirstSights(found)


def _record(crawl: Crawl, source: Source, result: CrawlResult, started_at: datetime) -> Run:
    with crawl.store.writing() as db:
        if crawl.lease is not None:
            locking.check_lease(db, crawl.lease)
        known = runs.load_source_history(db, source.id, result.readings)
        source_hash = sha256_hex(source.canonical_json().encode())[:16]
        known = replace(known, runs=[each for each in known.runs if each.source_hash in {"", source_hash}])
        followed = follow_entries(
            result, known.listings, lambda keys: presence.load_documents(db, source.id, keys), started_at
        )
        judgement = judge_run(result, source, started_at, known, accept=source.id in crawl.accepted)
        starts = [each.when.first_day for each in result.listings() if each.when.first_day]
        interval = result.refresh_interval
        if judgement.verdict is Verdict.UNCHANGED and known.runs:  # not read again, so the last value remains valid
            interval = timedelta(seconds=known.runs[-1].refresh_interval)
        fresh_for = max(result.fresh_for, interval) if judgement.is_good else timedelta()
        asked = [result.retry_at, started_at + fresh_for if fresh_for else None]
        run = Run(
            source=source.id,
            started_at=started_at,
            finished_at=current_time(),
            verdict=judgement.verdict,
            diagnosis=judgement.diagnosis,
            message=judgement.message,
            pages=len(result.pages) + len(result.unchanged_pages),
            pages_unchanged=len(result.unchanged_pages),
            found=result.found,
            kept=result.kept,
            rejected=len(result.rejected),
            rejection=rejection_summary(result),
            newest=max(starts, default=None),
            fills=fill_rates(result.listings()),
            not_before=max(filter(None, asked), default=None),
            refresh_interval=round(interval.total_seconds()),
            moved_to=result.moved_to,
            accepted=judgement.accepted,
            source_hash=source_hash,
        )
        withdrawal = withdrawal_rule(result, is_accepted=judgement.accepted)
        result.readings = {
            key: each
            for key, each in result.readings.items()
            if not judgement.withholds(key) and key not in followed.withheld
        }
        return runs.record_run(
            db,
            run,
            result,
            withdrawal=withdrawal,
            shown_as={key: name for key, name in followed.shown_as.items() if not judgement.withholds(key)},
            moved_from={key: start for key, start in followed.moved_from.items() if key in result.readings},
            relocated=followed.relocated & result.readings.keys(),
            job=crawl.lease.job if crawl.lease is not None else None,
        )


def _still_valid(pages: Mapping[str, PageState], reader_hash: str, now: datetime) -> dict[str, PageState]:
    """Return the pages that need not be read again: read recently, by this version, with this source file."""
    return {
        url: page
        for url, page in pages.items()
        if page.reader_hash == reader_hash and page.read_at is not None and abs(now - page.read_at) < REREAD_AFTER
    }
