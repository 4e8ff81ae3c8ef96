"""One worker: crawls the sites that the queue gives it, and publishes what came of it."""

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
from tracker.crawling.crawl import GROUPS_AT_ONCE, SEVERAL, Crawl, crawl_group, reached_nobody
from tracker.crawling.due import load_due
from tracker.crawling.fetch import Fetcher
from tracker.crawling.reading import PagesApart
from tracker.crawling.workers.heartbeat import Heartbeat
from tracker.crawling.workers.jobs import Again
from tracker.crawling.workers.other_machines import OtherMachines
from tracker.crawling.workers.queue import CRAWL, HELP, PUBLISH, Enqueued, enqueue, make_app, opened
from tracker.errors import StoreError, StoreTooNewError
from tracker.manners.doors import Doors
from tracker.models.run import Run
from tracker.models.source import Source
from tracker.refreshing.outcome import Refreshed
from tracker.refreshing.refresh import help_out, refresh_together
from tracker.store import Store, hosts, profiles, runs, sources, turns

_FIRST = 10
"""Publishing goes before crawling."""
_MOST_HELPERS = 8
_LOOKED = "looked for what is due"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a worker goes, in seconds."""

    at_once: int = GROUPS_AT_ONCE
    """Sites it crawls side by side."""
    gone_after: float = 30
    """Without a sign of life, after which a worker is taken for dead, and others do its jobs; it gives three."""
    due_every: float = 300
    """Between two looks, of all workers together, for sources that are due."""
    publish_after: int = 15
    """From the first run to publishing it, so that several are published in one go."""
    grace: float = 20
    """For jobs to end by themselves when the worker is asked to end."""

    @property
    def heartbeat(self) -> float:
        """Seconds between two signs of life, and between two looks for workers that are gone."""
        return self.gone_after / 3


@dataclass
class Worker:
    """Crawls and publishes until it is asked to end, or, if it shall not ``wait``, until nothing is left to do."""

    store: Store
    settings: Settings
    known_sources: Sequence[Source]
    """What it looks for that is due; jobs bring along what they are to crawl."""
    on_run: Callable[[Run], None] | None = None
    on_publish: Callable[[Refreshed], None] | None = None
    pace: Pace = field(default_factory=Pace)
    wait: bool = True

    def __post_init__(self) -> None:
        self._app = make_app(self.store)
        self._unreached: dict[str, list[Run]] = {}
        self._too_old: StoreTooNewError | None = None
        self._profiling = asyncio.Lock()
        self._others = OtherMachines(self.store, self.settings.download_delay)
        self._heartbeat = Heartbeat(self.store, self.pace.heartbeat)
        self._register(self._app)

    async def run(self) -> None:
        """Work.

        Raises:
            StoreError: the database cannot be used, or a newer version uses it.
        """
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # runs say what happened in words
        doors = Doors(self.settings.download_delay, self._quiet(), self._keep_quiet, self._others)
        pages = PagesApart()
        self._doors, self._fetcher = doors, Fetcher(self.settings, doors, pages.read)
        try:
            async with opened(self._app, self.store):
                await self._rescue()
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
                looking = asyncio.ensure_future(self._look_after_the_queue())
                try:
                    with self._heartbeat:
                        await self._until_one_ends(looking)
                finally:
                    looking.cancel()
                if not self.wait:
                    await self._publish()
        except ConnectorException as error:
            raise StoreError(f"The queue broke off: {error}. What was in hand is done again by others.") from error
        finally:
            pages.close()

    async def _until_one_ends(self, looking: asyncio.Future[None]) -> None:
        try:
            await asyncio.wait({self._working, looking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # It lets its jobs end, gives back those that do not, and says goodbye.
            self._working.cancel()
            await asyncio.wait({self._working})
        if self._too_old is not None:
            raise self._too_old
        for ended in (looking, self._working):
            if ended.done() and not ended.cancelled():
                ended.result()

    def _register(self, app: App) -> None:
        app.task(name=CRAWL, queue=CRAWL, retry=Again(), pass_context=True)(self._crawl)
        app.task(name=PUBLISH, queue=PUBLISH, retry=Again())(self._publish)
        app.task(name=HELP, queue=HELP, retry=Again())(self._help)

    async def _crawl(
        self, context: JobContext, domain: str, sources: list[str], *, only_due: bool, version: str
    ) -> None:
        self._check(version)
        self._heartbeat.worker = context.job.worker_id
        chosen = self._those(sources)
        if only_due:
            chosen = load_due(self.store, chosen, current_time())
        hold = self._others.take_over(domain, str(context.job.id))
        crawl = Crawl(self.store, self.settings, self.on_run, hold=hold)
        errors: list[StoreError] = []
        done = await crawl_group(crawl, self._fetcher, chosen, errors)
        async with self._profiling:  # one at a time: several would leave the loop no time for signs of life
            await asyncio.to_thread(self._make_profiles, [each.id for each in chosen])
        self._doubt_ourselves(domain, done)
        await self._publish_soon()  # also if a worker that is gone had recorded everything
        if errors:
            raise errors[0]

    async def _publish(self) -> None:
        loop = asyncio.get_running_loop()

        def call_helpers(portions: int) -> None:
            asyncio.run_coroutine_threadsafe(self._call_helpers(portions), loop).result()

        refreshed = await asyncio.to_thread(refresh_together, self.store, current_time(), call_helpers)
        if self.on_publish is not None:
            self.on_publish(refreshed)

    async def _call_helpers(self, portions: int) -> None:
        for number in range(min(portions - 1, _MOST_HELPERS)):
            task = self._app.configure_task(HELP, queue=HELP, queueing_lock=f"{HELP} {number}", priority=_FIRST)
            with suppress(AlreadyEnqueued):
                await task.defer_async()

    async def _help(self) -> None:
        """Make events for whoever publishes, until none is left to make."""
        while await asyncio.to_thread(help_out, self.store, current_time()):
            pass

    def _make_profiles(self, chosen: Sequence[str]) -> None:
        """Prepare for matching what was crawled: each worker its own, so that who publishes need not do it all."""
        for source in chosen:
            with self.store.writing() as db:
                profiles.make_profiles(db, source)

    async def _look_after_the_queue(self) -> None:
        """Rescue jobs, and look for what is due; beside the jobs, so that it need not wait for one to end."""
        while True:
            if self.wait and self._is_our_turn_to_look():
                await self.enqueue_due()
            await asyncio.sleep(self.pace.heartbeat)
            self._heartbeat.heard_of_loop()
            await self._rescue()

    def _is_our_turn_to_look(self) -> bool:
        with self.store.writing() as db:
            return turns.claim(db, _LOOKED, current_time(), timedelta(seconds=self.pace.due_every))

    async def enqueue_due(self) -> Enqueued:
        """Make jobs for what is due."""
        return await enqueue(
            self._app, self.store, load_due(self.store, self.known_sources, current_time()), only_due=True
        )

    async def _rescue(self) -> None:
        """Give the jobs of workers that are gone back to the queue."""
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=self.pace.gone_after):
            with suppress(ConnectorException):  # somebody else was quicker
                await jobs.retry_job(job)

    async def _publish_soon(self) -> None:
        later = {"seconds": self.pace.publish_after}
        task = self._app.configure_task(
            PUBLISH, queue=PUBLISH, queueing_lock=PUBLISH, lock=PUBLISH, priority=_FIRST, schedule_in=later
        )
        with suppress(AlreadyEnqueued):
            await task.defer_async()

    def _check(self, version: str) -> None:
        """End if a newer version fills the queue, or has changed the tables: it may know what this one does not."""
        try:
            self.store.check_schema()
            if _numbers(version) > _numbers(__version__):
                raise StoreTooNewError(f"The queue is filled by version {version}; this worker is {__version__}.")
        except StoreTooNewError as error:
            self._too_old = StoreTooNewError(f"{error} Update this worker; its jobs went back to the queue.")
            self._working.cancel()
            raise

    def _those(self, ids: Sequence[str]) -> list[Source]:
        with self.store.reading() as db:
            known = sources.load_sources(db, ids)
            for domain, until in hosts.quiet_hosts(db, current_time()).items():
                self._doors.keep_out(domain, until)
        return [known[each] for each in ids if each in known]

    def _quiet(self) -> dict[str, datetime]:
        with self.store.reading() as db:
            return hosts.quiet_hosts(db, current_time())

    def _keep_quiet(self, domain: str, until: datetime) -> None:
        with self.store.writing() as db:
            hosts.keep_quiet(db, domain, until)

    def _doubt_ourselves(self, domain: str, done: Sequence[Run]) -> None:
        """Forget what failed while we reached nobody at all: that says nothing of the sources."""
        if not done:
            return
        if not reached_nobody(done):
            self._unreached.clear()
            return
        self._unreached[domain] = list(done)
        if len(self._unreached) >= SEVERAL:
            with self.store.writing() as db:
                runs.forget_runs(db, [run for failed in self._unreached.values() for run in failed])
            self._unreached = {each: [] for each in self._unreached}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
