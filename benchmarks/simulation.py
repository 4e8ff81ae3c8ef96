"""A million sources on 200,000 sites, simulated: ``python -m benchmarks.simulation [SOURCES SITES]``.

Discrete events: each worker has so many places and one processor; a site is asked by one worker at a time, and pauses
after each answer; a page costs processor time when it comes. What a page and a job cost is measured here with one real
worker; then a real run of two workers is predicted and compared; then the large case is computed likewise. The
sizes of sites are drawn with a fixed seed: most have one source, few have thousands.
"""

from __future__ import annotations

import heapq
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scores import note
from benchmarks.sites import Server, Sites
from benchmarks.workers import a_team
from tests.databases import a_database
from tracker.store import Store, hosts, open_store

DAY = 86_400.0
PLACES = 10
"""Sites that the workers measured crawl side by side: 60 sites are six rounds of one, and three of two."""


@dataclass(frozen=True)
class Costs:
    """What a worker's processor is busy with, in seconds."""

    job: float
    page: float


@dataclass(frozen=True)
class Net:
    """How the web answers, in seconds."""

    latency: float
    delay: float


@dataclass(frozen=True)
class Simulated:
    """What came of a simulation."""

    seconds: float
    busy: float
    """Processor seconds of all workers."""


def simulate(sites: Sequence[int], workers: int, costs: Costs, net: Net, places: int = PLACES) -> Simulated:
    """Let workers crawl sites with so many pages each, in the order of the queue.

    One event is one answer: it waits for its worker's processor, which then sends the next request or takes the next
    site.
    """
    queue = iter(sites)
    free = [0.0] * workers
    busy = 0.0
    events: list[tuple[float, int, int, int]] = []  # (moment, number, worker, pages to come)
    number = 0

    def take(worker: int, now: float) -> None:
        nonlocal busy, number
        pages = next(queue, None)
        if pages is None:
            return
        began = max(now, free[worker])
        free[worker] = began + costs.job
        busy += costs.job
        number += 1
        heapq.heappush(events, (free[worker] + net.latency, number, worker, pages))

    for _ in range(places):
        for worker in range(workers):
            take(worker, 0.0)
    ended = 0.0
    while events:
        now, _, worker, pages = heapq.heappop(events)
        free[worker] = max(now, free[worker]) + costs.page
        busy += costs.page
        ended = max(ended, free[worker])
        if pages > 1:
            number += 1
            asked = max(now + net.delay, free[worker])
            heapq.heappush(events, (asked + net.latency, number, worker, pages - 1))
        else:
            take(worker, free[worker])
    return Simulated(ended, busy)


def draw_sites(sources: int, sites: int, pages: int, seed: int = 1) -> list[int]:
    """Return pages to ask for of each site: a heavy tail (Pareto, α = 1.16: a fifth of the sites has four fifths)."""
    chance = random.Random(seed)
    weights = [min(chance.paretovariate(1.16), 20_000) for _ in range(sites)]
    share = max(1.0, (sources - sites) / sum(weights))
    return [pages * (1 + round(share * (weight - 1))) for weight in weights]


def crawl(sites: Sites, workers: int, net: Net) -> tuple[float, float]:
    """Let real workers crawl; return seconds from the first request to the last, and processor seconds of workers."""
    with tempfile.TemporaryDirectory() as folder, a_database() as address, sites.serving(net.latency) as server:
        delay = {"TRACKER_DOWNLOAD_DELAY": str(net.delay)}
        with a_team(Path(folder), sites, server.port, address, "--once", "--at-once", str(PLACES), **delay) as team:
            team.tracker("enqueue", "--all")
            before = _children()
            for _ in range(workers):
                team.hire()
            for member in team.members:
                member.wait()
            busy = _children() - before
        return _span(server), busy


def _span(server: Server) -> float:
    asked = server.asked()
    return max(each.ended for each in asked) - min(each.began for each in asked)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def calibrate(net: Net) -> Costs:
    """Measure what a job and a page cost, with one worker on few pages and on many of the same sites."""
    few, many = Sites(24, 4), Sites(24, 24)
    idle = crawl(Sites(1, 1), 1, net)[1]
    short, long = crawl(few, 1, net)[1] - idle, crawl(many, 1, net)[1] - idle
    page = (long - short) / (many.count * (many.pages - few.pages))
    return Costs(max(0.0, short / few.count - page * (few.pages + 1)), page)


