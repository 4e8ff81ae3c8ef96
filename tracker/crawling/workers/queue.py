"""The job queue: one job for each host that has sources to crawl, owned by one worker, and never two queued."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.types import JSONValue

from tracker import __version__
from tracker.crawling.due import domain_of, group_by_host
from tracker.errors import ConfigurationError, LeaseLostError, StoreError, StoreTooNewError
from tracker.models.source import Source
from tracker.store import Store, sources
from tracker.store.locking import AdvisoryLock, lock_exclusively

_MAX_ATTEMPTS = 5
_LEASE_LOST_RETRY = 30
"""Seconds after which to check whether the worker that took over has finished."""


class OwnedJobManager(JobManager):
    """A job manager that changes a job only if it still belongs to this worker.

    Procrastinate identifies a job by its id alone; ``test_a_job_that_somebody_else_has_by_now_is_left_alone`` fails
    without the check.
    """

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Finish a job, unless another worker has it."""
        if await self._is_ours(job):
            await super().finish_job(job, status, delete_job)

    async def retry_job(self, job: Job, retry_at: datetime | None = None, *args: Any, **options: Any) -> None:
        """Requeue a job, unless another worker has it."""
        if not await self._is_ours(job):
            return
        try:
            await super().retry_job(job, retry_at, *args, **options)
        except UniqueViolation:
            # A newer job for the host is queued already and covers the same sources.
            await super().finish_job(job, Status.ABORTED, delete_job=True)

    async def _is_ours(self, job: Job) -> bool:
        found = await self.list_jobs_async(id=job.id)
        # Every requeueing raises the number of attempts.
        return any(each.status == Status.DOING.value and each.attempts == job.attempts for each in found)


class RetryPolicy(BaseRetryStrategy):
    """Retries at once if the worker was stopped, later if the store failed, never for faults of our own."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to retry, None for never."""
        if isinstance(exception, (asyncio.CancelledError, StoreTooNewError)):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, LeaseLostError):
            return RetryDecision(retry_in={"seconds": _LEASE_LOST_RETRY})
        if isinstance(exception, StoreError) and job.attempts < _MAX_ATTEMPTS:
            return RetryDecision(retry_in={"seconds": 10 * 3**job.attempts})
        return None


CRAWL, PUBLISH = "crawl", "publish"
"""Names of the tasks, and of the queues they run in."""
_BATCH = 500
_TABLES = "procrastinate_jobs"


@dataclass(frozen=True, slots=True)
class Enqueued:
    """Result of enqueueing hosts."""

    sites: int = 0
    """Number of hosts with a new job."""
    sources: int = 0
    """Number of sources in these jobs."""
    waiting: int = 0
    """Number of hosts that already have a queued job; their sources are crawled by it or next time."""


def make_app(store: Store) -> App:
    """Return Procrastinate's app on the database of a store.

    Raises:
        ConfigurationError: the store is not on PostgreSQL.
    """
    address = store.server_address()
    if address is None:
        raise ConfigurationError(
            "Several workers need PostgreSQL: set TRACKER_DATABASE_URL to postgresql+psycopg://user@host/name. "
            "On one machine 'tracker crawl' does the same without."
        )
    app = App(connector=PsycopgConnector(conninfo=address, max_size=6, timeout=30))
    app.job_manager = OwnedJobManager(app.connector)
    return app


@asynccontextmanager
async def opened(app: App, store: Store) -> AsyncIterator[None]:
    """Open the queue; create its tables if they are missing.

    Raises:
        StoreError: the database cannot be reached or written.
    """
    opening = asyncio.ensure_future(_open(app, store))
    try:
        try:
            # The pool waits with wait_for(), which up to Python 3.11 drops a cancellation that comes as the wait ends
            # (python/cpython#86296); a wait for a task does not.
            await asyncio.shield(opening)
            yield
        finally:
            opening.cancel()
            await asyncio.wait({opening})
            # Also if opening is cancelled: tasks of the pool drop that while they connect, and would never end.
            await app.close_async()
    except ConnectorException as error:
        raise StoreError(f"The queue in the database cannot be used: {error}. Is the server running?") from error


async def _open(app: App, store: Store) -> None:
    await app.open_async()
    # Of several workers that start at once on a new database, one creates the tables and the others wait.
    with store.writing() as db:
        lock_exclusively(db, AdvisoryLock.QUEUE_TABLES)
        if not store.has_table(_TABLES):
            await app.schema_manager.apply_schema_async()


async def enqueue(app: App, store: Store, chosen: Sequence[Source], *, only_due: bool) -> Enqueued:
    """Enqueue a job for each host of the chosen sources that has none queued, the largest hosts first.

    If the largest host started last, everything would wait for it.

    Args:
        app: Procrastinate's app.
        store: a store on PostgreSQL.
        chosen: the sources to crawl.
        only_due: leave out sources that are no longer due when the job starts.
    """
    with store.writing() as db:
        sources.save_sources(db, chosen)
    groups = {domain_of(group[0]): group for group in group_by_host(chosen)}
    queued = await app.job_manager.list_jobs_async(queue=CRAWL, status=Status.TODO.value)
    waiting = {job.queueing_lock for job in queued}
    largest_first = sorted(groups.items(), key=lambda each: -len(each[1]))
    new = [(domain, group) for domain, group in largest_first if domain not in waiting]
    jobs = [_job_for(app, domain, group, only_due=only_due) for domain, group in new]
    made: list[Job] = []
    for at in range(0, len(jobs), _BATCH):
        made += await _defer(app, jobs[at : at + _BATCH])
    return Enqueued(len(made), sum(len(groups[str(job.lock)]) for job in made), len(groups) - len(made))


def _job_for(app: App, domain: str, group: Iterable[Source], *, only_due: bool) -> Job:
    deferrer = app.configure_task(CRAWL, queue=CRAWL, lock=domain, queueing_lock=domain)
    ids: JSONValue = [source.id for source in group]
    return deferrer.make_new_job(domain=domain, sources=ids, only_due=only_due, version=__version__)


async def _defer(app: App, jobs: list[Job]) -> list[Job]:
    """Insert jobs in one batch, or one by one if another process has just queued one of them."""
    try:
        return list(await app.job_manager.batch_defer_jobs_async(jobs=jobs))
    except AlreadyEnqueued:
        if len(jobs) == 1:
            return []
        return [done for job in jobs for done in await _defer(app, [job])]
