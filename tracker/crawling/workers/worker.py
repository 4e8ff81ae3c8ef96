"""Runs a worker, which crawls the hosts whose jobs it takes from the queue, and publishes the events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from procrastinate import App, JobContext
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from tracker import __version__
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.crawler import CONCURRENT_HOSTS, OFFLINE_HOSTS, Crawl, all_unreachable, crawl_group
from tracker.crawling.due import load_due
from tracker.crawling.fetcher import Fetcher
from tracker.crawling.page_reader import SubprocessPageReader
from tracker.crawling.throttling.rate_limiter import RateLimiter
from tracker.crawling.workers.leases import DatabaseRateLimiter, Heartbeat
from tracker.crawling.workers.queue import CRAWL, PUBLISH, Enqueued, RetryPolicy, enqueue, make_app, opened
from tracker.errors import StoreError, StoreTooNewError
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.pipeline.build import BuildResult, build_events
from tracker.store import Store, hosts, locking, runs, sources
from tracker.store.locking import Lease

_HIGH_PRIORITY = 10
"""Priority of publishing over crawling."""
_DUE_CHECK = "looked for what is due"


@dataclass(frozen=True, slots=True)
class WorkerTimings:
    """Time settings of a worker, in seconds."""

    at_once: int = CONCURRENT_HOSTS
    """Number of hosts it crawls concurrently."""
    gone_after: float = 30
    """Time without a heartbeat after which a worker is taken for dead and its jobs are requeued."""
    due_every: float = 300
    """Interval at which one of all workers looks for sources that are due."""
    publish_after: int = 15
    """Delay from the first run to publication, so that several runs are published together."""
    grace: float = 20
    """Time for running jobs to finish when the worker is stopped."""

    @property
    def heartbeat(self) -> float:
        """Interval between two heartbeats, and between two checks for stalled jobs."""
        return self.gone_after / 3


@dataclass
class Worker:
    """Crawls and publishes until it is stopped or, without ``wait``, until the queue is empty."""

    store: Store
    settings: Settings
    known_sources: Sequence[Source]
    """Sources that it enqueues when they are due. A job contains the ids of the sources that it crawls."""
    on_run: Callable[[Run], None] | None = None
    on_publish: Callable[[BuildResult], None] | None = None
    pace: WorkerTimings = field(default_factory=WorkerTimings)
    wait: bool = True

    def __post_init__(self) -> None:
        self._app = make_app(self.store)
        self._unreached: dict[str, list[Run]] = {}
        self._too_old: StoreTooNewError | None = None
        self._slots = DatabaseRateLimiter(self.store, self.settings.download_delay)
        self._heartbeat = Heartbeat(self.store, self.pace.heartbeat)
        self._register(self._app)

    async def run(self) -> None:
        """Process the jobs of the queue.

        Raises:
            StoreError: the database cannot be used, or is used by a newer version.
        """
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # runs have messages of their own
        with self.store.reading() as db:
            blocked = hosts.blocked_hosts(db, current_time())
        self._rate_limiter = RateLimiter(self.settings.download_delay, blocked, self._block_host, self._slots)
        page_reader = SubprocessPageReader()
        self._fetcher = Fetcher(self.settings, self._rate_limiter, page_reader.read)
        try:
            async with opened(self._app, self.store):
                await self._requeue_stalled()
                self._working = asyncio.ensure_future(
                    self._app.run_worker_async(
                        concurrency=self.pace.at_once,
                        wait=self.wait,
                        fetch_job_polling_interval=min(5.0, self.pace.heartbeat),
                        update_heartbeat_interval=self.pace.heartbeat,
                        stalled_worker_timeout=self.pace.gone_after,
                        shutdown_graceful_timeout=self.pace.grace,
                        delete_jobs="successful",
                        install_signal_handlers=False,
                    )
                )
                maintaining = asyncio.ensure_future(self._maintain_queue())
                try:
                    with self._heartbeat:
                        await self._until_one_ends(maintaining)
                finally:
                    maintaining.cancel()
                if not self.wait:
                    await self._publish()
        except ConnectorException as error:
            raise StoreError(f"The queue broke off: {error}. Running jobs are retried by other workers.") from error
        finally:
            page_reader.close()

    async def _until_one_ends(self, maintaining: asyncio.Future[None]) -> None:
        try:
            await asyncio.wait({self._working, maintaining}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Procrastinate lets running jobs finish, requeues the others, and unregisters the worker.
            self._working.cancel()
            await asyncio.wait({self._working})
        if self._too_old is not None:
            raise self._too_old
        for ended in (maintaining, self._working):
            if ended.done() and not ended.cancelled():
                ended.result()

    def _register(self, app: App) -> None:
        app.task(name=CRAWL, queue=CRAWL, retry=RetryPolicy(), pass_context=True)(self._crawl)
        app.task(name=PUBLISH, queue=PUBLISH, retry=RetryPolicy(), pass_context=False)(self._publish)

    async def _crawl(
        self, context: JobContext, domain: str, sources: list[str], *, only_due: bool, version: str
    ) -> None:
        self._check_version(version)
        job = context.job
        self._heartbeat.worker = job.worker_id
        chosen = self._load_sources(sources)
        if only_due:
            chosen = load_due(self.store, chosen, current_time())
        lease = Lease(domain, job.id or 0, job.attempts)
        self._slots.acquire(lease)
        self._fetcher.forget_robots(domain)
        errors: list[StoreError] = []
        try:
            crawl = Crawl(self.store, self.settings, self.on_run, lease=lease)
            done = await crawl_group(crawl, self._fetcher, chosen, errors)
        finally:
            self._slots.release(lease)
        self._forget_if_offline(domain, done)
        await self._publish_soon()  # even without runs: a worker that died may have recorded everything
        if errors:
            raise errors[0]

    async def _publish(self) -> None:
        built = await asyncio.to_thread(build_events, self.store, current_time())
        if self.on_publish is not None:
            self.on_publish(built)

    async def _publish_soon(self) -> None:
        delay = {"seconds": self.pace.publish_after}
        task = self._app.configure_task(
            PUBLISH, queue=PUBLISH, queueing_lock=PUBLISH, lock=PUBLISH, priority=_HIGH_PRIORITY, schedule_in=delay
        )
        with suppress(AlreadyEnqueued):
            await task.defer_async()

    async def _maintain_queue(self) -> None:
        """Requeue stalled jobs and enqueue due sources.

        A periodic task of Procrastinate would wait until one of the concurrent jobs ends.
        """
        while True:
            if self.wait and self._claim_look_for_due():
                await self.enqueue_due()
            await asyncio.sleep(self.pace.heartbeat)
            self._heartbeat.loop_is_alive()
            await self._requeue_stalled()

    def _claim_look_for_due(self) -> bool:
        with self.store.writing() as db:
            return locking.claim(db, _DUE_CHECK, current_time(), timedelta(seconds=self.pace.due_every))

    async def enqueue_due(self) -> Enqueued:
        """Enqueue the known sources that are due."""
        due = load_due(self.store, self.known_sources, current_time())
        return await enqueue(self._app, self.store, due, only_due=True)

    async def _requeue_stalled(self) -> None:
        """Requeue the jobs of workers that are taken for dead."""
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=self.pace.gone_after):
            with suppress(ConnectorException):  # another worker was faster
                await jobs.retry_job(job)

    def _check_version(self, version: str) -> None:
        """Stop this worker if a newer version fills the queue or has upgraded the tables.

        Raises:
            StoreTooNewError: a newer version does.
        """
        try:
            self.store.check_schema()
            if _version_numbers(version) > _version_numbers(__version__):
                raise StoreTooNewError(f"The queue is filled by version {version}; this worker is {__version__}.")
        except StoreTooNewError as error:
            self._too_old = StoreTooNewError(f"{error} Update this worker; its jobs went back to the queue.")
            self._working.cancel()
            raise

    def _load_sources(self, ids: Sequence[str]) -> list[Source]:
        with self.store.reading() as db:
            known = sources.load_sources(db, ids)
            for domain, until in hosts.blocked_hosts(db, current_time()).items():
                self._rate_limiter.block_until(domain, until)
        return [known[each] for each in ids if each in known]

    def _block_host(self, domain: str, until: datetime) -> None:
        with self.store.writing() as db:
            hosts.block_host(db, domain, until)

    def _forget_if_offline(self, domain: str, done: Sequence[Run]) -> None:
        """Delete failed runs if no host at all could be reached, because they say nothing about the sources."""
        if not done:
            return
        if not all_unreachable(done):
            self._unreached.clear()
            return
        self._unreached[domain] = list(done)
        if len(self._unreached) >= OFFLINE_HOSTS:
            with self.store.writing() as db:
                runs.forget_runs(db, [run for failed in self._unreached.values() for run in failed])
            self._unreached = {each: [] for each in self._unreached}


def _version_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