def requests_per_second(store: Store, often: int = 400) -> float:
    """Return how many requests a second one connection to the server lets in."""
    began = time.monotonic()
    for number in range(often):
        with store.writing() as db:
            hosts.reserve_slot(db, f"a{number % 50}.example", 1)
            hosts.postpone_slots(db, f"a{number % 50}.example", 1)
    return often / (time.monotonic() - began)


def workers_for_a_day(pages: Sequence[int], costs: Costs, net: Net, places: int) -> tuple[int, Simulated]:
    """Return the fewest workers that ask all sites within a day.

    Raises:
        ValueError: one site alone takes longer.
    """
    if max(pages) * (net.latency + net.delay) > DAY:
        raise ValueError("a site takes longer than a day, however many workers there are")
    fewest, most = 1, 1
    while simulate(pages, most, costs, net, places).seconds > DAY:
        fewest, most = most + 1, most * 2
    while fewest < most:
        middle = (fewest + most) // 2
        if simulate(pages, middle, costs, net, places).seconds > DAY:
            fewest = middle + 1
        else:
            most = middle
    return fewest, simulate(pages, fewest, costs, net, places)


def main(sources: int = 1_000_000, sites: int = 200_000) -> None:
    """Calibrate, check against two real workers, and compute the large case."""
    here = Net(latency=0.05, delay=0.25)
    costs = calibrate(here)
    print(f"measured with one worker: {costs.page * 1000:.1f} ms of processor a page, {costs.job * 1000:.0f} ms a job")
    real = Sites(60, 40)
    predicted = simulate([real.pages + 1] * real.count, 2, costs, here).seconds
    alone = simulate([real.pages + 1] * real.count, 1, costs, here).seconds
    measured, _ = crawl(real, 2, here)
    single, _ = crawl(real, 1, here)
    print(f"two workers, {real.count} × {real.pages} pages: predicted {predicted:.1f} s, measured {measured:.1f} s "
          f"({predicted / measured - 1:+.0%}); one: predicted {alone:.1f} s, measured {single:.1f} s")  # fmt: skip
    print(f"two workers / one, measured: {single / measured:.2f}")
    note("workers: speed of two", single / measured, 1, "one worker", "times")
    off = abs(predicted / measured - 1)
    note("simulation: off from the measured run", off, 0.15, "what it may be off", "share", more_is_better=False)
    with a_database() as address:
        store = open_store(address, create=True)
        print(f"PostgreSQL, one connection: {requests_per_second(store):,.0f} requests let in a second")
        store.close()
    there = Net(latency=0.4, delay=1.0)
    pages = draw_sites(sources, sites, pages=2)
    asked, largest = sum(pages), max(pages)
    print(f"\nmodelled: {sources:,} sources on {sites:,} sites, {asked:,} requests a day, {there.delay:g} s apart "
          f"at a site, answers in {there.latency:g} s")  # fmt: skip
    slow = [each for each in pages if each * (there.delay + there.latency) > DAY]
    print(f"sites that cannot be asked in a day at that pace: {len(slow)} (largest: {largest:,} requests)")
    daily = [each for each in pages if each * (there.delay + there.latency) <= DAY]
    for places in (12, 100):
        for order in ("as they come", "largest first"):
            queue = sorted(daily, reverse=True) if order == "largest first" else daily
            count, found = workers_for_a_day(queue, costs, there, places)
            share = found.busy / (count * found.seconds)
            print(f"{places} sites at once, {order}: {count} workers take {found.seconds / 3600:.1f} h, "
                  f"busy {share:.0%}, {found.busy / 3600:.0f} processor hours")  # fmt: skip
    print(f"the queue: {len(daily) / DAY:.1f} jobs a second; the store: {sources / DAY:.1f} runs and "
          f"{sum(daily) / DAY:.0f} requests let in a second")  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
