"""Runs a simulated year: the world goes on, the tracker crawls, builds and publishes, a subscriber reads, checks look."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Literal, cast

from tests.life.checks import CHECKS, HARD, Seen, Violation, check_growth
from tests.life.fetching import WorldFetcher
from tests.life.happenings import Happenings
from tests.life.ledger import Ledger
from tests.life.observing import count_changes, look
from tests.life.stories import Rounds, SeriesStory, Wording
from tests.life.subscriber import Subscriber
from tests.life.upheavals import Upheavals
from tests.life.world import World
from tracker.config import Settings
from tracker.crawling.crawler import Crawl, crawl_group
from tracker.crawling.due import load_due
from tracker.errors import StoreError
from tracker.models.source import Source
from tracker.pipeline.build import build_events
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import build_calendar
from tracker.store import Store, open_store, sources

Schedule = Literal["every3", "daily"]
_CRAWLED_AT = time(12)
_NOW = "TRACKER_NOW"
_NOISY = frozenset({"london", "boston", "small", "next_meetup", "notices", "retreats", "paris", "round_up"})
"""Outlets with rules of their own."""


@dataclass(slots=True)
class Report:
    """The result of a simulated year."""

    violations: list[Violation] = field(default_factory=list)
    happened: dict[str, int] = field(default_factory=dict)
    truths: int = 0
    crawls: int = 0
    runs: int = 0
    seconds: float = 0.0
    build_seconds: list[float] = field(default_factory=list)
    """Processor time of each build."""
    changes: list[int] = field(default_factory=list)
    """Number of new entries in the history of changes, by crawl."""
    uids: int = 0

    @property
    def counts(self) -> Counter[str]:
        """Number of violations by kind."""
        return Counter(each.kind for each in self.violations)

    @property
    def hard(self) -> list[Violation]:
        """The violations that must never be."""
        return [each for each in self.violations if each.kind in HARD]


class Simulation:
    """One simulated year on one store."""

    def __init__(self, folder: Path, seed: int, start: date, *, few: bool = False) -> None:
        """Set a world up; with ``few`` outlets only, whose events just appear and pass, for a quick test."""
        self.world = World(seed, start)
        self.ledger = Ledger()
        self.happenings = Happenings(self.world)
        self.series = SeriesStory(self.world, self.happenings)
        self.rounds = Rounds(self.world, self.happenings)
        self.wording = Wording(self.world, self.happenings)
        self.upheavals = Upheavals(self.world, self.happenings)
        self.subscriber = Subscriber()
        self.store = open_store(f"sqlite:///{folder / 'tracker.db'}", create=True)
        self.crawl = Crawl(self.store, Settings(data_dir=folder))
        self.fetcher = WorldFetcher(self.world, self.wording, self.ledger)
        self.report = Report()
        self._memory: dict[str, dict[str, Any]] = {check.__name__: {} for check in CHECKS}
        self._known: dict[str, frozenset[str]] = {}
        self._changes = 0
        self._left_out = _NOISY if few else frozenset()
        if few:
            _quieten(self.world)
        for outlet in self.world.outlets.values():
            for _ in range(round(outlet.per_week * 4 + 0.5) if outlet.per_week else 0):
                self.happenings.announce(outlet)

    def run(self, days: int, schedule: Schedule) -> Report:
        """Run some days and return what was found."""
        began = perf_counter()
        step = 3 if schedule == "every3" else 1
        first = datetime.combine(self.world.begins.date(), _CRAWLED_AT, UTC)
        with self.store.keep_open():
            for day in range(0, days, step):
                now = first + timedelta(days=day)
                self.world.advance(now, self._daily)
                with _clock_at(now):
                    self._crawl(now, only_due=schedule == "daily")
                    self._build(now)
                self._check(now)
        self.report.violations += check_growth(self.report.changes, self.report.build_seconds, first.date())
        self.report.happened = dict(sorted(self.happenings.counts.items()))
        self.report.truths = len(self.world.truths)
        self.report.uids = len(self.subscriber.calendar)
        self.report.seconds = perf_counter() - began
        self.store.close()
        return self.report

    def _daily(self) -> None:
        self.series.day()
        for outlet in self.world.outlets.values():
            if self.world.rng.random() < outlet.per_week / 7:
                self.happenings.announce(outlet)

    def _crawl(self, now: datetime, *, only_due: bool) -> None:
        known = [each.source(now) for each in self.world.outlets.values() if each.id not in self._left_out]
        chosen = load_due(self.store, known, now) if only_due else known
        with self.store.writing() as db:
            sources.save_sources(db, chosen)
        errors: list[StoreError] = []
        asyncio.run(self._crawl_each(chosen, errors))
        if errors:
            raise errors[0]
        self.report.crawls += 1
        self.report.runs += len(chosen)

    async def _crawl_each(self, chosen: list[Source], errors: list[StoreError]) -> None:
        for source in chosen:
            for run in await crawl_group(self.crawl, cast("Any", self.fetcher), [source], errors):
                visit = self.ledger.visits[run.source][-1]
                visit.verdict, visit.message = run.verdict.value, f"{run.diagnosis} {run.message}"

    def _build(self, now: datetime) -> None:
        began = process_time()
        build_events(self.store, now)
        self.report.build_seconds.append(process_time() - began)
        changes = count_changes(self.store)
        self.report.changes.append(changes - self._changes)
        self._changes = changes
        self.subscriber.take(published(self.store, now))

    def _check(self, now: datetime) -> None:
        seen = Seen(now, self.world, self.ledger, look(self.store, self.ledger), self.subscriber, self._known)
        for check in CHECKS:
            self.report.violations += check(seen, self._memory[check.__name__])


def _quieten(world: World) -> None:
    for outlet in world.outlets.values():
        outlet.restful, outlet.faults = True, []


def published(store: Store, now: datetime) -> bytes:
    """Return the calendar of everything, as it is published."""
    with store.reading() as db:
        return build_calendar(db, FeedRequest.from_query_string("past=all", now, calendar=True)).body


@contextmanager
def _clock_at(now: datetime) -> Iterator[None]:
    before = os.environ.get(_NOW)
    os.environ[_NOW] = now.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ[_NOW]
        else:
            os.environ[_NOW] = before
