"""Verifies sources: crawls each on trial, without a data folder, and adds what it answered to a kit."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from tracker import __version__
from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.crawler import CONCURRENT_HOSTS, OFFLINE_HOSTS
from tracker.crawling.due import domain_of, group_by_host
from tracker.crawling.event_loop import run_until_complete
from tracker.crawling.fetcher import Fetcher, user_agent
from tracker.crawling.page_reader import SubprocessPageReader
from tracker.crawling.throttling.rate_limiter import RateLimiter
from tracker.crawling.throttling.robots_cache import RobotsCache
from tracker.errors import SourceError, UsageError
from tracker.models.record import sha256_hex
from tracker.models.source import Source
from tracker.probing.trial import Trial, crawl_on_trial
from tracker.sources.access import RecordedResponse
from tracker.sources.robots import robots_text
from tracker.verification.kit import Kit, Manifest
from tracker.verification.records import AccessRecord, record_of, source_hash

_NO_CONNECTION = frozenset({"host_not_found", "connection_refused", "timeout", "download_failed"})
SECONDS_PER_SOURCE = 8
"""Usual time of a source with its polite pauses, for the estimate."""


def new_manifest(settings: Settings, sources: Sequence[Source], seen_from: str) -> Manifest:
    """Return the manifest of a verification that begins now."""
    return Manifest(
        version=__version__,
        sources_hash=sha256_hex("".join(map(source_hash, sources)).encode()),
        begun_at=current_time(),
        user_agent=user_agent(settings),
        seen_from=seen_from,
        through_proxy=bool(settings.proxy),
        chosen=tuple(source.id for source in sources),
    )


def estimate(sources: Sequence[Source]) -> timedelta:
    """Return about how long it takes: the sources of one host wait for each other, those of others do not."""
    lengths = [len(group) for group in group_by_host(sources)]
    return timedelta(seconds=SECONDS_PER_SOURCE * max(max(lengths, default=0), sum(lengths) / CONCURRENT_HOSTS))


def remaining(kit: Kit, sources: Iterable[Source]) -> list[Source]:
    """Return the sources of which the kit has no record, or one of an older source file."""
    known = {name: record.source_hash for name, record in kit.records.items()}
    return [source for source in sources if known.get(source.id) != source_hash(source)]


def verify_sources(
    settings: Settings,
    kit: Kit,
    sources: Sequence[Source],
    *,
    minutes: float | None = None,
    on_record: Callable[[AccessRecord], None] = lambda _: None,
) -> None:
    """Verify those of ``sources`` that the kit does not know; add their records to it, and complete its manifest.

    Args:
        settings: the operator's settings.
        kit: gets a record of each source.
        sources: the sources to verify.
        minutes: time after which no other source is begun; None: no limit.
        on_record: called with each record.

    Raises:
        SourceError: the network is gone. Sources that could not be reached since then have no record.
        StoppedError: it was interrupted; the records until then are in the kit.
    """
    works = {record.source for record in kit.records.values() if record.works}
    run = _Verification(settings, kit, minutes, on_record, next((each for each in sources if each.id in works), None))
    try:
        run_until_complete(lambda: run.verify(remaining(kit, sources)), settings)
    finally:
        skew = round(statistics.median(run.skews)) if run.skews else kit.manifest.clock_skew
        kit.manifest = kit.manifest.model_copy(update={"ended_at": current_time(), "clock_skew": skew})


class _Verification:
    """One run, and the state that its sources share."""

    def __init__(
        self,
        settings: Settings,
        kit: Kit,
        minutes: float | None,
        on_record: Callable[[AccessRecord], None],
        reached: Source | None,
    ) -> None:
        self._settings, self._kit, self._on_record = settings, kit, on_record
        self._ends = time.monotonic() + 60 * minutes if minutes is not None else float("inf")
        self._robots = kit.known_robots()
        self._reached = reached
        self._unreached: list[Trial] = []
        """Trials since the last one that reached its host: either these hosts are gone, or our network is."""
        self.skews: list[float] = []

    async def verify(self, sources: Sequence[Source]) -> None:
        """Verify sources, those of different hosts side by side."""
        pages = SubprocessPageReader()
        rate_limiter = RateLimiter(self._settings.download_delay)
        fetcher = Fetcher(self._settings, rate_limiter, pages.read, _as_cache(self._robots))
        limit = asyncio.Semaphore(CONCURRENT_HOSTS)
        is_lost = asyncio.Event()

        async def one(group: list[Source]) -> None:
            async with limit:
                for source in group:
                    if time.monotonic() >= self._ends or is_lost.is_set():
                        return
                    self._note(await crawl_on_trial(fetcher, source, robots=self._robots))
                    if len(self._lost_hosts()) > CONCURRENT_HOSTS:
                        is_lost.set()

        try:
            try:
                async with asyncio.TaskGroup() as tasks:
                    # Pages of single programmes are many and seldom change, so they come last.
                    for group in sorted(group_by_host(sources), key=lambda each: each[0].platform == "open_graph"):
                        tasks.create_task(one(group))
            except* UsageError as errors:  # the kit cannot be written
                raise errors.exceptions[0] from None
            if len(self._lost_hosts()) >= OFFLINE_HOSTS and not await self._is_online(fetcher):
                raise SourceError(
                    f"The network is gone: {len(self._unreached)} sources could not be reached, nor one that could "
                    f"before. They have no record. Once it is back, go on with --resume --out {self._kit.path}",
                    diagnosis="offline",
                )
            self._add_unreached()
        finally:
            pages.close()

    async def _is_online(self, fetcher: Fetcher) -> bool:
        """Return whether a source that was reached before still is."""
        if self._reached is None:
            return False
        return _is_reached(await crawl_on_trial(fetcher, self._reached))

    def _note(self, trial: Trial) -> None:
        """Add the record of a trial; of a host that was not reached only once another one is."""
        if trial.result.clock_skew is not None:
            self.skews.append(trial.result.clock_skew.total_seconds())
        if not _is_reached(trial):
            self._unreached.append(trial)
            return
        self._reached = trial.source
        self._add_unreached()
        self._add(trial)

    def _add_unreached(self) -> None:
        waiting, self._unreached = self._unreached, []
        for trial in waiting:
            self._add(trial)

    def _add(self, trial: Trial) -> None:
        record, archive = record_of(trial, self._kit.manifest.seen_from)
        self._kit.add(record, archive)
        self._on_record(record)

    def _lost_hosts(self) -> set[str]:
        return {domain_of(trial.source) for trial in self._unreached}


def _is_reached(trial: Trial) -> bool:
    return any(each.response.status for each in trial.exchanges) or trial.judgement.diagnosis not in _NO_CONNECTION


def _as_cache(robots: dict[str, RecordedResponse]) -> RobotsCache:
    """Return robots.txt files for a fetcher, which then does not ask for them again; failures are asked for again."""
    cache = RobotsCache()
    for url, response in robots.items():
        if response.status:
            with contextlib.suppress(SourceError):
                cache[url.removesuffix("/robots.txt")].answer = robots_text(
                    response.status, response.headers, response.body, url
                )
    return cache
