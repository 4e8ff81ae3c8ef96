"""Several workers on one queue: ``python -m benchmarks.workers [RUNS]`` kills each of two, again and again.

Then two workers are held against one, each with the CPU time of all its processes, on sites that take their time.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from benchmarks.sites import NOW, FeedRequest, Sites, overlaps, smallest_gap
from tests.databases import a_database
from tracker.crawling.workers.queue import make_app, opened
from tracker.models.selection import Selection
from tracker.models.vocabulary import Verdict
from tracker.store import Store, listings, open_store, queries, runs

DELAY = 0.05
"""Seconds between two requests to one site, in the runs with kills."""


@dataclass(frozen=True)
class Outcome:
    """What a crawl by several workers came to."""

    seconds: float
    killed: int
    """Workers that were ended on the way; the others had nothing left to do."""
    runs: Counter[str]
    """How many runs of each source were recorded."""
    healthy: int
    listings: int
    events: int
    titles: int
    """Different titles among them: fewer than events if one is there twice."""
    asked: list[FeedRequest] = field(repr=False)

    def losses(self, sites: Sites) -> int:
        """Count sources that were not recorded exactly once, and events that are missing or doubled."""
        wrong = sum(self.runs[f"s{number:04}"] != 1 for number in range(sites.count))
        due = sites.count * sites.pages * sites.events
        return wrong + abs(due - self.events) + abs(due - self.titles) + abs(due - self.listings)


class Team:
    """Workers as an operator starts them: ``tracker worker``, each with a user agent of its own."""

    def __init__(self, data: Path, environment: dict[str, str], *options: str) -> None:
        self.data, self.environment, self._options = data, environment, options
        self.members: list[subprocess.Popen[bytes]] = []
        self._hired = 0

    def tracker(self, *command: str) -> None:
        """Run a command to its end."""
        full = [sys.executable, "-m", "tracker", *command, "--data", str(self.data)]
        subprocess.run(full, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def hire(self) -> None:
        """Start a worker."""
        self._hired += 1
        own = self.environment | {"TRACKER_CONTACT": f"https://worker{self._hired}.example/"}
        full = [sys.executable, "-m", "tracker", "worker", "--data", str(self.data), *self._options]
        with (self.data / "workers.log").open("ab") as log:
            self.members.append(subprocess.Popen(full, env=own, stdout=log, stderr=log))

    def kill(self, number: int) -> bool:
        """End a worker at once, as a power cut would; say whether it was still at work."""
        member = self.members[number]
        was_working = member.poll() is None
        if was_working:
            os.kill(member.pid, signal.SIGKILL)
            member.wait()
        return was_working

    def dismiss(self) -> None:
        """Ask all to end, and wait until they have."""
        for member in self.members:
            if member.poll() is None:
                member.terminate()
        for member in self.members:
            member.wait()


@contextmanager
def a_team(folder: Path, sites: Sites, port: int, address: str, *options: str, **settings: str) -> Iterator[Team]:
    """Give a team that crawls some sites into a database; nobody of it stays behind."""
    sites.write_sources(folder / "sources")
    data = folder / "data"
    data.mkdir()
    team = Team(data, sites.environment(folder / "sources", port, TRACKER_DATABASE_URL=address, **settings), *options)
    try:
        yield team
    finally:
        for number in range(len(team.members)):
            team.kill(number)


def crawl_with_kills(folder: Path, sites: Sites, address: str, seed: int, span: float = 7.0) -> Outcome:
    """Let two workers crawl; each is killed once at a random moment within ``span`` seconds, and replaced.

    A worker that has asked for nothing by then, as it starts slowly, is killed when it has.
    """
    chance = random.Random(seed)
    settings = {"TRACKER_DOWNLOAD_DELAY": str(DELAY)}
    with (
        sites.serving() as server,
        a_team(folder, sites, server.port, address, "--gone-after", "3", **settings) as team,
    ):
        team.tracker("enqueue", "--all")
        began = time.monotonic()
        team.hire()
        team.hire()
        killed = 0
        for victim, moment in enumerate(sorted(chance.uniform(2, span) for _ in range(2))):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            while not any(f"worker{victim + 1}." in each.agent for each in server.asked()):
                time.sleep(0.05)
            killed += team.kill(victim)
            team.hire()
        store = open_store(address)
        wait_until_done(store, 180)
        seconds = time.monotonic() - began
        team.dismiss()
        found = look(store, seconds, killed, server.asked())
        store.close()
    return found


def wait_until_done(store: Store, most: float) -> None:
    """Wait until the queue is empty and everything is published."""

    async def done() -> None:
        app = make_app(store)
        async with asyncio.timeout(most), opened(app, store):
            while list(await app.job_manager.list_jobs_async()):  # noqa: ASYNC110 - it is the database that knows
                await asyncio.sleep(0.2)

    asyncio.run(done())


def look(store: Store, seconds: float, killed: int, asked: list[FeedRequest]) -> Outcome:
    """Count what is in a store."""
    with store.reading() as db:
        recorded = runs.last_runs(db)
        events = queries.find_events(db, Selection(past="all"), datetime.fromisoformat(NOW))
        known = len(listings.load_listings(db))
    return Outcome(
        seconds,
        killed,
        Counter({source: len(each) for source, each in recorded.items()}),
        sum(run.verdict is Verdict.HEALTHY for each in recorded.values() for run in each),
        known,
        len(events),
        len({each.event.title for each in events}),
        asked,
    )


def main(rounds: int = 10) -> None:
    """Print what became of every run."""
    sites = Sites(60, 40)
    lost = 0
    print(f"two workers, {sites.count} sites × {sites.pages} pages, {DELAY} s between two requests to a site")
    for seed in range(rounds):
        with tempfile.TemporaryDirectory() as folder, a_database() as address:
            found = crawl_with_kills(Path(folder), sites, address, seed)
        lost += found.losses(sites)
        print(
            f"run {seed}: {found.seconds:.1f} s, {found.killed} killed, {found.losses(sites)} lost or doubled, "
            f"smallest gap {smallest_gap(found.asked):.3f} s, {overlaps(found.asked)} overlaps"
        )
    print(f"lost in {rounds} runs: {lost}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
