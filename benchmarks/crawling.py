"""The crawl beside bare Scrapy: ``python -m benchmarks.crawling [SITES PAGES]``.

Ours fetches, reads, validates and stores; the peer is Scrapy 2.19 without a reactor, tuned as well as we know, with one
spider that only downloads the same pages from the same server. Both count the CPU time of all their processes, from
after the imports to the last page. Then 500 sources in one process, for their memory.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from benchmarks.scores import note
from benchmarks.sites import Sites


def ours(sites: Sites, folder: Path) -> None:
    """Crawl as ``tracker crawl`` does, without publishing."""
    from tracker.config import Settings
    from tracker.crawling.crawler import Crawl, run_crawl
    from tracker.sources.files import load_sources
    from tracker.store import maintenance, open_store

    settings = Settings.load(folder / "data")
    chosen = load_sources(settings)
    store = open_store(settings.store_url, create=True)
    began = _cpu()
    wall = time.monotonic()
    run_crawl(Crawl(store, settings), chosen)
    with store.reading() as db:
        kept = maintenance.counts(db)["listing"]
    assert kept == sites.count * sites.pages * sites.events, kept
    _tell(began, wall)


def bare_scrapy(sites: Sites, folder: Path) -> None:
    """Download the pages, and do nothing with them."""
    import logging

    import scrapy
    from scrapy.crawler import AsyncCrawlerRunner

    del folder
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    from tracker.config import Settings

    proxy = Settings.load().proxy
    seen: list[int] = []

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[scrapy.Request]:
            for page in range(sites.pages):
                for site in range(sites.count):
                    url = f"http://s{site}.example/p{page}"
                    yield scrapy.Request(url, meta={"proxy": proxy}, callback=self.parse, dont_filter=True)

        async def parse(self, response: Any) -> None:
            seen.append(len(response.body))

    settings = {
        "TWISTED_REACTOR_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "CONCURRENT_ITEMS": 4,
        "CONCURRENT_REQUESTS": 100,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "LOG_ENABLED": False,
    }

    async def crawl() -> None:
        await AsyncCrawlerRunner(settings).crawl(Bare)

    began = _cpu()
    wall = time.monotonic()
    asyncio.run(crawl())
    assert len(seen) == sites.count * sites.pages, len(seen)
    _tell(began, wall)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _tell(began: float, wall: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"cpu": _cpu() - began, "wall": time.monotonic() - wall, "megabytes": peak, "child": child}))


SYSTEMS = {"ours": ours, "bare scrapy": bare_scrapy}


def measure(system: str, sites: Sites) -> dict[str, float]:
    """Return what a system takes for some sites, in a process of its own with a server of its own."""
    with tempfile.TemporaryDirectory() as name, sites.serving() as server:
        folder = Path(name)
        sites.write_sources(folder / "sources")
        command = [sys.executable, "-m", "benchmarks.crawling", "run", system, str(sites.count), str(sites.pages), name]
        environment = sites.environment(folder / "sources", server.port)
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found


def main(count: int = 50, pages: int = 40) -> None:
    """Print both beside each other, three times, and what 500 sources take."""
    sites = Sites(count, pages)
    best: dict[str, float] = {}
    print(f"{sites.count} sites × {sites.pages} pages of 25 kB")
    for _ in range(3):
        for system in SYSTEMS:
            found = measure(system, sites)
            speed = sites.count * sites.pages / found["cpu"]
            best[system] = max(best.get(system, 0), speed)
            print(f"{system:12} {speed:7.0f} pages/CPU-s {found['wall']:6.1f} s {found['megabytes']:6.0f} MB")
    print(f"ours / bare scrapy: {best['ours'] / best['bare scrapy']:.2f}")
    note("crawl: pages per CPU second", best["ours"], best["bare scrapy"], "bare Scrapy that only downloads", "pages")
    many = measure("ours", Sites(500, 2))
    print(f"500 sources in one process: {many['megabytes']:.0f} MB, and {many['child']:.0f} MB where pages are read")
    note("crawl: memory, 500 sources", many["megabytes"], 250, "what it may use", "MB", more_is_better=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        SYSTEMS[sys.argv[2]](Sites(int(sys.argv[3]), int(sys.argv[4])), Path(sys.argv[5]))
    else:
        main(*map(int, sys.argv[1:]))
